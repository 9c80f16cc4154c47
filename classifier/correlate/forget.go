package correlate

import "time"

// Forget drops what happened before a moment, so that a Timeline can be filled for months: marks, traffic, and the names that only
// they used. Tags and the profile of the slow logs stay counted from the beginning, and what lasts is remembered (see lasting).
// Incidents that ended before are found no more.
func (t *Timeline) Forget(before time.Time) {
	t.forget(before, before)
	t.final = later(t.final, before)
}

// forget keeps failures from another moment on, which is not later.
func (t *Timeline) forget(before, failures time.Time) {
	f := New()
	f.round = t.round + 1
	f.profiled, f.final, f.forgot = t.profiled, t.final, later(t.forgot, before)
	f.wiring, f.grain, f.traffic.width, f.traffic.grains = t.wiring, t.grain, t.traffic.width, t.traffic.grains
	ids := make([]ID, len(t.names.list))
	ids[otherID] = otherID
	keep := func(old ID) ID {
		if old > otherID && ids[old] == 0 {
			ids[old] = f.names.take(t.names.name(old), t.names.uses[old])
		}
		return ids[old]
	}
	clocks := t.readings()
	lasting := t.lasting(before, clocks)
	for k, m := range t.marks {
		if at := clocks.of(k.src, m.Last); !at.Before(before) || k.class == failing && !at.Before(failures) || lasting[k] {
			for _, id := range k.ids() {
				keep(*id)
			}
			f.marks[k.renamed(ids)] = m
			f.kept[k.class]++
		} else if n := t.totals[m.Tag]; n != nil {
			n.gone.widen(clocks.of(k.src, m.First), at)
		}
	}
	from := before.Unix() + 1
	for k, l := range t.traffic.loads {
		to := loadKey{k.sec, keep(k.vhost), keep(k.src)}
		if k.sec >= from-t.traffic.width {
			f.traffic.loads[to] = l
		} else if l.Requests > 0 {
			f.traffic.forgets(to)
		}
	}
	for k := range t.traffic.gone {
		f.traffic.forgets(loadKey{vhost: keep(k.vhost), src: keep(k.src)})
	}
	for k, p := range t.traffic.pages.all() {
		sec := k.sec
		if k.src != 0 {
			sec = clocks.of(k.src, time.Unix(sec, 0)).Unix()
		}
		sec += t.traffic.pageWidth()
		if sec >= from || p.Failed+p.Errors > 0 && sec > failures.Unix() {
			*f.traffic.pages.put(pageKey{k.sec, keep(k.vhost), keep(k.uri), keep(k.src)}) = *p
		}
	}
	for k, n := range t.traffic.clients.all() {
		if k.sec >= from-t.traffic.clientWidth() {
			*f.traffic.clients.put(clientKey{k.sec, keep(k.client)}) = *n
		}
	}
	f.long.level = t.long.level
	for k, n := range t.long.n.all() {
		if end := clocks.of(k.src, time.Unix(k.end, 0)); end.Unix() >= before.Unix() {
			k.vhost, k.uri, k.src = keep(k.vhost), keep(k.uri), keep(k.src)
			*f.long.n.put(k) = *n
		}
	}
	if f.long.n.len() == 0 {
		f.long.level = 0
	}
	f.heard.every = t.heard.every
	for k, set := range t.heard.sets {
		if clocks.of(k.src, time.Unix(k.sec, 0)).Unix() >= before.Unix()-span+1 {
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
