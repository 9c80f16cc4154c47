package correlate

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// maxSiblings bounds how many other logs of the daemon are asked: a web server may have one for each of a thousand sites.
const maxSiblings = 8

// How likely a clock must be for a log to be put on it: surely, or as the best guess there is; and how unlikely the one
// assumed for it to be in doubt.
const (
	surely  = 0.97
	perhaps = 0.5
	doubted = 0.7
)

// another is how much more, as a logarithm, must speak for some other clock than for the one assumed to put that in doubt.
const another = 3

// clock is a way to read stamps: in the zone assumed, or in one that lies east seconds east of UTC.
type clock struct {
	at   reading
	east int64
}

// clocksFor are the clocks that a log may go by, the one assumed first.
func clocksFor(seen []sighting) []clock {
	all := []clock{{at: assumed}}
	c := contest{rounds: []round{{ours: seen}}}
	for e := int64(-farthest); e <= farthest; e += step {
		if at := inZone(e); anyZone(e) && !c.same(at, assumed) {
			all = append(all, clock{at, e})
		}
	}
	return all
}

// evidence is what speaks for a clock.
type evidence struct {
	weight  float64 // the logarithm of a likelihood
	matches int
	sure    bool // a process of both logs is among them
}

// weigh sets what the events of a group say for each clock.
func (a *aligner) weigh(g *clockGroup) {
	seen := slices.Clone(thinned(g.seen))
	for _, s := range g.sources {
		seen = append(seen, s.ends()...)
	}
	sortSightings(seen)
	g.clocks = clocksFor(seen)
	c := newContest(seen, a.settled, a.web, pairings)
	edges := slices.Concat(a.settled, bursts(a.settled), a.ends)
	sortSightings(edges)
	c.rounds = append(c.rounds, newContest(seen, edges, a.web, hints).rounds...)
	for i := range c.rounds {
		r := &c.rounds[i]
		r.hit, r.miss = r.weights()
	}
	g.evidence = make([]evidence, len(g.clocks))
	for i := range g.clocks {
		g.evidence[i] = c.weigh(g.clocks[i].at)
	}
}

// plenty is how many events of a log are weighed: what so many leave open, more do not settle.
const plenty = 300

// thinned are so many of them, evenly.
func thinned(all []sighting) []sighting {
	if len(all) <= plenty {
		return all
	}
	some := make([]sighting, plenty)
	for i := range some {
		some[i] = all[i*len(all)/plenty]
	}
	return some
}

// weigh says how well a reading fits. Of each second the best pair counts; of several seconds the second counts half, and
// so on, for failures come in bursts and are no witnesses of each other.
func (c *contest) weigh(at reading) (e evidence) {
	best := map[int64]float64{}
	outside, all := 0, 0
	for i := range c.rounds {
		r := &c.rounds[i]
		hit, miss := r.hit, r.miss
		for j := range r.ours {
			o := &r.ours[j]
			sec := at(o)
			all++
			if sec < c.from-near || sec > c.to+near {
				outside++
				continue
			}
			w := miss
			if r.meets(o, sec) {
				w = hit
				e.sure = e.sure || r.same == samePID
			}
			if have, ok := best[sec]; !ok || w > have {
				best[sec] = w
			}
		}
	}
	against, part := 0.0, 1.0
	for _, w := range slices.Backward(slices.Sorted(maps.Values(best))) {
		if w <= 0 {
			against += w
			continue
		}
		e.weight += part * w
		e.matches++
		part /= 2
	}
	e.weight += max(against, -8)
	if all > 0 { // logs of one host are mostly of one time
		e.weight += math.Log(0.3) * float64(outside) / float64(all)
	}
	return e
}

