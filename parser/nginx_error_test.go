package parser

import (
	"os"
	"strings"
	"testing"
)

func TestNginxErrorGolden(t *testing.T) { golden(t, "nginx-error", "nginx-error", nil) }

// Every message of the source, with each thing that can stand behind it.
func TestNginxMessages(t *testing.T) {
	text, err := os.ReadFile("../fixtures/formats/nginx-messages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	const context = `, client: 192.0.2.7, server: ex.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock:", host: "ex.test"`
	for row := range strings.Lines(string(text)) {
		if row[0] == '#' {
			continue
		}
		col := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		level, message, suffix := col[0], col[1], col[2]
		if suffix == "ssl" {
			message += " (SSL: error:0A000126:SSL routines::unexpected eof while reading)"
		}
		conn, tail := "", ""
		if rest, ok := strings.CutPrefix(message, "*"); ok {
			conn, message, _ = strings.Cut(rest, " ")
			conn = "*" + conn + " "
		}
		for _, errno := range []bool{false, true} {
			if errno && !strings.Contains(suffix, "errno") {
				continue
			}
			for _, phase := range []string{"", "connecting to upstream"} {
				tail = ""
				if errno {
					tail += " (104: Connection reset by peer)"
				}
				if phase != "" {
					tail += " while " + phase
				}
				for _, ctx := range []string{"", context} {
					if ctx != "" && strings.Contains(message, " while ") {
						continue // said by the master only
					}
					c := conn
					if ctx != "" && c == "" {
						c = "*127 "
					}
					line := "2026/11/22 10:00:00 [" + level + "] 12#12: " + c + message + tail + ctx
					recs, errs := readAll(t, nginxError, testDecoder(), line)
					if len(errs) > 0 || len(recs) != 1 {
						t.Fatalf("%s: %v", line, errs)
					}
					r := recs[0]
					wrapped(t, "nginx", line, r)
					if string(r.Message) != message || (r.Errno == 104) != errno || r.Level.String() != level || string(r.Phase) != phase ||
						(ctx != "") != (string(r.Host) == "ex.test" && string(r.Client) == "192.0.2.7") || (c != "") != (r.Conn != 0) {
						t.Errorf("%s\n%s", line, goldenRecord(t, r))
					}
					if strings.HasPrefix(suffix, "ssl") && r.Field("ssl") == nil {
						t.Errorf("%s: no ssl", line)
					}
				}
			}
		}
	}
}

func TestNginxNewEntryEndsOpenQuote(t *testing.T) {
	recs, errs := readAll(t, nginxError, testDecoder(), strings.Join([]string{
		`2026/11/22 10:00:00 [error] 1#1: *1 FastCGI sent in stderr: "PHP message: PHP Fatal error:  a`,
		`continued`,
		`2026/11/22 10:00:01 [error] 1#1: *1 no live upstreams while connecting to upstream, client: 192.0.2.7, server: a`,
		`stray`,
	}, "\n"))
	if len(recs) != 2 || recs[0].Lines != 2 || recs[1].Lines != 1 || len(errs) != 1 {
		t.Fatalf("%d records, %v", len(recs), errs)
	}
}

func TestNginxStderrInPaste(t *testing.T) {
	recs, errs := readAll(t, nginxError, testDecoder(), strings.Join([]string{
		`2026/11/22 10:00:00 [error] 1#1: *1 FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream`,
		`something else`,
		`2026/11/22 10:00:00 [error] 1#1: *1 FastCGI sent in stderr: "PHP message: PHP Fatal error:  a`,
		`[0] => of the same`,
		`192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 500 53`,
	}, "\n"))
	if len(recs) != 3 || len(errs) != 1 || recs[1].Lines != 2 || recs[2].Status != 500 {
		t.Fatalf("%d records, %v", len(recs), errs)
	}
}

// A cut entry ends at the size of nginx's buffer: what follows is not its continuation.
func TestNginxStderrCut(t *testing.T) {
	long := `2026/11/22 10:00:00 [error] 1#1: *1 FastCGI sent in stderr: "` + strings.Repeat("x", nginxLongest)
	if nginxStderrOpen([]byte(long), []byte("#0 {main}")) {
		t.Error("goes on behind its end")
	}
	if !nginxStderrOpen([]byte(long[:100]), []byte("#0 {main}")) {
		t.Error("does not go on")
	}
}

