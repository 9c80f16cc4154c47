package follow

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"time"

	"why502/parser"
)

// read hands over what the generations of s have, the older ones first; false if the consumer has had enough.
func (w *Watcher) read(s *source, now time.Time) bool {
	for i := 0; i < len(s.files); i++ {
		f := s.files[i]
		if f.file == nil {
			continue
		}
		more, ok := w.advance(s, f, now)
		if !ok {
			return false
		}
		if more { // a generation does not begin before the older ones are read
			s.more = true
			return true
		}
		if f.over(now, w.opts.Grace) {
			if !w.finish(s, f) {
				return false
			}
			i--
			continue
		}
		if !f.spoken.IsZero() && now.Sub(f.spoken) >= w.opts.Quiet {
			f.spoken = time.Time{}
			if !w.yield(Event{Kind: Quiet, Path: s.path, File: f}) {
				return false
			}
		}
	}
	return true
}

// advance reads one block of f; more says that there may be another.
func (w *Watcher) advance(s *source, f *File, now time.Time) (more, ok bool) {
	if !w.again(f) {
		return false, false
	}
	if f.text == nil {
		if more, due := w.due(s, f, now); !due {
			return more, true
		}
	}
	w.detach(f)
	if f.offset == 0 && !s.named && f.text == nil && !f.isText() {
		w.ignore(s)
		return false, true
	}
	if w.block == nil {
		w.block = make([]byte, printSize+blockSize)
	}
	at := f.offset
	f.tally()
	data, err := f.next(w.block)
	if errors.Is(err, errOther) {
		return w.emptied(s, f, now), true
	}
	if f.offset == 0 && f.text == nil && !f.begun && len(data) > 0 && w.opening(s, f, data, now) {
		return true, true
	}
	f.peak = f.offset + int64(len(data))
	end := err != nil && f.static // also if it is damaged: what came out is used
	used, ok := w.cut(f, data, end)
	if !ok {
		return false, false
	}
	if f.text != nil {
		f.rest = append(f.rest[:0], data[used:]...)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		if f.text != nil {
			w.gap(s, 0, "the archive "+f.path+" is cut or damaged ("+err.Error()+")")
		} else {
			s.now.Why = plainError(err) // a disk that fails; it is tried again
		}
		f.doomed = f.static
	}
	if f.doomed = f.doomed || f.text != nil && err != nil; f.doomed {
		return false, true
	}
	return err == nil && (f.offset > at || f.text != nil), true
}

// due says whether there is something to read in f now. If not, more says whether to look at the generations of s again at once.
func (w *Watcher) due(s *source, f *File, now time.Time) (more, due bool) {
	before := f.size
	switch st, err := w.sys.fstat(f.file); {
	case err != nil:
		return false, false // a network file system that is away; it is tried again
	case st.size > f.size:
		f.grown, f.size = now, st.size
	default:
		f.size = st.size
	}
	if f.size < f.offset {
		f.peak = before
		return w.emptied(s, f, now), false
	}
	if f.tail != nil && !w.lags(f, now) {
		return false, false
	}
	if f.size == f.offset {
		w.attach(s, f, now)
		return false, false
	}
	return false, true
}

// opening looks at how a generation begins before any of it is handed over; wait says that it is not to be read yet.
func (w *Watcher) opening(s *source, f *File, data []byte, now time.Time) (wait bool) {
	if f == s.cur {
		return w.begin(s, f, data, now)
	}
	if s.copied(f, data) {
		w.drop(s, f)
		return true
	}
	f.begun, f.first = true, ledger{known: true}
	f.first.advance(data[:min(len(data), printSize)])
	return false
}

// mostCounted is up to where the lines of a log are counted that is not read from its beginning.
const mostCounted = 16 << 20

// tally counts the lines before the place at which f began, when the first one comes: who is told "error.log:1234" looks there.
func (f *File) tally() {
	if f.line != unknownLine || f.tallied || f.text != nil {
		return
	}
	if f.tallied = true; f.offset > mostCounted {
		return
	}
	lines := 0
	block := make([]byte, blockSize)
	for at := int64(0); at < f.offset; {
		n, err := f.file.ReadAt(block[:min(int64(len(block)), f.offset-at)], at)
		lines += bytes.Count(block[:n], []byte("\n"))
		if at += int64(n); err != nil {
			return
		}
	}
	f.line = lines
}

// goneGrace is how long a log is kept open whose path leads nowhere.
const goneGrace = 10 * time.Minute

// over says whether nothing is to be expected of f any more.
func (f *File) over(now time.Time, grace time.Duration) bool {
	switch {
	case f.static:
		return f.doomed || f.text == nil && f.offset >= f.size
	case !f.retired.IsZero():
	case f.gone.IsZero():
		return false
	default: // as long as nothing takes its place
		grace = goneGrace
	}
	quiet := f.retired
	if f.gone.After(quiet) {
		quiet = f.gone
	}
	if f.grown.After(quiet) {
		quiet = f.grown
	}
	return now.Sub(quiet) >= grace
}

// finish ends an old generation. A last line without its end is not waited for any longer.
func (w *Watcher) finish(s *source, f *File) bool {
	w.progress++
	w.detach(f)
	if f.text == nil && !f.doomed && w.block != nil {
		if data, err := f.next(w.block); err == nil || errors.Is(err, io.EOF) {
			if _, ok := w.cut(f, data, true); !ok {
				return false
			}
		}
	}
	if f.text == nil && f.size > f.offset {
		w.gap(s, f.size-f.offset, "the end of "+f.path+" could not be read")
	}
	s.forget(f)
	if w.owners[f.id] == s {
		delete(w.owners, f.id)
	}
	f.shut()
	return w.yield(Event{Kind: Closed, Path: s.path, File: f})
}

// drop lets go of f, of which nothing was consumed.
func (w *Watcher) drop(s *source, f *File) {
	s.files = slices.DeleteFunc(s.files, func(g *File) bool { return g == f })
	if w.owners[f.id] == s {
		delete(w.owners, f.id)
	}
	f.shut()
}

// again hands over the lines once more that were held when the marks were taken.
func (w *Watcher) again(f *File) bool {
	for len(f.replay) > 0 {
		h := f.replay[0]
		f.replay = f.replay[1:]
		var text []byte
		if len(f.kept) > 0 {
			text, f.kept = f.kept[0], f.kept[1:]
		} else {
			text = make([]byte, min(max(0, f.offset-h.Offset), blockSize+2*maxLine))
			n, _ := f.file.ReadAt(text, h.Offset) // what cannot be read any more is lost
			text = text[:n]
		}
		if !w.repeat(f, h, text) {
			return false
		}
	}
	return true
}

// repeat hands over the lines of h, which begin text.
func (w *Watcher) repeat(f *File, h parser.Held, text []byte) bool {
	at := h.Offset
	for i := range h.Lines {
		size := lineSize(text)
		if size == 0 {
			break
		}
		number := 0
		if h.Line > 0 {
			number = h.Line + i
		}
		if !w.give(f, text[:size], at, number) {
			return false
		}
		text, at = text[size:], at+int64(size)
	}
	return true
}
