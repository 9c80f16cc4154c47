package doctor

import (
	"slices"
	"strings"

	"why502/parser/discover"
)

var timesNotLogged = &Check{
	ID: "times-not-logged", Kind: Hides,
	Title:   "The access log does not say how long requests took",
	Fine:    "the access logs say how long requests took",
	Why:     "Whether there were too many requests or too slow ones, and which page became slow first, is seen from their times alone; how many children a pool needs is rate × time.",
	Caution: "Programs that read the log by its old format must learn the new one: log to a second file if in doubt.",
	Verify:  "The next lines of the log end in times.",
	Source:  "nginx ngx_http_log_module, ngx_http_upstream_module; Apache mod_log_config (%D)",
	about:   anyWebServer,
	find: func(s *Server) (found []Finding) {
		for _, d := range s.Declared {
			var config string
			switch d.Kind {
			case "nginx access log":
				config = nginxTimes
			case "Apache access log":
				config = apacheTimes
			default:
				continue
			}
			if pattern, known := s.pattern(d); known && ofRequests(pattern) && !timed(pattern) {
				found = append(found, Finding{Who: d.Path, Says: "format " + d.Format, Place: d.Place, Config: config})
			}
		}
		return found
	},
}

// Lines are short, so that no terminal breaks them.
const (
	nginxTimes = `log_format timed '$remote_addr - $remote_user [$time_local] '
  '"$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
  '$host $request_time $upstream_response_time $upstream_status $upstream_addr';
access_log PATH timed;`
	apacheTimes = `LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \
  \"%{User-Agent}i\" %v %D" timed
CustomLog PATH timed`
)

// pattern is the format of an access log, as the configuration has it.
func (s *Server) pattern(d discover.Declared) (pattern string, known bool) {
	source, builtin := "nginx", d.Format == "combined"
	if strings.HasPrefix(d.Kind, "Apache") {
		source = "apache"
		if strings.Contains(d.Format, "%") {
			return d.Format, true
		}
		builtin = d.Format == "" // TransferLog
	}
	for _, f := range s.Formats {
		if f.Source == source && f.Name == d.Format {
			return f.Pattern, true
		}
	}
	return combined, builtin
}

const combined = "%r %>s" // what matters here of the formats that need no definition

// ofRequests says whether lines of a format tell what became of a request. cPanel logs bytes into files of their own:
//
//	CustomLog /etc/apache2/logs/domlogs/shop.test-bytes_log "%{%s}t %I .\n%{%s}t %O ."
func ofRequests(pattern string) bool {
	return strings.Contains(pattern, "$status") || strings.Contains(pattern, "%>s") || strings.Contains(pattern, " %s")
}

// timed says whether a format has the time of the request, in any of its forms.
func timed(pattern string) bool {
	for _, v := range []string{"$request_time", "$upstream_response_time", "%D", "%T", "ms}T", "us}T", "s}T", "%{UNIT}T"} {
		if strings.Contains(pattern, v) {
			return true
		}
	}
	return false
}

var accessLogOff = &Check{
	ID: "access-log-off", Kind: Hides,
	Title:   "A site with PHP has no access log",
	Fine:    "no site switches its access log off",
	Why:     "Who was hit, on which pages, since when, and who was served meanwhile stands there alone.",
	Config:  "access_log /var/log/nginx/access.log timed;",
	Caution: "On a busy site add buffer=64k flush=5s: it costs next to nothing.",
	Verify:  "A request makes a line.",
	Source:  "nginx ngx_http_log_module (access_log)",
	about:   anyWebServer,
	find: func(s *Server) (found []Finding) {
		for _, v := range s.Sites {
			if off, ok := discover.Set(v.Settings, "access_log"); ok && off.Value == "off" && len(v.Backends) > 0 {
				found = append(found, Finding{Who: v.Names[0], Says: "access_log off", Place: off.Place})
			}
		}
		return found
	},
}

