package correlate

import (
	"time"

	"why502/classifier"
)

// Rezone reads the stamps of a source again, as if it had stated the zone to, and moves them by a constant skew. Only
// a source that was read in a zone of somebody's choice (Source.Loc) can be moved.
func (t *Timeline) Rezone(path string, to *time.Location, skew time.Duration) {
	s := t.sources[path]
	if s == nil || s.Loc == nil {
		return
	}
	move := mover(s.Loc, to, skew)
	s.From, s.To, s.Loc = move(s.From), move(s.To), to
	if b, ok := t.boots[path]; ok {
		t.boots[path] = boot{move(b.seen), move(b.at)}
	}
	t.ordered = ordered{}
	id := t.names.idString(fixed, path)
	tags := t.moveMarks(id, move)
	t.traffic.movePages(id, move)
	t.long.move(id, move)
	t.heard.move(id, move)
	t.redate(tags)
}

// moveMarks moves the marks of one source and returns the tags they bear.
func (t *Timeline) moveMarks(src ID, move func(time.Time) time.Time) map[ID]bool {
	tags := map[ID]bool{}
	moved := map[key]*Mark{}
	for k, m := range t.marks {
		if k.src != src {
			continue
		}
		delete(t.marks, k)
		m.First, m.Last, m.Sample.Time = move(m.First), move(m.Last), move(m.Sample.Time)
		if m.Last.Before(m.First) { // the two ends of an hour that one zone repeats and the other does not
			m.First, m.Last = m.Last, m.First
		}
		tags[k.tag] = true
		k.sec = floor(m.First.Unix(), grains[t.grain[k.class]].width)
		if have := moved[k]; have != nil {
			have.merge(m)
		} else {
			moved[k] = m
		}
	}
	for k, m := range moved {
		t.marks[k] = m
	}
	return tags
}

func (tr *traffic) movePages(src ID, move func(time.Time) time.Time) {
	old := tr.pages
	tr.pages = table[pageKey, Pages]{}
	clear(tr.recentPages[:])
	for k, p := range old.all() {
		if k.src == src {
			k.sec = floor(move(time.Unix(k.sec, 0)).Unix(), tr.pageWidth())
		}
		tr.pages.put(k).merge(p)
	}
}

// redate sets anew when the tags were seen first and last: marks know it, whatever their width. Of marks that are forgotten
// it is remembered, and they may be all that a tag had.
func (t *Timeline) redate(tags map[ID]bool) {
	for tag, n := range t.totals {
		if id, _ := t.names.known(string(tag)); !n.gone.from.IsZero() {
			tags[id] = true
		}
	}
	for id := range tags {
		if n := t.totals[classifier.Tag(t.names.name(id))]; n != nil {
			n.First, n.Last = n.gone.from, n.gone.to
		}
	}
	for k, m := range t.marks {
		if !tags[k.tag] {
			continue
		}
		if n := t.totals[m.Tag]; n != nil {
			n.First, n.Last = earlier(n.First, m.First), later(n.Last, m.Last)
		}
	}
}
