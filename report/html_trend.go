package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// trend is the chart of the last days: failures stacked by cause, and below them how many incidents there were. Across it is
// measured in hundredths of its width and down in pixels, so that its words are as large on a phone as on a wide screen.
type trend struct {
	Label, Days    string
	Height, Bottom int // of the stacks
	LineTop        int // of the count of incidents
	Grid           []gridLine
	Slots          []slot
	Segments       []segment
	Ticks          []dayTick
	LastTick       string // the day itself, at the right edge
	TickY          int
	Legend         []legendEntry
	Gaps, Parts    bool // some are in it: the legend explains them
	Rows           []trendRow
}

// slot is a day.
type slot struct {
	X, W  string // the whole of it
	Title string
	Gap   bool // nothing is on record
	Part  bool // the logs cover a part of it
	Last  bool
	Bars  []bar
	DotX  string
	DotY  string
}

// dayTick is a date below the chart; where a phone has no room for it beside the last, only wide screens show it.
type dayTick struct {
	X, Label string
	Wide     bool
}

type segment struct{ X1, Y1, X2, Y2 string }

type trendRow struct {
	Day, Date, Requests, Failures, Incidents, Time, Clients, Causes, IDs string
	Gap                                                                  bool
}

// The chart, in pixels from its top.
const (
	trendTop    = 18
	trendBottom = 138
	lineTop     = 170
	lineBottom  = 204
	trendHeight = 228
	trendDays   = 30
	fewDays     = 14 // fewer would be drawn too wide
)

// recentDays are the days on record that the chart shows, and how many it is from the first of them to the last.
func recentDays(h *History, last time.Time) (byDate map[string]*Day, span int) {
	byDate = map[string]*Day{}
	for i := range h.Days {
		d := &h.Days[i]
		at, err := time.Parse(time.DateOnly, d.Date)
		if back := int(last.Sub(at).Hours() / 24); err == nil && back >= 0 && back < trendDays {
			byDate[d.Date] = d
			span = max(span, back+1)
		}
	}
	return byDate, span
}

// newTrend is nil where less than two days are on record.
func newTrend(h *History, of map[string]int) *trend {
	last, err := time.Parse(time.DateOnly, h.Date)
	if err != nil {
		return nil
	}
	byDate, span := recentDays(h, last)
	if len(byDate) < 2 {
		return nil
	}
	t := &trend{Height: trendHeight, Bottom: trendBottom, LineTop: lineTop, TickY: trendHeight - 6, Days: count(span, "day")}
	n := max(span, fewDays)
	var failures, incidents, sum int64
	for _, d := range byDate {
		failures, incidents = max(failures, sumOf(d.Failures)), max(incidents, int64(d.Incidents))
		sum += sumOf(d.Failures)
	}
	top, most := roundUp(clamp(failures)), roundUp(clamp(incidents))
	for _, k := range []int{top, top / 2, 0} {
		y := trendBottom - (trendBottom-trendTop)*k/top
		t.Grid = append(t.Grid, gridLine{y, y + 4, thousands(k)})
	}
	for _, k := range []int{most, 0} {
		y := lineBottom - (lineBottom-lineTop)*k/most
		t.Grid = append(t.Grid, gridLine{y, y + 4, thousands(k)})
	}
	series := map[string]string{}
	step := 100 / float64(n)
	var before *slot
	for i := range n {
		at := last.AddDate(0, 0, i-n+1)
		x := float64(i) * step
		s := slot{X: pct(x), W: pct(step), Last: i == n-1, DotX: pct(x + step/2)}
		d := byDate[at.Format(time.DateOnly)]
		switch {
		case s.Last:
			t.LastTick = at.Format("Jan 2")
		case at.Weekday() == time.Monday && i > 0 && n-i > 3:
			t.Ticks = append(t.Ticks, dayTick{s.DotX, at.Format("Jan 2"), float64(n-i)*step < 26})
		}
		if d == nil {
			s.Gap, s.Title = true, dayWords(at.Format(time.DateOnly))+": nothing on record"
			if i < n-span {
				s.Title = dayWords(at.Format(time.DateOnly)) + ": before the first day on record"
			}
			t.Gaps = true
			before = nil
			t.Slots = append(t.Slots, s)
			continue
		}
		s.Part, s.Title = !d.Whole, dayTitle(d)
		t.Parts = t.Parts || s.Part
		y := float64(trendBottom)
		for _, p := range stack(d) {
			height := max(float64(trendBottom-trendTop)*float64(clamp(p.n))/float64(top), 2)
			y = max(y-height, 0)
			colour := colourOf(of, p.id)
			s.Bars = append(s.Bars, bar{X: pct(x + step*.12), Y: num(y), W: pct(step * .76), H: num(height), Colour: colour})
			if colour == colours-1 {
				series[""] = "other or unknown"
			} else {
				series[p.id] = p.title
			}
		}
		s.DotY = num(float64(lineBottom) - float64(lineBottom-lineTop)*float64(clamp(int64(d.Incidents)))/float64(most))
		if before != nil {
			t.Segments = append(t.Segments, segment{before.DotX, before.DotY, s.DotX, s.DotY})
		}
		t.Slots = append(t.Slots, s)
		before = &t.Slots[len(t.Slots)-1]
	}
	for _, id := range slices.SortedFunc(maps.Keys(series), func(a, b string) int { return cmp.Compare(colourOf(of, a), colourOf(of, b)) }) {
		t.Legend = append(t.Legend, legendEntry{series[id], colourOf(of, id)})
	}
	t.rows(byDate, last, span)
	t.Label = fmt.Sprintf("Failed requests and incidents of each of %s: %s failed in all, at most %s on one day. The table below has the figures.",
		t.Days, thousands(sum), thousands(failures))
	return t
}

