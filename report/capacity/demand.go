package capacity

import (
	"math"
	"slices"
	"time"

	"why502/classifier/correlate"
)

// demand is what the access logs say that a pool had to do.
type demand struct {
	peak  step    // the worst minute
	usual float64 // seconds that a request takes in calm time; 0: not known
	crowd float64 // requests a second that all but one of twenty calm minutes stayed below
	rush  step    // all minutes in which the pool was in trouble, as one
	most  float64 // requests a second in the busiest of these
	worst need    // what it needed
}

// step is a piece of time.
type step struct {
	at       time.Time
	seconds  float64
	requests int
	spent    float64 // seconds, by all requests together
}

func (s step) rate() float64 { return float64(s.requests) / max(s.seconds, 1) }
func (s step) busy() float64 { return s.spent / max(s.seconds, 1) } // requests at once
func (s step) mean() float64 { return s.spent / max(float64(s.requests), 1) }

// need is a number of requests at once, and how it came about.
type need struct {
	at      time.Time
	rate    float64
	seconds float64
	once    float64 // rate × seconds
	usual   bool    // seconds are those of calm time: in the rush itself requests waited for a child
	brief   bool    // of a moment shorter than a minute: nothing is added for chance
}

// children is how many it takes: as many as requests are there at once, and for chance twice the root of that, as for any
// queue whose customers come independently.
func (n need) children() int {
	once := n.once
	if !n.brief {
		once += 2 * math.Sqrt(n.once)
	}
	return max(2, int(math.Ceil(once-1e-9)))
}

// enough is how many requests must be timed for a mean to mean anything.
const enough = 20

// measure reads the demand off the work of a pool. hot are the times in which it was in trouble, excused those of them whose load
// is no measure of what it should bear.
func measure(w *correlate.Workload, hot, excused *correlate.Spans) (d demand) {
	minutes := widen(w, max(time.Minute, w.Width))
	var calm step
	var rates []float64
	var calmest step // the busiest of the calm ones
	for _, s := range minutes {
		if s.busy() > d.peak.busy() || d.peak.requests == 0 {
			d.peak = s
		}
		if hot.Meet(s.at, s.end()) {
			d.rush.requests += s.requests
			d.rush.spent += s.spent
			d.rush.seconds += s.seconds
			d.most = max(d.most, s.rate())
			continue
		}
		calm.requests += s.requests
		calm.spent += s.spent
		rates = append(rates, s.rate())
		if s.busy() > calmest.busy() {
			calmest = s
		}
	}
	if calm.requests >= enough {
		d.usual = calm.mean()
		slices.Sort(rates)
		d.crowd = rates[(len(rates)*19-1)/20]
	}
	d.worst = need{at: calmest.at, rate: calmest.rate(), seconds: calmest.mean(), once: calmest.busy()}
	if d.usual == 0 {
		return d
	}
	rushed := func(all []step, brief bool) {
		for _, s := range all {
			if !hot.Meet(s.at, s.end()) || excused.Meet(s.at, s.end()) {
				continue
			}
			n := need{s.at, s.rate(), d.usual, s.rate() * d.usual, true, brief}
			if n.children() > d.worst.children() {
				d.worst = n
			}
		}
	}
	rushed(minutes, false)
	if w.Width < time.Minute {
		rushed(widen(w, w.Width), true)
	}
	return d
}

// timed says whether the access logs tell anything.
func (d *demand) timed() bool {
	return d.peak.requests > 0 && (d.usual > 0 || d.rush.requests >= enough)
}

func (s step) end() time.Time { return s.at.Add(time.Duration(s.seconds*float64(time.Second)) - 1) }

// widen sums the work in steps of a width.
func widen(w *correlate.Workload, width time.Duration) (out []step) {
	for _, x := range w.Steps {
		at := x.At.Truncate(width)
		if n := len(out); n == 0 || !out[n-1].at.Equal(at) {
			out = append(out, step{at: at, seconds: width.Seconds()})
		}
		s := &out[len(out)-1]
		s.requests += x.Requests
		s.spent += x.Busy.Seconds()
	}
	return out
}

// around is how long before and after a sign of trouble a pool was in it.
const around = time.Minute

// lead is how long before the failures a full pool may have said so: PHP-FPM says it once, and the queue takes its time to fill.
const lead = 15 * time.Minute

// hot are the times in which the pool was in trouble.
func (p *pool) hot() *correlate.Spans {
	hot := &correlate.Spans{}
	for _, in := range p.incidents {
		hot.Add(in.Start.Add(-around), in.End.Add(around))
	}
	for _, times := range [...][]time.Time{p.Full, p.Queue} {
		for _, at := range times {
			hot.Add(at.Add(-around), at.Add(around))
		}
	}
	return hot
}

// excused are the times of incidents that more children would not have spared anybody.
func (p *pool) excused() *correlate.Spans {
	spans := &correlate.Spans{}
	for _, in := range p.incidents {
		if slow[root(in)] || flood[root(in)] {
			spans.Add(in.Start.Add(-lead), in.End.Add(around))
		}
	}
	return spans
}
