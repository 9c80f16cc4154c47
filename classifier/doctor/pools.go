package doctor

import (
	"strconv"
	"strings"

	"why502/parser/discover"
)

// readTimeout is what nginx (fastcgi_read_timeout) and Apache (ProxyTimeout, from Timeout) wait if nothing is set.
const readTimeout = 60.0

// slowLogFile is one in a folder that is there: PHP-FPM does not start where it is not.
func slowLogFile(p discover.Pool) string {
	if php, ok := discover.PackageOf(p.Place); ok {
		return "slowlog = " + php.Slow
	}
	return "slowlog = /var/log/$pool-slow.log"
}

var slowLogOff = &Check{
	ID: "slow-log-off", Kind: Hides,
	Title:   "The slow log of PHP-FPM is off",
	Fine:    "every pool has a slow log",
	Why:     "A full pool is nearly always full of requests that wait for something. Only the slow log names what: the plugin, the function, the query. Without it pm.max_children is raised in the dark.",
	Caution: "Its folder must exist. Tracing needs ptrace: in containers allow SYS_PTRACE. request_terminate_timeout, where set, must be longer.",
	Verify:  "php-fpm -t, then reload; a page with sleep(7) makes an entry.",
	Source:  "php-src sapi/fpm/fpm/fpm_conf.c, fpm_request.c",
	about:   anyPools,
	find: func(s *Server) (found []Finding) {
		for _, p := range s.Pools {
			timeout, _ := discover.Set(p.Settings, "request_slowlog_timeout")
			log, named := discover.Set(p.Settings, "slowlog")
			on := seconds(timeout.Value) > 0
			f := Finding{Who: pool(p), Place: p.Place, Config: "request_slowlog_timeout = " + s.slowAfter(p)}
			switch {
			case on && named:
				continue
			case on:
				f.Says, f.Place = "request_slowlog_timeout = "+timeout.Value+" without slowlog: PHP-FPM will not start", timeout.Place
				f.Config = slowLogFile(p)
			case named:
				f.Says = "slowlog = " + log.Value + ", request_slowlog_timeout = 0"
			default:
				f.Says = "neither slowlog nor request_slowlog_timeout"
				f.Config = slowLogFile(p) + "\n" + f.Config
			}
			found = append(found, f)
		}
		return found
	},
}

var slowLogLate = &Check{
	ID: "slow-log-late", Kind: Hides,
	Title:   "The slow log looks only when the request is already lost",
	Fine:    "no slow log looks too late",
	Why:     "A request is traced once it has run for request_slowlog_timeout. If PHP-FPM terminates it, or the web server gives up, before that, the slow log stays empty in just the outage it is for.",
	Caution: "Below a few seconds a busy site fills the disk, and each trace stops the child for a moment.",
	Verify:  "php-fpm -tt shows both timeouts; the slow one must be the shorter.",
	Source:  "php-src sapi/fpm/fpm/fpm_request.c",
	about:   anyPools,
	find: func(s *Server) (found []Finding) {
		for _, p := range s.Pools {
			slow, _ := discover.Set(p.Settings, "request_slowlog_timeout")
			if seconds(slow.Value) == 0 {
				continue
			}
			end, _ := discover.Set(p.Settings, "request_terminate_timeout")
			f := Finding{Who: pool(p), Place: slow.Place, Config: "request_slowlog_timeout = " + s.slowAfter(p)}
			wait, site := s.patience(p)
			switch t := seconds(end.Value); {
			case t > 0 && seconds(slow.Value) >= t:
				f.Says = "request_slowlog_timeout = " + slow.Value + ", request_terminate_timeout = " + end.Value
			case site != "" && seconds(slow.Value) >= wait:
				f.Says = "request_slowlog_timeout = " + slow.Value + ", and " + site + " waits " + span(wait)
			default:
				continue
			}
			found = append(found, f)
		}
		return found
	},
}

var terminateNever = &Check{
	ID: "child-outlives-visitor", Kind: Breaks,
	Title:   "Children work on for visitors that are gone",
	Fine:    "PHP-FPM ends requests that the web server has given up",
	Why:     "The web server answers 504 after its read timeout, but the child goes on until PHP is done, which may be never: max_execution_time does not count time spent waiting. Each retry takes another child, and the pool fills up with work that nobody waits for.",
	Caution: "It ends long work that is wanted, too (imports, backups, wp-cron over the web): give that a pool or a command line of its own. Keep it above request_slowlog_timeout, and below the web server's timeout: what PHP-FPM ends, its log tells.",
	Verify:  "A page with sleep(300) is gone from the pool's status page, and the log has \"execution timed out\", after that time.",
	Source:  "php-src sapi/fpm/fpm/fpm_request.c; nginx ngx_http_fastcgi_module (fastcgi_read_timeout)",
	about:   anyPools,
	find: func(s *Server) (found []Finding) {
		for _, p := range s.Pools {
			end, set := discover.Set(p.Settings, "request_terminate_timeout")
			wait, site := s.patience(p)
			if site == "" {
				wait = s.timeout()
			}
			f := Finding{Who: pool(p), Place: p.Place, Config: "request_terminate_timeout = " + strconv.Itoa(max(1, int(wait*5/6))) + "s"}
			switch t := seconds(end.Value); {
			case t > 0 && t <= max(2*wait, wait+10):
				continue
			case set:
				f.Says, f.Place = "request_terminate_timeout = "+end.Value, end.Place
			default:
				f.Says = "no request_terminate_timeout"
			}
			f.Says += "; the web server waits " + span(wait)
			found = append(found, f)
		}
		return found
	},
}

