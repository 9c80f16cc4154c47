package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

func drawn(t testing.TB, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := renderHTML(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The page asks for nothing from outside and carries the policy that says so; its own script is the only one that may run.
func TestHTMLPolicy(t *testing.T) {
	for name, r := range fixtureReports(t) {
		page := drawn(t, r)
		script := page[strings.Index(page, "<script>")+len("<script>") : strings.LastIndex(page, "</script>")]
		sum := sha256.Sum256([]byte(script))
		policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1])
		if want := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) || !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("%s: the policy %q does not fit the script, which is %s", name, policy, want)
		}
		if n := strings.Count(page, "<script"); n != 1 {
			t.Errorf("%s: %d scripts", name, n)
		}
		for _, load := range []string{" src=", "url(", "@import", "<link", "<iframe", "<img", " style=\""} {
			if strings.Contains(page, load) {
				t.Errorf("%s: it has %q", name, load)
			}
		}
		for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(m[1], "#") {
				t.Errorf("%s: it leads away to %q", name, m[1])
			}
		}
	}
}

// What strangers wrote into logs is text: no element, no attribute, nothing that moves a terminal or turns the direction of text.
func TestHTMLHostile(t *testing.T) {
	page := drawn(t, fixtureReports(t)["hostile_text"])
	for _, r := range page {
		if r != '\n' && !visible(r) {
			t.Errorf("%q (%U) in the page", r, r)
			break
		}
	}
	plainPage := drawn(t, fixtureReports(t)["slow_external_http"])
	elements := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, m := range regexp.MustCompile(`<[a-zA-Z][^\s>]*( [a-zA-Z-]+=)*`).FindAllStringSubmatch(s, -1) {
			out[strings.Fields(m[0])[0]] = true
		}
		for _, m := range regexp.MustCompile(` (on[a-z]+)=`).FindAllStringSubmatch(s, -1) {
			out[m[1]] = true
		}
		return out
	}
	known := elements(plainPage)
	for e := range elements(page) {
		if !known[e] {
			t.Errorf("hostile text brought %q", e)
		}
	}
}

// An outage that made 50,000 incidents still gives a page that opens.
func TestHTMLManyIncidents(t *testing.T) {
	from := fixtureReports(t)["two_incidents"]
	r := *from
	r.Incidents = nil
	for i := range 50_000 {
		in := from.Incidents[i%2]
		in.ID = fmt.Sprintf("i%d", i)
		in.Start, in.End = in.Start.Add(time.Duration(i)*time.Minute), in.End.Add(time.Duration(i)*time.Minute)
		pace := *in.Pace
		pace.Steps = append([]Step(nil), pace.Steps...)
		for k := range pace.Steps {
			pace.Steps[k].Time = pace.Steps[k].Time.Add(time.Duration(i) * time.Minute)
		}
		in.Pace = &pace
		r.Incidents = append(r.Incidents, in)
	}
	for i := range 5000 {
		s := from.Coverage.Sources[0]
		s.Path = fmt.Sprintf("domlogs/%d", i)
		r.Coverage.Sources = append(r.Coverage.Sources, s)
	}
	page := drawn(t, &r)
	if n := len(page); n > 2<<20 {
		t.Errorf("%d bytes", n)
	}
	if !strings.Contains(page, "The files</span></summary>") || strings.Contains(drawn(t, from), "The files</span></summary>") {
		t.Error("many files are to be folded, and few not")
	}
	r.Incidents = from.Incidents
	var md bytes.Buffer
	if err := renderMarkdown(&md, &r, Options{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(md.String(), "domlogs/"); n > 100 || !strings.Contains(md.String(), "more files are in the report as JSON") {
		t.Errorf("%d files are listed for a tracker", n)
	}
}

// A stored report gives the page that it would have given at once.
func TestHTMLOfStored(t *testing.T) {
	for name, r := range fixtureReports(t) {
		var stored bytes.Buffer
		if err := renderJSON(&stored, r, Options{}); err != nil {
			t.Fatal(err)
		}
		again, err := Decode(&stored)
		if err != nil {
			t.Fatal(err)
		}
		if drawn(t, again) != drawn(t, r) {
			t.Errorf("%s: another page", name)
		}
	}
}

// A stored report does not know the zone but by name: where the clocks change within it, its page is still that of the run.
func TestStoredOverAClockChange(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	r := *fixtureReports(t)["daily"]
	r.Zone = zone.String()
	r.Incidents = append([]Incident(nil), r.Incidents[:2]...)
	for i, start := range []string{"2026-10-25T00:40:00Z", "2026-10-25T01:50:00Z"} { // 02:40 and, an hour later, 02:50
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		in := &r.Incidents[i]
		in.Start, in.End, in.Headline = at.In(zone), at.Add(time.Hour/2).In(zone), ""
		in.Pace = &Pace{60, []Step{{in.Start, in.Failures}, {in.End, in.Failures}}}
	}
	r.Coverage.From, r.Coverage.To = &r.Incidents[0].Start, &r.Incidents[1].End
	var stored bytes.Buffer
	if err := renderJSON(&stored, &r, Options{Zone: zone}); err != nil {
		t.Fatal(err)
	}
	again, err := Decode(&stored)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		var first, second bytes.Buffer
		if err := errors.Join(f.Render(&first, &r, Options{Zone: zone}), f.Render(&second, again, Options{})); err != nil {
			t.Fatal(err)
		}
		if first.String() != second.String() {
			t.Errorf("%s: %s", f.Name, firstDifference(second.String(), first.String()))
		}
	}
}

// A usual page stays small.
func TestHTMLSize(t *testing.T) {
	for name, r := range fixtureReports(t) {
		if n := len(drawn(t, r)); n > 100<<10 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}

// Stored reports come from anywhere: times that are none, paces without width, folded text that is none.
func FuzzHTML(f *testing.F) {
	f.Add(int64(0), int64(0), 0, "a;b 3\n", "502")
	f.Add(int64(1795370584), int64(1895370584), 60, "x 99999999999999999999\n;; 1\n 5", "<b>")
	f.Add(int64(-62135596800), int64(253402300799), -1, strings.Repeat("f;", 500)+" 2", "")
	f.Fuzz(func(t *testing.T, from, to int64, width int, folded, status string) {
		in := Incident{
			ID: status, Start: time.Unix(from, 0), End: time.Unix(to, 0), Failures: map[string]int{status: width}, Headline: folded,
			Pace: &Pace{Seconds: width, Steps: []Step{{time.Unix(from, 0), map[string]int{status: width}}, {time.Unix(to, 0), map[string]int{"502": 2}}}},
		}
		r := Report{Incidents: []Incident{in, in}, Profile: Profile{Slow: SlowProfile{Entries: 1, Folded: folded}}}
		if err := renderHTML(io.Discard, &r, Options{}); err != nil {
			t.Error(err)
		}
	})
}
