package correlate

import "time"

// verdict is what is to become of a source's clock.
type verdict struct {
	ok      bool
	stays   bool
	zone    *time.Location // nil: the zone stays
	skew    time.Duration
	matches int
	clients bool // they are those of clients
	doubt   bool // other clocks fit better than the one assumed, none surely
}

// judge weighs the clocks that a group of sources may have.
func (a *aligner) judge(g *clockGroup) verdict {
	c := newContest(g.seen, a.settled, a.span, pairings)
	if len(c.rounds) == 0 {
		return verdict{}
	}
	now := c.score(assumed, every)
	if now.matches >= minMatches && now.recall() >= 0.9 {
		return verdict{ok: true, stays: true, matches: now.matches}
	}
	flag := g.sources[0].Clock == "flag"
	best := c.bestZone(now.matches)
	if v, ok := c.skew(max(now.matches, (best.matches+1)/2)); ok {
		return v
	}
	if now.matches >= minMatches || now.matches > 0 && 2*now.matches >= best.matches {
		return verdict{ok: true, stays: true, matches: now.matches}
	}
	if v := best.accept(flag); v.ok && (!flag || now.matches == 0) {
		return v
	}
	return verdict{doubt: !flag && best.matches >= minMatches}
}

// choice is the zone that fits best.
type choice struct {
	result
	east   int64 // of UTC, in seconds
	second int   // matches of the one that fits next best
}

func (c *contest) bestZone(now int) choice {
	best := choice{second: now}
	for e := int64(-farthest); e <= farthest; e += step {
		at := inZone(e)
		if c.same(at, assumed) {
			continue
		}
		switch r := c.score(at, every); {
		case r.matches > best.matches:
			best = choice{r, e, max(best.second, best.matches)}
		default:
			best.second = max(best.second, r.matches)
		}
	}
	return best
}

// accept takes the zone if enough speaks for it and for no other one.
func (b *choice) accept(flag bool) verdict {
	need, part := minMatches, 0.5
	if flag {
		need, part = sureMatches, 0.8
	}
	if b.matches < need || b.matches < 2*b.second || b.recall() < part || !anyZone(b.east) {
		return verdict{}
	}
	return verdict{ok: true, zone: zoneAt(b.east), matches: b.matches}
}

func zoneAt(east int64) *time.Location {
	if east == 0 {
		return time.UTC
	}
	return time.FixedZone(time.Unix(0, 0).In(time.FixedZone("", int(east))).Format("-07:00"), int(east))
}

// skew looks for a constant difference of seconds within the zone. now is how well the clock assumed fits; it must be
// clearly worse. Pairs that agree in more than time decide alone, if there are enough: an outage of a minute fits itself
// moved by some seconds. Pairs of which one may come seconds after the other do not count.
func (c *contest) skew(now int) (v verdict, ok bool) {
	best, by := c.bestSkew(exact)
	held := c.score(assumed, exact).matches
	if best.matches < sureMatches {
		best, by = c.bestSkew(prompt)
		held = max(now, c.score(assumed, prompt).matches)
	}
	if best.matches < sureMatches || 2*held > best.matches || best.recall() < 0.8 {
		return v, false
	}
	by += best.diffs[len(best.diffs)/2]
	if by > -minSkew && by < minSkew {
		return v, false
	}
	return verdict{ok: true, skew: time.Duration(by) * time.Second, matches: best.matches}, true
}

func (c *contest) bestSkew(which proof) (best result, by int64) {
	for s := int64(-maxSkew); s <= maxSkew; s++ {
		r := c.score(skewed(s), which)
		if r.matches > best.matches || r.matches == best.matches && spread(&r) < spread(&best) {
			best, by = r, s
		}
	}
	return best, by
}

// spread is how far from each other the stamps of the pairs lie, on the whole.
func spread(r *result) (sum int64) {
	for _, d := range r.diffs {
		sum += max(d, -d)
	}
	return sum
}

// anyZone says whether somewhere on earth clocks go by that offset.
func anyZone(east int64) bool {
	if east%3600 == 0 {
		return east >= -12*3600 && east <= 14*3600
	}
	switch float64(east) / 3600 {
	case -9.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75, 13.75:
		return true
	}
	return false
}
