package report

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0 s"},
		{1499 * time.Millisecond, "1 s"},
		{59 * time.Second, "59 s"},
		{200 * time.Second, "3 min 20 s"},
		{time.Hour, "1 h"},
		{125 * time.Minute, "2 h 5 min"},
		{76 * time.Hour, "3 d 4 h"},
	} {
		if got := duration(c.d); got != c.want {
			t.Errorf("duration(%v) = %q, want %q", c.d, got, c.want)
		}
	}
}

func TestPeriod(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		zone           *time.Location
		from, to, want string
	}{
		{nil, "2026-11-22T18:03:04.8+01:00", "2026-11-22T18:03:25+01:00", "2026-11-22 18:03:04–18:03:25 +01:00"},
		{time.UTC, "2026-11-22T18:03:04+01:00", "2026-11-22T18:03:04.9+01:00", "2026-11-22 17:03:04 +00:00"},
		{berlin, "2026-11-22T22:59:00Z", "2026-11-22T23:01:00Z", "2026-11-22 23:59:00 – 2026-11-23 00:01:00 +01:00"},
		{nil, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "unknown time"},
	} {
		if got := (clock{c.zone}).span(at(c.from), at(c.to)); got != c.want {
			t.Errorf("span(%s, %s) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestEvidenceText(t *testing.T) {
	for want, e := range map[string]Evidence{
		"3× PHP-FPM was told to stop":                    {Tag: "phpfpm/stopping", Count: 3, Text: "PHP-FPM was told to stop"},
		"the database stopped":                           {Tag: "mysql/stopped", Count: 1, Text: "the database stopped"},
		"3 children crashed (signal 11)":                 {Tag: "phpfpm/child-segv", Count: 3, Text: "3 children crashed (signal 11)"},
		"the kernel killed php-fpm (33 kills)":           {Tag: "kernel/oom-cgroup", Count: 33, Text: "the kernel killed php-fpm (33 kills)"},
		"hardly a page of these sites was served":        {Tag: "fact/none-served", Count: 33, Text: "hardly a page of these sites was served"},
		"1,200× the cgroup was full (limit 12000 bytes)": {Tag: "kernel/oom-cgroup", Count: 1200, Text: "the cgroup was full (limit 12000 bytes)"},
	} {
		if got := evidenceText(e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestFailureWords(t *testing.T) {
	got := failureWords(map[string]int{"504": 20, "502": 1027, "truncated": 3, "dropped": 3})
	if want := "1,027×502, 20×504, 3 dropped, 3 truncated"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHeadlineStatesTheConfidenceOnce(t *testing.T) {
	top := []Cause{{ID: "x", Title: "A title", Confidence: 0.6}}
	for _, c := range []struct {
		in   Incident
		want string
	}{
		{Incident{Headline: "It broke.", Causes: top}, "It broke. Confidence: medium (60%)."},
		{Incident{Headline: "It broke (confidence medium).", Causes: top}, "It broke (confidence medium)."},
		{Incident{Causes: top}, "A title. Confidence: medium (60%)."},
		{Incident{Failures: map[string]int{"502": 2}, Vhosts: []Share{{Name: "a.test"}}}, "2×502 a.test: nothing in these logs says why."},
	} {
		if got := headline(&c.in); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestCalmClaimsNoMoreThanWasRead(t *testing.T) {
	at := func(hour, minute int) *time.Time {
		t := time.Date(2026, 11, 22, hour, minute, 0, 0, time.UTC)
		return &t
	}
	web := []Source{{Format: "nginx-access", Records: 9, From: at(10, 0), To: at(12, 0)}, {Format: "php-fpm", Records: 1, From: at(1, 0), To: at(23, 0)}}
	for _, c := range []struct {
		cov  Coverage
		want string
	}{
		{Coverage{}, "Nothing to judge by: no log entry could be read. Send the lines from the minutes of the error"},
		{Coverage{Records: 9, Sources: []Source{{Format: "php-fpm", Records: 9}}}, "no access log"},
		{Coverage{Records: aFew, Sources: []Source{{Format: "php-fpm", Records: aFew}}}, "were served. Send the lines"},
		{Coverage{Records: aFew + 1, Sources: []Source{{Format: "php-fpm", Records: aFew + 1}}}, "were served.$"},
		{Coverage{Records: 9, Sources: []Source{{Format: "nginx-access", Records: 1}}}, "No visitor was hurt: 1 request, none of them failed."},
		{Coverage{Records: 9, Closed: 2, Sources: []Source{{Format: "nginx-access", Records: 1}}}, "none of them failed, but for 2 requests answered with 503 on purpose, as it seems."},
		{Coverage{Lines: 9, Since: at(10, 0)}, "Nothing to judge by: no log entry is of the time asked for (from 2026-11-22 10:00:00)."},
		{Coverage{Records: 9, Sources: web, Since: at(10, 10)}, "No visitor was hurt in the time asked for (from 2026-11-22 10:10:00).$"},
		{Coverage{Records: 9, Sources: web, Since: at(9, 50), Until: at(12, 10)}, "until 2026-11-22 12:10:00).$"},
		{Coverage{Records: 9, Sources: web, Since: at(8, 0)}, "(from 2026-11-22 08:00:00). The access logs have only requests of 2026-11-22 10:00:00–12:00:00 +00:00.$"},
		{Coverage{Records: 9, Sources: web, Since: at(11, 0), Until: at(14, 0)}, ". The access logs have only requests of 2026-11-22 10:00:00–12:00:00 +00:00.$"},
		{Coverage{Records: 9, Sources: web, Since: at(12, 10)}, "Nothing to judge by: no request is on record in the time asked for (from 2026-11-22 12:10:00).$"},
		{Coverage{Records: 9, Sources: web, Until: at(10, 0)}, "Nothing to judge by: no request is on record in the time asked for (until 2026-11-22 10:00:00).$"},
	} {
		if got := calm(&Report{Coverage: c.cov}, clock{}) + "$"; !strings.Contains(got, c.want) {
			t.Errorf("got %q, want it to say %q", got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		cols int
		want []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"a  b  c", 20, []string{"a  b  c"}},
		{"  indented words", 10, []string{"  indented", "words"}},
		{"abcdefghijkl", 5, []string{"abcde", "fghij", "kl"}},
		{"see abcdefghijkl", 6, []string{"see ab", "cdefgh", "ijkl"}},
		{"/var/log/nginx/error.log", 16, []string{"/var/log/nginx/", "error.log"}},
		{"日本語日本語", 5, []string{"日本", "語日", "本語"}},
		{"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
	} {
		if got := wrap(c.in, c.cols); !reflect.DeepEqual(got, c.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.in, c.cols, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain é 日本語", "plain é 日本語"},
		{"a\x1b[31m\x07\u009b\x7f", `a\x1b[31m\x07\x9b\x7f`},
		{"a\tb\nc\r", `a b\nc\x0d`},
		{"\xff\xc3(", `\xff\xc3(`},
		{"x\u202ey\u2066\u200b\ufeff\u2028", `x\u202ey\u2066\u200b\ufeff\u2028`},
		{"\U000e0041\u00a0", `\U000e0041\xa0`},
		{"\ufffd", "\ufffd"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestColour(t *testing.T) {
	r := fixtureReports(t)["slow_external_http"]
	plain := strings.Join(drawText(r, Options{}, 80).lines, "\n")
	coloured := strings.Join(drawText(r, Options{Color: true}, 80).lines, "\n")
	if strings.Contains(plain, "\x1b") {
		t.Error("colour without being asked for")
	}
	if !strings.Contains(coloured, "\x1b[") {
		t.Error("no colour")
	}
}

func TestFormatBySuffix(t *testing.T) {
	for path, want := range map[string]string{"a.json": "json", "B.MD": "md", "x.y/a.markdown": "md", "a.txt": "text", "a": "", "a.html": "html", "a.xml": ""} {
		got := ""
		if f := BySuffix(path); f != nil {
			got = f.Name
		}
		if got != want {
			t.Errorf("BySuffix(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestCommonFolder(t *testing.T) {
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{[]string{"/srv/backup/web1/logs/a", "/srv/backup/web1/logs/nginx/b"}, "/srv/backup/web1/logs"},
		{[]string{"/srv/backup/web1/logs/a", "/srv/backup/web1/logs2/b"}, "/srv/backup/web1"},
		{[]string{"/var/log/a", "/var/log/b"}, ""}, // too short to be worth it
		{[]string{"/srv/backup/web1/logs/a"}, ""},
		{[]string{"stdin", "/srv/backup/web1/logs/a"}, ""},
		{[]string{"/srv/backup/web1/logs/a", "stdin"}, ""},
	} {
		var sources []Source
		for _, p := range c.paths {
			sources = append(sources, Source{Path: p})
		}
		if got := commonFolder(sources); got != c.want {
			t.Errorf("%q: %q, want %q", c.paths, got, c.want)
		}
	}
}
