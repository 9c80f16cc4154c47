package correlate

import (
	"cmp"
	"slices"
	"time"
)

// near is how far the two stamps of a pair may lie apart, in seconds: both are whole seconds, and each log writes when it
// gets to it.
const near = 2

// contest matches the events of a source whose clock is in question with those of sources whose clock is settled.
type contest struct {
	rounds   []round
	from, to int64 // what the settled sources cover
}

// round is one pairing with the events of both sides, in order of time.
type round struct {
	pairing
	ours, theirs  []sighting
	before, after int64 // how far theirs may lie before and after ours

	hit, miss float64 // what a partner weighs, and that there is none
}

// stretch is a time that logs cover.
type stretch struct{ from, to time.Time }

func newContest(ours, theirs []sighting, over stretch, pairings []pairing) *contest {
	c := &contest{from: over.from.Unix(), to: over.to.Unix()}
	we, they := kindsOf(ours), kindsOf(theirs)
	for _, p := range pairings {
		if we&p.a != 0 && they&p.b != 0 {
			c.rounds = append(c.rounds, round{pairing: p, ours: of(ours, p.a), theirs: of(theirs, p.b), before: near + p.lag, after: near})
		}
		if we&p.b != 0 && they&p.a != 0 {
			c.rounds = append(c.rounds, round{pairing: p, ours: of(ours, p.b), theirs: of(theirs, p.a), before: near, after: near + p.lag})
		}
	}
	return c
}

func kindsOf(all []sighting) (k kinds) {
	for i := range all {
		k |= all[i].kinds
	}
	return k
}

func of(all []sighting, k kinds) (out []sighting) {
	for _, s := range all {
		if s.kinds&k != 0 {
			out = append(out, s)
		}
	}
	return out
}

// reading gives the second an event happened at, if its source's clock was so.
type reading func(*sighting) int64

// result is how well a reading fits.
type result struct {
	matches int     // seconds of ours, or processes, that have a partner
	covered int     // of how many that the settled sources could have one for
	diffs   []int64 // theirs minus ours, of each match
}

// proof says which pairings count.
type proof uint8

const (
	every  proof = iota
	prompt       // those of one moment
	exact        // of these, those that agree in more than time
)

// score counts one-to-one matches. Several events of one second count once: a second full of failures says no more about
// a clock than one. Processes count each, for their numbers agree too.
func (c *contest) score(at reading, which proof) (res result) {
	seconds, pids, all := map[int64]bool{}, map[int]bool{}, map[int64]bool{}
	for i := range c.rounds {
		r := &c.rounds[i]
		if which >= prompt && r.loose || which == exact && r.same == anyone {
			continue
		}
		ours := slices.Clone(r.ours)
		for j := range ours {
			ours[j].sec = at(&ours[j])
		}
		slices.SortStableFunc(ours, func(a, b sighting) int { return cmp.Compare(a.sec, b.sec) })
		used := make([]bool, len(r.theirs))
		low := 0
		for j := range ours {
			o := &ours[j]
			if o.sec < c.from || o.sec > c.to {
				continue
			}
			all[o.sec] = true
			if r.same == anyone && j > 0 && ours[j-1].sec == o.sec {
				continue
			}
			for low < len(r.theirs) && r.theirs[low].sec < o.sec-r.before {
				low++
			}
			for k := low; k < len(r.theirs) && r.theirs[k].sec <= o.sec+r.after; k++ {
				t := &r.theirs[k]
				if used[k] || !r.agree(o.mark, t.mark) {
					continue
				}
				for l := k; l < len(used) && r.theirs[l].sec == t.sec && (l == k || r.same == anyone); l++ {
					used[l] = true
				}
				seconds[o.sec] = true
				if r.same == samePID {
					pids[o.mark.PIDs[0]] = true
				}
				res.diffs = append(res.diffs, t.sec-o.sec)
				break
			}
		}
	}
	res.matches, res.covered = max(len(seconds), len(pids)), len(all)
	slices.Sort(res.diffs)
	return res
}

// recall is the part of our events that found a partner, of those that could.
func (r *result) recall() float64 {
	if r.covered == 0 {
		return 0
	}
	return min(1, float64(r.matches)/float64(r.covered))
}

func assumed(s *sighting) int64 { return s.sec }

// inZone reads stamps as written in a zone that lies east seconds east of UTC.
func inZone(east int64) reading {
	return func(s *sighting) int64 { return s.wall - east }
}

func skewed(by int64) reading {
	return func(s *sighting) int64 { return s.sec + by }
}

// same says whether two readings do not differ for any of our events.
func (c *contest) same(a, b reading) bool {
	for i := range c.rounds {
		for j := range c.rounds[i].ours {
			if s := &c.rounds[i].ours[j]; a(s) != b(s) {
				return false
			}
		}
	}
	return true
}
