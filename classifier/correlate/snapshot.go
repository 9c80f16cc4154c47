package correlate

import (
	"maps"
	"slices"
)

// Snapshot copies what has been collected so far. Aligning and settling change a Timeline as if all was read; whoever reads on
// does that with a copy.
func (t *Timeline) Snapshot() *Timeline {
	c := New()
	c.wiring, c.forgot, c.final = t.wiring, t.forgot, t.final
	c.names = t.names.clone()
	c.grain, c.kept, c.folded = t.grain, t.kept, t.folded
	for k, m := range t.marks {
		own := m.clone()
		own.About = c.about(k, m.Rule)
		c.marks[k] = own
	}
	c.traffic.width, c.traffic.grains = t.traffic.width, t.traffic.grains
	for k, l := range t.traffic.loads {
		own := *l
		own.Clients = l.Clients.clone()
		c.traffic.loads[k] = &own
	}
	c.traffic.pages = t.traffic.pages.clone()
	c.traffic.clients, c.traffic.gone = t.traffic.clients.clone(), maps.Clone(t.traffic.gone)
	c.long = long{t.long.level, t.long.n.clone()}
	c.heard.every = t.heard.every
	for k, set := range t.heard.sets {
		own := set.clone()
		c.heard.sets[k] = &own
	}
	for path, s := range t.sources {
		own := *s
		own.Kinds = slices.Clone(s.Kinds)
		c.sources[path] = &own
	}
	for tag, n := range t.totals {
		own := *n
		c.totals[tag] = &own
	}
	same := make([]ID, len(t.names.list))
	for i := range same {
		same[i] = ID(i)
	}
	c.slow = newProfile(t.slow.finest)
	c.slow.merge(&t.slow, same, &c.names)
	c.links.merge(&t.links)
	c.boots = maps.Clone(t.boots)
	if t.undated != nil {
		c.undated = t.undated.Snapshot()
	}
	if t.booted != nil {
		c.booted = t.booted.Snapshot()
	}
	return c
}
