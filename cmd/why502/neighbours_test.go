package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// scenery writes the logs of one server, line by line, from ten o'clock on.
type scenery struct{ logs map[string]*strings.Builder }

func (s *scenery) say(log, format string, args ...any) {
	if s.logs == nil {
		s.logs = map[string]*strings.Builder{}
	}
	if s.logs[log] == nil {
		s.logs[log] = &strings.Builder{}
	}
	fmt.Fprintf(s.logs[log], format+"\n", args...)
}

func at(sec int) time.Time {
	return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC).Add(time.Duration(sec) * time.Second)
}

// asked is a line of the access log; upstream may be empty.
func (s *scenery) asked(sec int, client, site, request string, status int, took float64, upstream, agent string) {
	s.say("access.log", `%s - - [%s] "%s HTTP/1.1" %d 512 "-" "%s" %s rt=%.3f urt=%.3f ua="%s"`, client, at(sec).Format("02/Jan/2006:15:04:05 -0700"), request, status, agent, site, took, took, upstream)
}

// failed is one of nginx' error log, and of the access log.
func (s *scenery) failed(sec int, site, request, upstream, text string, status int, took float64) {
	client := fmt.Sprintf("203.0.113.%d", (sec*7+len(site))%250+1)
	address := upstream[strings.Index(upstream, "//")+2:]
	s.say("error.log", `%s [error] 7#7: *%d %s, client: %s, server: %s, request: "%s HTTP/1.1", upstream: "%s", host: "%s"`, at(sec).Format("2006/01/02 15:04:05"), sec, text, client, site, request, upstream, site)
	s.asked(sec, client, site, request, status, took, strings.TrimSuffix(strings.SplitN(address, "/p", 2)[0], ":"), "Mozilla/5.0")
}

func (s *scenery) diagnosed(t *testing.T) *report.Report {
	t.Helper()
	dir := t.TempDir()
	for name, text := range s.logs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return analyzed(t, truth{Timezone: "UTC"}, dir)
}

// calm is ordinary traffic, four requests in ten seconds.
func (s *scenery) calm(from, to int, site, upstream string) {
	for sec := from; sec < to; sec++ {
		if sec%5 < 2 {
			s.asked(sec, fmt.Sprintf("192.0.2.%d", sec%200+1), site, fmt.Sprintf("GET /page/%d/", sec%7), 200, .2, upstream, "Mozilla/5.0")
		}
	}
}

const (
	shopFPM  = "fastcgi://unix:/run/php/shop.sock:"
	blogFPM  = "fastcgi://unix:/run/php/blog.sock:"
	noAnswer = "upstream timed out (110: Connection timed out) while reading response header from upstream"
	full     = "connect() to unix:/run/php/shop.sock failed (11: Resource temporarily unavailable) while connecting to upstream"
	missing  = "connect() to unix:/run/php/shop.sock failed (2: No such file or directory) while connecting to upstream"
	reset    = "recv() failed (104: Connection reset by peer) while reading response header from upstream"
	hungUp   = "upstream prematurely closed connection while reading response header from upstream"
)

