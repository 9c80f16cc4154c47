package report

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A tile says how its figure moved, to the eye and to a screen reader, and what it is not known against.
func TestTilesSayHowTheyMoved(t *testing.T) {
	h := &History{
		Date: "2026-11-22", Days: []Day{{Date: "2026-11-22", Failures: map[string]int{"502": 7}, Incidents: 1, Seconds: 61, Clients: 5}},
		Against: []Baseline{
			{Name: "yesterday", Date: "2026-11-21", Days: 1, Failures: map[string]int{"502": 9, "504": 2}, Incidents: 1, Seconds: 1},
			{Name: "median", Days: 6, Failures: map[string]int{"502": 3}},
		},
	}
	want := []tile{
		{Figure: "7", Name: "× 502 bad gateway", Mood: "bad", Sign: "▼ 2", Words: "2 less,", Was: "day before 9", Trend: "better", Title: "the day before 9, median of 6 days 3"},
		{Figure: "0", Name: "× 504 timeout", Sign: "▼ 2", Words: "2 less,", Was: "day before 2", Trend: "better", Title: "the day before 2, median of 6 days 0"},
		{Figure: "1", Name: "incident", Mood: "bad", Was: "as the day before", Title: "the day before 1, median of 6 days 0"},
		{Figure: "1 min 1 s", Name: "time in incidents", Sign: "▲ 1 min", Words: "1 min more,", Was: "day before 1 s", Trend: "worse", Title: "the day before 1 s, median of 6 days 0 s"},
		{Figure: "5", Name: "clients hit", Sign: "▲ 5", Words: "5 more,", Was: "day before 0", Trend: "worse", Title: "the day before 0, median of 6 days 0"},
	}
	got := dayTiles(h)
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("tiles are %+v\nwant %+v", got, want)
		}
	}
	h.Against = h.Against[1:]
	if got := dayTiles(h)[0]; got.Was != "day before: not known" || got.Sign != "" {
		t.Errorf("without yesterday: %+v", got)
	}
	h.Against = nil
	if got := dayTiles(h)[0].Was; got != "before: not known" {
		t.Errorf("on the first day: %q", got)
	}
	if h.Date = "2026-11-23"; dayTiles(h) != nil {
		t.Error("a day that nothing is kept of has figures")
	}
}

func day(date string, failures int) Day {
	return Day{Date: date, Whole: true, Failures: map[string]int{"502": failures}, Incidents: 1, Causes: []CauseOfDay{{ID: "x", Failures: failures}}}
}

// A day without a record is a gap, not a day without failures: no bar, and the line does not pass over it.
func TestTrendShowsGaps(t *testing.T) {
	h := &History{Date: "2026-11-22", Days: []Day{day("2026-11-18", 3), day("2026-11-19", 2), day("2026-11-21", 8), day("2026-11-22", 1)}}
	c := newTrend(h, map[string]int{"x": 0})
	if len(c.Slots) != fewDays || c.Days != "5 days" || len(c.Segments) != 2 || len(c.Rows) != 5 || !c.Rows[2].Gap {
		t.Errorf("%d slots of %s, %d segments, rows %+v", len(c.Slots), c.Days, len(c.Segments), c.Rows)
	}
	for i, s := range c.Slots {
		if gap := i < fewDays-5 || i == fewDays-3; s.Gap != gap || gap != (len(s.Bars) == 0) || gap != (s.DotY == "") {
			t.Errorf("slot %d: %+v", i, s)
		}
	}
	for _, days := range [][]Day{nil, {day("2026-11-22", 1)}, {day("x", 1), day("2026-11-22", 1)}, {day("2026-10-01", 1), day("2026-11-22", 1)}, {day("2026-11-22", 1), day("2026-11-24", 1)}} {
		if newTrend(&History{Date: "2026-11-22", Days: days}, nil) != nil {
			t.Errorf("a chart of %+v", days)
		}
	}
}

// Whatever a stored report states, the page of it opens.
func TestHTMLManyOfAll(t *testing.T) {
	r := *fixtureReports(t)["daily"]
	h, c := *r.History, *r.Capacity
	for i := range 20_000 {
		name := fmt.Sprintf("name-%d", i)
		m := h.Moves[i%8]
		m.Name = name
		h.Moves = append(h.Moves, m)
		h.Gaps = append(h.Gaps, h.Gaps[0])
		p := c.Pools[i%4]
		p.Name = name
		c.Pools = append(c.Pools, p)
		h.Days[3].Causes = append(h.Days[3].Causes, CauseOfDay{ID: name, Failures: 1})
	}
	in := r.Incidents[0]
	again := *in.Recurs
	for range 20_000 {
		again.Times = append(again.Times, time.Unix(1_700_000_000, 0))
	}
	in.Recurs = &again
	r.Incidents = []Incident{in, in}
	r.History, r.Capacity = &h, &c
	if n := len(drawn(t, &r)); n > 600<<10 {
		t.Errorf("%d bytes", n)
	}
}

// What is not to be raised is said with the same words in the same place as what is.
func TestPoolVerdicts(t *testing.T) {
	for verdict, want := range map[string]string{
		"raise":   "Raise pm.max_children from 5 to 10",
		"lower":   "Lower pm.max_children from 5 to 10",
		"keep":    "Keep pm.max_children at 5",
		"mend":    "Do not raise pm.max_children above 5",
		"unknown": "How many children it needs is not known",
	} {
		p := PoolCapacity{Verdict: verdict, Children: 10, Settings: []Setting{{"pm.max_children", "5"}}}
		if got := p.advice(); got != want {
			t.Errorf("%s: %q", verdict, got)
		}
		page := drawn(t, &Report{Capacity: &Capacity{Pools: []PoolCapacity{p}}})
		if !strings.Contains(page, `<span class="say`) || !strings.Contains(page, ">"+want+"<") {
			t.Errorf("%s: not in the page", verdict)
		}
	}
}

func FuzzTrend(f *testing.F) {
	f.Add("2026-11-22", "2026-11-01", 3, 2)
	f.Add("9999-12-31", "9999-12-03", 1<<62, -1)
	f.Add("0000-01-01", "", -5, 1<<40)
	f.Fuzz(func(t *testing.T, date, other string, failures, incidents int) {
		r := Report{History: &History{Date: date, Days: []Day{
			{Date: other, Failures: map[string]int{"502": failures}, Incidents: incidents, Seconds: failures},
			{Date: date, Failures: map[string]int{other: incidents}, Causes: []CauseOfDay{{ID: other, Failures: failures}}},
		}, Against: []Baseline{{Name: other, Seconds: incidents}}}}
		names := len(date) + len(other) // each stands in several places, where a quote takes five bytes
		if n := len(drawn(t, &r)); n > 100<<10+100*names {
			t.Errorf("%d bytes for names of %d", n, names)
		}
	})
}
