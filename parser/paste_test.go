package parser

import (
	"strings"
	"testing"
	"time"
)

// A log as it stands is no paste, whatever stands in it.
func TestLogsAreNoPastes(t *testing.T) {
	for _, name := range []string{"nginx-error", "php-slow", "mysql-slow", "modsec-audit"} {
		for _, r := range recordsOf(t, name) {
			if p := NewPaste(splitLines(string(r.Raw))); p != nil && DetectLine(r.Raw) != nil && r.Lines == 1 {
				t.Errorf("%s: taken for a paste: %.200s", name, r.Raw)
			}
		}
	}
}

func recordsOf(t *testing.T, name string) []*Record {
	t.Helper()
	recs, _ := readAll(t, Lookup(name), testDecoder(), string(joinLines(fixtureLines(t, name))))
	return recs
}

func splitLines(text string) (lines [][]byte) {
	for l := range strings.SplitSeq(text, "\n") {
		lines = append(lines, []byte(l))
	}
	return lines
}

func TestPasteClean(t *testing.T) {
	const line = `2026/11/22 10:00:00 [error] 12#12: *1 connect() to unix:/run/php.sock failed (111: Connection refused) while connecting to upstream`
	for in, want := range map[string]string{
		"> " + line:                     line,
		"> > " + line:                   line,
		"  12  " + line:                 line,
		"* " + line:                     line,
		"`" + line + "`":                line,
		"    " + line:                   line,
		line + "\r":                     line,
		"```":                           "",
		"```" + line + "```":            line,
		"+" + line:                      line,
		"`nginx: [emerg] bind() failed": "nginx: [emerg] bind() failed",
		"| 2026/11/22 10:00:00 | nginx: [emerg] bind() failed |": "2026/11/22 10:00:00 [emerg] bind() failed",
		"$ tail error.log":        "",
		"root@web1:~# ls":         "",
		"==> a.log <==":           "",
		"# Time: 261122  9:00:00": "# Time: 261122  9:00:00",
		"any idea?":               "any idea?",
	} {
		got, _, ok := new(Paste).clean([]byte(in))
		if string(got) != want || ok != (want != "") {
			t.Errorf("%q: %q %v", in, got, ok)
		}
	}
}

// No bytes make it panic, and no line is made longer than it was but for joining.
func FuzzPaste(f *testing.F) {
	for _, l := range fixtureLines(f, "nginx-error") {
		f.Add(append([]byte("> "), l...))
	}
	f.Add([]byte("&quot;\n“”\n12| [error] 1#1: *1 x\n```\n$"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := NewPaste(splitLines(string(text)))
		if p == nil {
			return
		}
		for l, err := range p.Source(memory{"fuzz", text}).Lines(t.Context()) {
			if err != nil || len(l.Text) > 2*maxEntry {
				t.Fatal(err, len(l.Text))
			}
		}
	})
}

func TestRestamp(t *testing.T) {
	const message = "PHP Fatal error:  Uncaught Error: x in /srv/a.php:3"
	for prefix, want := range map[string]struct{ stamp, unread string }{
		"22.11.2026 18:00:01 <CRITICAL> ":          {"[22-Nov-2026 18:00:01] ", ""},
		"[2026-11-22 18:00:01] ":                   {"[22-Nov-2026 18:00:01] ", ""},
		"2026-11-22T18:00:01Z ":                    {"[22-Nov-2026 18:00:01 UTC] ", ""},
		"2026-11-22 18:00:01,123 UTC ":             {"[22-Nov-2026 18:00:01 UTC] ", ""},
		"2026-11-22T18:00:01.123456+01:00 ":        {"[22-Nov-2026 17:00:01 UTC] ", ""},
		"2026/11/22 18:00:01 ":                     {"[22-Nov-2026 18:00:01] ", ""},
		"22/11/2026 18:00:01 ":                     {"[22-Nov-2026 18:00:01] ", ""},
		"11/22/2026 18:00:01 ":                     {"[22-Nov-2026 18:00:01] ", ""},
		"11/11/2026 18:00:01 ":                     {"[11-Nov-2026 18:00:01] ", ""},
		"03/11/2026 18:00:01 ":                     {"", "03/11/2026 18:00:01"},
		"32.11.2026 18:00:01 ":                     {"", "32.11.2026 18:00:01"},
		"22 Nov 18:00:01 ":                         {"", "22 Nov 18:00:01"},
		"host app 2026-11-22 18:00:01 ":            {"", "2026-11-22 18:00:01"},
		"18:00:01 ":                                {"", "18:00:01"},
		"12: ":                                     {"", ""},
		"error.log:12:":                            {"", ""},
		"2026-11-22 18:00:01 2026-11-22 18:00:02 ": {"[22-Nov-2026 18:00:01] ", ""},
	} {
		line, unread := restamp([]byte(prefix), []byte(message))
		if string(line) != want.stamp+message || string(unread) != want.unread {
			t.Errorf("%q: %q, unread %q", prefix, line, unread)
		}
	}
	if line, unread := restamp([]byte("22.11.2026 18:00:01 "), []byte("[error] 8#8: x")); string(line) != "[error] 8#8: x" || unread != nil {
		t.Errorf("not PHP's: %q, %q", line, unread)
	}
}