func firsts(r *report.Report) (ids []string) {
	for _, in := range r.Incidents {
		id := "nothing"
		if len(in.Causes) > 0 {
			id = in.Causes[0].ID
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// What fails beside each other is one incident only if one of the causes can reach both.
func TestNeighboursOfAnIncident(t *testing.T) {
	for name, c := range map[string]struct {
		write func(*scenery)
		want  []string
	}{
		// Password guessing takes PHP's children, and none of the program that the other site is.
		"flood beside a slow program": {func(s *scenery) {
			s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
			s.calm(0, 300, "app.example", "127.0.0.1:3000")
			for sec := 300; sec < 360; sec++ {
				for i := range 8 {
					s.asked(sec, fmt.Sprintf("198.51.100.%d", i+1), "shop.example", "POST /wp-login.php", 200, 1, "unix:/run/php/shop.sock", "Mozilla/5.0")
				}
				s.failed(sec, "shop.example", "GET /page/1/", shopFPM, full, 502, 0)
				s.failed(sec, "app.example", "GET /p/7", "http://127.0.0.1:3000/p/7", noAnswer, 504, 10)
			}
		}, []string{"bot_or_bruteforce_flood", "fastcgi_read_timeout"}},
		"flood, and another site of PHP": {func(s *scenery) {
			s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
			s.calm(0, 300, "blog.example", "unix:/run/php/shop.sock")
			for sec := 300; sec < 360; sec++ {
				for i := range 8 {
					s.asked(sec, fmt.Sprintf("198.51.100.%d", i+1), "shop.example", "POST /wp-login.php", 200, 1, "unix:/run/php/shop.sock", "Mozilla/5.0")
				}
				s.failed(sec, "shop.example", "GET /page/1/", shopFPM, full, 502, 0)
				s.failed(sec, "blog.example", "GET /page/2/", shopFPM, noAnswer, 504, 10)
			}
		}, []string{"bot_or_bruteforce_flood"}},
		// A wrong password is one site's; that no connection is left is all's.
		"wrong password beside slow pages": {func(s *scenery) {
			besideDB(s, "(HY000/1045): Access denied for user 'blog'@'localhost' (using password: YES)")
		}, []string{"db_unavailable", "fastcgi_read_timeout"}},
		"no connection left": {func(s *scenery) { besideDB(s, "(HY000/1040): Too many connections") }, []string{"db_unavailable"}},
		// The log of PHP-FPM begins with its start, which ends the failures.
		"log begins with the start": {func(s *scenery) { untilStart(s, missing, 502, 301) }, []string{"fpm_down_or_failed_start"}},
		"slow until the start":      {func(s *scenery) { untilStart(s, noAnswer, 504, 301) }, []string{"fastcgi_read_timeout"}},
		// One server of three fails: a race with idle connections would hit all.
		"one member hangs up": {func(s *scenery) { members(s, 1) }, []string{"upstream_backend_aborts"}},
		"all members hang up": {func(s *scenery) { members(s, 3) }, []string{"keepalive_race_reset"}},
		// Where a visitor comes every minute, a minute without one is no end of it. Where many come, it is.
		"slow, and then full, with few visitors": {func(s *scenery) { slowThenFull(s, 60) }, []string{"fpm_max_children_exhausted"}},
		"slow, and then full, with many":         {func(s *scenery) { slowThenFull(s, 1) }, []string{"fastcgi_read_timeout", "fpm_max_children_exhausted"}},
		// No log of PHP-FPM, and one site finds no socket: that another waits for its answers shows that PHP-FPM runs.
		"no socket beside slow pages":              {func(s *scenery) { noSocket(s, noAnswer, 504) }, []string{"fastcgi_read_timeout", "fpm_socket_missing"}},
		"no socket beside pages that were cut off": {func(s *scenery) { noSocket(s, reset, 502) }, []string{"fpm_down_or_failed_start"}},
		// No slow log: sites do not share their scripts, so what is slow in several pools at once is behind them all.
		"slow in two pools at once":   {func(s *scenery) { tooSlow(s, "shop", "blog") }, []string{"slow_database_query"}},
		"slow in one pool of the two": {func(s *scenery) { tooSlow(s, "shop") }, []string{"slow_php_code"}},
		// A monitor and the few addresses of a CDN ask for as much on any day.
		"one address, as ever": {func(s *scenery) { oneAddress(s, 4) }, []string{"fpm_max_children_exhausted"}},
		"one address, at last": {func(s *scenery) { oneAddress(s, 0) }, []string{"bot_or_bruteforce_flood"}},
	} {
		t.Run(name, func(t *testing.T) {
			var s scenery
			c.write(&s)
			if r := s.diagnosed(t); !slices.Equal(firsts(r), c.want) {
				t.Errorf("%v, want %v\n%s", firsts(r), c.want, ranking(r))
			}
		})
	}
}

// slowThenFull fails for a while before PHP-FPM says that the pool is full, with a visitor in so many seconds, and pauses in between.
func slowThenFull(s *scenery, every int) {
	s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
	resumed := 13 + 90/every
	for n := range resumed + 30 {
		if n < 12 || n >= resumed {
			s.failed(300+n*every, "shop.example", fmt.Sprintf("GET /%c/", 'a'+n%20), shopFPM, noAnswer, 504, 10)
		}
	}
	s.say("php8.2-fpm.log", "[%s] NOTICE: fpm is running, pid 700", at(0).Format("02-Jan-2006 15:04:05"))
	s.say("php8.2-fpm.log", "[%s] NOTICE: ready to handle connections", at(0).Format("02-Jan-2006 15:04:05"))
	s.say("php8.2-fpm.log", "[%s] WARNING: [pool shop] server reached pm.max_children setting (5), consider raising it", at(290+resumed*every).Format("02-Jan-2006 15:04:05"))
}

// oneAddress asks for four pages a second while the pool is full, and for so many in ten seconds before.
func oneAddress(s *scenery, before int) {
	s.calm(0, 1200, "shop.example", "unix:/run/php/shop.sock")
	for sec := 0; sec < 1200; sec++ {
		for range before {
			s.asked(sec, "198.51.100.7", "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), 200, .2, "unix:/run/php/shop.sock", "Mozilla/5.0")
		}
	}
	s.say("php8.2-fpm.log", "[%s] NOTICE: fpm is running, pid 700", at(0).Format("02-Jan-2006 15:04:05"))
	s.say("php8.2-fpm.log", "[%s] NOTICE: ready to handle connections", at(0).Format("02-Jan-2006 15:04:05"))
	s.say("php8.2-fpm.log", "[%s] WARNING: [pool shop] server reached pm.max_children setting (5), consider raising it", at(1199).Format("02-Jan-2006 15:04:05"))
	for sec := 1200; sec < 1300; sec++ {
		for range 4 {
			s.asked(sec, "198.51.100.7", "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), 200, 2, "unix:/run/php/shop.sock", "Mozilla/5.0")
		}
		s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), shopFPM, full, 502, 0)
	}
}

func besideDB(s *scenery, trouble string) {
	s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
	s.calm(0, 300, "blog.example", "unix:/run/php/blog.sock")
	for sec := 300; sec < 360; sec++ {
		s.failed(sec, "shop.example", "GET /page/1/", shopFPM, noAnswer, 504, 10)
		s.failed(sec, "blog.example", "GET /page/2/", blogFPM,
			`FastCGI sent in stderr: "PHP message: PHP Warning:  mysqli_real_connect(): `+trouble+` in /var/www/blog/wp-includes/class-wpdb.php on line 1988" while reading response header from upstream`, 500, .05)
	}
}

func untilStart(s *scenery, how string, status, start int) {
	for sec := 0; sec < 300; sec += 2 {
		s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), shopFPM, how, status, 0)
	}
	s.calm(start, 400, "shop.example", "unix:/run/php/shop.sock")
	s.say("php8.2-fpm.log", "[%s] NOTICE: fpm is running, pid 700", at(start).Format("02-Jan-2006 15:04:05"))
	s.say("php8.2-fpm.log", "[%s] NOTICE: ready to handle connections", at(start).Format("02-Jan-2006 15:04:05"))
}

// members are three servers of one group, of which so many close connections now and then.
func members(s *scenery, bad int) {
	for sec := range 900 {
		for i := range 3 {
			s.asked(sec, fmt.Sprintf("192.0.2.%d", sec%200+1), "app.example", fmt.Sprintf("GET /p%d/%d", i, sec), 200, .02, fmt.Sprintf("10.20.0.%d:8080", i+1), "Mozilla/5.0")
		}
		if sec%60 == 59 {
			to := fmt.Sprintf("http://10.20.0.%d:8080/p%d/1", sec/60%bad+1, sec/60%3)
			s.failed(sec, "app.example", fmt.Sprintf("GET /p%d/1", sec/60%3), to, hungUp, 502, 0)
		}
	}
}

// What is advised fits what was asked: a program behind proxy_pass has no slow log of PHP, and a mail server no cURL.
func TestAdviceFitsWhatWasAsked(t *testing.T) {
	hanging := func(upstream, page string) *report.Incident {
		var s scenery
		s.calm(0, 300, "app.example", strings.SplitN(upstream[7:], "/", 2)[0])
		for sec := 300; sec < 360; sec++ {
			s.failed(sec, "app.example", "GET "+page, upstream+page, noAnswer, 504, 10)
		}
		r := s.diagnosed(t)
		if len(r.Incidents) != 1 || r.Incidents[0].Causes[0].ID != "fastcgi_read_timeout" {
			t.Fatalf("%s\n%s", upstream, ranking(r))
		}
		return &r.Incidents[0]
	}
	slowLog := func(in *report.Incident) bool {
		return slices.ContainsFunc(in.Causes[0].Advice, func(a report.Advice) bool { return strings.Contains(a.Config, "request_slowlog_timeout") }) ||
			slices.ContainsFunc(in.Missing, func(m report.Missing) bool { return m.Log == "PHP-FPM slow log" })
	}
	if in := hanging("http://10.20.0.1:8080", "/p/7"); slowLog(in) || in.Missing[0].Log != "backend's error log" {
		t.Errorf("a program of its own: %+v %+v", in.Causes[0].Advice, in.Missing)
	}
	var s scenery // beside sites of PHP, whose log is there
	s.calm(0, 300, "app.example", "10.20.0.1:8080")
	s.failed(100, "shop.example", "GET /old/", shopFPM, `FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream`, 404, 0)
	s.say("php8.2-fpm.log", "[%s] NOTICE: fpm is running, pid 700", at(0).Format("02-Jan-2006 15:04:05"))
	for sec := 300; sec < 360; sec++ {
		s.failed(sec, "app.example", "GET /p/7", "http://10.20.0.1:8080/p/7", noAnswer, 504, 10)
	}
	if r := s.diagnosed(t); len(r.Incidents) != 1 || slowLog(&r.Incidents[0]) {
		t.Errorf("a program of its own, beside PHP: %s", ranking(r))
	}
	if in := hanging("http://10.20.0.1:8080", "/checkout.php"); !slowLog(in) {
		t.Errorf("PHP behind the proxy: %+v %+v", in.Causes[0].Advice, in.Missing)
	}

	for frames, mail := range map[string]bool{
		"[0x00007f2a4c413460] stream_socket_client() /srv/shop/wp-includes/PHPMailer/SMTP.php:467\n[0x00007f2a4c4133f0] getSMTPConnection() /srv/shop/wp-includes/PHPMailer/SMTP.php:397": true,
		"[0x00007f2a4c413460] curl_exec() /srv/shop/wp-includes/Requests/src/Transport/Curl.php:205":                                                                                      false,
	} {
		var s scenery
		s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
		for sec := 300; sec < 360; sec++ {
			s.failed(sec, "shop.example", "GET /page/1/", shopFPM, noAnswer, 504, 10)
			s.say("shop-slow.log", "\n[%s]  [pool shop] pid %d\nscript_filename = /srv/shop/index.php\n%s", at(sec-5).Format("02-Jan-2006 15:04:05"), 700+sec, frames)
		}
		r := s.diagnosed(t)
		first := r.Incidents[0].Causes[0]
		if first.ID != "slow_external_http" || strings.Contains(first.Advice[0].Text, "mail server") != mail {
			t.Errorf("%s: %s, %s", frames, first.ID, first.Advice[0].Text)
		}
	}
}

// Of one address nobody knows whether it attacks or waits, unless a slow log tells what the children did. A crawler says what it is.
func TestOneAddressIsInDoubt(t *testing.T) {
	for _, c := range []struct {
		agent, request string
		sure           bool
	}{
		{"Mozilla/5.0", "GET /basket/", false},
		{"Mozilla/5.0 (compatible; PetalScout/1.4; +https://petalscout.example/bot)", "GET /shop/?color=red", true},
		{"Mozilla/5.0", "POST /wp-login.php", true},
	} {
		var s scenery
		s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
		s.say("php8.2-fpm.log", "[%s] NOTICE: fpm is running, pid 700", at(0).Format("02-Jan-2006 15:04:05"))
		s.say("php8.2-fpm.log", "[%s] NOTICE: ready to handle connections", at(0).Format("02-Jan-2006 15:04:05"))
		s.say("php8.2-fpm.log", "[%s] WARNING: [pool shop] server reached pm.max_children setting (5), consider raising it", at(299).Format("02-Jan-2006 15:04:05"))
		for sec := 300; sec < 400; sec++ {
			for range 4 {
				s.asked(sec, "198.51.100.7", "shop.example", c.request, 200, 2, "unix:/run/php/shop.sock", c.agent)
			}
			s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), shopFPM, full, 502, 0)
		}
		r := s.diagnosed(t)
		first := r.Incidents[0].Causes[0]
		if first.ID != "bot_or_bruteforce_flood" || first.Confidence >= .55 != c.sure {
			t.Errorf("%s by %s: %s %.2f", c.request, c.agent, first.ID, first.Confidence)
		}
	}
}

