package correlate

import "time"

// Forget drops what happened before a moment, so that a Timeline can be filled for months: marks, traffic, and the names that only
// they used. Tags and the profile of the slow logs stay counted from the beginning, and what lasts is remembered (see lasting).
// Incidents that ended before are found no more.
func (t *Timeline) Forget(before time.Time) {
	t.forget(before, before)
	t.final = later(t.final, before)
}

// forget keeps failures from another moment on, which is not later. What is kept goes into a new Timeline, part by part.
func (t *Timeline) forget(before, failures time.Time) {
	f := New()
	f.round = t.round + 1
	f.profiled, f.final, f.forgot = t.profiled, t.final, later(t.forgot, before)
	f.wiring, f.grain = t.wiring, t.grain
	f.sources, f.totals, f.boots, f.undated, f.booted = t.sources, t.totals, t.boots, t.undated, t.booted
	h := &hindsight{before, failures, t.readings(), &t.names, &f.names, make([]ID, len(t.names.list))}
	h.ids[otherID] = otherID
	f.keepMarks(t, h)
	f.traffic.keep(&t.traffic, h)
	f.long.keep(&t.long, h)
	f.heard.keep(&t.heard, h)
	f.keepProfile(&t.slow, h)
	f.links.merge(&t.links)
	f.names.seen = t.names.seen
	*t = *f
}

// hindsight is what the parts of a Timeline need to know to tell what they keep, and under which IDs.
type hindsight struct {
	before, failures time.Time
	clocks           readings
	from, to         *names
	ids              []ID // of to, by those of from; 0: not used so far
}

// id is the ID that a name has from now on.
func (h *hindsight) id(old ID) ID {
	if old > otherID && h.ids[old] == 0 {
		h.ids[old] = h.to.take(h.from.name(old), h.from.uses[old])
	}
	return h.ids[old]
}

// second is what the clock of a source showed in a second of its stamps.
func (h *hindsight) second(src ID, sec int64) int64 {
	return h.clocks.of(src, time.Unix(sec, 0)).Unix()
}

func (t *Timeline) keepMarks(old *Timeline, h *hindsight) {
	lasting := old.lasting(h.before, h.clocks)
	for k, m := range old.marks {
		if at := h.clocks.of(k.src, m.Last); !at.Before(h.before) || k.class == failing && !at.Before(h.failures) || lasting[k] {
			for _, id := range k.ids() {
				*id = h.id(*id)
			}
			t.marks[k] = m
			t.kept[k.class]++
		} else if n := t.totals[m.Tag]; n != nil {
			n.gone.widen(h.clocks.of(k.src, m.First), at)
		}
	}
	for c, n := range t.kept {
		if n == 0 { // what made them coarse is over
			t.grain[c] = 0
		}
	}
}

func (tr *traffic) keep(old *traffic, h *hindsight) {
	tr.width, tr.grains = old.width, old.grains
	from := h.before.Unix() + 1
	for k, l := range old.loads {
		to := loadKey{k.sec, h.id(k.vhost), h.id(k.src)}
		if k.sec >= from-old.width {
			tr.loads[to] = l
		} else if l.Requests > 0 {
			tr.forgets(to)
		}
	}
	for k := range old.gone {
		tr.forgets(loadKey{vhost: h.id(k.vhost), src: h.id(k.src)})
	}
	for k, p := range old.pages.all() {
		end := k.sec + old.pageWidth()
		if k.src != 0 {
			end = h.second(k.src, k.sec) + old.pageWidth()
		}
		if end >= from || p.Failed+p.Errors > 0 && end > h.failures.Unix() {
			*tr.pages.put(pageKey{k.sec, h.id(k.vhost), h.id(k.uri), h.id(k.src)}) = *p
		}
	}
	for k, n := range old.clients.all() {
		if k.sec >= from-old.clientWidth() {
			*tr.clients.put(clientKey{k.sec, h.id(k.client)}) = *n
		}
	}
	tr.relax()
}

func (l *long) keep(old *long, h *hindsight) {
	for k, n := range old.n.all() {
		if h.second(k.src, k.end) >= h.before.Unix() {
			k.vhost, k.uri, k.src = h.id(k.vhost), h.id(k.uri), h.id(k.src)
			*l.n.put(k) = *n
		}
	}
	if l.n.len() > 0 {
		l.level = old.level
	}
}

func (h *heard) keep(old *heard, hs *hindsight) {
	for k, set := range old.sets {
		if hs.second(k.src, k.sec) >= hs.before.Unix()-span+1 {
			h.sets[heardKey{k.sec, hs.id(k.src)}] = set
		}
	}
	if len(h.sets) > 0 {
		h.every = old.every
	}
}

func (t *Timeline) keepProfile(old *profile, h *hindsight) {
	for _, tally := range old.tallies {
		for id := range tally {
			h.id(id)
		}
	}
	t.slow = newProfile(old.finest)
	t.slow.merge(old, h.ids, &t.names)
}