func TestBackend(t *testing.T) {
	for _, c := range []struct{ in, scheme, addr string }{
		{"fastcgi://unix:/run/php/php8.2-fpm.sock:", "fastcgi", "unix:/run/php/php8.2-fpm.sock"},
		{"fastcgi://unix:/run/php/php8.2-fpm.sock", "fastcgi", "unix:/run/php/php8.2-fpm.sock"},
		{"fastcgi://unix:/run/php:", "fastcgi", "unix:/run/php"},
		{"http://unix:/run/a.sock:/uri?x=1", "http", "unix:/run/a.sock"},
		{"http://unix:/run/a.sock/uri?x=a:b", "http", "unix:/run/a.sock"},
		{"http://unix:/run/a.socks/b.sock/uri", "http", "unix:/run/a.socks/b.sock"},
		{"uwsgi://unix:/run/uwsgi/app/socket:", "uwsgi", "unix:/run/uwsgi/app/socket"},
		{"http://127.0.0.1:8080/x?y", "http", "127.0.0.1:8080"},
		{"https://[::1]:8443/", "https", "[::1]:8443"},
		{"unix:///var/www/vhosts/system/shop.test/php-fpm.sock", "", "unix:///var/www/vhosts/system/shop.test/php-fpm.sock"},
		{"fastcgi://php_pool", "fastcgi", "php_pool"},
		{"memcached://cache", "memcached", "cache"},
		{"unix:/run/x.sock", "", "unix:/run/x.sock"},
		{"127.0.0.1:1, 127.0.0.1:2", "", "127.0.0.1:2"},
		{"127.0.0.1:1, unix:/a.sock : 192.0.2.1:80", "", "192.0.2.1:80"},
		{"192.0.2.9:3306", "", "192.0.2.9:3306"},
		{"-", "", ""},
		{"", "", ""},
	} {
		scheme, addr := Backend([]byte(c.in))
		if string(scheme) != c.scheme || string(addr) != c.addr {
			t.Errorf("%s: %q %q", c.in, scheme, addr)
		}
	}
}

func TestNginxErrorSniff(t *testing.T) {
	for line, want := range map[string]int{
		`2026/11/22 18:00:27 [error] 1#1: x`:                            100,
		`2026/11/22 18:00:27 something else, of another program`:        0,
		`2026-11-22 18:00:27 [error] 1#1: x`:                            0,
		`nginx: [warn] conflicting server name`:                         95,
		`nginx: the configuration file /etc/nginx/nginx.conf is ok`:     0,
		`connect() failed (111: Connection refused) while connecting`:   60,
		`[Sun Nov 22 10:00:00 2026] [error] [client 192.0.2.7] nothing`: 0,
	} {
		if got := sniffNginxError([]byte(line)); got != want {
			t.Errorf("%s: %d, want %d", line, got, want)
		}
	}
}

func TestNginxErrorAllocs(t *testing.T) {
	line := []byte(`2026/11/22 18:00:27 [error] 4468#4468: *11 connect() to unix:/run/php.sock failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: ex.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock:", host: "ex.test"`)
	d, r := testDecoder(), &Record{}
	if n := testing.AllocsPerRun(100, func() {
		r.Reset()
		if sniffNginxError(line) != 100 || parseNginxError(d, line, r) != nil {
			t.Fatal("not parsed")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkNginxError(b *testing.B) {
	line := []byte(`2026/11/22 18:00:27 [error] 4468#4468: *11 connect() to unix:/run/php.sock failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: ex.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock:", host: "ex.test"`)
	d, r := testDecoder(), &Record{}
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		r.Reset()
		if err := parseNginxError(d, line, r); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzNginxError(f *testing.F) {
	text, err := os.ReadFile("../fixtures/formats/nginx-error.log")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, r := testDecoder(), &Record{}
		r.Reset()
		sniffNginxError(b)
		nginxStderrOpen(b, b)
		if parseNginxError(d, b, r) == nil {
			Backend(r.Upstream)
			_ = goldenRecord(t, r)
		}
	})
}

// People cut lines anywhere. What is left must leave no doubt.
func TestNginxCutAction(t *testing.T) {
	for half, want := range map[string]string{
		"connecting to upst":           "connecting to upstream",
		"conn":                         "connecting to upstream",
		"con":                          "",
		"reading resp":                 "reading response header from upstream",
		"reading ":                     "",
		"resolving":                    "resolving",
		"connecting to upstream again": "",
	} {
		recs, errs := readAll(t, nginxError, testDecoder(), "2026/11/22 10:00:00 [crit] 8#8: *1 connect() to unix:/run/app.sock failed (2: No such file or directory) while "+half)
		if len(errs) > 0 || len(recs) != 1 {
			t.Fatalf("%q: %d records, %v", half, len(recs), errs)
		}
		if r := recs[0]; string(r.Phase) != want || (want != "") != (r.Errno == 2) {
			t.Errorf("%q: errno %d, phase %q", half, r.Errno, r.Phase)
		}
	}
}

// People quote the first half of a line, and end it as a sentence.
func TestNginxQuotedInProse(t *testing.T) {
	for _, end := range []string{"", ".", " ...", ". ..."} {
		recs, errs := readAll(t, nginxError, testDecoder(), "connect() to unix:/run/app.sock failed (11: Resource temporarily unavailable) while connecting to upstream"+end)
		if len(errs) > 0 || len(recs) != 1 {
			t.Fatalf("%q: %d records, %v", end, len(recs), errs)
		}
		if r := recs[0]; r.Errno != 11 || string(r.Phase) != "connecting to upstream" {
			t.Errorf("%q: errno %d, phase %q", end, r.Errno, r.Phase)
		}
	}
}
