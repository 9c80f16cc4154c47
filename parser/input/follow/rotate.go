package follow

import (
	"bytes"
	"slices"
	"time"
)

// turn makes what the path leads to now the current generation, and sees to the rest of the one before.
func (w *Watcher) turn(s *source, now time.Time) bool {
	f, st, ok := w.open(s)
	if !ok {
		return false
	}
	s.trusted = trusted(st.owner)
	if back := s.find(st.id); back != nil { // a link that was swapped back, a file renamed back
		f.shut()
		if s.cur != nil && s.cur.file != nil && s.cur != back {
			w.retire(s.cur, now)
		}
		back.retired, back.gone, back.static = time.Time{}, time.Time{}, false
		s.last(back)
		s.cur = back
		return true
	}
	for _, p := range s.past {
		if p.id == st.id && st.size >= p.offset {
			if f.ledger = p.ledger; !f.same() {
				f.ledger = ledger{}
			}
		}
	}
	w.progress++
	if old := s.cur; old != nil {
		ok = w.leave(s, old, f, now)
	} else if len(s.past) > 0 {
		ok = w.older(s, f, w.siblings(s, st.id, f.real), -1, s.looked, now)
	}
	if !ok {
		f.shut()
		return false
	}
	f.known, f.grown = true, now
	w.owners[f.id] = s
	s.files = append(s.files, f)
	s.cur = f
	s.size, s.mtime = 0, time.Time{}
	return true
}

// leave sees to what is left of old, the generation that was the current one, and to those between it and next, which is; false if
// next is not any more.
func (w *Watcher) leave(s *source, old, next *File, now time.Time) bool {
	since := s.mtime
	if since.IsZero() {
		since = s.looked
	}
	if old.file == nil {
		sibs, at := w.goOn(s, old, next.id, now)
		if at < 0 {
			s.cur = nil
		}
		return w.older(s, next, sibs, at, since, now)
	}
	w.retire(old, now)
	sibs := w.siblings(s, next.id, old.real)
	return w.older(s, next, sibs, slices.IndexFunc(sibs, func(b sibling) bool { return b.id == old.id }), since, now)
}

// older is between if next is still what the path leads to. Else some of sibs may be newer: the next look begins anew.
func (w *Watcher) older(s *source, next *File, sibs []sibling, at int, since, now time.Time) bool {
	if st, err := w.sys.stat(s.path); err != nil || st.id != next.id {
		shutAll(sibs)
		return false
	}
	w.between(s, next, sibs, at, since, now)
	return true
}

// goOn looks for the rest of old, of which only the ledger is left, among its siblings.
func (w *Watcher) goOn(s *source, old *File, next identity, now time.Time) (sibs []sibling, at int) {
	if w.owners[old.id] == s {
		delete(w.owners, old.id)
	}
	if sibs, at = w.rediscover(s, old, next); at >= 0 {
		s.files = append(s.files, old)
		if !old.static {
			w.retire(old, now)
		}
		return sibs, at
	}
	if old.offset > 0 && !old.waits {
		w.gap(s, max(0, s.size-old.offset), "the file was moved away or deleted, and none beside it holds what followed")
	}
	w.queue = append(w.queue, Event{Kind: Closed, Path: s.path, File: old})
	s.remember(identity{}, old.ledger)
	return sibs, at
}

// owner is the log that reads the inode; a log that rests does so only as long as its path leads there.
func (w *Watcher) owner(id identity) *source {
	s := w.owners[id]
	if s == nil || s.find(id) != nil {
		return s
	}
	if st, err := w.sys.stat(s.path); err == nil && st.id != id {
		delete(w.owners, id)
		return nil
	}
	return s
}

// emptied begins the text of f anew, which was emptied, and looks for a copy of the old one; it says whether there is
// something to read.
func (w *Watcher) emptied(s *source, f *File, now time.Time) bool {
	w.detach(f)
	w.progress++
	fresh := &File{src: s, id: f.id, path: f.path, real: f.real, file: f.file, size: f.size, grown: now, retired: f.retired}
	fresh.known = true
	for _, g := range slices.Clone(s.files) { // the copy may have been met when it was empty
		if g != f && g != s.cur && g.offset == 0 && g.text == nil && !g.begun {
			w.drop(s, g)
		}
	}
	i := slices.Index(s.files, f)
	f.file = nil
	sibs, at := w.rediscover(s, f, f.id)
	if at < 0 {
		if lost := f.peak - f.offset; lost > 0 || !f.known {
			w.gap(s, max(0, lost), "the file was emptied, and none beside it holds what was in it")
		}
		w.queue = append(w.queue, Event{Kind: Closed, Path: s.path, File: f})
		s.files = slices.Delete(s.files, i, i+1)
		s.remember(identity{}, f.ledger) // its inode has another text now
	}
	f.static = true // a copy
	if s.cur == f {
		s.cur = fresh
	}
	w.owners[fresh.id] = s
	w.between(s, fresh, sibs, at, now, now)
	s.files = append(s.files, fresh)
	return true
}

