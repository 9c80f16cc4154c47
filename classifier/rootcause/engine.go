package rootcause

import (
	"cmp"
	"math"
	"path"
	"slices"
	"strings"

	"why502/classifier"
)

// Hypothesis is a cause weighed for one incident.
type Hypothesis struct {
	Cause      *Cause
	Role       Kind
	Score      float64 // log-odds
	Confidence float64
	For        []Finding
	Against    []Finding
	Culprits   []Culprit
	Summary    string
	Fix        []Step // the cause's, with what is set now

	base    float64 // score before explaining away
	parent  *Hypothesis
	culprit string // the first one's name, to compare
}

// strongEnough is the score a root must reach by its own evidence before it may take a mechanism's: one that stands
// on a coincidence explains nothing.
const strongEnough = -1.5

// explain weighs every cause of the catalogue for one incident and ranks those whose gate is open.
func (s *scene) explain() []*Hypothesis {
	var all []*Hypothesis
	for _, c := range Catalogue {
		if c.Kind == Benign {
			continue
		}
		if h := s.weigh(c); h != nil {
			all = append(all, h)
		}
	}
	explainAway(all)
	s.confide(all)
	return worthTelling(rank(all))
}

// worthTelling leaves out explanations behind the third that hardly anything speaks for.
func worthTelling(ranked []*Hypothesis) []*Hypothesis {
	out := ranked[:0]
	for i, h := range ranked {
		if i < 3 || h.Confidence >= 0.05 {
			out = append(out, h)
		}
	}
	return out
}

// weigh scores one cause; nil if none of its necessary evidence is there.
func (s *scene) weigh(c *Cause) *Hypothesis {
	h := &Hypothesis{Cause: c, Role: c.Kind}
	open := false
	for _, need := range c.Needs {
		if f, ok := s.find(need); ok {
			open = true
			if !h.cites(f) {
				h.For = append(h.For, f)
			}
		}
	}
	if !open {
		return nil
	}
	for _, clue := range c.For {
		if f, ok := s.find(clue); ok && !h.cites(f) {
			h.For = append(h.For, f)
		}
	}
	for _, clue := range c.Against {
		if f, ok := s.find(clue); ok {
			f.Weight = -clue.Weight * f.fit
			h.Against = append(h.Against, f)
		}
	}
	if w := notByItself[c.Group]; w > 0 && s.answered() && !h.has([]classifier.Tag{OOMService}) {
		h.Against = append(h.Against, Finding{Weight: -w, Text: "the application itself answered every failed request with 500: none was cut off or left waiting"})
	}
	h.base = math.Log(c.Prior / (1 - c.Prior))
	for _, f := range h.For {
		h.base += f.Weight
	}
	for _, f := range h.Against {
		h.base += f.Weight
	}
	h.Score = h.base
	byWeight := func(a, b Finding) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) }
	slices.SortStableFunc(h.For, byWeight)
	slices.SortStableFunc(h.Against, byWeight)
	h.Culprits = s.culprits(h)
	if c.Layer != Database {
		h.culprit = mainCulprit(h.Culprits)
	}
	return h
}

// mainCulprit is the piece of the site that most of what names one names; "" if none stands out. A function or page says
// too little to tell one fault from another.
func mainCulprit(all []Culprit) string {
	for _, c := range all {
		switch c.Kind {
		case "plugin", "theme", "package", "file", "module":
			if c.Share >= .5 {
				return c.Kind + ":" + c.Name
			}
		}
	}
	return ""
}

// notByItself weighs, by group of causes, how little a 500 that the application answers by itself fits: who crashed, was
// stopped or never took the request cannot answer.
var notByItself = map[string]float64{"crash": 6, "fpm-lifecycle": 6, "capacity": 6, "backend": 6, "slow": 4}

// answered says whether all failures are 500s that no web server's error line claims.
func (s *scene) answered() bool {
	return len(s.in.Families) == 1 && s.in.Families[0] == classifier.App && s.in.Failures["500"] == s.in.Total()
}

// cites says whether the same evidence already speaks for the cause: each kind counts once. Slow-log entries stand both as
// such and as the fact what most of them wait for.
func (h *Hypothesis) cites(f Finding) bool {
	return slices.ContainsFunc(h.For, func(o Finding) bool {
		return o.Tag == f.Tag || strings.HasPrefix(string(f.Tag), "phpslow/") && o.Mark != nil && o.Mark.Tag == f.Tag
	})
}