// rows are the table of the same days, the last first.
func (t *trend) rows(byDate map[string]*Day, last time.Time, span int) {
	for back := range span {
		date := last.AddDate(0, 0, -back).Format(time.DateOnly)
		d := byDate[date]
		if d == nil {
			t.Rows = append(t.Rows, trendRow{Day: dayWords(date), Date: date, Gap: true})
			continue
		}
		row := trendRow{
			Day: dayWords(date), Date: date, Failures: failureWords(d.Failures), Incidents: thousands(d.Incidents), Clients: thousands(d.Clients),
			Causes: causesOf(d, func(c CauseOfDay) string { return cmp.Or(c.Title, c.ID) }), IDs: causesOf(d, func(c CauseOfDay) string { return c.ID }),
		}
		if d.Requests > 0 {
			row.Requests = thousands(d.Requests)
		}
		if d.Seconds > 0 {
			row.Time = seconds(int64(d.Seconds))
		}
		if !d.Whole {
			row.Day += " (in part)"
			row.Date += " (in part)"
		}
		t.Rows = append(t.Rows, row)
	}
}

// trendHead names the cells of a row where there is less room than on the page.
var trendHead = []string{"Day", "Requests", "Failures", "Incidents", "Time", "Causes"}

func (r *trendRow) cells() []string {
	if r.Gap {
		return []string{r.Date, "", "nothing on record", "", "", ""}
	}
	return []string{r.Date, r.Requests, r.Failures, r.Incidents, r.Time, r.IDs}
}

func causesOf(d *Day, name func(CauseOfDay) string) string {
	var all []string
	for _, c := range firstOf(d.Causes, maxTableRows) {
		all = append(all, clean(name(c)))
	}
	return enumerate(all)
}

// dayPart is a share of a day's failures.
type dayPart struct {
	id, title string
	n         int64
}

// stack parts a day's failures by cause; what no verdict claims comes last.
func stack(d *Day) []dayPart {
	rest := sumOf(d.Failures)
	var out []dayPart
	for _, c := range firstOf(d.Causes, colours) {
		if n := min(int64(c.Failures), rest); n > 0 {
			out = append(out, dayPart{c.ID, clean(cmp.Or(c.Title, c.ID)), n})
			rest -= n
		}
	}
	if rest > 0 {
		out = append(out, dayPart{n: rest})
	}
	return out
}

func dayTitle(d *Day) string {
	s := dayWords(d.Date) + ": "
	if words := failureWords(d.Failures); words != "" {
		s += words
	} else {
		s += "no request failed"
	}
	s += ", " + count(d.Incidents, "incident")
	if c := causesOf(d, func(c CauseOfDay) string { return cmp.Or(c.Title, c.ID) }); c != "" {
		s += ": " + c
	}
	if !d.Whole {
		s += " (the logs cover a part of the day)"
	}
	return s
}

// clamp keeps what a stored report states within what can be drawn.
func clamp(n int64) int { return int(min(max(n, 0), 1e12)) }

func pct(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.2f", f), ".00") + "%" }
