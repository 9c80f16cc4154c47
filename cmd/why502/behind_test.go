package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// fatal is one of PHP's, through nginx, and the 500 that the visitor got.
func (s *scenery) fatal(sec int, text string) {
	s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), shopFPM, `FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught `+text+`" while reading response header from upstream`, 500, .1)
}

// slowly is an entry of PHP-FPM's slow log, and the request that nginx gave up four seconds later.
func (s *scenery) slowly(sec int, frames ...string) {
	stamp := at(sec).Format("02-Jan-2006 15:04:05")
	s.say("php-fpm.log", `[%s] WARNING: [pool shop] child %d, script '/srv/shop/index.php' (request: "GET /index.php") executing too slow (2.012345 sec), logging`, stamp, 4000+sec)
	s.say("shop-slow.log", "\n[%s]  [pool shop] pid %d\nscript_filename = /srv/shop/index.php", stamp, 4000+sec)
	for i, f := range frames {
		s.say("shop-slow.log", "[0x00007f6f6c61%04x] %s", 0x33b0-i*0x80, f)
	}
	s.failed(sec+4, "shop.example", "GET /page/1/", shopFPM, noAnswer, 504, 6)
}

// fpm is a line of PHP-FPM's log.
func (s *scenery) fpm(sec int, text string) {
	s.say("php-fpm.log", "[%s] NOTICE: %s", at(sec).Format("02-Jan-2006 15:04:05"), text)
}

// What failed a request may stand behind the words it failed with.
func TestWhatStandsBehindTheWords(t *testing.T) {
	refused := "connect() failed (111: Connection refused) while connecting to upstream"
	for name, c := range map[string]struct {
		write func(*scenery)
		want  string
	}{
		"auth_request whose server is down": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 3 {
				s.say("error.log", `%s [error] 7#7: *%d %s, client: 203.0.113.9, server: shop.example, request: "GET /page/1/ HTTP/1.1", subrequest: "/_auth", upstream: "http://127.0.0.1:8101/auth", host: "shop.example"`, at(sec).Format("2006/01/02 15:04:05"), sec, refused)
				authFailed(s, sec, 502)
			}
		}, "upstream_backend_down"},
		"auth_request that answers nonsense": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 3 {
				authFailed(s, sec, 404)
			}
		}, "rewrite_or_htaccess_error"},
		"scripts that die of a lock": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.fatal(sec, "PDOException: SQLSTATE[HY000]: General error: 1205 Lock wait timeout exceeded; try restarting transaction in /srv/shop/plugins/stock.php:10")
			}
		}, "slow_database_query"},
		"a lock among scripts that die of something else": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.fatal(sec, "Error: Call to undefined function rates() in /srv/shop/plugins/rates.php:10")
			}
			s.fatal(311, "PDOException: SQLSTATE[HY000]: General error: 1205 Lock wait timeout exceeded; try restarting transaction in /srv/shop/plugins/stock.php:10")
		}, "php_fatal_or_memory_limit"},
		"a Redis that became a replica": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.fatal(sec, "RedisException: MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'. in /srv/shop/cache.php:10")
			}
		}, "object_cache_down"},
		"a command that Redis does not know": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.fatal(sec, "RedisException: ERR unknown command 'FT.SEARCH', with args beginning with: in /srv/shop/cache.php:10")
			}
		}, "php_fatal_or_memory_limit"},
		"a database that takes no writes": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.fatal(sec, "PDOException: SQLSTATE[HY000]: General error: 1290 The MariaDB server is running with the --read-only option so it cannot execute this statement in /srv/shop/plugins/stock.php:10")
			}
		}, "db_unavailable"},
		"one write refused among scripts that die of something else": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.fatal(sec, "Error: Call to undefined function rates() in /srv/shop/plugins/rates.php:10")
			}
			s.fatal(311, "PDOException: SQLSTATE[HY000]: General error: 1290 The MariaDB server is running with the --read-only option so it cannot execute this statement in /srv/shop/plugins/stock.php:10")
		}, "php_fatal_or_memory_limit"},
		"exec, with a slow query beside it": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.slowly(sec, "exec() /srv/shop/wp-content/plugins/visits/visits.php:5", "[INCLUDE_OR_EVAL]() /srv/shop/index.php:4")
			}
			s.say("mysql-slow.log", "# Time: 2026-11-22T10:05:31.000000Z\n# User@Host: backup[backup] @ localhost []  Id: 9\n# Query_time: 33.000279  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 0\nSET timestamp=1795341931;\nFLUSH TABLES WITH READ LOCK;")
		}, "slow_database_query"},
		"exec, of a program": {func(s *scenery) {
			for sec := 300; sec < 330; sec += 2 {
				s.slowly(sec, "exec() /srv/shop/wp-content/plugins/visits/visits.php:5", "[INCLUDE_OR_EVAL]() /srv/shop/index.php:4")
			}
		}, "slow_php_code"},
		"a reload after which a pool listens elsewhere": {func(s *scenery) { portMoved(s, 40) }, "fpm_socket_missing"},
		"a reload that is over at once":                 {func(s *scenery) { portMoved(s, 2) }, "fpm_restart_or_reload"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &scenery{}
			s.fpm(0, "ready to handle connections")
			s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
			c.write(s)
			s.calm(345, 400, "shop.example", "unix:/run/php/shop.sock")
			if got := firsts(s.diagnosed(t)); !slices.Equal(got, []string{c.want}) {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

// authFailed is what nginx says where the server that auth_request asks did not say 2xx, 401 or 403, and the visitor's 500.
func authFailed(s *scenery, sec, status int) {
	s.say("error.log", `%s [error] 7#7: *%d auth request unexpected status: %d while sending to client, client: 203.0.113.9, server: shop.example, request: "GET /page/1/ HTTP/1.1", host: "shop.example"`, at(sec).Format("2006/01/02 15:04:05"), sec, status)
	s.asked(sec, "203.0.113.9", "shop.example", "GET /page/1/", 500, 0, "", "Mozilla/5.0")
}

// portMoved reloads PHP-FPM; so long nobody listens on the port where nginx asks for one pool, while another serves.
func portMoved(s *scenery, long int) {
	for _, sec := range []int{300, 300 + long} {
		for _, line := range strings.Split("Reloading in progress ...\nfpm is running, pid 7000\nready to handle connections", "\n") {
			s.fpm(sec, line)
		}
		if long < 10 {
			break
		}
	}
	s.calm(280, 345, "blog.example", "127.0.0.1:9002")
	for sec := 300; sec < 300+long; sec++ {
		s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), "fastcgi://127.0.0.1:9001", "connect() failed (111: Connection refused) while connecting to upstream", 502, 0)
		s.failed(sec, "shop.example", fmt.Sprintf("GET /other/%d/", sec%7), "fastcgi://127.0.0.1:9001", "connect() failed (111: Connection refused) while connecting to upstream", 502, 0)
	}
}