// An entry that has lost its time gets that of whoever passed it on.
func TestStampedByOthers(t *testing.T) {
	for _, c := range []struct{ prefix, message, want string }{
		{"| 1 | 2026/11/22 18:00:01 | ", "[crit] 8#8: *1 connect() failed (111: x)", "2026/11/22 18:00:01 [crit] 8#8: *1 connect() failed (111: x)"},
		{"2026-11-22 18:00:01\tError\t", "8#0: *1 connect() failed (111: x)", "2026/11/22 18:00:01 [error] 8#0: *1 connect() failed (111: x)"},
		{"2026-11-22 18:00:01\tError\t", "(104)Connection reset by peer: AH01075: x", "[Sun Nov 22 18:00:01 2026] [error] (104)Connection reset by peer: AH01075: x"},
		{"2026-11-22 18:00:01 app ", "server reached pm.max_children setting (5)", "[22-Nov-2026 18:00:01] WARNING: server reached pm.max_children setting (5)"},
		{"web 12: ", "[crit] 8#8: *1 connect() failed (111: x)", "[crit] 8#8: *1 connect() failed (111: x)"},
		{"2026-11-22 18:00:01 ", "2026/11/22 17:00:00 [crit] 8#8: x", "2026/11/22 17:00:00 [crit] 8#8: x"},
		{"2026-11-22 18:00:01 ", "no log at all", "no log at all"},
	} {
		if got := stampedByOthers([]byte(c.prefix), []byte(c.message)); string(got) != c.want {
			t.Errorf("%q: %q", c.prefix+c.message, got)
		}
	}
}

func TestCell(t *testing.T) {
	for _, c := range []struct{ prefix, text, want string }{
		{"| 1 | ", "a b |", "a b"},
		{"x\t", "a b\t\tnginx error", "a b"},
		{`"web-0","`, `a ""b"" c"`, `a "b" c`},
		{`"web-0","`, `a ""b"" c","d"`, `a "b" c`},
		{`"textPayload": "`, `a \"b\"\tc\u0026",`, "a \"b\"\tc&"},
		{`"web-0","`, `a "b" c`, `a "b" c`},
		{`"`, `a`, `a`},
		{`say "`, `accept4() failed (24: Too many open files)" . any idea?`, `accept4() failed (24: Too many open files)`},
		{`say "`, `connect() failed, request: "GET / HTTP/1.1" . any idea?`, `connect() failed, request: "GET / HTTP/1.1" . any idea?`},
		{`"`, `a \"`, `a \"`},
		{"12: ", `a "b" |`, `a "b" |`},
	} {
		if got := cell([]byte(c.prefix), []byte(c.text)); string(got) != c.want {
			t.Errorf("%q: %q", c.prefix+c.text, got)
		}
	}
}

func TestSinceStatus(t *testing.T) {
	for line, want := range map[string]string{
		"   Active: failed (Result: exit-code) since Tue 2019-12-03 07:45:43 EST; 4min 21s ago": "2019-12-03 07:45:43",
		"> Active: active (running) since Fri 2017-03-17 08:14:54 +0530; 2min 55s ago":          "2017-03-17 08:14:54",
		"   Active: inactive (dead)":                  "",
		"   Active: failed since ":                    "",
		"It was active since Tue 2019-12-03 07:45:43": "",
	} {
		got, ok := sinceStatus([]byte(line))
		if ok != (want != "") || ok && got.Format(time.DateTime) != want {
			t.Errorf("%q: %v %v", line, got, ok)
		}
	}
}

