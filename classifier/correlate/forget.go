package correlate

import "time"

// Forget drops what happened before a moment, so that a Timeline can be filled for months: marks, traffic, and the names that only
// they used. Tags and the profile of the slow logs stay counted from the beginning. No log covers the time before any more.
func (t *Timeline) Forget(before time.Time) {
	f := New()
	f.wiring, f.grain, f.traffic.width = t.wiring, t.grain, t.traffic.width
	ids := make([]ID, len(t.names.list))
	ids[otherID] = otherID
	keep := func(old ID) ID {
		if old > otherID && ids[old] == 0 {
			ids[old] = f.names.idString(t.names.name(old))
		}
		return ids[old]
	}
	for k, m := range t.marks {
		if !m.Last.Before(before) {
			for _, id := range k.ids() {
				keep(*id)
			}
			f.marks[k.renamed(ids)] = m
		}
	}
	from := before.Unix() - t.traffic.width + 1
	for k, l := range t.traffic.loads {
		if k.sec >= from {
			f.traffic.loads[loadKey{k.sec, keep(k.vhost), keep(k.src)}] = l
		}
	}
	for k, p := range t.traffic.pages {
		if k.sec >= from {
			f.traffic.pages[pageKey{k.sec, keep(k.vhost), keep(k.uri), keep(k.src)}] = p
		}
	}
	for k, n := range t.traffic.clients {
		if k.sec >= from {
			f.traffic.clients[clientKey{k.sec, keep(k.client)}] = n
		}
	}
	if len(f.marks) == 0 { // what made them coarse is over
		f.grain = 0
	}
	if len(f.traffic.loads)+len(f.traffic.pages)+len(f.traffic.clients) == 0 {
		f.traffic.width = span
	}
	for _, s := range t.sources {
		switch {
		case s.To.Before(before):
			s.From, s.To = time.Time{}, time.Time{}
		default:
			s.From = later(s.From, before)
		}
	}
	f.sources, f.totals, f.boots, f.undated, f.booted = t.sources, t.totals, t.boots, t.undated, t.booted
	f.slow.merge(&t.slow)
	f.links.merge(&t.links)
	*t = *f
}
