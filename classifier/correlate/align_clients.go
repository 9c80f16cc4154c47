package correlate

import (
	"cmp"
	"slices"
	"time"
)

// byClients judges the clock of a web server's error log by the clients that it names and that the access logs saw: any
// line with a client tells, not those of failures alone.
func (a *aligner) byClients(g *clockGroup) verdict {
	t := a.t
	width := t.traffic.width
	if !isWeb(g.sources[0]) || width > step/2 {
		return verdict{}
	}
	var ours []sighting
	for _, s := range g.sources {
		id := t.names.idString(fixed, s.Path)
		for k, set := range t.heard.sets {
			if k.src == id {
				_, east := time.Unix(k.sec, 0).In(s.Loc).Zone()
				ours = append(ours, sighting{sec: k.sec, wall: k.sec + int64(east), mark: &Mark{Clients: *set}})
			}
		}
	}
	if len(ours) < minMatches || len(a.served(width)) == 0 {
		return verdict{}
	}
	slices.SortFunc(ours, func(a, b sighting) int { return cmp.Compare(a.sec, b.sec) })
	c := &contest{
		from: a.traffic[0].sec, to: a.traffic[len(a.traffic)-1].sec + width,
		rounds: []round{{pairing: pairing{same: sameClient}, ours: ours, theirs: a.traffic, before: width + span, after: span}},
	}
	now := c.score(assumed, every)
	best := c.bestZone(now.matches)
	if now.matches >= minMatches && now.matches >= 2*best.matches {
		return verdict{ok: true, stays: true, matches: now.matches}
	}
	v := best.accept(g.sources[0].Clock == "flag")
	v.clients = true
	return v
}

// served are the clients of the access logs, by time.
func (a *aligner) served(width int64) []sighting {
	if a.traffic != nil {
		return a.traffic
	}
	bySec := map[int64]*Mark{}
	for k, l := range a.t.traffic.loads {
		if l.Requests == 0 {
			continue
		}
		m := bySec[k.sec]
		if m == nil {
			m = &Mark{}
			bySec[k.sec] = m
		}
		m.Clients.Merge(&l.Clients)
	}
	a.traffic = make([]sighting, 0, len(bySec))
	for sec, m := range bySec {
		a.traffic = append(a.traffic, sighting{sec: sec, mark: m})
	}
	slices.SortFunc(a.traffic, func(a, b sighting) int { return cmp.Compare(a.sec, b.sec) })
	return a.traffic
}
