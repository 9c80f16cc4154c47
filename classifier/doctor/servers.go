package doctor

import (
	"slices"
	"strconv"
	"strings"

	"why502/parser/discover"
)

var socketOfNobody = &Check{
	ID: "socket-of-nobody", Kind: Breaks,
	Title:   "A site passes requests to a socket that no pool listens on",
	Fine:    "every socket that a site passes requests to belongs to a pool",
	Why:     "Each request for PHP on that site ends in 502 (nginx) or 503 (Apache), as long as no pool makes the socket. It comes with new versions of PHP, whose sockets have the version in their name, and with slips of the pen.",
	Caution: "A pool of another machine or container may make it: then it is no fault.",
	Verify:  "ls -l the socket; nginx -t or apachectl configtest, then reload.",
	Source:  "nginx ngx_http_fastcgi_module (fastcgi_pass); php-fpm.conf (listen)",
	about:   func(s *Server) bool { return len(s.Pools) > 0 && len(s.Sites) > 0 },
	find: func(s *Server) (found []Finding) {
		var listened []string
		for _, p := range s.Pools {
			for _, l := range p.Listen {
				if strings.HasPrefix(l, "unix:") {
					listened = append(listened, l)
				}
			}
		}
		for _, v := range s.Sites {
			for _, b := range v.Backends {
				// Sockets of other programs (gunicorn, node) are not PHP-FPM's to make.
				if strings.HasPrefix(b, "unix:") && strings.Contains(b, "php") && !slices.Contains(listened, b) {
					found = append(found, Finding{Who: v.Names[0], Says: "passes requests to " + b, Config: nearest(b, listened)})
				}
			}
		}
		return found
	},
}

// nearest is the directive with the one socket that differs from b by nothing but digits and dots, which are a version's.
func nearest(b string, listened []string) string {
	versionless := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == '.' || r >= '0' && r <= '9' {
				return -1
			}
			return r
		}, s)
	}
	var same []string
	for _, l := range listened {
		if versionless(l) == versionless(b) {
			same = append(same, l)
		}
	}
	if len(same) != 1 {
		return ""
	}
	return "fastcgi_pass " + same[0] + ";"
}

var reloadCuts = &Check{
	ID: "reload-cuts-requests", Kind: Breaks,
	Title:   "A reload of PHP-FPM kills the requests that run",
	Fine:    "a reload of PHP-FPM waits for the requests that run",
	Why:     "With process_control_timeout at its default of 0 a reload, as logrotate, certificates and upgrades cause it, ends children at once: their visitors get 502.",
	Config:  "; in the section [global]\nprocess_control_timeout = 10s",
	Caution: "A reload then takes up to that long while requests hang.",
	Verify:  "Reload while a page with sleep(5) runs: it is served.",
	Source:  "php-src sapi/fpm/fpm/fpm_process_ctl.c",
	about:   anyMasters,
	find: func(s *Server) (found []Finding) {
		for _, m := range s.Masters {
			switch v, set := discover.Set(m.Settings, "process_control_timeout"); {
			case !set:
				found = append(found, Finding{Who: "PHP-FPM", Says: "no process_control_timeout", Place: m.Place})
			case seconds(v.Value) == 0:
				found = append(found, Finding{Who: "PHP-FPM", Says: "process_control_timeout = " + v.Value, Place: v.Place})
			}
		}
		return found
	},
}

var tooManyConnections = &Check{
	ID: "connections-above-files", Kind: Breaks,
	Title:   "nginx may hold more connections than files",
	Fine:    "worker_rlimit_nofile of nginx suffices for worker_connections",
	Why:     "A connection that is passed on takes two descriptors. When they run out nginx logs \"Too many open files\" and refuses visitors, before worker_connections is reached.",
	Caution: "The limit of the service (systemd: LimitNOFILE) must allow it when nginx does not start as root.",
	Verify:  "grep 'open files' /proc/$(pgrep -of 'nginx: worker')/limits",
	Source:  "nginx core module (worker_rlimit_nofile, worker_connections)",
	about: func(s *Server) bool {
		_, limited := discover.Set(s.Settings, "worker_rlimit_nofile")
		return limited
	},
	find: func(s *Server) (found []Finding) {
		c, ok := discover.Set(s.Settings, "worker_connections")
		l, limited := discover.Set(s.Settings, "worker_rlimit_nofile")
		connections, err := strconv.Atoi(c.Value)
		files, err2 := strconv.Atoi(l.Value)
		if ok && limited && err == nil && err2 == nil && files < 2*connections {
			found = append(found, Finding{
				Who: "nginx", Says: "worker_connections " + c.Value + ", worker_rlimit_nofile " + l.Value, Place: l.Place,
				Config: "worker_rlimit_nofile " + strconv.Itoa(2*connections+1024) + ";",
			})
		}
		return found
	},
}