// clockGrain is how much older than the clock says the stamps of files may be.
const clockGrain = 50 * time.Millisecond

// between takes the generations before next, if that is not read yet, that nobody has met: those newer than the sibling at and
// than all that were met, or if there is none those written to after since. It closes the others.
func (w *Watcher) between(s *source, next *File, sibs []sibling, at int, since, now time.Time) {
	defer shutAll(sibs)
	for i := range sibs {
		b := &sibs[i]
		met := slices.ContainsFunc(s.files, func(f *File) bool { return f.id == b.id })
		for k := range s.past {
			if p := &s.past[k]; !met && p.id == b.id { // a new file may have got the inode of one that was deleted
				met, _ = b.holds(&p.ledger)
			}
		}
		if met {
			at = max(at, i)
		}
	}
	for i := len(sibs) - 1; i >= 0 && at < 0; i-- { // packed or copied since it was met
		for k := range s.past {
			if held, _ := sibs[i].holds(&s.past[k].ledger); held {
				at = i
			}
		}
	}
	for i := range sibs {
		b := &sibs[i]
		if i <= at || at < 0 && !b.mtime.After(since.Add(-clockGrain)) || w.owner(b.id) != nil {
			continue
		}
		known, err := w.known(s, next, b)
		if known {
			continue
		}
		var f *File
		if err == nil {
			f, err = b.take(s)
		}
		if err != nil {
			w.gap(s, 0, "the generation "+b.path+" cannot be read ("+plainError(err)+")")
			continue
		}
		f.known, f.grown = true, now
		if f.text != nil {
			f.static = true
		} else {
			w.retire(f, now)
			w.owners[f.id] = s
		}
		s.files = append(s.files, f)
	}
}

// known says whether b holds the text of next or of a generation that was met, under another identity; an archive of which not enough comes
// out to tell is an error.
func (w *Watcher) known(s *source, next *File, b *sibling) (bool, error) {
	var ledgers []*ledger
	add := func(f *File) {
		l := &f.ledger
		if f.offset == 0 && f.file != nil && f.text == nil {
			l = f.beginning()
		}
		ledgers = append(ledgers, l)
	}
	for _, f := range s.files {
		if f.id == b.id {
			return true, nil
		}
		add(f)
	}
	if next != nil {
		add(next)
	}
	for i := range s.past {
		ledgers = append(ledgers, &s.past[i].ledger)
	}
	if s.cur != nil {
		ledgers = append(ledgers, &s.cur.ledger)
	}
	for _, l := range ledgers {
		if b.copies(l) {
			return true, nil
		}
		if held, err := b.holds(l); held || err != nil {
			return held, err
		}
	}
	return false, nil
}

// begin is asked when the first bytes of f, the current generation, were read, data. Since it was met others may have come and gone in its inode:
// those are taken first. It says whether f is not to be read yet.
func (w *Watcher) begin(s *source, f *File, data []byte, now time.Time) (wait bool) {
	f.first = ledger{known: true}
	f.first.advance(data[:min(len(data), printSize)])
	if len(s.past) == 0 && len(s.files) == 1 {
		f.begun = true
		return false // no generation of it was met, so none is missing
	}
	sibs := w.siblings(s, f.id, f.real)
	if st, err := w.sys.stat(s.path); err != nil || st.id != f.id { // moved meanwhile: some are newer than it
		shutAll(sibs)
		f.begun = true
		return false
	}
	if now := f.beginning(); now.n < f.first.n || !bytes.HasPrefix(now.print[:now.n], f.first.print[:f.first.n]) {
		shutAll(sibs)
		return true // it has come and gone meanwhile
	}
	had := len(s.files)
	w.between(s, nil, sibs, -1, now, now)
	s.last(f)
	f.begun = len(s.files) == had
	return !f.begun
}

// copied says whether f, an old generation that begins now, is what copying another has made so far.
func (s *source) copied(f *File, data []byte) bool {
	text := data[:min(len(data), printSize)]
	for _, g := range s.files {
		if g != f && g.text == nil && g.file != nil {
			if l := g.beginning(); bytes.HasPrefix(l.print[:l.n], text) {
				return true
			}
		}
	}
	return false
}