func TestFoldedNginx(t *testing.T) {
	const head, whole = "2026/11/22 10:00:00 [error]", "2026/11/22 10:00:00 [error] 8#8: *1 upstream sent too big header while reading response header from upstream,"
	for _, c := range []struct {
		whole, text string
		want        bool
	}{
		{head, "  8#8: *1 upstream sent too big header", true},
		{head, "  see above", false},
		{"2026/11/22 10:00:00", "8#8: *1 x", false},
		{whole, "  client: 203.0.113.9,", true},
		{whole, "client is a browser", false},
		{strings.TrimSuffix(whole, ","), "client: 203.0.113.9,", false},
		{"any idea,", "host: x", false},
		{whole, "", false},
	} {
		if got := foldedNginx([]byte(c.whole), []byte(c.text)); got != c.want {
			t.Errorf("%q + %q: %v", c.whole, c.text, got)
		}
	}
}

func TestSoftBroken(t *testing.T) {
	var s softBroken
	for _, step := range []struct {
		in, want string
		more     bool
		number   int
	}{
		{"2026/11/22 10:00:00 [crit] 9=", "", true, 0},
		{"12#912: *3 GET /?a=3D1 ", "2026/11/22 10:00:00 [crit] 912#912: *3 GET /?a=1", false, 1},
		{"a=3D", "a=", false, 3},
		{"not =zz", "not =zz", false, 4},
	} {
		line := Line{Text: []byte(step.in), Number: s.first.Number + 1}
		if len(s.buf) == 0 && step.number > 0 {
			line.Number = step.number
		}
		text, more := s.put(&line)
		if more != step.more || !more && (string(text) != step.want || line.Number != step.number) {
			t.Errorf("%q: %q %v, line %d", step.in, text, more, line.Number)
		}
	}
}

func TestOneEntry(t *testing.T) {
	const (
		nginx  = `2026/11/22 10:00:00 [error] 8#8: *1 upstream sent too big header, host: "shop.test"`
		fpm    = "[22-Nov-2026 10:00:00] WARNING: [pool www] server reached pm.max_children setting (5)"
		apache = "[Sun Nov 22 10:00:00.123456 2026] [proxy:error] [pid 1] AH00957: x"
	)
	for _, c := range []struct{ in, entry, rest string }{
		{nginx, nginx, ""},
		{nginx + " " + nginx, nginx, nginx},
		{"web-1 | " + nginx + "\r" + fpm, "web-1 | " + nginx, fpm},
		{fpm + `\n` + apache + " " + nginx, fpm, apache + " " + nginx},
		{"Nov 22 10:00:00 web1 nginx: " + nginx, "Nov 22 10:00:00 web1 nginx: " + nginx, ""},
		{`[22-Nov-2026 10:00:00] WARNING: [pool www] child 1 said into stderr: "` + fpm + `"`, `[22-Nov-2026 10:00:00] WARNING: [pool www] child 1 said into stderr: "` + fpm + `"`, ""},
		{"", "", ""},
	} {
		if entry, rest := oneEntry([]byte(c.in)); string(entry) != c.entry || string(rest) != c.rest {
			t.Errorf("%q: %q, %q", c.in, entry, rest)
		}
	}
}

// systemctl status speaks of the unit it has named before, and only a failure is put in the journal's words.
func TestUnitFailed(t *testing.T) {
	const unit = "● php8.2-fpm.service - The PHP 8.2 FastCGI Process Manager"
	for _, c := range []struct{ before, line, want string }{
		{unit, "   Active: failed (Result: exit-code) since Tue 2026-11-24 07:45:43 UTC; 4min 21s ago", "2026-11-24T07:45:43 localhost systemd[1]: php8.2-fpm.service: Failed with result 'exit-code'."},
		{unit, "   Active: activating (auto-restart) (Result: exit-code) since Tue 2026-11-24 07:45:43 UTC; 7s ago", "2026-11-24T07:45:43 localhost systemd[1]: php8.2-fpm.service: Failed with result 'exit-code'."},
		{unit, "   Active: active (running) since Tue 2026-11-24 07:45:43 UTC; 7s ago", ""},
		{unit, "   Active: failed (Result: exit-code)", ""},
		{unit, "   Active: failed (Result: it's) since Tue 2026-11-24 07:45:43 UTC; 7s ago", ""},
		{"php8.2-fpm.service is what I mean", "   Active: failed (Result: exit-code) since Tue 2026-11-24 07:45:43 UTC; 4min 21s ago", ""},
	} {
		p := &Paste{}
		if p.unitFailed([]byte(c.before)) != nil {
			t.Error("the line that names the unit is none of the journal's")
		}
		if got := string(p.unitFailed([]byte(c.line))); got != c.want {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
}
