package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// chart is a drawing of failures over time, in the units of its viewBox.
type chart struct {
	W, H                           int
	Left, Top, Plot, Bottom        int
	LabelX, TickY, MarkY, MarkText int
	Label, Note                    string
	Shades                         []shade
	Lines                          []gridLine
	Bars                           []bar
	Marks                          []mark
	Ticks                          []tick
	Legend                         []legendEntry
}

type shade struct{ ID, X, W, Title string }

type gridLine struct {
	Y, TextY int
	Label    string
}

type bar struct {
	X, Y, W, H, Title string
	Colour            int
}

type mark struct{ X, Title, Label, Anchor string }

type tick struct{ X, Label string }

type legendEntry struct {
	Name   string
	Colour int
}

// colours is how many the style has; the last is for all that get none of their own.
const colours = 8

// causeColours gives the causes that hurt most a colour each.
func causeColours(ranked []*Incident) map[string]int {
	out := map[string]int{}
	for _, in := range ranked {
		if id := causeOf(in); out[id] == 0 && id != "" {
			if _, has := out[id]; !has && len(out) < colours-1 {
				out[id] = len(out)
			}
		}
	}
	return out
}

func causeOf(in *Incident) string {
	if top := in.Verdict(); top != nil {
		return top.ID
	}
	return ""
}

func colourOf(of map[string]int, id string) int {
	if n, ok := of[id]; ok {
		return n
	}
	return colours - 1
}

// happenings are the tags of moments that charts mark: what an admin or the kernel did.
var happenings = []struct{ part, label string }{
	{"oom-kill", "OOM kill"},
	{"segfault", "crash"},
	{"phpfpm/ready", "FPM up"},
	{"phpfpm/reloading", "FPM reload"},
	{"phpfpm/stopping", "FPM stop"},
	{"mysql/started", "DB up"},
	{"mysql/stopped", "DB stop"},
	{"nginx/reload", "nginx reload"},
	{"nginx/start", "nginx up"},
	{"apache/started", "Apache up"},
}

// plan is a chart before it is drawn: bins of one width, each with failures by series.
type plan struct {
	clock
	from, to time.Time
	width    time.Duration
	bins     []map[string]int
}

func newPlan(from, to time.Time, most int, finest time.Duration, c clock) plan {
	p := plan{clock: c, from: from, to: to, width: 7 * 24 * time.Hour}
	for _, w := range []time.Duration{
		10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	} {
		if w >= finest && to.Sub(from) <= time.Duration(most-1)*w {
			p.width = w
			break
		}
	}
	p.from = from.Truncate(p.width)
	n := int(to.Sub(p.from)/p.width) + 1
	p.bins = make([]map[string]int, max(1, min(n, 400))) // stored reports may state anything
	return p
}

func (p *plan) add(at time.Time, series string, n int) {
	i := int(at.Sub(p.from) / p.width)
	if n <= 0 || n > 1e9 || i < 0 || i >= len(p.bins) || at.Before(p.from) {
		return
	}
	if p.bins[i] == nil {
		p.bins[i] = map[string]int{}
	}
	p.bins[i][series] += n
}

// wholeChart shows the whole time, failures stacked by cause; nil if nothing failed.
func wholeChart(r *Report, ranked []*Incident, of map[string]int, c clock) *chart {
	var from, to time.Time
	finest := time.Minute
	for _, in := range ranked {
		if in.Pace == nil || len(in.Pace.Steps) == 0 {
			continue
		}
		if from.IsZero() || in.Start.Before(from) {
			from = in.Start
		}
		if in.End.After(to) {
			to = in.End
		}
		finest = max(finest, time.Duration(in.Pace.Seconds)*time.Second)
	}
	if from.IsZero() || len(ranked) < 2 {
		return nil // a lone incident has its own
	}
	if cf := r.Coverage.From; cf != nil && cf.Before(from) {
		from = *cf
	}
	if ct := r.Coverage.To; ct != nil && ct.After(to) {
		to = *ct
	}
	p := newPlan(from, to, 180, finest, c)
	series := map[string]string{}
	for _, in := range ranked {
		if in.Pace == nil {
			continue
		}
		id := causeOf(in)
		series[id] = "cause unknown"
		if id != "" {
			series[id] = clean(in.Causes[0].Title)
		}
		for _, s := range in.Pace.Steps {
			p.add(s.Time, id, failedIn(s))
		}
	}
	ch := p.draw(1100, 230, series, func(id string) int { return colourOf(of, id) })
	for i, in := range ranked {
		if i == maxCards {
			break
		}
		ch.Shades = append(ch.Shades, p.shade(ch, in))
	}
	return ch
}

// ownChart shows one incident by status; nil where a picture would show a single bar.
func ownChart(in *Incident, c clock) *chart {
	if in.Pace == nil || len(in.Pace.Steps) < 2 {
		return nil
	}
	p := newPlan(in.Start, in.End, 62, time.Duration(in.Pace.Seconds)*time.Second, c)
	series := map[string]string{}
	for _, s := range in.Pace.Steps {
		for k, n := range s.Failures {
			series[k] = clean(k)
			p.add(s.Time, k, n)
		}
	}
	order := slices.Sorted(maps.Keys(series))
	ch := p.draw(1100, 130, series, func(k string) int { return min(slices.Index(order, k), colours-1) })
	p.happened(ch, in)
	return ch
}