// Lines to copy name what the logs name: the address that is not reached, the extension that crashed. A path that is known to lead nowhere
// is no advice.
func TestAdviceNamesWhatTheLogsName(t *testing.T) {
	for name, c := range map[string]struct {
		write     func(*scenery)
		id        string
		has, lack string
	}{
		"address": {func(s *scenery) {
			s.calm(0, 300, "app.example", "10.8.0.5:81")
			for sec := 300; sec < 330; sec++ {
				s.failed(sec, "app.example", "GET /p/7", "http://10.8.0.5:81/p/7", "connect() failed (113: No route to host) while connecting to upstream", 502, 3)
			}
		}, "upstream_network_unreachable", "nc -vz -w 3 10.8.0.5 81", "10.0.0.2"},
		"name": {func(s *scenery) {
			s.calm(0, 300, "app.example", "10.8.0.5:81")
			for sec := 300; sec < 330; sec++ {
				s.failed(sec, "app.example", "GET /p/7", "http://orders.internal:81/p/7", "orders.internal could not be resolved (3: Host not found)", 502, 3)
			}
		}, "dns_resolver_failure", "resolvectl query orders.internal", "BACKEND"},
		"name that a shell takes for more": {func(s *scenery) {
			s.calm(0, 300, "app.example", "10.8.0.5:81")
			for sec := 300; sec < 330; sec++ {
				s.failed(sec, "app.example", "GET /p/7", "http://x:81/p/7", "orders;reboot could not be resolved (3: Host not found)", 502, 3)
			}
		}, "dns_resolver_failure", "resolvectl query BACKEND", "reboot"},
		"extension": {func(s *scenery) { crashed(s, "redis.so") }, "php_segfault", "phpdismod redis", "EXTENSION"},
		"library":   {func(s *scenery) { crashed(s, "libc.so.6") }, "php_segfault", "phpdismod EXTENSION", "phpdismod lib"},
		"path that leads nowhere": {func(s *scenery) {
			s.say("php8.3-fpm.log", "[%s] NOTICE: fpm is running, pid 700", at(0).Format("02-Jan-2006 15:04:05"))
			s.say("php8.3-fpm.log", "[%s] NOTICE: ready to handle connections", at(0).Format("02-Jan-2006 15:04:05"))
			s.calm(0, 900, "blog.example", "unix:/run/php/blog.sock")
			for sec := 300; sec < 900; sec++ {
				s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), shopFPM, missing, 502, 0)
			}
		}, "fpm_socket_missing", "fastcgi_pass unix:SOCKET;", "fastcgi_pass unix:/run/php/shop.sock"},
		"password": {func(s *scenery) {
			besideDB(s, "(HY000/1045): Access denied for user 'blog'@'localhost' (using password: YES)")
		}, "db_unavailable", "IDENTIFIED BY", "systemctl status mariadb"},
		"database away": {func(s *scenery) { besideDB(s, "(HY000/2002): Connection refused") }, "db_unavailable", "systemctl status mariadb", "IDENTIFIED BY"},
	} {
		t.Run(name, func(t *testing.T) {
			var s scenery
			c.write(&s)
			r := s.diagnosed(t)
			for _, in := range r.Incidents {
				if in.Causes[0].ID != c.id {
					continue
				}
				var all strings.Builder
				for _, a := range in.Causes[0].Advice {
					all.WriteString(a.Config + "\n")
				}
				if !strings.Contains(all.String(), c.has) || strings.Contains(all.String(), c.lack) {
					t.Errorf("want %q, not %q:\n%s", c.has, c.lack, all.String())
				}
				return
			}
			t.Errorf("no %s\n%s", c.id, ranking(r))
		})
	}
}