// explainAway lets roots take over the mechanisms and consequences that they explain: half the evidence that spoke for the
// child speaks for the parent, and the child ranks below it.
func explainAway(all []*Hypothesis) {
	byID := map[string]*Hypothesis{}
	for _, h := range all {
		byID[h.Cause.ID] = h
	}
	for _, child := range all {
		for _, h := range all {
			if h == child || !slices.Contains(h.Cause.Explains, child.Cause.ID) || h.base < strongEnough || !h.firm() || h.base < child.base-6 && !h.named() {
				continue
			}
			if child.parent == nil || better(h, child.parent) {
				child.parent = h
			}
		}
	}
	for _, child := range all {
		if child.parent == nil {
			continue
		}
		if child.Role == Root {
			child.Role = Mechanism
		}
		if gain := child.base - math.Log(child.Cause.Prior/(1-child.Cause.Prior)); gain > 0 {
			child.Root().Score += 0.5 * gain
		}
	}
}

// firm says whether at least one piece of medium evidence speaks for the cause.
func (h *Hypothesis) firm() bool {
	return slices.ContainsFunc(h.For, func(f Finding) bool { return f.Weight >= 0.8*Medium })
}

// named says whether near-specific evidence speaks for the cause: then it explains a child however loud that is.
func (h *Hypothesis) named() bool {
	return slices.ContainsFunc(h.For, func(f Finding) bool { return f.Weight >= 0.9*Strong })
}

// Root is the hypothesis that explains this one; itself if none does.
func (h *Hypothesis) Root() *Hypothesis {
	for range 8 { // the catalogue has no cycles; a test says so
		if h.parent == nil {
			break
		}
		h = h.parent
	}
	return h
}

// better orders two parents: a root before a mechanism, then by evidence.
func better(a, b *Hypothesis) bool {
	if (a.Cause.Kind == Root) != (b.Cause.Kind == Root) {
		return a.Cause.Kind == Root
	}
	if a.base != b.base {
		return a.base > b.base
	}
	return a.Cause.ID < b.Cause.ID
}

// rank puts the roots first by score, and right behind each what it explains. The first three places go to different
// explanations as far as there are any.
func rank(all []*Hypothesis) []*Hypothesis {
	slices.SortStableFunc(all, func(a, b *Hypothesis) int {
		if d := b.Score - a.Score; math.Abs(d) >= 0.2 {
			return cmp.Compare(d, 0)
		}
		return cmp.Or(
			cmp.Compare(len(b.For), len(a.For)),
			cmp.Compare(slices.Index(layers, a.Cause.Layer), slices.Index(layers, b.Cause.Layer)),
			strings.Compare(a.Cause.ID, b.Cause.ID),
		)
	})
	var out []*Hypothesis
	for _, h := range all {
		if h.parent != nil {
			continue
		}
		out = append(out, h)
		for _, child := range all {
			if child.parent != nil && child.Root() == h {
				out = append(out, child)
			}
		}
	}
	return out
}

// confide turns scores into confidences: the share of belief among the explanations that stand, "unknown" being one of
// them, less what the logs that were not supplied might still say.
func (s *scene) confide(all []*Hypothesis) {
	sum := 1.0 // unknown has score 0
	for _, h := range all {
		if h.parent == nil {
			sum += math.Exp(h.Score)
		}
	}
	for _, h := range all {
		p := math.Exp(h.Score) / sum
		if h.parent != nil {
			p = 1 / (1 + math.Exp(-h.base))
		}
		h.Confidence = min(p*(0.4+0.6*s.covered(h.Cause)), s.cap(h))
		h.Confidence = math.Round(h.Confidence*100) / 100
		h.Summary = s.fill(h)
	}
}

