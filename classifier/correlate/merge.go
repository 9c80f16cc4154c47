package correlate

// Merge adds all that o has collected; o must not be used afterwards.
func (t *Timeline) Merge(o *Timeline) {
	t.slow.merge(&o.slow, t.join(o), &t.names)
}

// join adds all that o has collected but the profile of the slow logs. It returns which IDs the names of o have now.
func (t *Timeline) join(o *Timeline) (ids []ID) {
	ids = t.names.merge(&o.names)
	t.bound()
	for c := range t.grain {
		if o.grain[c] > t.grain[c] {
			t.regrain(c, o.grain[c])
		}
	}
	for k, m := range o.marks {
		t.take(k.renamed(ids), m)
	}
	t.coarsen()
	t.long.merge(&o.long, ids)
	t.long.fold(&t.names)
	t.heard.merge(&o.heard, ids)
	for path, s := range o.sources {
		t.addSource(path, s)
	}
	for why, files := range o.special {
		for _, f := range files {
			t.tellApart(Special(why), f)
		}
	}
	t.mergeTraffic(&o.traffic, ids)
	for tag, n := range o.totals {
		have := t.totals[tag]
		switch {
		case n.Count == 0: // of a part that was taken
		case have == nil:
			own := *n
			t.totals[tag] = &own
		default:
			have.merge(n)
		}
	}
	t.undated, t.booted = together(t.undated, o.undated), together(t.booted, o.booted)
	for path, b := range o.boots {
		t.addBoot(path, b)
	}
	t.links.merge(&o.links)
	t.links.fold(&t.names)
	t.forgot, t.final = later(t.forgot, o.forgot), later(t.final, o.final)
	return ids
}

// together is what two parts hold, either of which may be nil.
func together(a, b *Timeline) *Timeline {
	switch {
	case a == nil:
		return b
	case b != nil:
		a.Merge(b)
	}
	return a
}

// ids are those that a key holds.
func (k *key) ids() []*ID {
	return []*ID{&k.tag, &k.src, &k.vhost, &k.backend, &k.scheme, &k.pool, &k.culprit, &k.function, &k.client, &k.uri}
}

func (k key) renamed(ids []ID) key {
	for _, p := range k.ids() {
		*p = ids[*p]
	}
	return k
}
