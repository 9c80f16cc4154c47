package correlate

import (
	"slices"
	"time"
)

// LoadWidth is the width of a Bucket in seconds.
func (t *Timeline) LoadWidth() int64 { return t.traffic.width }

// Stall finds a time, from a minute before from to two minutes after to, in which the web server answered next to nothing
// although requests came before and after: it was there, and out of slots.
func (t *Timeline) Stall(from, to time.Time) (start, end time.Time, ok bool) {
	w := t.traffic.width
	sum := map[int64]int{}
	for k, l := range t.traffic.loads {
		sum[k.sec] += l.Requests
	}
	if len(sum) < 4 {
		return start, end, false
	}
	var rates []int
	for _, n := range sum {
		rates = append(rates, n)
	}
	slices.Sort(rates)
	usual := rates[len(rates)/2]
	if usual < 8 {
		return start, end, false // too little traffic to tell a stall from a pause
	}
	low := func(sec int64) bool { return sum[sec]*4 <= usual }
	for sec := floor(from.Unix()-60, w); sec <= to.Unix()+120; sec += w {
		if !low(sec) || !t.within(sec, sec+w) {
			continue
		}
		start = time.Unix(sec, 0)
		for low(sec) && t.within(sec, sec+w) {
			sec += w
		}
		return start, time.Unix(sec, 0), true
	}
	return start, end, false
}

// within says whether access logs cover a time and go on after it.
func (t *Timeline) within(from, to int64) bool {
	for _, s := range t.sources {
		if k := s.Kind(); (k == "nginx-access" || k == "apache-access") && s.From.Unix() <= from && s.To.Unix() >= to+t.traffic.width {
			return true
		}
	}
	return false
}
