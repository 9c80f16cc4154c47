package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// folderOf puts logs into a folder and returns it.
func folderOf(t *testing.T, logs map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range logs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Excerpts that people keep: of years ago in files of today, with half of the stamps lacking the year, and quoted by a mail.
func TestExcerpts(t *testing.T) {
	const (
		kernel = "May  2 11:33:49 web1 kernel: [148522.291772] php5-fpm[37887]: segfault at 2c ip 00000000006fbc7a sp 00007fffd9773590 error 4 in php5-fpm[400000+800000]\n"
		nginx  = `2015/05/02 11:33:50 [error] 37819#0: *5 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.9, server: , request: "GET / HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "shop.example"` + "\n"
		mixed  = `Jun  2 16:29:54 web1 php-fpm:  [WARNING] [pool www] server reached pm.max_children setting (75), consider raising it
Jun  2 16:30:51 web1 nginx: 2015/06/02 16:30:51 [error] 1713#0: *4 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.9, server: shop.example, request: "GET /user HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock", host: "shop.example"
`
		quoted = `> web_1  | 203.0.113.9 - - [30/Aug/2019:14:48:02 +0000] "GET / HTTP/1.1" 502 157 "-" "Mozilla/5.0" "-"
> web_1  | 2019/08/30 14:48:02 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: shop.example, request: "GET / HTTP/1.1", upstream: "fastcgi://172.20.0.3:9000", host: "shop.example"
`
	)
	for _, c := range []struct {
		name, first string
		year        int
		logs        map[string]string
	}{
		{"a year beside it", "php_segfault", 2015, map[string]string{"syslog": kernel, "error.log": nginx}},
		{"a year in the same file", "fpm_max_children_exhausted", 2015, map[string]string{"paste.txt": mixed}},
		{"a quoted mail", "fpm_down_or_failed_start", 2019, map[string]string{"mail.txt": quoted}},
	} {
		r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, c.logs))
		if len(r.Incidents) != 1 || len(r.Incidents[0].Causes) == 0 || r.Incidents[0].Causes[0].ID != c.first || r.Incidents[0].Start.Year() != c.year {
			t.Errorf("%s: want %s in %d\n%s", c.name, c.first, c.year, ranking(r))
		}
	}
}

// A failure or two of the same page some minutes after are no trouble of their own.
func TestStragglerOfTheSamePage(t *testing.T) {
	var errors, access strings.Builder
	start := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	fail := func(sec int) {
		at := start.Add(time.Duration(sec) * time.Second)
		fmt.Fprintf(&errors, "%s [error] 8#8: *%d upstream prematurely closed connection while reading response header from upstream, client: 203.0.113.9, server: api.example, request: \"GET /report HTTP/1.1\", upstream: \"http://127.0.0.1:8000/report\", host: \"api.example\"\n", at.Format("2006/01/02 15:04:05"), sec)
	}
	for sec := -1800; sec < 1800; sec += 5 {
		status, page := 200, "/"
		if sec >= 0 && sec <= 300 && sec%30 == 0 || sec == 420 || sec == 475 {
			fail(sec)
			status, page = 502, "/report"
		}
		fmt.Fprintf(&access, "203.0.113.9 - - [%s +0000] \"GET %s HTTP/1.1\" %d 157 \"-\" \"Mozilla/5.0\"\n", start.Add(time.Duration(sec)*time.Second).Format("02/Jan/2006:15:04:05"), page, status)
	}
	r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, map[string]string{"error.log": errors.String(), "access.log": access.String()}))
	if len(r.Incidents) != 1 || r.Incidents[0].Causes[0].ID != "upstream_backend_aborts" {
		t.Errorf("want one incident\n%s", ranking(r))
	}
}

// A calm report does not say that nobody logged it where nginx did.
func TestRefusedByALimit(t *testing.T) {
	var errors, access strings.Builder
	for sec := range 50 {
		fmt.Fprintf(&errors, "2026/03/02 10:00:%02d [error] 911#911: *%d limiting requests, excess: 5.100 by zone \"wp\", client: 198.51.100.7, server: shop.example, request: \"POST /wp-admin/admin-ajax.php HTTP/2.0\", host: \"shop.example\"\n", sec, sec)
		fmt.Fprintf(&access, "198.51.100.7 - - [02/Mar/2026:10:00:%02d +0000] \"POST /wp-admin/admin-ajax.php HTTP/2.0\" 503 190 \"-\" \"Mozilla/5.0\"\n", sec)
	}
	r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, map[string]string{"error.log": errors.String(), "access.log": access.String()}))
	if notes := strings.Join(r.Notes, "\n"); len(r.Incidents) > 0 || !strings.Contains(notes, "limit_req or limit_conn refused them") || strings.Contains(notes, "silent") {
		t.Errorf("%s\n%s", ranking(r), notes)
	}
}

