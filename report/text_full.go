package report

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// full tells everything the report holds about an incident.
func (t *text) full(in *Incident, number, of int) {
	t.blank()
	if of > 1 {
		t.title(fmt.Sprintf("Incident %d of %d", number, of))
	}
	t.put("", headline(in), t.bad, 0)
	list := append(facts(in, t.clock), "id "+clean(in.ID))
	if in.Isolated {
		list = append(list, "isolated")
	}
	t.put("", strings.Join(list, " · "), t.faint, 0)
	t.again(in)

	t.blank()
	t.title("Why")
	if in.Verdict() == nil {
		t.put("  ", "No cause has enough in these logs to speak for it.", nil, 0)
	}
	for i := range in.Causes {
		t.causeFull(&in.Causes[i], i+1)
	}
	for _, s := range []struct {
		title string
		rows  []Share
	}{{"Vhost", in.Vhosts}, {"URI", in.URIs}, {"Pool", in.Pools}, {"Upstream", in.Upstreams}} {
		t.shares(s.title, s.rows)
	}
	if len(in.Timeline) > 0 {
		t.blank()
		t.title("Timeline")
		t.blank()
		t.timeline(in)
	}
	if len(in.Missing) > 0 {
		t.blank()
		t.title("What would tell more")
		for _, m := range in.Missing {
			t.missing(m, 0)
		}
	}
}

func (t *text) causeFull(c *Cause, rank int) {
	t.blank()
	t.cause(c, rank, c.Culprits, 0)
	if c.Summary != "" {
		t.put("   ", clean(c.Summary), nil, 0)
	}
	if len(c.Evidence) > 0 {
		t.put("   ", "Evidence", t.bold, 0)
	}
	for _, e := range strongest(c.Evidence) {
		t.evidenceFull(e)
	}
	if len(c.Against) > 0 {
		t.put("   ", "Against it", t.bold, 0)
	}
	for _, e := range strongest(c.Against) {
		t.evidenceFull(e)
	}
	if len(c.Advice) > 0 {
		t.put("   ", "What to do", t.bold, 0)
	}
	for _, a := range c.Advice {
		t.advice("   ", a, 0, math.MaxInt)
	}
	if len(c.Verify) > 0 {
		t.put("   ", "Then check", t.bold, 0)
	}
	for _, v := range c.Verify {
		t.put("   - ", clean(v), nil, 0)
	}
}

// evidenceFull shows the whole log line, each of its physical lines behind a bar.
func (t *text) evidenceFull(e Evidence) {
	lead := "   " + weight(e.Weight) + " "
	s := evidenceText(e)
	if e.Tag != "" {
		s += " [" + clean(e.Tag) + "]"
	}
	if e.Time != nil {
		s += ", " + t.stamp(*e.Time)
	}
	t.put(t.signed(e.Weight, lead), s, nil, 0)
	under := strings.Repeat(" ", width(lead))
	if at := place(e.Source, e.Line); at != "" {
		t.put(under, at, nil, 0)
	}
	if e.Excerpt != "" {
		for _, l := range cleanLines(e.Excerpt) {
			for _, part := range wrap(l, t.width-width(under)-2) {
				t.put(under+"│ ", part, t.faint, 0)
			}
		}
	}
}

func (t *text) shares(title string, list []Share) {
	if len(list) == 0 {
		return
	}
	rows := make([][]string, len(list))
	for i, s := range list {
		rows[i] = []string{clean(s.Name), failures(s)}
	}
	t.blank()
	t.table([]string{title, "Failures"}, rows, 1)
}

func (t *text) timeline(in *Incident) {
	stamp := t.stamp
	if t.oneDay(in) { // the line of facts states it
		stamp = func(m time.Time) string { return t.in(m).Format(time.TimeOnly) }
	}
	rows := make([][]string, len(in.Timeline))
	for i, m := range in.Timeline {
		rows[i] = []string{stamp(m.Time), momentText(m), clean(m.Tag), place(m.Source, m.Line)}
	}
	t.table([]string{"Time", "What", "Tag", "Where"}, rows)
}

// appendix is what was read and found over the whole period.
func (t *text) appendix(r *Report) {
	if slow := &r.Profile.Slow; slow.Entries > 0 {
		t.blank()
		t.title(fmt.Sprintf("What PHP waited in (%s)", count(slow.Entries, "slow-log entry")))
		for _, s := range slow.rankings() {
			rows := make([][]string, len(s.rows))
			for i, e := range s.rows {
				rows[i] = []string{clean(e.Name), thousands(e.Count), percent(e.Share)}
			}
			t.blank()
			t.table([]string{s.name, "Entries", "Share"}, rows, 1, 2)
		}
	}
	if len(r.Tags) > 0 {
		t.blank()
		rows := make([][]string, len(r.Tags))
		for i, g := range r.Tags {
			rows[i] = []string{clean(g.Tag), thousands(g.Count), t.optional(g.First), t.optional(g.Last)}
		}
		t.table([]string{"Tag", "Count", "First", "Last"}, rows, 1)
	}
	if len(r.Coverage.Sources) > 0 {
		t.blank()
		rows := make([][]string, len(r.Coverage.Sources))
		for i, s := range r.Coverage.Sources {
			rows[i] = []string{s.name(), clean(s.Format), lines(s), t.covers(s), zone(s)}
		}
		t.table([]string{"File", "Format", "Lines", "Covers", "Zone"}, rows, 2)
	}
	t.coverage(r, 0, true)
}

// WriteIncident writes everything a report holds about one incident, for those who show it alone, on a screen of their own.
func WriteIncident(w io.Writer, in *Incident, o Options) error {
	t := &text{page: page{ink: newInk(o.Color), width: textWidth(w, o.Width), wraps: true}, clock: clock{o.Zone}}
	t.full(in, 1, 1)
	return t.write(w)
}
