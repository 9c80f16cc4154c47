package rootcause

import (
	"cmp"
	"math"
	"slices"

	"why502/classifier"
)

// confide turns scores into confidences: the share of belief among the explanations that stand, "unknown" being one of
// them, less what the logs that were not supplied might still say.
func (s *scene) confide(all []*Hypothesis) {
	sum := 0.0
	for _, h := range all {
		if h.parent == nil {
			sum += math.Exp(h.Score)
		}
	}
	const unknown = 1 // its score is 0
	for _, h := range all {
		p, told := math.Exp(h.Score)/(unknown+sum), 0.0
		switch {
		case h.parent != nil:
			p = 1 / (1 + math.Exp(-h.base))
		case s.tells(h):
			told = math.Exp(h.Score) / (untold + sum)
		}
		supply := 0.4 + 0.6*s.covered(h.Cause)
		if h.has(h.Cause.Own) {
			supply = max(supply, ownWord)
		}
		h.Confidence = min(max(p*supply, min(told*supply, blindCap)), s.cap(h))
		h.Confidence = math.Round(h.Confidence*100) / 100
	}
}

// ownWord is what is left to other logs where the program that failed has said so itself: whom it hurt.
const ownWord = 0.8

// untold is the share of "unknown" where the very lines of the failures tell of a cause: e to the power of -3. Whatever else there
// may be is then behind it rather than in its place, but only another log could say so: it makes nothing surer than blindCap.
const untold = 0.05

// tells says whether each line that stands for a failure of the incident is evidence for the hypothesis. One line may say two things:
//
//	PHP Fatal error:  Uncaught RedisException: Connection refused in /srv/shop/wp-content/object-cache.php:300
func (s *scene) tells(h *Hypothesis) bool {
	for _, m := range s.in.Marks {
		if !slices.ContainsFunc(h.For, func(f Finding) bool {
			return f.fit >= .5 && (f.Tag == m.Tag || f.Mark != nil && f.Mark.Sample.Pos == m.Sample.Pos && f.Count >= m.Count)
		}) {
			return false
		}
	}
	return len(s.in.Marks) > 0
}

// stated says whether a line names the cause by itself, which it does no more if it stands there three times.
func (h *Hypothesis) stated() bool {
	return slices.ContainsFunc(h.For, func(f Finding) bool { return f.Clue != nil && f.Clue.Weight >= naming && f.fit >= .9 })
}

// blindCap is the most confidence in a cause whose rivals only a log that was not supplied could rule out.
const blindCap = 0.5

// halfBefore is the share of failures before the first sign of a cause that leaves it in doubt as that of the incident.
const halfBefore = .5

// has says whether one of the tags is among what speaks for the hypothesis.
func (h *Hypothesis) has(any []classifier.Tag) bool {
	return slices.ContainsFunc(h.For, func(f Finding) bool { return slices.Contains(any, f.Tag) })
}

// cap is the most confidence the circumstances allow.
func (s *scene) cap(h *Hypothesis) float64 {
	top := 0.99
	if h.Cause.Cap > 0 && h.parent == nil {
		top = h.Cause.Cap
	}
	switch {
	case s.in.Isolated && (h.stated() || h.Cause.Decisive && h.named() && !s.in.Unseen):
		top = min(top, 0.8)
	case s.in.Isolated:
		top = min(top, 0.6)
	}
	if s.doubt() {
		top = min(top, 0.7) // some log's clock is unverified: what it says may belong to another time
	}
	if h.parent == nil && h.late >= halfBefore {
		top = min(top, blindCap) // whatever failed these, it was something else
	}
	for _, b := range h.Cause.Blind {
		if h.parent == nil && !s.logs.has(b.Log) && !h.has(b.Unless) {
			top = min(top, blindCap)
		}
	}
	if len(s.logs) <= 1 {
		if h.Cause.Decisive {
			top = min(top, 0.9)
		} else {
			top = min(top, 0.75)
		}
	}
	return top
}

// covered is how much of what could tell about a cause was supplied.
func (s *scene) covered(c *Cause) float64 {
	have, all := 0.0, 0.0
	for _, w := range c.wants() {
		all += w.Weight
		if s.logs.has(w.Log) {
			have += w.Weight
		}
	}
	if all == 0 {
		return 1
	}
	return have / all
}

func (c *Cause) wants() []Want {
	if c.Wants != nil {
		return c.Wants
	}
	return DefaultWants
}

// Missing is a log that would tell more.
type Missing struct {
	Log      Log
	Why, How string
}

// ownLog is what to ask for where the backend is a program of its own.
var ownLog = Missing{
	BackendLog, "it says what that program was doing at that second, and what it was waiting for",
	"the log of the program behind proxy_pass: journalctl -u NAME, or docker logs NAME",
}

