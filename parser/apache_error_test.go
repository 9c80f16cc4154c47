package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestApacheError(t *testing.T) { golden(t, "apache-error", "apache-error", nil) }

// Every message of httpd, mod_fcgid, mod_lsapi and lsphp that bears on gateways, one a line with made-up arguments.
func TestApacheErrorMessages(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "fixtures", "formats", "apache-messages.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Count(text, []byte("\n"))
	recs, errs := readAll(t, apacheError, testDecoder(), string(text))
	for _, e := range errs {
		t.Errorf("%v: %s", e, e.Raw)
	}
	if len(recs) != lines || lines < 300 {
		t.Errorf("%d records of %d lines", len(recs), lines)
	}
	for _, r := range recs {
		if bytes.Contains(append([]byte(" "), r.Raw...), []byte(" AH")) != (r.Field("ah") != nil) {
			t.Errorf("ah = %q: %s", r.Field("ah"), r.Raw)
		}
		if bytes.Contains(r.Raw, []byte(" (111)Connection refused: ")) && r.Errno != 111 {
			t.Errorf("errno %d: %s", r.Errno, r.Raw)
		}
		if bytes.HasPrefix(r.Raw, []byte("[Sun")) && (r.Time.IsZero() || r.Level == LevelNone || r.PID == 0) {
			t.Errorf("%v %v %d: %s", r.Time, r.Level, r.PID, r.Raw)
		}
		if _, text, ok := bytes.Cut(r.Raw, []byte("] ")); ok && bytes.HasPrefix(r.Raw, []byte("[Sun")) {
			wrapped(t, "httpd[1200]", string(text), r)
		}
	}
}

func TestSniffApacheError(t *testing.T) {
	for _, tc := range []struct {
		line string
		want bool
	}{
		{"[Sun Nov 22 10:00:00.123456 2026] [core:notice] [pid 1100:tid 1100] AH00052: child pid 1234 exit signal Segmentation fault (11)", true},
		{"[Sun Nov 22 10:00:00 2026] [error] [client 10.0.0.2] File does not exist: /a", true},
		{"[Sun Nov 22 10:00:00.123456 2026] [pid 12] x", true},
		{"AH00526: Syntax error on line 12 of /etc/apache2/conf/httpd.conf:", true},
		{"(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80", true},
		{"ex.test [Sun Nov 22 10:00:00.123456 2026] [core:notice] [pid 1100:tid 1100] AH00052: child pid", true},
		// dmesg -T
		{"[Sun Nov 22 10:00:00 2026] php-fpm[12]: segfault at 0 ip 00007f1c2a3b4c5d sp 0 error 4", false},
		{"[Sun Nov 22 10:00:00 2026] [  pid  ]   uid  tgid total_vm      rss", false},
		// cPanel's daemon, suexec, PHP, FPM, access logs, LiteSpeed, MariaDB
		{"[2016-02-24 13:38:29 +0700] warn [cpsrvd] The subprocess (x) exited with an error", false},
		{"[2016-02-07 10:23:00]: uid: (501/user) gid: (501/user) cmd: defaultwebpage.cgi", false},
		{"[22-Nov-2026 10:00:00 UTC] PHP Warning:  x in /a.php on line 3", false},
		{"[22-Nov-2026 10:00:00] WARNING: [pool a] server reached max_children setting (5), consider raising it", false},
		{`ex.test:443 203.0.113.9 - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 503 12`, false},
		{"2026-11-22 10:00:00.123456 [NOTICE] [1234] [203.0.113.9:51234] x", false},
		{"2023-06-05  7:12:22 0 [Note] InnoDB: Starting crash recovery", false},
		{"(a) b: c", false},
		{"", false},
	} {
		if got := sniffApacheError([]byte(tc.line)); (got >= 50) != tc.want {
			t.Errorf("%d: %s", got, tc.line)
		}
	}
}

func TestApacheErrorAllocs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "fixtures", "formats", "apache-error.log"))
	if err != nil {
		t.Fatal(err)
	}
	d := testDecoder()
	var r Record
	for line := range strings.Lines(string(text)) {
		entry := []byte(strings.TrimSuffix(line, "\n"))
		if n := testing.AllocsPerRun(20, func() {
			r.Reset()
			_ = sniffApacheError(entry)
			_ = parseApacheError(d, entry, &r)
		}); n != 0 {
			t.Errorf("%v allocations: %s", n, entry)
		}
	}
}

func FuzzApacheError(f *testing.F) {
	fuzzFormat(f, apacheError, "apache-error")
}
