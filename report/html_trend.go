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

// recentDays are the days that the chart shows, the last first; nil: nothing is on record.
func recentDays(h *History, last time.Time) []*Day {
	var days [trendDays]*Day
	span := 0
	for i := range h.Days {
		d := &h.Days[i]
		at, err := time.Parse(time.DateOnly, d.Date)
		if back := int(last.Sub(at).Hours() / 24); err == nil && back >= 0 && back < trendDays {
			days[back] = d
			span = max(span, back+1)
		}
	}
	return days[:span]
}

// newTrend is nil where less than two days are on record.
func newTrend(h *History, of map[string]int) *trend {
	last, err := time.Parse(time.DateOnly, h.Date)
	if err != nil {
		return nil
	}
	days := recentDays(h, last)
	known := 0
	var failures, incidents, sum int64
	for _, d := range days {
		if d != nil {
			known++
			failures, incidents = max(failures, sumOf(d.Failures)), max(incidents, int64(d.Incidents))
			sum += sumOf(d.Failures)
		}
	}
	if known < 2 {
		return nil
	}
	t := &trend{Height: trendHeight, Bottom: trendBottom, LineTop: lineTop, TickY: trendHeight - 6, Days: count(len(days), "day")}
	top, most := roundUp(clamp(failures)), roundUp(clamp(incidents))
	for _, k := range []int{top, top / 2, 0} {
		y := trendBottom - (trendBottom-trendTop)*k/top
		t.Grid = append(t.Grid, gridLine{y, y + 4, thousands(k)})
	}
	for _, k := range []int{most, 0} {
		y := lineBottom - (lineBottom-lineTop)*k/most
		t.Grid = append(t.Grid, gridLine{y, y + 4, thousands(k)})
	}
	t.draw(days, last, of, top, most)
	t.legend(days, of)
	t.rows(days, last)
	t.Label = fmt.Sprintf("Failed requests and incidents of each of %s: %s failed in all, at most %s on one day. The table below has the figures.",
		t.Days, thousands(sum), thousands(failures))
	return t
}

// draw places the days from left to right, as high as their share of the most failures and incidents of a day.
func (t *trend) draw(days []*Day, last time.Time, of map[string]int, failures, incidents int) {
	n := max(len(days), fewDays)
	step := 100 / float64(n)
	for i := range n {
		back := n - 1 - i
		at := last.AddDate(0, 0, -back)
		x := float64(i) * step
		s := slot{X: pct(x), W: pct(step), Last: back == 0, DotX: pct(x + step/2)}
		switch {
		case s.Last:
			t.LastTick = at.Format("Jan 2")
		case at.Weekday() == time.Monday && i > 0 && n-i > 3:
			t.Ticks = append(t.Ticks, dayTick{s.DotX, at.Format("Jan 2"), float64(n-i)*step < 26})
		}
		switch {
		case back >= len(days):
			s.Gap, s.Title = true, dayWords(at.Format(time.DateOnly))+": before the first day on record"
		case days[back] == nil:
			s.Gap, s.Title = true, dayWords(at.Format(time.DateOnly))+": nothing on record"
		default:
			d := days[back]
			s.Part, s.Title = !d.Whole, dayTitle(d)
			s.stack(d, x, step, of, failures)
			s.DotY = num(float64(lineBottom) - float64(lineBottom-lineTop)*float64(clamp(int64(d.Incidents)))/float64(incidents))
			if i > 0 && !t.Slots[i-1].Gap {
				before := &t.Slots[i-1]
				t.Segments = append(t.Segments, segment{before.DotX, before.DotY, s.DotX, s.DotY})
			}
		}
		t.Gaps, t.Parts = t.Gaps || s.Gap, t.Parts || s.Part
		t.Slots = append(t.Slots, s)
	}
}

// stack draws the failures of a day, of which the chart has room for so many.
func (s *slot) stack(d *Day, x, step float64, of map[string]int, room int) {
	y := float64(trendBottom)
	for _, p := range partsOf(d) {
		height := max(float64(trendBottom-trendTop)*float64(clamp(p.n))/float64(room), 2)
		y = max(y-height, 0)
		s.Bars = append(s.Bars, bar{X: pct(x + step*.12), Y: num(y), W: pct(step * .76), H: num(height), Colour: colourOf(of, p.id)})
	}
}

// legend names the causes by their colours.
func (t *trend) legend(days []*Day, of map[string]int) {
	titles := map[string]string{}
	for _, d := range slices.Backward(days) { // the last title of a cause counts
		if d == nil {
			continue
		}
		for _, p := range partsOf(d) {
			if colourOf(of, p.id) == colours-1 {
				titles[""] = "other or unknown"
			} else {
				titles[p.id] = p.title
			}
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(titles), func(a, b string) int { return cmp.Compare(colourOf(of, a), colourOf(of, b)) }) {
		t.Legend = append(t.Legend, legendEntry{titles[id], colourOf(of, id)})
	}
}

// rows are the table of the same days, the last first.
func (t *trend) rows(days []*Day, last time.Time) {
	for back, d := range days {
		date := last.AddDate(0, 0, -back).Format(time.DateOnly)
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

// partsOf parts a day's failures by cause; what no verdict claims comes last.
func partsOf(d *Day) []dayPart {
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
