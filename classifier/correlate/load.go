package correlate

import (
	"maps"
	"slices"
	"time"
)

// LoadWidth is the width of a Bucket in seconds.
func (t *Timeline) LoadWidth() int64 { return t.traffic.width }

// flow is how many requests the access logs hold, by time.
type flow struct {
	requests map[int64]int // by bucket
	usual    int           // in the median bucket
	logs     Spans         // of access logs
}

func (t *Timeline) flow() *flow {
	if t.ordered.flow != nil {
		return t.ordered.flow
	}
	f := &flow{requests: map[int64]int{}}
	for k, l := range t.traffic.loads {
		if l.Requests > 0 {
			f.requests[k.sec] += l.Requests
		}
	}
	if rates := slices.Sorted(maps.Values(f.requests)); len(rates) >= 4 {
		f.usual = rates[len(rates)/2]
	}
	for _, s := range t.sources {
		if k := s.Kind(); k == "nginx-access" || k == "apache-access" {
			f.logs.Add(s.From, s.To)
		}
	}
	t.ordered.flow = f
	return f
}

// Stall finds a time, from a minute before from to two minutes after to, in which the web server answered next to nothing
// although requests came before and after: it was there, and out of slots.
func (t *Timeline) Stall(from, to time.Time) (start, end time.Time, ok bool) {
	f, w := t.flow(), t.traffic.width
	if f.usual < 8 {
		return start, end, false // too little traffic to tell a stall from a pause
	}
	low := func(sec int64) bool {
		// Access logs cover the time and go on after it.
		return f.requests[sec]*4 <= f.usual && f.logs.Meet(time.Unix(sec+2*w, 0), time.Unix(sec, 999_999_999))
	}
	for sec := floor(from.Unix()-60, w); sec <= to.Unix()+120; sec += w {
		if !low(sec) {
			continue
		}
		start = time.Unix(sec, 0)
		for low(sec) {
			sec += w
		}
		return start, time.Unix(sec, 0), true
	}
	return start, end, false
}
