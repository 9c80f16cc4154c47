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
	ids := map[ID]ID{}
	files := map[string]string{}
	for path, s := range old {
		name := to(path)
		files[path] = name
		ids[t.names.idString(fixed, path)] = t.names.idString(fixed, name)
		if b, ok := boots[path]; ok {
			if have, ok := t.boots[name]; !ok || b.after(have) {
				t.boots[name] = b
			}
		}
		s.Path = name
		if have := t.sources[name]; have != nil {
			have.Add(s)
		} else {
			t.sources[name] = s
		}
	}
	name := func(id ID) ID {
		if now, ok := ids[id]; ok {
			return now
		}
		return id
	}
	marks, loads, pages, long, heard := t.marks, t.traffic.loads, t.traffic.pages, t.long.n, t.heard.sets
	t.marks, t.traffic.loads, t.traffic.pages = make(map[key]*Mark, len(marks)), make(map[loadKey]*Load, len(loads)), table[pageKey, Pages]{}
	t.long.n, t.heard.sets = table[longKey, int]{}, make(map[heardKey]*Set, len(heard))
	for k, m := range marks {
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
	for k, l := range loads {
		k.src = name(k.src)
		t.putLoad(k, l)
	}
	gone := t.traffic.gone
	t.traffic.gone = make(map[loadKey]bool, len(gone))
	for k := range gone {
		k.src = name(k.src)
		t.traffic.forgets(k)
	}
	for k, p := range pages.all() {
		k.src = name(k.src)
		t.traffic.putPage(k, p)
	}
	for k, n := range long.all() {
		k.src = name(k.src)
		*t.long.n.put(k) += *n
	}
	for k, set := range heard {
		k.src = name(k.src)
		if have := t.heard.sets[k]; have != nil {
			have.Merge(set)
		} else {
			t.heard.sets[k] = set
		}
	}
	t.forgetRecent()
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