// crashed has PHP crash in a module, by the kernel's words.
func crashed(s *scenery, module string) {
	s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
	for sec := 300; sec < 330; sec++ {
		s.failed(sec, "shop.example", "GET /page/1/", shopFPM, "recv() failed (104: Connection reset by peer) while reading response header from upstream", 502, .05)
		s.say("php8.2-fpm.log", "[%s] WARNING: [pool shop] child %d exited on signal 11 (SIGSEGV) after 3.000000 seconds from start", at(sec).Format("02-Jan-2006 15:04:05"), 700+sec)
		s.say("kern.log", "%s web1 kernel: [ %d.000000] php-fpm8.2[%d]: segfault at 8 ip 00007f31c8a1b2c3 sp 00007ffc2e5fd000 error 4 in %s[7f31c8a00000+8d000] likely on CPU 1 (core 1, socket 0)",
			at(sec).Format("Jan _2 15:04:05"), 9000+sec, 700+sec, module)
	}
}

// A framework calls all of an application's code: what fails in that is not the framework's fault. A plugin that calls into it is another matter.
func TestFrameworkIsNotToBlame(t *testing.T) {
	for frame, want := range map[string]string{
		"/srv/app/vendor/laravel/framework/src/Illuminate/Foundation/Application.php": "AppServiceProvider.php",
		"/srv/app/plugins/rate-card/rates.php":                                        "rate-card",
	} {
		var s scenery
		s.calm(0, 300, "app.example", "unix:/run/php/shop.sock")
		for sec := 300; sec < 330; sec++ {
			s.failed(sec, "app.example", "GET /items/7", shopFPM, `FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error: Class "App\Rates" not found in /srv/app/app/Providers/AppServiceProvider.php:34`+
				"\nStack trace:\n#0 "+frame+"(1120): App\\Providers\\AppServiceProvider->boot()\n#1 {main}\n  thrown in /srv/app/app/Providers/AppServiceProvider.php on line 34\" while reading response header from upstream", 500, .05)
		}
		r := s.diagnosed(t)
		if len(r.Incidents) != 1 || len(r.Incidents[0].Causes[0].Culprits) == 0 || r.Incidents[0].Causes[0].Culprits[0].Name != want {
			t.Errorf("%s: want %s\n%s", frame, want, ranking(r))
		}
	}
}

