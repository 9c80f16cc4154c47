package profile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/pprof/profile"

	"why502/report"
)

const curl = "/srv/wp-includes/http.php"

func slowReport() *report.Report {
	from, to := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	since := from.Add(time.Hour)
	r := &report.Report{Coverage: report.Coverage{From: &from, To: &to, Since: &since}}
	r.Profile.Slow = report.SlowProfile{Entries: 6, Stacks: []report.Stack{
		{Pool: "shop", Script: "/srv/index.php", Vhost: "shop.test", Count: 2, Frames: []report.Frame{{Func: "curl_exec", File: curl, Line: 8}, {Func: "rates", File: "/srv/api.php", Line: 12}}},
		{Pool: "blog", Count: 3, Frames: []report.Frame{{Func: "curl_exec", File: curl, Line: 8}, {Func: "feed", File: "/srv/feed.php", Line: 3}}},
		{Pool: "blog", Count: 1, Frames: []report.Frame{{Func: "query", File: "/srv/db.php", Line: 3}}},
	}}
	return r
}

func written(t *testing.T, name string, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := BySuffix(name).Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func parsed(t *testing.T, b []byte) *profile.Profile {
	t.Helper()
	p, err := profile.ParseData(b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPprof(t *testing.T) {
	r := slowReport()
	b := written(t, "slow.pb.gz", r)
	if !bytes.Equal(b, written(t, "SLOW.PB.GZ", r)) {
		t.Error("the same report gives other bytes")
	}
	p := parsed(t, b)
	if len(p.Sample) != 3 || len(p.Location) != 4 || len(p.Function) != 4 {
		t.Fatalf("%d samples of %d places in %d functions:\n%s", len(p.Sample), len(p.Location), len(p.Function), p)
	}
	s := p.Sample[1] // the most frequent one comes first
	if leaf := s.Location[0].Line[0]; s.Value[0] != 2 || leaf.Function.Name != "curl_exec" || leaf.Function.Filename != curl || leaf.Line != 8 {
		t.Errorf("%+v", s)
	}
	for key, want := range map[string]string{"pool": "shop", "script": "/srv/index.php", "vhost": "shop.test"} {
		if got := s.Label[key]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if at := time.Unix(0, p.TimeNanos).UTC(); !at.Equal(*r.Coverage.Since) || p.DurationNanos != int64(time.Hour) || p.SampleType[0].Type != "samples" {
		t.Errorf("%s, %d ns of %s", at, p.DurationNanos, p.SampleType[0].Type)
	}
}

func TestFolded(t *testing.T) {
	const want = `feed feed.php:3;curl_exec http.php:8 3
rates api.php:12;curl_exec http.php:8 2
query db.php:3 1
`
	for _, name := range []string{"a.folded", "a.txt"} {
		if got := string(written(t, name, slowReport())); got != want {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	if BySuffix("a.svg") != nil || BySuffix("gz") != nil {
		t.Error("there is no such format")
	}
}

// A stored report has folded text in place of stacks; what it does not have is one stack.
func TestStored(t *testing.T) {
	r := &report.Report{Profile: report.Profile{Slow: report.SlowProfile{Entries: 9, Folded: "rates api.php:12;curl_exec http.php:8 2\n\n x\nbroken\na;b -1\nsleep 3\n"}}}
	const want = "(other) 4\nsleep 3\nrates api.php:12;curl_exec http.php:8 2\n"
	if got := string(written(t, "a.folded", r)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if p := parsed(t, written(t, "a.pb.gz", r)); len(p.Sample) != 3 || p.Sample[2].Location[0].Line[0].Line != 8 || p.TimeNanos != 0 {
		t.Errorf("%s", p)
	}
}

const hostile = "\x1b]0;x\x07\x1b[2J\u009b31m\x00\x7f<script>;a 5\n;b\r\u202egpj\xff end 1"

// Names come out of logs: none drives a terminal, adds a frame or a line.
func TestHostileNames(t *testing.T) {
	r := &report.Report{Profile: report.Profile{Slow: report.SlowProfile{Entries: 1, Stacks: []report.Stack{{
		Pool: hostile, Script: hostile, Vhost: hostile, Count: 1, Frames: []report.Frame{{Func: hostile, File: hostile, Line: -1}, {}},
	}}}}}
	folded := string(written(t, "a.folded", r))
	if strings.Count(folded, "\n") != 1 || strings.Count(folded, ";") != 1 || report.Clean(strings.TrimSuffix(folded, "\n")) != strings.TrimSuffix(folded, "\n") {
		t.Errorf("%q", folded)
	}
	p := parsed(t, written(t, "a.pb.gz", r))
	var all []string
	for _, f := range p.Function {
		all = append(all, f.Name, f.SystemName, f.Filename)
	}
	for _, values := range p.Sample[0].Label {
		all = append(all, values...)
	}
	for _, s := range all {
		if report.Clean(s) != s {
			t.Errorf("%q", s)
		}
	}
	if len(p.Sample[0].Label) != 3 {
		t.Errorf("labels: %q", p.Sample[0].Label)
	}
}

// The tool that comes with Go opens it.
func TestGoToolPprof(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command")
	}
	file := filepath.Join(t.TempDir(), "slow.pb.gz")
	if err := os.WriteFile(file, written(t, file, slowReport()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ flags, want string }{
		{"-top", "5 83.33% 83.33%          5 83.33%  curl_exec"},
		{"-top -tagfocus=pool=shop", "2 33.33% 33.33%          2 33.33%  curl_exec"},
		{"-top -lines", "curl_exec " + curl + ":8"},
		{"-tags", "blog"},
	} {
		args := append(append([]string{"tool", "pprof"}, strings.Fields(c.flags)...), file)
		out, err := exec.CommandContext(t.Context(), goTool, args...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("go tool pprof %s: %v\n%s\nwant %s", c.flags, err, out, c.want)
		}
	}
}

// Stored reports come from anywhere.
func FuzzStored(f *testing.F) {
	f.Add("a b.php:1;c d.php:2 3\n", 5)
	f.Add(hostile+" 4\n;; 9999999999999999999\n 1\n:1 :1;: 1", -1)
	f.Fuzz(func(t *testing.T, folded string, entries int) {
		r := &report.Report{Profile: report.Profile{Slow: report.SlowProfile{Entries: entries, Folded: folded}}}
		for _, l := range strings.Split(string(written(t, "a.folded", r)), "\n") {
			if !utf8.ValidString(l) || report.Clean(l) != l {
				t.Errorf("%q", l)
			}
		}
		parsed(t, written(t, "a.pb.gz", r))
	})
}
