package correlate

import (
	"math"
	"slices"
	"time"
)

// How likely it is, before any event is looked at, that stamps are of the zone assumed, by how that is known.
var trust = map[string]float64{"flag": 0.9, "inferred": 0.85, "assumed": 0.7}

// alike is how likely it is that the logs of one daemon go by one clock.
const alike = 0.9

// believe turns what speaks for each clock of a group into how likely it is, the other logs of the same daemon regarded.
func (a *aligner) believe(g *clockGroup) []float64 {
	prior := a.prior(g)
	belief := make([]float64, len(g.clocks))
	for i := range belief {
		belief[i] = math.Log(prior[i]) + g.evidence[i].weight
	}
	siblings := 0
	for _, o := range a.groups {
		if siblings == maxSiblings {
			break
		}
		if o == g || o.family != g.family || !o.settled && o.evidence == nil {
			continue
		}
		siblings++
		if o.settled {
			zone := o.sources[0].Loc
			for i := range belief {
				p := (1 - alike) * prior[i]
				if a.sameZone(g, i, zone) {
					p += alike
				}
				belief[i] += math.Log(p)
			}
			continue
		}
		mean, likely := 0.0, make([]float64, len(belief))
		for i := range belief {
			for j := range o.clocks {
				if i == 0 && j == 0 || i > 0 && j > 0 && o.clocks[j].east == g.clocks[i].east {
					likely[i] = math.Exp(o.evidence[j].weight)
				}
			}
			mean += prior[i] * likely[i]
		}
		if mean == 0 {
			continue
		}
		for i := range belief {
			belief[i] += math.Log(alike*likely[i] + (1-alike)*mean)
		}
	}
	top := slices.Max(belief)
	sum := 0.0
	for i := range belief {
		belief[i] = math.Exp(belief[i] - top)
		sum += belief[i]
	}
	for i := range belief {
		belief[i] /= sum
	}
	return belief
}

// sameZone says whether the i-th clock of a group reads its events as a zone does.
func (a *aligner) sameZone(g *clockGroup, i int, zone *time.Location) bool {
	at := g.clocks[i].at
	for j := range g.seen {
		s := &g.seen[j]
		w := time.Unix(s.wall, 0).UTC()
		if time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, zone).Unix() != at(s) {
			return false
		}
	}
	return true
}

// prior is how likely each clock of a group is before its events are looked at: servers and containers run in UTC or in
// the zone that other logs of the server are in, more than anywhere else.
func (a *aligner) prior(g *clockGroup) []float64 {
	var moved []*time.Location // to where other logs were; of thousands, to a few
	for _, o := range a.groups {
		if o.settled && o.moved != nil && !slices.ContainsFunc(moved, func(z *time.Location) bool { return z.String() == o.moved.String() }) {
			moved = append(moved, o.moved)
		}
	}
	p := make([]float64, len(g.clocks))
	sum := 0.0
	for i := range g.clocks[1:] {
		w := 1.0
		east := g.clocks[i+1].east
		switch {
		case east == 0:
			w = 4
		case east%3600 != 0:
			w = 0.3
		}
		if slices.ContainsFunc(moved, func(z *time.Location) bool { return a.sameZone(g, i+1, z) }) {
			w = 4
		}
		p[i+1] = w
		sum += w
	}
	p[0] = trust[g.sources[0].Clock]
	for i := range p[1:] {
		p[i+1] *= (1 - p[0]) / sum
	}
	return p
}
