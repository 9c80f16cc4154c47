package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const fixtures = "../fixtures/reports"

func TestMain(m *testing.M) {
	flag.Parse()
	twwidth.SetEastAsian(false) // else the locale of the test run decides the width of "×"
	os.Exit(m.Run())
}

// fixtureReports reads every report of fixtures/reports by its name.
func fixtureReports(t testing.TB) map[string]*Report {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(fixtures, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no reports in %s (%v)", fixtures, err)
	}
	out := map[string]*Report{}
	for _, p := range paths {
		f, err := os.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(f)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		out[strings.TrimSuffix(filepath.Base(p), ".json")] = r
	}
	return out
}

func TestGolden(t *testing.T) {
	views := []struct {
		suffix, format string
		o              Options
	}{
		{".txt", "text", Options{Width: 80}},
		{".72.txt", "text", Options{Width: 72}},
		{".120.txt", "text", Options{Width: 120, Zone: time.UTC}},
		{".verbose.txt", "text", Options{Width: 80, Verbose: true}},
		{".md", "md", Options{}},
		{".html", "html", Options{}},
	}
	for name, r := range fixtureReports(t) {
		for _, v := range views {
			if v.suffix == ".72.txt" && r.History == nil {
				continue // mails are daily reports
			}
			t.Run(name+v.suffix, func(t *testing.T) {
				var buf bytes.Buffer
				if err := Lookup(v.format).Render(&buf, r, v.o); err != nil {
					t.Fatal(err)
				}
				golden := filepath.Join(fixtures, name+v.suffix)
				if *update {
					if err := os.WriteFile(golden, buf.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(buf.Bytes(), want) {
					t.Errorf("differs from %s (run with -update and look at git diff): %s", golden, firstDifference(buf.String(), string(want)))
				}
			})
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d is\n%s\nwant\n%s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// One incident is told on one screen of 80 columns and 24 lines.
func TestOneIncidentFitsAScreen(t *testing.T) {
	for name, r := range fixtureReports(t) {
		if len(r.Incidents) != 1 || r.History != nil { // those of daily reports are mails
			continue
		}
		for cols := 80; cols <= 200; cols += 40 {
			if p := drawText(r, Options{}, cols); p.rows() > screen {
				t.Errorf("%s at %d columns takes %d lines, want at most %d:\n%s", name, cols, p.rows(), screen, strings.Join(p.lines, "\n"))
			}
		}
	}
}

// tooWide are the lines of a page that are wider than it, but for those that are to be copied as they stand.
func tooWide(p *page, r *Report) (out []string) {
	code := map[string]bool{}
	add := func(config string) {
		for _, l := range cleanLines(config) {
			code[strings.TrimLeft(p.bold(l), " ")] = true
		}
	}
	for _, in := range r.Incidents {
		for _, c := range in.Causes {
			for _, a := range c.Advice {
				add(a.Config)
			}
		}
	}
	if r.Capacity != nil {
		for _, c := range r.Capacity.Pools {
			add(c.Config)
		}
	}
	for _, l := range p.lines {
		if width(l) > p.width && !code[strings.TrimLeft(l, " ")] {
			out = append(out, l)
		}
	}
	return out
}

func TestTextKeepsWithinItsWidth(t *testing.T) {
	for name, r := range fixtureReports(t) {
		for cols := minWidth; cols <= 160; cols += 7 {
			for _, o := range []Options{{}, {Verbose: true}, {Color: true, Verbose: true}} {
				if wide := tooWide(drawText(r, o, cols), r); wide != nil {
					t.Fatalf("%s, %+v: more than %d columns: %q", name, o, cols, wide)
				}
			}
		}
	}
}

// What a screen of its own shows of an incident is wrapped to the last line.
func TestIncidentKeepsWithinItsWidth(t *testing.T) {
	for name, r := range fixtureReports(t) {
		for i := range r.Incidents {
			var b strings.Builder
			if err := WriteIncident(&b, &r.Incidents[i], Options{Width: 50}); err != nil {
				t.Fatal(err)
			}
			for l := range strings.Lines(b.String()) {
				if w := width(strings.TrimSuffix(l, "\n")); w > 50 {
					t.Fatalf("%s: %d columns of 50: %q", name, w, l)
				}
			}
		}
	}
}

// hostile is what an attacker writes into a request line: terminal sequences (7 and 8 bit), HTML, Markdown,
// a mark that turns text around, bytes that are no UTF-8, line ends.
const hostile = "\x1b]0;x\x07\x1b[2J\u009b31m\u0085\x00\x7f<script>alert(1)</script>|`*b*`[l](x)\u202egpj\u2066\xff\xc3\r\nX: y\u2028\u200b\ufeff end"

// fill puts s into every text field there is, so that a field added later is tested too.
func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(0.7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), s)
		fill(v.Index(1), s)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(s), reflect.ValueOf(3))
	case reflect.Struct:
		if t, ok := v.Addr().Interface().(*time.Time); ok {
			*t = time.Date(2026, 11, 22, 18, 3, 4, 0, time.UTC)
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), s)
		}
	}
}