var errorLogQuiet = &Check{
	ID: "error-log-quiet", Kind: Hides,
	Title:  "The web server's error log leaves out failed backends",
	Fine:   "the web server's error logs take messages of level error",
	Why:    "\"upstream timed out\", \"upstream prematurely closed connection\" and AH01071 are of level error: a log that begins at crit, alert or emerg has none of them.",
	Verify: "nginx -T or apachectl -t -D DUMP_CONFIG shows the level.",
	Source: "nginx src/http/ngx_http_upstream.c (NGX_LOG_ERR); httpd modules/proxy/mod_proxy_fcgi.c",
	about:  anyWebServer,
	find: func(s *Server) (found []Finding) {
		for _, d := range s.Declared {
			if d.Kind == "nginx error log" && slices.Contains(above, d.Level) {
				found = append(found, Finding{Who: d.Path, Says: "level " + d.Level, Place: d.Place, Config: "error_log " + d.Path + " error;"})
			}
		}
		quiet := func(who string, list []discover.Setting) {
			for _, set := range list {
				switch {
				case set.Name == "error_log" && set.Value == "/dev/null":
					found = append(found, Finding{Who: who, Says: "error_log /dev/null", Place: set.Place, Config: "error_log /var/log/nginx/error.log error;"})
				case strings.EqualFold(set.Name, "LogLevel") && slices.Contains(above, strings.ToLower(set.Value)):
					found = append(found, Finding{Who: who, Says: "LogLevel " + set.Value, Place: set.Place, Config: "LogLevel warn"})
				}
			}
		}
		quiet("the web server", s.Settings)
		for _, v := range s.Sites {
			quiet(v.Names[0], v.Settings)
		}
		return found
	},
}

// above are the levels above error.
var above = []string{"crit", "alert", "emerg"}

var fpmLogQuiet = &Check{
	ID: "fpm-log-quiet", Kind: Hides,
	Title:  "PHP-FPM does not say when a pool is full",
	Fine:   "PHP-FPM's log takes warnings",
	Why:    "\"server reached pm.max_children\", \"seems busy\", \"execution timed out\" and \"exited on signal 11\" are warnings: a log_level of error or alert has none of them.",
	Config: "; in the section [global]\nlog_level = notice",
	Verify: "php-fpm -tt shows log_level.",
	Source: "php-src sapi/fpm/fpm/fpm_process_ctl.c, fpm_children.c (ZLOG_WARNING)",
	about:  anyMasters,
	find: func(s *Server) (found []Finding) {
		for _, m := range s.Masters {
			if v, ok := discover.Set(m.Settings, "log_level"); ok && (v.Value == "error" || v.Value == "alert") {
				found = append(found, Finding{Who: "PHP-FPM", Says: "log_level = " + v.Value, Place: v.Place})
			}
		}
		return found
	},
}

var kernelLogLost = &Check{
	ID: "kernel-log-lost", Kind: Hides,
	Title:  "The kernel's log does not outlive a reboot",
	Fine:   "the kernel's log is kept on disk",
	Why:    "Which process the OOM killer took, and in which library a child crashed, is told by the kernel alone; after a reboot it is gone.",
	Config: "mkdir -p /var/log/journal && systemctl restart systemd-journald",
	Verify: "journalctl --list-boots names more than this boot after the next one.",
	Source: "journald.conf(5), Storage=auto",
	about:  func(s *Server) bool { return s.Live && s.Exists("/var/log") || keepsKernelLog(s) },
	find: func(s *Server) []Finding {
		if keepsKernelLog(s) {
			return nil
		}
		return []Finding{{Who: "/var/log", Says: "neither journal nor kern.log, messages or syslog"}}
	},
}

func keepsKernelLog(s *Server) bool {
	return slices.ContainsFunc([]string{"/var/log/journal", "/var/log/kern.log", "/var/log/messages", "/var/log/syslog"}, s.Exists)
}
