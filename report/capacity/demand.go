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
	full  step    // those moments of it in which requests failed: all children were busy then; requests are those that were served
	worst need    // what it needed

	pure    bool    // waiting for a child is in none of these times
	busiest float64 // requests a second in the busiest of the moments that full is made of
}

// step is a piece of time.
type step struct {
	at       time.Time
	seconds  float64
	requests int
	spent    float64 // seconds, by all requests together
	failed   int
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
	held    bool    // seconds are what a request held a child for in the rush
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

// measure reads the demand off the work of a pool. hot are the times in which it was in trouble, with so much around them; excused those
// whose load is no measure of what it should bear. Logs too short for calm minutes may hold calm moments.
func measure(w *correlate.Workload, hot func(around time.Duration) *correlate.Spans, excused *correlate.Spans) demand {
	minute := max(time.Minute, w.Width)
	d := inSteps(widen(w, minute), hot(time.Minute))
	if peak := d.peak; d.usual == 0 && w.Width < minute {
		d = inSteps(widen(w, w.Width), hot(w.Width))
		d.peak = peak
	}
	if d.pure = w.Pure; d.usual == 0 {
		return d
	}
	rushed := func(all []step, hot *correlate.Spans) {
		for _, s := range all {
			if !hot.Meet(s.at, s.end()) || excused.Meet(s.at, s.end()) {
				continue
			}
			n := need{at: s.at, rate: s.rate(), seconds: d.usual, once: s.rate() * d.usual, usual: true, brief: s.seconds < 60}
			if w.Pure && s.mean() < slower*d.usual {
				n.seconds, n.once, n.usual = s.mean(), s.busy(), false
			}
			if n.children() > d.worst.children() {
				d.worst = n
			}
		}
	}
	rushed(widen(w, minute), hot(time.Minute))
	if w.Width < minute {
		rushed(widen(w, w.Width), hot(w.Width))
	}
	trouble := hot(0)
	for _, s := range widen(w, w.Width) {
		if s.failed > 0 && trouble.Meet(s.at, s.end()) && !excused.Meet(s.at, s.end()) {
			d.full.requests += max(0, s.requests-s.failed)
			d.full.seconds += s.seconds
			d.busiest = max(d.busiest, s.rate())
		}
	}
	return d
}

// held is for how long a request held one of so many children while all of them were busy: they served as many as they could. Waiting for
// a child is not in it.
func (d *demand) held(children int) float64 {
	if d.full.requests < enough {
		return 0
	}
	return float64(children) / d.full.rate()
}

// inSteps reads what steps of one width tell.
func inSteps(all []step, hot *correlate.Spans) (d demand) {
	var calm step
	var rates []float64
	var calmest step // the busiest of the calm ones
	for _, s := range all {
		if s.busy() > d.peak.busy() || d.peak.requests == 0 {
			d.peak = s
		}
		if hot.Meet(s.at, s.end()) {
			if s.rate() > d.most {
				d.rush.at = s.at
			}
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
	d.worst = need{at: calmest.at, rate: calmest.rate(), seconds: calmest.mean(), once: calmest.busy(), brief: calmest.seconds < 60}
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
		s.failed += x.Failed
	}
	return out
}

// around is how long before and after a sign of trouble a pool was in it.
const around = time.Minute

// lead is how long before the failures a full pool may have said so: PHP-FPM says it once, and the queue takes its time to fill.
const lead = 15 * time.Minute

// hot are the times in which the pool was in trouble, and so much before and after; a minute at least where nothing says how long
// requests had waited already.
func (p *pool) hot(least time.Duration) *correlate.Spans {
	hot, told := &correlate.Spans{}, &correlate.Spans{}
	for _, in := range p.incidents {
		wide := least
		if in.Failures["504"] > 0 {
			wide = max(wide, around)
		}
		hot.Add(in.Start.Add(-wide), in.End.Add(wide))
		told.Add(in.Start.Add(-around), in.End.Add(around))
	}
	for _, times := range [...][]time.Time{p.Full, p.Queue} {
		for _, at := range times {
			wide := max(least, around)
			if told.Meet(at, at) {
				wide = least
			}
			hot.Add(at.Add(-wide), at.Add(wide))
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