var phpErrorsOff = &Check{
	ID: "php-errors-off", Kind: Hides,
	Title:   "PHP does not log its errors",
	Fine:    "no pool switches PHP's error log off",
	Why:     "A fatal error is a white page or a 500, and the line that says which file and why is never written.",
	Config:  "php_admin_flag[log_errors] = on\nphp_admin_value[error_log] = /var/log/php-fpm/$pool-error.log",
	Caution: "Folder and file must be there, and the pool's user must be able to write the file (touch, chown): where PHP cannot open it, its errors go to the web server's error log.",
	Verify:  "php -i does not tell for a pool: a page with trigger_error('x', E_USER_WARNING) writes a line.",
	Source:  "PHP manual, Runtime Configuration of error handling (log_errors)",
	about:   anyPools,
	find: func(s *Server) (found []Finding) {
		for _, p := range s.Pools {
			for _, name := range []string{"php_admin_flag[log_errors]", "php_flag[log_errors]"} {
				if v, ok := discover.Set(p.Settings, name); ok && no(v.Value) {
					found = append(found, Finding{Who: pool(p), Says: name + " = " + v.Value, Place: v.Place})
					break
				}
			}
		}
		return found
	},
}

// patience is how long the most patient site that passes requests to a pool waits for them, and its name; "" if none does.
func (s *Server) patience(p discover.Pool) (wait float64, site string) {
	for _, v := range s.Sites {
		if !overlap(v.Backends, p.Listen) {
			continue
		}
		t := 0.0
		for _, set := range v.Settings {
			if strings.HasSuffix(set.Name, "_read_timeout") || strings.EqualFold(set.Name, "ProxyTimeout") {
				t = max(t, seconds(set.Value))
			}
		}
		if t == 0 {
			t = s.timeout()
		}
		if t > wait {
			wait, site = t, v.Names[0]
		}
	}
	return wait, site
}

// timeout is what holds for all sites: Apache's ProxyTimeout, else its Timeout; nginx' directives are known by site.
func (s *Server) timeout() float64 {
	for _, name := range []string{"ProxyTimeout", "Timeout"} {
		for _, set := range s.Settings {
			if t := seconds(set.Value); strings.EqualFold(set.Name, name) && t > 0 {
				return t
			}
		}
	}
	return readTimeout
}

// slowAfter is when the slow log of a pool should look: after five seconds, or sooner where requests end sooner.
func (s *Server) slowAfter(p discover.Pool) string {
	after := 5.0
	end, _ := discover.Set(p.Settings, "request_terminate_timeout")
	if t := seconds(end.Value); t > 0 {
		after = min(after, t/2)
	}
	if wait, site := s.patience(p); site != "" {
		after = min(after, wait/2)
	}
	return strconv.Itoa(max(1, int(after))) + "s"
}

func pool(p discover.Pool) string { return "pool " + p.Name }

// seconds reads a time of PHP-FPM or nginx: "5s", "60", "2m", "1m30s", "500ms"; 0 if it is none.
func seconds(v string) (sum float64) {
	v = strings.TrimSpace(v)
	for v != "" {
		n := strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' })
		if n == 0 {
			return 0
		}
		if n < 0 {
			n = len(v)
		}
		x, err := strconv.ParseFloat(v[:n], 64)
		if err != nil {
			return 0
		}
		v = v[n:]
		unit := 1.0
		for _, u := range units {
			if rest, ok := strings.CutPrefix(v, u.name); ok {
				unit, v = u.seconds, strings.TrimSpace(rest)
				break
			}
		}
		if sum += x * unit; v != "" && (v[0] < '0' || v[0] > '9') {
			return 0
		}
	}
	return sum
}

// units are those of both programs; "ms" stands before "m".
var units = []struct {
	name    string
	seconds float64
}{{"ms", .001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}

func span(t float64) string { return strconv.FormatFloat(t, 'f', -1, 64) + " s" }

func no(v string) bool {
	switch strings.ToLower(v) {
	case "0", "no", "off", "false", "none":
		return true
	}
	return false
}

func overlap(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
