package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// today is the day that is compared, nil where nothing is kept of it.
func (h *History) today() *Day {
	if i := slices.IndexFunc(h.Days, func(d Day) bool { return d.Date == h.Date }); i >= 0 {
		return &h.Days[i]
	}
	return nil
}

// dayWords is "Sunday, 2026-11-22"; what is no date stays as it is.
func dayWords(date string) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return clean(date)
	}
	return d.Format("Monday, 2006-01-02")
}

// baselineWords names what a day is compared with, for the middle of a sentence.
func (h *History) baselineWords(b *Baseline) string {
	switch b.Name {
	case "yesterday":
		if d, err := time.Parse(time.DateOnly, h.Date); err == nil && b.Date != "" && d.AddDate(0, 0, -1).Format(time.DateOnly) != b.Date {
			return clean(b.Date)
		}
		return "the day before"
	case "weekday":
		if d, err := time.Parse(time.DateOnly, b.Date); err == nil {
			return "the " + d.Format("Monday") + " before"
		}
		return "a week before"
	case "median":
		return "median of " + count(b.Days, "day")
	}
	return cmp.Or(clean(b.Name), "before")
}

// capital begins a sentence with s.
func capital(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// figure is something that is counted of a day, beside what it was before. Where a count is nil it is not known.
type figure struct {
	name  string
	now   *int64
	was   []*int64 // as History.Against
	calm  bool     // more of it is no worse
	words func(int64) string
}

// figures are those that every day has.
func (h *History) figures() []figure {
	d := h.today()
	if d == nil {
		return nil
	}
	known := func(n int64) *int64 { return &n }
	some := func(n int64) *int64 { // requests are not counted where there is no access log
		if n == 0 {
			return nil
		}
		return &n
	}
	all := []figure{
		{name: "failed requests", now: known(sumOf(d.Failures)), words: thousands[int64]},
		{name: "incidents", now: known(int64(d.Incidents)), words: thousands[int64]},
		{name: "time in incidents", now: known(int64(d.Seconds)), words: seconds},
		{name: "clients hit", now: known(int64(d.Clients)), words: thousands[int64]},
		{name: "requests", now: some(d.Requests), words: thousands[int64], calm: true},
	}
	for i := range h.Against {
		b := &h.Against[i]
		for k, n := range []*int64{known(sumOf(b.Failures)), known(int64(b.Incidents)), known(int64(b.Seconds)), known(int64(b.Clients)), some(b.Requests)} {
			all[k].was = append(all[k].was, n)
		}
	}
	return all
}

// status is the figure of one kind of failure.
func (h *History) status(key, name string) figure {
	f := figure{name: name, words: thousands[int64]}
	n := int64(h.today().Failures[key])
	f.now = &n
	for i := range h.Against {
		n := int64(h.Against[i].Failures[key])
		f.was = append(f.was, &n)
	}
	return f
}

func (f *figure) say(n *int64) string {
	if n == nil {
		return "not known"
	}
	return f.words(*n)
}

// moved is how much more (or less, below zero) it is than the i-th baseline says.
func (f *figure) moved(i int) (by int64, known bool) {
	if f.now == nil || i < 0 || i >= len(f.was) || f.was[i] == nil {
		return 0, false
	}
	return *f.now - *f.was[i], true
}

func sumOf(failures map[string]int) int64 {
	sum := int64(0)
	for _, n := range failures {
		sum += int64(n)
	}
	return sum
}

// seconds is a length of time; stored reports may state any number.
func seconds(n int64) string { return duration(time.Duration(min(max(n, 0), 1e9)) * time.Second) }

// compared says how the day went against the days before, and which of them it could not be compared with.
func (h *History) compared() string {
	all := h.figures()
	if all == nil {
		return ""
	}
	f := all[0]
	s := "No request failed"
	if *f.now != 0 {
		s = count(*f.now, "request") + " failed"
	}
	s += " on " + dayWords(h.Date)
	if !h.today().Whole {
		s += ", of which the logs cover a part"
	}
	var was []string
	for i := range h.Against {
		was = append(was, h.baselineWords(&h.Against[i])+" "+f.say(f.was[i]))
	}
	if was == nil {
		s += "; how it was before is not known yet."
	} else {
		s += ": " + strings.Join(was, ", ") + "."
	}
	for _, n := range h.Notes {
		s += " " + clean(n)
	}
	return s
}

// changes are the words of a move, the gravest first.
var changes = []struct{ change, sign string }{{"new", "●"}, {"worse", "▲"}, {"better", "▼"}, {"gone", "○"}}

// changeSign is the mark of a change.
func changeSign(change string) string {
	for _, c := range changes {
		if c.change == change {
			return c.sign
		}
	}
	return "·"
}

// kindWords say what it is that moved.
var kindWords = map[string]string{"cause": "cause", "tag": "log lines", "uri": "page", "plugin": "plugin", "theme": "theme", "pool": "pool", "vhost": "site"}

// moveName is what moved: of causes the title, where some day or incident tells it.
func moveName(r *Report, m *Move) string {
	if m.Kind == "cause" {
		for i := len(r.History.Days) - 1; i >= 0; i-- {
			for _, c := range r.History.Days[i].Causes {
				if c.ID == m.Name && c.Title != "" {
					return clean(c.Title)
				}
			}
		}
	}
	return clean(m.Name)
}

// again says of an incident that it came before, or goes on since an earlier report.
func again(in *Incident) []string {
	var out []string
	if in.Continues {
		out = append(out, "It goes on since the report before; all counts are those of the whole.")
	}
	if in.Recurs == nil {
		return out
	}
	if s := clean(in.Recurs.Text); s != "" {
		return append(out, capital(strings.TrimRight(s, ".")+"."))
	}
	return append(out, fmt.Sprintf("It came %s before.", count(len(in.Recurs.Times), "time")))
}

// earlier lists when it came before, the last few times; of one time the text tells.
func earlier(in *Incident, c clock) string {
	if in.Recurs == nil || len(in.Recurs.Times) < 2 {
		return ""
	}
	const most = 7
	times := in.Recurs.Times
	s := ""
	if n := len(times) - most; n > 0 {
		times, s = times[n:], thousands(n)+" times more; "
	}
	for i, t := range times {
		if i > 0 {
			s += ", "
		}
		s += c.stamp(t)
	}
	return s
}

// gaps are what could not be read, a sentence each.
func (h *History) gaps(c clock) []string {
	var out []string
	for _, g := range FoldGaps(h.Gaps) {
		s := clean(g.Path)
		switch {
		case g.From != nil && g.To != nil:
			s += ", " + c.span(*g.From, *g.To)
		case g.From != nil:
			s += ", after " + c.span(*g.From, *g.From)
		}
		out = append(out, s+": "+cmp.Or(clean(g.Text), "gone before it was read."))
	}
	return out
}