// A line that tells of no gateway error is told of all the same; where failures are, they are what is told.
func TestWhatAFewLinesSay(t *testing.T) {
	const (
		upload = `2026/03/02 10:00:00 [error] 911#911: *1 client intended to send too large body: 3587048 bytes, client: 198.51.100.7, server: shop.example, request: "POST /up HTTP/1.1", host: "shop.example"` + "\n"
		start  = "2026/03/02 10:00:00 [notice] 911#911: start worker processes\n"
		failed = `2026/03/02 10:00:01 [error] 911#911: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 198.51.100.7, server: shop.example, request: "GET / HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "shop.example"` + "\n"
	)
	for _, c := range []struct {
		name, log string
		want      bool
	}{
		{"an upload", upload, true},
		{"a start", start, false},
		{"an upload and a failure", upload + failed, false},
		{"many entries", upload + strings.Repeat(start, maxSaid), false},
	} {
		r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, map[string]string{"error.log": c.log}))
		if got := strings.Contains(strings.Join(r.Notes, "\n"), "It says 1 time (nginx/body-too-large): "); got != c.want {
			t.Errorf("%s: %q", c.name, r.Notes)
		}
	}
}

// That a script died of a cache or a database that does not answer makes that no less sure.
func TestOneLineSaysTwoThings(t *testing.T) {
	sure := func(line string) (string, float64) {
		r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, map[string]string{"paste.txt": "[22-Nov-2026 10:00:00 UTC] PHP " + line + "\n"}))
		if len(r.Incidents) != 1 || len(r.Incidents[0].Causes) == 0 {
			t.Fatalf("%s: %s", line, ranking(r))
		}
		return r.Incidents[0].Causes[0].ID, r.Incidents[0].Causes[0].Confidence
	}
	for line, want := range map[string]string{
		"Fatal error:  Uncaught RedisException: Connection refused in /srv/shop/object-cache.php:300":                     "object_cache_down",
		"Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [1040] Too many connections in /srv/shop/common.inc.php:33": "db_unavailable",
	} {
		if id, c := sure(line); id != want || c < .4 {
			t.Errorf("%s: %s, %.2f", line, id, c)
		}
	}
}

// Who has one line of several has it read as what it says.
func TestOneQuotedLine(t *testing.T) {
	const apache = "[Sun Nov 22 10:00:00.123456 2026] [proxy:error] [pid 1200:tid 1234] "
	for line, want := range map[string]string{
		apache + "(2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/shop.sock (*) failed":    "fpm_socket_missing",
		apache + "(13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/shop.sock (*) failed":           "fpm_socket_permission",
		apache + "(111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (localhost) failed":                        "upstream_backend_down",
		apache + "(113)No route to host: AH00957: FCGI: attempt to connect to 10.0.0.7:9000 (*) failed":                                   "upstream_network_unreachable",
		apache + "[client 203.0.113.9:51234] AH00898: Error reading from remote server returned by /cart/":                                "upstream_backend_aborts",
		apache + "[client 203.0.113.9:51234] AH01067: Failed to read FastCGI header":                                                      "php_child_died_unknown",
		"[Sun Nov 22 10:00:00.123456 2026] [fcgid:warn] [pid 1200] [client 203.0.113.9:51234] mod_fcgid: read data timeout in 45 seconds": "fastcgi_read_timeout",
		"[Sun Nov 22 10:00:00.123456 2026] [fcgid:error] [pid 1200] (13)Permission denied: mod_fcgid: can't run /home/shop/php-cgi":       "script_refused",
		"[Sun Nov 22 10:00:00.123456 2026] [fcgid:warn] [pid 1200] (12)Cannot allocate memory: mod_fcgid: spawn process /cgi error":       "host_memory_exhausted",
		"Child process with pid: 812 was killed by signal: 11, core dump: 0":                                                              "php_segfault",
		"Nov 22 10:00:00 web1 kernel: [ 3888.822099] mysqld invoked oom-killer: gfp_mask=0x24201ca, order=0, oom_score_adj=0":             "oom_kill_global",
		"`failed (111: Connection refused) while connecting to upstream`":                                                                 "fpm_down_or_failed_start",
		"It ends with SQLSTATE[HY000] [1040] Too many connections":                                                                        "db_unavailable",
		// What hurts nobody by itself.
		`2026/11/22 10:00:00 [warn] 8#8: no resolver defined to resolve ocsp.example while requesting certificate status, responder: ocsp.example`: "",
		`2026/11/22 10:00:00 [crit] 8#8: *1 open() "/srv/shop/a.php" failed (13: Permission denied), client: 203.0.113.9, server: shop.test`:       "",
		"[Sun Nov 22 10:00:00.123456 2026] [proxy_fcgi:error] [pid 1200] [client 203.0.113.9:5] AH01071: Got error 'Primary script unknown'":       "",
	} {
		r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, map[string]string{"paste.txt": line + "\n"}))
		got := ""
		if len(r.Incidents) > 0 && len(r.Incidents[0].Causes) > 0 {
			got = r.Incidents[0].Causes[0].ID
		}
		if got != want || want == "" && len(r.Incidents) > 0 {
			t.Errorf("%s: %d incidents, %q, want %q", line, len(r.Incidents), got, want)
		}
	}
}
