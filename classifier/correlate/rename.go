package correlate

import "maps"

// Rename gives sources the names that their files have now. Rotation moves names from file to file, so all are renamed at once; where two get one
// name, they are one.
func (t *Timeline) Rename(to func(path string) string) {
	for _, part := range [...]*Timeline{t.undated, t.booted} {
		if part != nil {
			part.Rename(to)
		}
	}
	old, boots := t.sources, t.boots
	t.sources, t.boots = make(map[string]*Source, len(old)), map[string]boot{}
	ids, files := map[ID]ID{}, map[string]string{}
	for path, s := range old {
		name := to(path)
		files[path] = name
		ids[t.names.idString(fixed, path)] = t.names.idString(fixed, name)
		if b, ok := boots[path]; ok {
			t.addBoot(name, b)
		}
		s.Path = name
		t.addSource(name, s)
	}
	name := func(id ID) ID {
		if now, ok := ids[id]; ok {
			return now
		}
		return id
	}
	t.renameMarks(name, files)
	t.renameTraffic(name)
	t.long.rename(name)
	t.heard.rename(name)
	t.forgetRecent()
}

func (t *Timeline) renameMarks(name func(ID) ID, files map[string]string) {
	old := t.marks
	t.marks = make(map[key]*Mark, len(old))
	for k, m := range old {
		k.src = name(k.src)
		m.About = t.about(k, m.Rule)
		if now, ok := files[m.Sample.File]; ok {
			m.Sample.File = now
		}
		if have := t.marks[k]; have != nil {
			have.merge(m)
			t.kept[k.class]--
		} else {
			t.marks[k] = m
		}
	}
}

func (t *Timeline) renameTraffic(name func(ID) ID) {
	tr := &t.traffic
	loads, pages, gone := tr.loads, tr.pages, tr.gone
	tr.loads, tr.pages, tr.gone = make(map[loadKey]*Load, len(loads)), table[pageKey, Pages]{}, make(map[loadKey]bool, len(gone))
	for k, l := range loads {
		k.src = name(k.src)
		t.putLoad(k, l)
	}
	for k, p := range pages.all() {
		k.src = name(k.src)
		tr.putPage(k, p)
	}
	for k := range gone {
		k.src = name(k.src)
		tr.forgets(k)
	}
}

func (l *long) rename(name func(ID) ID) {
	old := l.n
	l.n = table[longKey, int]{}
	for k, n := range old.all() {
		k.src = name(k.src)
		*l.n.put(k) += *n
	}
}

func (h *heard) rename(name func(ID) ID) {
	old := h.sets
	h.sets = make(map[heardKey]*Set, len(old))
	for k, set := range old {
		k.src = name(k.src)
		mergeSet(h.sets, k, set)
	}
}

// Drop forgets sources of which nothing is kept but their names.
func (t *Timeline) Drop(gone func(path string) bool) {
	used := map[ID]bool{}
	for k := range t.marks {
		used[k.src] = true
	}
	for k := range t.traffic.loads {
		used[k.src] = true
	}
	for k := range t.traffic.pages.all() {
		used[k.src] = true
	}
	for k := range t.long.n.all() {
		used[k.src] = true
	}
	for k := range t.heard.sets {
		used[k.src] = true
	}
	for path := range t.sources {
		id := t.names.idString(fixed, path)
		if !gone(path) || used[id] {
			continue
		}
		delete(t.sources, path)
		delete(t.boots, path)
		maps.DeleteFunc(t.traffic.gone, func(k loadKey, _ bool) bool { return k.src == id })
	}
	for _, part := range [...]*Timeline{t.undated, t.booted} {
		if part != nil {
			part.Drop(gone)
		}
	}
	t.forgetRecent()
}

// forgetRecent makes what was used last be looked up again.
func (t *Timeline) forgetRecent() {
	t.reading, t.ordered = current{}, ordered{}
	t.forgetMarks()
	clear(t.traffic.recentLoads[:])
	clear(t.traffic.recentPages[:])
	t.heard.recent.heardKey, t.heard.recent.Set = heardKey{}, nil
}