// The slow log shows PDO::exec and exec alike. Only the database's own slow log tells which, so nothing is sure without it.
func TestExecMayBeAQuery(t *testing.T) {
	for _, c := range []struct {
		function string
		log      string // the database's slow log
		sure     bool
	}{
		{"exec", "", false},
		{"exec", "# Time: 2026-11-22T09:00:31.000000Z\n# User@Host: shop[shop] @ localhost []  Id: 9\n# Query_time: 3.000279  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 0\nSET timestamp=1795338031;\nSELECT 1;", true},
		{"imagecopyresampled", "", true},
	} {
		s := &scenery{}
		s.fpm(0, "ready to handle connections")
		s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
		for sec := 300; sec < 330; sec += 2 {
			s.slowly(sec, c.function+"() /srv/shop/wp-content/plugins/visits/visits.php:5", "[INCLUDE_OR_EVAL]() /srv/shop/index.php:4")
		}
		if c.log != "" {
			s.say("mysql-slow.log", "%s", c.log)
		}
		r := s.diagnosed(t)
		if len(r.Incidents) != 1 || len(r.Incidents[0].Causes) == 0 || r.Incidents[0].Causes[0].ID != "slow_php_code" {
			t.Fatalf("%s: %v", c.function, firsts(r))
		}
		in := r.Incidents[0]
		asked := len(in.Missing) > 0 && in.Missing[0].Log == "database slow log"
		if got := in.Causes[0].Confidence; got > .5 != c.sure || asked == c.sure {
			t.Errorf("%s, slow log of the database %t: confidence %.2f, asked for it first: %t", c.function, c.log != "", got, asked)
		}
	}
}

// What to do follows what the words say.
func TestAdviceFitsTheWords(t *testing.T) {
	for text, want := range map[string]string{
		"Error: Call to undefined function mysqli_init() in /srv/shop/db.php:10":                                                      "extension",
		"Error: Call to undefined function rates() in /srv/shop/plugins/rates.php:10":                                                 "Read the message",
		"PDOException: SQLSTATE[HY000]: General error: 2006 MySQL server has gone away in /srv/shop/plugins/report.php:10":            "wait_timeout",
		"mysqli_sql_exception: Connection refused in /srv/shop/db.php:10":                                                             "Start it",
		"RedisException: MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'. in /srv/shop/plugins/c.php": "replica",
	} {
		s := &scenery{}
		s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
		for sec := 300; sec < 330; sec += 2 {
			s.fatal(sec, text)
		}
		r := s.diagnosed(t)
		if len(r.Incidents) != 1 || len(r.Incidents[0].Causes[0].Advice) == 0 {
			t.Fatalf("%s: %v", text, firsts(r))
		}
		if got := r.Incidents[0].Causes[0].Advice[0].Text; !strings.Contains(got, want) {
			t.Errorf("%s: %s, want something of %q", text, got, want)
		}
	}
}