const marginLeft, marginTop, marginBottom = 54, 18, 20

// draw makes rectangles of the bins.
func (p *plan) draw(w, h int, series map[string]string, colour func(string) int) *chart {
	ch := &chart{
		W: w, H: h, Left: marginLeft, Top: marginTop, Plot: h - marginTop - marginBottom, Bottom: h - marginBottom,
		LabelX: marginLeft - 6, TickY: h - 5, MarkY: marginTop, MarkText: marginTop - 6,
	}
	highest, sum := 1, 0
	for _, b := range p.bins {
		n := 0
		for _, k := range b {
			n += k
		}
		sum += n
		highest = max(highest, n)
	}
	top := roundUp(highest)
	for _, n := range []int{top, top / 2, 0} {
		y := ch.Bottom - ch.Plot*n/top
		if n == 0 || n*2 == top || n == top {
			ch.Lines = append(ch.Lines, gridLine{y, y + 4, thousands(n)})
		}
	}
	step := float64(w-marginLeft) / float64(len(p.bins))
	keys := slices.SortedFunc(maps.Keys(series), func(a, b string) int { return cmp.Or(cmp.Compare(colour(a), colour(b)), cmp.Compare(a, b)) })
	for i, b := range p.bins {
		y := float64(ch.Bottom)
		for _, k := range keys {
			if b[k] == 0 {
				continue
			}
			height := max(float64(ch.Plot*b[k])/float64(top), 1)
			y -= height
			at := p.in(p.from.Add(time.Duration(i) * p.width))
			ch.Bars = append(ch.Bars, bar{
				num(marginLeft + float64(i)*step), num(y), num(max(step-1, 1.5)), num(height),
				fmt.Sprintf("%s: %s × %s", at.Format("2006-01-02 15:04:05"), thousands(b[k]), series[k]), colour(k),
			})
		}
	}
	for _, k := range keys {
		ch.Legend = append(ch.Legend, legendEntry{series[k], colour(k)})
	}
	p.ticks(ch)
	ch.Label = fmt.Sprintf("%s failed requests, at most %s in %s", thousands(sum), thousands(highest), duration(p.width))
	ch.Note = "Failed requests per " + duration(p.width) + "."
	return ch
}

// ticks writes some seven times below the chart.
func (p *plan) ticks(ch *chart) {
	layout := "15:04"
	switch whole := p.width * time.Duration(len(p.bins)); {
	case whole > 4*24*time.Hour:
		p.days(ch, int(whole/(24*time.Hour)))
		return
	case whole > 24*time.Hour:
		layout = "Jan 2 15:04"
	case p.width < time.Minute:
		layout = "15:04:05"
	}
	every := max(1, (len(p.bins)+6)/7)
	step := float64(ch.W-marginLeft) / float64(len(p.bins))
	for i := every / 2; i < len(p.bins); i += every {
		ch.Ticks = append(ch.Ticks, tick{num(marginLeft + float64(i)*step), p.in(p.from.Add(time.Duration(i) * p.width)).Format(layout)})
	}
}

// days writes some seven dates below the chart, each where the day begins.
func (p *plan) days(ch *chart, days int) {
	at := p.in(p.from)
	at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	if at.Before(p.from) {
		at = at.AddDate(0, 0, 1)
	}
	for end := p.from.Add(p.width * time.Duration(len(p.bins))); at.Before(end); at = at.AddDate(0, 0, days/8+1) {
		ch.Ticks = append(ch.Ticks, tick{num(p.x(ch, at)), at.Format("Jan 2")})
	}
}

func (p *plan) x(ch *chart, at time.Time) float64 {
	whole := p.width * time.Duration(len(p.bins))
	share := float64(at.Sub(p.from)) / float64(whole)
	return marginLeft + min(max(share, 0), 1)*float64(ch.W-marginLeft)
}

func (p *plan) shade(ch *chart, in *Incident) shade {
	a, b := p.x(ch, in.Start), p.x(ch, in.End)
	return shade{clean(in.ID), num(a - 1), num(max(b-a, 3) + 2), headline(in)}
}

// happened marks restarts and kills, as far as their names do not run into each other.
func (p *plan) happened(ch *chart, in *Incident) {
	last := -100.0
	for _, m := range in.Timeline {
		i := slices.IndexFunc(happenings, func(h struct{ part, label string }) bool { return strings.Contains(m.Tag, h.part) })
		if i < 0 || m.Time.Before(p.from) || m.Time.After(p.to.Add(p.width)) {
			continue
		}
		x := p.x(ch, m.Time)
		if x-last < 80 {
			continue
		}
		last = x
		anchor := "middle"
		if x > float64(ch.W)-50 {
			anchor = "end"
		}
		ch.Marks = append(ch.Marks, mark{num(x), p.stamp(m.Time) + ": " + momentText(m), happenings[i].label, anchor})
	}
}

// roundUp is the next of 2, 4, 10, 20, 40, 100, …: halves of them are whole.
func roundUp(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, k := range []int{2, 4, 10} {
			if n <= k*unit {
				return k * unit
			}
		}
	}
}

func num(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }
