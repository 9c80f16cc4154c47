package correlate

import (
	"maps"
	"slices"
	"time"
)

// LoadWidth is the width of a Bucket in seconds.
func (t *Timeline) LoadWidth() int64 { return t.traffic.width }

// LoadsSince is the second of the first Bucket, some early one if that is forgotten.
func (t *Timeline) LoadsSince() int64 {
	loads := t.Loads()
	if len(loads) == 0 || len(t.traffic.gone) > 0 {
		return 0
	}
	return loads[0].Sec
}

// flow is how many requests the access logs hold, by time.
type flow struct {
	requests map[int64]int // by bucket
	secs     []int64       // of the buckets, in order
	logs     Spans         // of access logs

	from, to int64 // for which the usual rate is known
	rate     int
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
	f.secs = slices.Sorted(maps.Keys(f.requests))
	for _, s := range t.sources {
		if k := s.Kind(); k == "nginx-access" || k == "apache-access" {
			f.logs.Add(s.From, s.To)
		}
	}
	t.ordered.flow = f
	return f
}

// usual is how many requests there are in the median bucket around some time.
func (f *flow) usual(from, to int64) int {
	if from, to = contextOf(from, to); f.from == from && f.to == to {
		return f.rate
	}
	first, _ := slices.BinarySearch(f.secs, from)
	end, _ := slices.BinarySearch(f.secs, to)
	f.from, f.to, f.rate = from, to, 0
	rates := make([]int, 0, end-first)
	for _, sec := range f.secs[first:end] {
		rates = append(rates, f.requests[sec])
	}
	if slices.Sort(rates); len(rates) >= 4 {
		f.rate = rates[len(rates)/2]
	}
	return f.rate
}

// Stall finds a time, from a minute before from to two minutes after to, in which the web server answered next to nothing
// although requests came before and after: it was there, and out of slots.
func (t *Timeline) Stall(from, to time.Time) (start, end time.Time, ok bool) {
	f, w := t.flow(), t.traffic.width
	usual := f.usual(from.Unix(), to.Unix())
	if usual < 8 { // too little traffic to tell a stall from a pause in one bucket
		return f.gap(from.Unix(), to.Unix(), w)
	}
	low := func(sec int64) bool {
		// Access logs cover the time and go on after it.
		return f.requests[sec]*4 <= usual && f.logs.Meet(time.Unix(sec+2*w, 0), time.Unix(sec, 999_999_999))
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

// A gap must be far longer than others around it, and so long that some requests would have come by any chance.
const (
	leastGap = 5  // seconds
	expected = 12 // requests at the usual rate
	enoughOf = 20 // buckets with requests, to know that rate
)

// gap finds a time without any request that a few seconds before from to a few after to lie in. Requests come in bunches, one for a page and more
// for what is on it, so it is compared with the other pauses of the time.
func (f *flow) gap(from, to, width int64) (start, end time.Time, ok bool) {
	lo, hi := contextOf(from, to)
	first, _ := slices.BinarySearch(f.secs, lo)
	last, _ := slices.BinarySearch(f.secs, hi)
	secs := f.secs[first:last]
	if len(secs) < enoughOf {
		return start, end, false
	}
	longest, other, requests := int64(0), int64(0), f.requests[secs[0]]
	for i, sec := range secs[1:] {
		requests += f.requests[sec]
		begins := secs[i] + width
		switch pause := sec - begins; {
		case begins-leastGap <= to && sec+leastGap >= from && pause > longest:
			longest, other = pause, max(other, longest)
			start, end = time.Unix(begins, 0), time.Unix(sec, 0)
		default:
			other = max(other, pause)
		}
	}
	rate := float64(requests) / float64(secs[len(secs)-1]-secs[0]+width)
	return start, end, longest >= leastGap && longest >= 2*other && rate*float64(longest) >= expected
}
