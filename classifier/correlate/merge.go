package correlate

// Merge adds all that o has collected; o must not be used afterwards.
func (t *Timeline) Merge(o *Timeline) {
	ids := t.names.merge(&o.names)
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
		if have := t.sources[path]; have != nil {
			have.Add(s)
		} else {
			t.sources[path] = s
		}
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
			have.Count += n.Count
			have.First, have.Last = earlier(have.First, n.First), later(have.Last, n.Last)
			have.gone.widen(n.gone.from, n.gone.to)
		}
	}
	switch {
	case t.undated == nil:
		t.undated = o.undated
	case o.undated != nil:
		t.undated.Merge(o.undated)
	}
	switch {
	case t.booted == nil:
		t.booted = o.booted
	case o.booted != nil:
		t.booted.Merge(o.booted)
	}
	for path, b := range o.boots {
		if old, ok := t.boots[path]; !ok || b.after(old) {
			t.boots[path] = b
		}
	}
	t.slow.merge(&o.slow, ids, &t.names)
	t.links.merge(&o.links)
	t.links.fold(&t.names)
	t.forgot, t.final = later(t.forgot, o.forgot), later(t.final, o.final)
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