func TestHostileTextIsHarmless(t *testing.T) {
	var several, none, one Report
	fill(reflect.ValueOf(&several).Elem(), hostile)
	none, one = several, several
	none.Incidents, one.Incidents = nil, several.Incidents[:1]
	folded := several
	folded.Incidents = append([]Incident{}, several.Incidents...)
	folded.Incidents[0].Isolated = true
	for _, f := range Formats {
		for i, r := range []*Report{&several, &none, &one, &folded} {
			for _, verbose := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%d/verbose=%v", f.Name, i, verbose), func(t *testing.T) {
					var buf bytes.Buffer
					if err := f.Render(&buf, r, Options{Width: 100, Verbose: verbose}); err != nil {
						t.Fatal(err)
					}
					harmless(t, f.Name, buf.Bytes())
				})
			}
		}
	}
}

func harmless(t *testing.T, format string, out []byte) {
	t.Helper()
	if !utf8.Valid(out) {
		t.Error("invalid UTF-8 came through")
	}
	for i, r := range string(out) {
		if r != '\n' && !visible(r) {
			t.Fatalf("%U came through in %q", r, out[max(0, i-20):min(len(out), i+20)])
		}
	}
	own := 0
	if format == "html" {
		own = 1
	}
	plain := map[string]bool{"text": true} // formats that nothing draws as a page
	if !plain[format] && bytes.Count(bytes.ToLower(out), []byte("<script")) != own {
		t.Error("<script came through")
	}
	if format == "json" {
		var r Report
		if err := json.Unmarshal(out, &r); err != nil {
			t.Error(err)
		}
	}
}

// Markdown tables and links must be ours alone.
func TestMarkdownSpecials(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a|b", `a\|b`},
		{"# no heading", `\# no heading`},
		{"1. no list", `1\. no list`},
		{"- no list", `\- no list`},
		{"[x](javascript:alert(1))", `\[x\](javascript:alert(1))`},
		{"![x](http://a.test/)", `!\[x\](http\://a.test/)`},
		{"max_children _em_ *b*", `max_children \_em\_ \*b\*`},
		{"`code` <b>&amp;", "\\`code\\` &lt;b&gt;&amp;amp;"},
		{"see www.a.test, mail me@a.test", `see www\.a.test, mail me\@a.test`},
		{`a\|b`, `a\\\|b`},
	} {
		if got := mdText(c.in); got != c.want {
			t.Errorf("mdText(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add(hostile)
	f.Add("upstream timed out (110: Connection timed out) while reading response header from upstream")
	f.Add(" what a command is indented by, of a command longer than the page that shows it is wide")
	f.Add("日本語 e\u0301\u0301 👩‍👩‍👧 ﷽ \t x")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 300 {
			return
		}
		var r Report
		fill(reflect.ValueOf(&r).Elem(), s)
		for _, format := range Formats {
			var buf bytes.Buffer
			if err := format.Render(&buf, &r, Options{Width: 60, Verbose: true}); err != nil {
				t.Fatal(err)
			}
			harmless(t, format.Name, buf.Bytes())
		}
		for _, o := range []Options{{}, {Verbose: true}} {
			if wide := tooWide(drawText(&r, o, 60), &r); wide != nil {
				t.Fatalf("more than 60 columns: %q", wide)
			}
		}
	})
}