// missing names the logs that bear on the first causes and were not supplied, the weightiest first.
func (s *scene) missing(all []*Hypothesis) []Missing {
	var out []Missing
	add := func(w Want) {
		if !s.logs.has(w.Log) && !slices.ContainsFunc(out, func(m Missing) bool { return m.Log == w.Log }) {
			out = append(out, Missing{w.Log, w.Why, howToGet[w.Log]})
		}
	}
	wants := slices.Clone(DefaultWants)
	if slices.Equal(s.in.Families, []classifier.Family{classifier.App}) { // 500: the program said why, and to PHP's log
		wants = slices.Concat(appWants, DefaultWants)
	}
	alone := len(all) > 0 && all[0].has(tags{HTTPOnly})
	if len(all) > 0 {
		wants = slices.Clone(all[0].Cause.wants())
		for _, h := range all[1:min(len(all), 3)] {
			wants = append(wants, h.Cause.wants()...)
		}
		wants = append(wants, DefaultWants...)
	}
	heaviest := func(a, b Want) int { return cmp.Compare(b.Weight, a.Weight) }
	slices.SortStableFunc(wants, heaviest)
	if len(all) > 0 {
		first := all[0].Cause
		if alone {
			out = append(out, ownLog)
		}
		if first.Layer == Backend || first.Layer == Network || alone { // what PHP-FPM says is no matter to another server or to the way there, unless its cause asks for it
			wants = slices.DeleteFunc(wants, func(w Want) bool {
				return (w.Log == FPMLog || w.Log == SlowLog) && (alone || !slices.Contains(first.wants(), w))
			})
		}
		if all[0].has(otherPHP) {
			wants = slices.DeleteFunc(wants, func(w Want) bool { return w.Log == FPMLog || w.Log == SlowLog })
			wants = append([]Want{{PHPError, .35, "PHP runs without PHP-FPM there, and says what went wrong to its own log"}}, wants...)
		}
		if app, _ := s.app(); app {
			wants = slices.DeleteFunc(wants, func(w Want) bool { return w.Log == FPMLog || w.Log == SlowLog || w.Log == PHPError })
			wants = append([]Want{{BackendLog, .35, "the application server's own log names the request, and what became of it"}}, wants...)
		}
		if first.Layer == Network || first.Layer == WebServer || first.Layer == Nginx || first.Layer == Apache { // what bears on it goes before what is asked for in general
			wants = append(slices.SortedStableFunc(slices.Values(first.wants()), heaviest), wants...)
		}
		for _, b := range first.Blind { // without these it stays in doubt
			for _, w := range first.wants() {
				if w.Log == b.Log && !all[0].has(b.Unless) {
					add(w)
				}
			}
		}
	}
	for _, w := range wants {
		add(w)
	}
	if app, _ := s.app(); app {
		if i := slices.IndexFunc(out, func(m Missing) bool { return m.Log == BackendLog }); i >= 0 {
			out[i].How = "journalctl -u SERVICE, docker logs CONTAINER, pm2 logs, or the file that it is told to write"
		}
	}
	return s.explainSilence(out, len(all) > 0 && !alone && slices.ContainsFunc(all[0].Cause.wants(), func(w Want) bool { return w.Log == SlowLog }))
}

var howToGet = map[Log]string{
	WebError:   "/var/log/nginx/error.log, /var/log/apache2/error.log; on cPanel /var/log/apache2/error_log",
	Access:     "/var/log/nginx/access.log; on cPanel /etc/apache2/logs/domlogs/DOMAIN; a log_format with $request_time $upstream_header_time $host tells most",
	FPMLog:     "/var/log/phpX.Y-fpm.log or /var/log/php-fpm/error.log; on cPanel /opt/cpanel/ea-phpXX/root/usr/var/log/php-fpm/error.log",
	SlowLog:    "in the pool file: request_slowlog_timeout = 5s and slowlog = FILE in a folder that is there (keep the timeout below request_terminate_timeout)",
	KernelLog:  "journalctl -k --since …, /var/log/kern.log or /var/log/messages",
	PHPError:   "php.ini error_log; on cPanel ~/logs/DOMAIN.php.error.log and error_log in the document root",
	DBLog:      "/var/log/mysql/error.log, /var/lib/mysql/HOSTNAME.err or journalctl -u mariadb",
	DBSlow:     "slow_query_log = ON, long_query_time = 2",
	Systemd:    "journalctl --since …, /var/log/syslog or /var/log/messages",
	WAFLog:     "modsec_audit.log and the web server's error log",
	AuditLog:   "/var/log/audit/audit.log, or journalctl _TRANSPORT=audit; ausearch -m avc",
	BackendLog: "the error log of the server behind the proxy: /var/log/apache2/error.log, on cPanel /usr/local/apache/logs/error_log; of an application server: journalctl -u SERVICE, docker logs, pm2 logs",
	EdgeLog:    "the CDN's log of the request (Cloudflare: Ray ID and time)",
}
