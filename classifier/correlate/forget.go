package correlate

import "time"

// Forget drops what happened before a moment, so that a Timeline can be filled for months: marks, traffic, and the names that only
// they used. Tags and the profile of the slow logs stay counted from the beginning. No log covers the time before any more.
func (t *Timeline) Forget(before time.Time) {
	f := New()
	f.profiled = t.profiled
	f.wiring, f.grain, f.traffic.width, f.traffic.grains = t.wiring, t.grain, t.traffic.width, t.traffic.grains
	ids := make([]ID, len(t.names.list))
	ids[otherID] = otherID
	keep := func(old ID) ID {
		if old > otherID && ids[old] == 0 {
			ids[old] = f.names.take(t.names.name(old), t.names.uses[old])
		}
		return ids[old]
	}
	for k, m := range t.marks {
		if !m.Last.Before(before) {
			for _, id := range k.ids() {
				keep(*id)
			}
			f.marks[k.renamed(ids)] = m
			f.kept[k.class]++
		}
	}
	from := before.Unix() + 1
	for k, l := range t.traffic.loads {
		if k.sec >= from-t.traffic.width {
			f.traffic.loads[loadKey{k.sec, keep(k.vhost), keep(k.src)}] = l
		}
	}
	for k, p := range t.traffic.pages {
		if k.sec >= from-t.traffic.pageWidth() {
			f.traffic.pages[pageKey{k.sec, keep(k.vhost), keep(k.uri), keep(k.src)}] = p
		}
	}
	for k, n := range t.traffic.clients {
		if k.sec >= from-t.traffic.clientWidth() {
			f.traffic.clients[clientKey{k.sec, keep(k.client)}] = n
		}
	}
	f.long.level = t.long.level
	for k, n := range t.long.n {
		if k.end >= before.Unix() {
			k.vhost, k.uri, k.src = keep(k.vhost), keep(k.uri), keep(k.src)
			f.long.n[k] = n
		}
	}
	if len(f.long.n) == 0 {
		f.long.level = 0
	}
	f.heard.every = t.heard.every
	for k, set := range t.heard.sets {
		if k.sec >= before.Unix()-span+1 {
			f.heard.sets[heardKey{k.sec, keep(k.src)}] = set
		}
	}
	if len(f.heard.sets) == 0 {
		f.heard.every = 0
	}
	for c, n := range f.kept {
		if n == 0 { // what made them coarse is over
			f.grain[c] = 0
		}
	}
	f.traffic.relax()
	for _, s := range t.sources {
		switch {
		case s.To.Before(before):
			s.From, s.To = time.Time{}, time.Time{}
		default:
			s.From = later(s.From, before)
		}
	}
	f.sources, f.totals, f.boots, f.undated, f.booted = t.sources, t.totals, t.boots, t.undated, t.booted
	for _, tally := range t.slow.tallies {
		for id := range tally {
			keep(id)
		}
	}
	f.slow = newProfile(t.slow.finest)
	f.slow.merge(&t.slow, ids, &f.names)
	f.links.merge(&t.links)
	f.names.seen = t.names.seen
	*t = *f
}