// A program beside the web server may have filled a disk of its own. What the web server itself could not write leaves no doubt.
func TestWhoseDiskIsFull(t *testing.T) {
	for own, sure := range map[bool]bool{false: false, true: true} {
		var s scenery
		s.calm(0, 300, "shop.example", "unix:/run/php/shop.sock")
		for sec := 300; sec < 360; sec++ {
			s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), shopFPM, noAnswer, 504, 10)
			if sec%10 == 0 {
				s.say("syslog", `%s web1 backup.sh[812]: rsync: [receiver] write failed on "/mnt/backup/www.tar": No space left on device (28)`, at(sec-8).Format("Jan _2 15:04:05"))
			}
			if own {
				s.say("error.log", `%s [crit] 7#7: *%d pwrite() "/var/lib/nginx/body/0000000001" failed (28: No space left on device), client: 203.0.113.9, server: shop.example, request: "POST /checkout/ HTTP/1.1", host: "shop.example"`, at(sec).Format("2006/01/02 15:04:05"), sec)
			}
		}
		r := s.diagnosed(t)
		for _, c := range r.Incidents[0].Causes {
			if c.ID == "disk_full" && c.Confidence >= .55 != sure {
				t.Errorf("own %v: %.2f\n%s", own, c.Confidence, ranking(r))
			}
		}
		if first := r.Incidents[0].Causes[0]; sure && first.ID != "disk_full" {
			t.Errorf("own: %s\n%s", first.ID, ranking(r))
		}
	}
}

