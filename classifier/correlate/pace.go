package correlate

import (
	"slices"
	"time"
)

// Step is how many requests failed from a moment on, for the width of a pace.
type Step struct {
	Start    time.Time
	Failures map[string]int // as an Incident's
}

// paceWidths are the widths a step may have, so that its beginnings are moments people speak of.
var paceWidths = []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// Pace is the course of an incident in at most most steps, those without failures left out. Where nginx and Apache both log
// a request, the server that logged more stands for both.
func (t *Timeline) Pace(in *Incident, most int) (width time.Duration, steps []Step) {
	for _, width = range paceWidths {
		if in.End.Sub(in.Start) < time.Duration(most-1)*width {
			break
		}
	}
	type cell struct {
		sec            int64
		status, format string
	}
	cells := map[cell]int{}
	add := func(m *Mark, status string, n int) {
		cells[cell{floor(m.First.Unix(), int64(width/time.Second)), status, m.Format}] += n
	}
	for _, p := range in.HTTP {
		add(p.Mark, string(p.Tag[len("http/"):]), p.N)
	}
	for _, m := range in.Marks {
		if m.Rule != nil && m.Rule.Harm != "" && in.Failures[m.Rule.Harm] > 0 && (len(in.HTTP) == 0 || m.Rule.Harm == "truncated" || m.Rule.Harm == "dropped") {
			add(m, m.Rule.Harm, max(1, m.Requests.Len()))
		}
	}
	found := map[int64]map[string]int{}
	for c, n := range cells {
		if found[c.sec] == nil {
			found[c.sec] = map[string]int{}
		}
		found[c.sec][c.status] = max(found[c.sec][c.status], n)
	}
	for sec, failures := range found {
		steps = append(steps, Step{time.Unix(sec, 0), failures})
	}
	slices.SortFunc(steps, func(a, b Step) int { return a.Start.Compare(b.Start) })
	return width, steps
}