// blindCap is the most confidence in a cause whose rivals only a log that was not supplied could rule out.
const blindCap = 0.5

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
	if s.in.Isolated {
		top = min(top, 0.6)
	}
	if s.doubt {
		top = min(top, 0.7) // some log's clock is unverified: what it says may belong to another time
	}
	for _, b := range h.Cause.Blind {
		if h.parent == nil && !s.logs[b.Log] && !h.has(b.Unless) {
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
		if s.logs[w.Log] {
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

// formatLog says which kind of log a format is.
var formatLog = map[string]Log{
	"nginx-error": WebError, "apache-error": WebError, "nginx-access": Access, "apache-access": Access,
	"php-fpm": FPMLog, "php-slow": SlowLog, "php-error": PHPError, "kernel": KernelL, "systemd": Systemd, "syslog": Systemd,
	"mysql-error": DBLog, "mysql-slow": DBSlow, "modsec-audit": WAFLog, "cloudflare": EdgeLog, "litespeed-error": WebError,
}

// supplied says which kinds of logs cover the incident. Web logs must reach into it. The others are written only when
// something happens: one that began before the incident's end covers it, and was silent.
func (s *scene) supplied() map[Log]bool {
	logs := map[Log]bool{}
	for _, src := range s.t.Sources() {
		if src.Records == 0 && src.Bytes == 0 && src.Error == "" && strings.Contains(path.Base(src.Path), "slow") {
			logs[SlowLog] = true // an empty slow log is there, and had nothing to say
		}
		for format := range src.Kinds {
			switch kind := formatLog[format]; kind {
			case "":
			case WebError, Access, EdgeLog:
				if src.Vhost != "" && len(s.in.Vhosts) > 0 && !s.in.Has(src.Vhost) {
					continue // another site's log says nothing of this one
				}
				if !src.From.After(s.in.End.Add(minute)) && !src.To.Before(s.in.Start.Add(-minute)) {
					logs[kind] = true
				}
			default:
				if !src.From.After(s.in.End.Add(minute)) {
					logs[kind] = true
				}
			}
		}
	}
	return logs
}

// Missing is a log that would tell more.
type Missing struct {
	Log      Log
	Why, How string
}

// missing names the logs that bear on the first causes and were not supplied, the weightiest first.
func (s *scene) missing(all []*Hypothesis) []Missing {
	var out []Missing
	add := func(w Want) {
		if !s.logs[w.Log] && !slices.ContainsFunc(out, func(m Missing) bool { return m.Log == w.Log }) {
			out = append(out, Missing{w.Log, w.Why, howToGet[w.Log]})
		}
	}
	wants := slices.Clone(DefaultWants)
	if len(all) > 0 {
		wants = slices.Clone(all[0].Cause.wants())
		for _, h := range all[1:min(len(all), 3)] {
			wants = append(wants, h.Cause.wants()...)
		}
		wants = append(wants, DefaultWants...)
	}
	slices.SortStableFunc(wants, func(a, b Want) int { return cmp.Compare(b.Weight, a.Weight) })
	for _, w := range wants {
		add(w)
	}
	return s.explainSilence(out, len(all) > 0 && slices.ContainsFunc(all[0].Cause.wants(), func(w Want) bool { return w.Log == SlowLog }))
}

var howToGet = map[Log]string{
	WebError: "/var/log/nginx/error.log, /var/log/apache2/error.log; on cPanel /var/log/apache2/error_log",
	Access:   "/var/log/nginx/access.log; on cPanel /etc/apache2/logs/domlogs/DOMAIN; a log_format with $request_time $upstream_header_time $host tells most",
	FPMLog:   "/var/log/phpX.Y-fpm.log or /var/log/php-fpm/error.log; on cPanel /opt/cpanel/ea-phpXX/root/usr/var/log/php-fpm/error.log",
	SlowLog:  "in the pool file: request_slowlog_timeout = 5s and slowlog = /var/log/php-fpm/$pool-slow.log (keep it below request_terminate_timeout)",
	KernelL:  "journalctl -k --since …, /var/log/kern.log or /var/log/messages",
	PHPError: "php.ini error_log; on cPanel ~/logs/DOMAIN.php.error.log and error_log in the document root",
	DBLog:    "/var/log/mysql/error.log, /var/lib/mysql/HOSTNAME.err or journalctl -u mariadb",
	DBSlow:   "slow_query_log = ON, long_query_time = 2",
	Systemd:  "journalctl --since …, /var/log/syslog or /var/log/messages",
	WAFLog:   "modsec_audit.log and the web server's error log",
	EdgeLog:  "the CDN's log of the request (Cloudflare: Ray ID and time)",
}
