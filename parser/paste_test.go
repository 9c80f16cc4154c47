package parser

import (
	"strings"
	"testing"
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
		"> " + line:               line,
		"> > " + line:             line,
		"  12  " + line:           line,
		"* " + line:               line,
		"`" + line + "`":          line,
		"    " + line:             line,
		line + "\r":               line,
		"```":                     "",
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
