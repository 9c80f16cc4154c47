package follow

import (
	"errors"
	"io/fs"
	"slices"
	"time"
)

// source is one log, by its path.
type source struct {
	path    string
	named   bool // by the user; else found in a folder or by a glob
	late    bool // appeared after the Watcher began: all of it is new
	trusted bool

	files []*File // that are read, the older ones first
	cur   *File   // the last of them, or one of which only the ledger is left; nil: none was met
	past  []past  // generations that were read to their end

	size   int64 // of the path, at the last look
	mtime  time.Time
	looked time.Time // at which the path was there; of a log known by marks only, when they were taken
	due    time.Time
	more   bool

	resume  []*File // older generations that were being read when the marks were taken
	ignored bool    // it holds no lines

	now       State
	state     State // as published
	published bool
}

// past is what is kept of a generation that was read to its end, so that it is not read again under another name.
type past struct {
	id identity
	ledger
}

const keptPast = 8

// find returns the generation with that identity, if it is read now.
func (s *source) find(id identity) *File {
	for _, f := range s.files {
		if f.id == id && f.text == nil {
			return f
		}
	}
	return nil
}

// last makes f the last of the generations that are read.
func (s *source) last(f *File) {
	s.files = append(slices.DeleteFunc(s.files, func(g *File) bool { return g == f }), f)
}

// forget takes f, which was read to its end, off the generations that are read.
func (s *source) forget(f *File) {
	s.files = slices.DeleteFunc(s.files, func(g *File) bool { return g == f })
	if s.cur == f {
		s.cur = nil
	}
	s.remember(f.id, f.ledger)
}

func (s *source) remember(id identity, l ledger) {
	if len(s.past) == keptPast {
		s.past = s.past[1:]
	}
	s.past = append(s.past, past{id, l})
}

// retire makes f an old generation.
func (w *Watcher) retire(f *File, now time.Time) {
	w.detach(f)
	if f.retired.IsZero() {
		f.retired = now
	}
}

// poll looks at the path of s.
func (w *Watcher) poll(s *source, now time.Time) {
	if s.ignored {
		return
	}
	st, err := w.sys.stat(s.path)
	if err == nil && !st.mode.IsRegular() {
		err = errNoFile
	}
	if err != nil {
		w.trouble(s, err)
		if errors.Is(err, fs.ErrNotExist) && s.cur != nil && s.cur.gone.IsZero() {
			s.cur.gone = now // whoever has it open may go on writing
		}
	} else if w.meet(s, st, now) {
		s.now.Status, s.now.Why = Following, ""
	}
	s.due = now.Add(w.opts.Rest)
	if now.Sub(s.mtime) > longRest {
		s.due = s.due.Add(w.opts.Rest)
	}
	for _, f := range s.files {
		if f != s.cur || now.Sub(f.grown) < hotTime || f.size != f.offset || !f.spoken.IsZero() {
			s.due = now.Add(w.opts.Poll)
		}
	}
}

// longRest is after how long a log is looked at half as often.
const longRest = 10 * time.Minute

var errNoFile = errors.New("is no file that holds lines")

// trouble notes why the path of s cannot be looked at or opened.
func (w *Watcher) trouble(s *source, err error) {
	s.now.Why = ""
	switch {
	case errors.Is(err, fs.ErrNotExist) && s.cur == nil && s.past == nil:
		s.now.Status, s.late = Waiting, true
	case errors.Is(err, fs.ErrNotExist):
		s.now.Status = Missing
	case errors.Is(err, fs.ErrPermission):
		s.now.Status = Denied
	default:
		s.now.Status, s.now.Why = Failing, plainError(err)
	}
}

// plainError leaves out the operation and the path.
func plainError(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}