// weights are what a pair weighs, and what a missing one does: how often such events come together, against how often
// they would by chance in some zone. Zones differ by hours, so chance has an hour to fall into.
func (r *round) weights() (hit, miss float64) {
	p := r.often
	switch {
	case p > 0:
	case r.same == samePID:
		p = 0.9
	case r.loose:
		p = 0.5
	default:
		p = 0.8
	}
	const hour = 3600
	var taken [hour]bool
	n := 0
	for i := range r.theirs {
		for sec := r.theirs[i].sec - r.after; sec <= r.theirs[i].sec+r.before && n < hour; sec++ {
			if at := &taken[floorMod(sec, hour)]; !*at {
				*at = true
				n++
			}
		}
	}
	chance := float64(n) / hour
	switch r.same {
	case samePID:
		chance /= 100
	case sameClient:
		chance /= 10
	}
	chance = min(chance, 0.99)
	return max(0, math.Log(p/chance)), min(0, math.Log((1-p)/(1-chance)))
}

func floorMod(a, m int64) int64 { return a - floor(a, m) }

func (r *round) meets(o *sighting, sec int64) bool {
	i, _ := slices.BinarySearchFunc(r.theirs, sec-r.before, func(s sighting, sec int64) int { return cmp.Compare(s.sec, sec) })
	for ; i < len(r.theirs) && r.theirs[i].sec <= sec+r.after; i++ {
		if r.agree(o.mark, r.theirs[i].mark) {
			return true
		}
	}
	return false
}

// weighLeads weighs, of the groups that are left, those that others of their daemon ask, and returns all that are left. There may
// be thousands: what speaks for each clock is kept of no more than these.
func (a *aligner) weighLeads() (open []*clockGroup) {
	asked := map[string]int{}
	for _, g := range a.groups {
		left := !g.settled && !g.guessed && len(g.seen) > 0
		if left {
			open = append(open, g)
		}
		if !left && !g.settled && g.evidence == nil {
			continue
		}
		asked[g.family]++
		switch lead := asked[g.family] <= maxSiblings+1; {
		case left && lead:
			a.weigh(g)
		case left:
			g.clocks, g.evidence = nil, nil
		}
	}
	return open
}

// guess settles the groups whose clock the few events there are tell surely; if there are none, it puts the others on the
// clock that they tell best, and leaves them in doubt. It returns false if nothing is left to settle by that.
func (a *aligner) guess() bool {
	if a.web.from.IsZero() {
		return false // nobody says what visitors saw
	}
	open := a.weighLeads()
	sure := make([]*verdict, len(open))
	again := false
	for n, g := range open {
		lead := g.evidence != nil
		if !lead {
			a.weigh(g)
		}
		belief := a.believe(g)
		at, best := 0, &g.evidence[0]
		for i, p := range belief {
			if p > belief[at] {
				at = i
			}
			if e := &g.evidence[i]; e.matches > 0 && e.weight > best.weight {
				best = e
			}
		}
		g.doubt = belief[0] < doubted || best.weight-g.evidence[0].weight > another
		e, zone := g.evidence[at], zoneAt(g.clocks[at].east)
		if !lead {
			g.clocks, g.evidence = nil, nil
		}
		if at == 0 || e.matches == 0 || belief[at] < perhaps {
			switch r := g.remembered(true); {
			case r.ok && e.matches == 0:
				sure[n], g.doubt = &r, true
			case at == 0 && belief[0] >= surely && e.matches > 0:
				for _, s := range g.sources {
					s.read = clockRead{known: true, matches: e.matches}
				}
			}
			continue
		}
		v := verdict{ok: true, zone: zone, matches: e.matches, doubt: belief[at] < surely || e.matches < 2 && !e.sure}
		sure[n], again = &v, again || !v.doubt
	}
	for n, g := range open {
		switch v := sure[n]; {
		case v == nil || v.doubt && again:
		case v.doubt:
			g.guessed, g.moved = true, v.zone
			for _, s := range g.sources {
				s.read = v.asRead()
				a.move(s, v)
			}
		default:
			a.settle(g, v)
		}
	}
	return again
}