// noSocket lets one site find no socket, another fail its own way, and a third be served.
func noSocket(s *scenery, other string, status int) {
	for _, site := range []string{"shop", "blog"} {
		s.calm(0, 300, site+".example", "unix:/run/php/"+site+".sock")
		s.calm(360, 500, site+".example", "unix:/run/php/"+site+".sock")
	}
	s.calm(0, 500, "api.example", "unix:/run/php/api.sock")
	for sec := 300; sec < 360; sec += 2 {
		s.failed(sec, "shop.example", fmt.Sprintf("GET /page/%d/", sec%7), shopFPM, missing, 502, 0)
		s.failed(sec, "blog.example", fmt.Sprintf("GET /page/%d/", sec%5), blogFPM, strings.ReplaceAll(other, "shop", "blog"), status, .1)
	}
}

// tooSlow lets requests of these pools run too slow, as PHP-FPM says without a slow log.
func tooSlow(s *scenery, pools ...string) {
	s.say("php8.2-fpm.log", "[22-Nov-2026 09:00:00] NOTICE: ready to handle connections")
	for _, site := range []string{"shop", "blog"} {
		s.calm(0, 300, site+".example", "unix:/run/php/"+site+".sock")
	}
	for sec := 300; sec < 360; sec += 4 {
		for i, pool := range pools {
			s.failed(sec+i, pool+".example", fmt.Sprintf("GET /page/%d/", sec%7), "fastcgi://unix:/run/php/"+pool+".sock:", noAnswer, 504, 10)
			s.say("php8.2-fpm.log", `[%s] WARNING: [pool %s] child %d, script '/var/www/%s/index.php' (request: "GET /index.php") executing too slow (5.1 sec), logging`,
				at(sec+i-5).Format("02-Jan-2006 15:04:05"), pool, 800+sec, pool)
		}
	}
}