// meet takes what a look at the path has told; false if the file cannot be opened, which the status says.
func (w *Watcher) meet(s *source, st info, now time.Time) bool {
	for _, old := range s.resume {
		sibs, _ := w.goOn(s, old, st.id, now)
		shutAll(sibs)
	}
	s.resume = nil
	if o := w.owner(st.id); o != nil && o != s { // another name of a file that is followed already
		s.looked = now
		return true
	}
	first := s.cur == nil && s.past == nil && s.looked.IsZero()
	if first && !s.late && !w.opts.From.whole() {
		s.cur = &File{src: s, id: st.id, path: s.path} // to be placed: the file may not be opened now, but what is in it is old
		s.cur.line, s.cur.offset, s.cur.unplaced = unknownLine, st.size, true
	}
	changed := st.size != s.size || !st.mtime.Equal(s.mtime)
	if s.cur == nil || s.cur.id != st.id {
		if !w.turn(s, now) {
			return false
		}
	} else if s.cur.file == nil && (changed || s.cur.unplaced) {
		if !w.wake(s, now) {
			return false
		}
	}
	s.looked = now
	s.size, s.mtime = st.size, st.mtime
	f := s.cur
	if f == nil || f.id != st.id || f.file == nil {
		return true
	}
	f.gone = time.Time{}
	if st.size < f.offset || changed && st.size == f.offset && !f.same() {
		f.size = st.size
		s.more = w.emptied(s, f, now) || s.more
	}
	return true
}

// open opens the path of s, which may be another inode by now than it was at the last look.
func (w *Watcher) open(s *source) (*File, info, bool) {
	file, err := w.sys.open(s.path)
	if err != nil {
		w.trouble(s, err)
		return nil, info{}, false
	}
	st, err := w.sys.fstat(file)
	if err == nil && !st.mode.IsRegular() {
		err = errNoFile
	}
	if err != nil {
		w.trouble(s, err)
		_ = file.Close()
		return nil, info{}, false
	}
	return &File{src: s, id: st.id, path: s.path, real: realPath(s.path), file: file, size: st.size}, st, true
}

// wake opens the current generation, of which only the ledger is known.
func (w *Watcher) wake(s *source, now time.Time) bool {
	f, st, ok := w.open(s)
	if !ok {
		return false
	}
	cur := s.cur
	if st.id != cur.id {
		f.shut()
		return false // the next look sees the other inode; nothing of this one was looked at
	}
	cur.file, cur.size, cur.path, cur.real = f.file, st.size, s.path, f.real
	if cur.size > cur.offset {
		cur.grown = now
	}
	s.trusted = trusted(st.owner)
	w.owners[cur.id] = s
	s.files = append(s.files, cur)
	if cur.unplaced {
		cur.unplaced = false
		w.progress++
		w.place(s, cur)
		return true
	}
	if cur.offset == 0 { // it may have been emptied since it was seen to be empty
		w.between(s, nil, w.siblings(s, cur.id, cur.real), -1, s.looked, now)
		s.last(cur)
	}
	if cur.size < cur.offset || !cur.same() {
		s.more = w.emptied(s, cur, now) || s.more
	}
	return true
}

// ignore lets go of s: a folder holds databases and archives, too.
func (w *Watcher) ignore(s *source) {
	for _, f := range s.files {
		w.detach(f)
		f.shut()
		delete(w.owners, f.id)
	}
	s.ignored, s.files, s.cur = true, nil, nil
}

// rest closes the current generation of s if nothing is written to it and many are open.
func (w *Watcher) rest(s *source, now time.Time) {
	f := s.cur
	if w.opened <= maxOpen || len(s.files) != 1 || s.files[0] != f || f.tail != nil || f.size != f.offset || !f.spoken.IsZero() ||
		!f.gone.IsZero() || now.Sub(f.grown) < hotTime || len(f.replay) > 0 {
		return
	}
	f.shut()
	s.files = s.files[:0]
	w.opened--
}

// maxOpen is how many logs are kept open that rest. One that is deleted in the same second in which it was written to
// is read to its end only if it is open.
const maxOpen = 256
