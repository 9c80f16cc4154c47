package report

import (
	"bytes"
	"html"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// index is an archive of the days of a fixture.
func index(r *Report) *Index {
	x := &Index{Host: r.History.Host, Days: r.History.Days, Pages: map[string]string{}}
	for _, d := range []string{"2026-11-20", "2026-11-21", "2026-11-22"} {
		x.Pages[d] = "2026/11/" + d + ".html"
	}
	for _, in := range byHarm(r) {
		k := NewIndexIncident(in)
		k.Page = x.Pages[k.Start.Format(time.DateOnly)]
		x.Incidents = append(x.Incidents, k)
	}
	return x
}

func drawnIndex(t *testing.T, x *Index) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteIndex(&b, x, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestIndexGolden(t *testing.T) {
	got := drawnIndex(t, index(fixtureReports(t)["daily"]))
	golden := filepath.Join(fixtures, "archive.index.html")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s (run with -update and look at git diff): %s", golden, firstDifference(got, string(want)))
	}
}

// The index carries the policy of the pages, leads only to them, and hostile text in it is text.
func TestIndexHostile(t *testing.T) {
	var x Index
	for _, field := range []any{&x.Host, &x.Days, &x.Incidents} {
		fill(reflect.ValueOf(field).Elem(), hostile)
	}
	x.Days = append(x.Days, day("2026-11-22", 3))
	for i := range x.Incidents {
		x.Incidents[i].Page = "2026/11/2026-11-22.html"
	}
	page := drawnIndex(t, &x)
	harmless(t, "html", []byte(page))
	if policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]; html.UnescapeString(policy) != pagePolicy {
		t.Errorf("policy %q", policy)
	}
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "2026/11/2026-11-22.html#i") {
			t.Errorf("it leads to %q", m[1])
		}
	}
	if strings.Contains(page, " style=") || strings.Contains(page, " src=") {
		t.Error("it loads something")
	}
}

// The calendar says of each day what it says by colour.
func TestCalendar(t *testing.T) {
	x := &Index{Days: []Day{day("2026-10-31", 12345), {Date: "2026-11-02", Whole: true}, day("no day", 1), day("2026-11-04", 0)}, Pages: map[string]string{"2026-11-02": "p"}}
	months := x.months()
	if len(months) != 2 || months[0].Name != "November 2026" || len(months[0].Weeks) != 6 || len(months[1].Weeks) != 5 {
		t.Fatalf("%+v", months)
	}
	for _, c := range []struct {
		cell, want dayView
	}{
		{months[1].Weeks[4][5], dayView{Number: "31", Figure: "12k", Level: "l4", Text: "Saturday, 2026-10-31: 12,345×502, 1 incident: x"}},
		{months[0].Weeks[0][5], dayView{}},
		{months[0].Weeks[0][6], dayView{Number: "1", Text: "Sunday, 2026-11-01: nothing on record"}},
		{months[0].Weeks[1][0], dayView{Number: "2", Level: "l0", Page: "p", Text: "Monday, 2026-11-02: no request failed, 0 incidents"}},
		{months[0].Weeks[1][2], dayView{Number: "4", Level: "l1", Text: "Wednesday, 2026-11-04: 0×502, 1 incident: x"}},
		{months[0].Weeks[1][3], dayView{Number: "5", Level: "out"}},
	} {
		if c.cell != c.want {
			t.Errorf("%+v\nwant %+v", c.cell, c.want)
		}
	}
}
