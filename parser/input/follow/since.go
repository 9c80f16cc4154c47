package follow

import (
	"bytes"
	"errors"
	"io"
	"time"
)

// From is where to begin in logs that are there already.
type From struct {
	end  bool
	time time.Time
}

// End is after what is written already.
var End = From{end: true}

// Since is the first entry of t or later, which may stand in an old generation.
func Since(t time.Time) From { return From{time: t} }

// Time is the time of Since; zero if it is none.
func (f From) Time() time.Time { return f.time }

func (f From) whole() bool { return !f.end && f.time.IsZero() }

// place finds where to begin in f, the first generation that is met of s.
func (w *Watcher) place(s *source, f *File) {
	if !s.named && !f.isText() {
		w.ignore(s)
		return
	}
	if w.opts.From.end {
		f.startAt(f.lastLine(min(f.offset, f.size)))
		return
	}
	stamp := w.opts.When(s.path, head(f.file))
	at, all := f.search(stamp, w.opts.From.time)
	f.startAt(at)
	if all {
		w.before(s, f, stamp)
	}
}

// before takes the generations before f, the first entry of which is later than From.
func (w *Watcher) before(s *source, f *File, stamp func([]byte) time.Time) {
	sibs := w.siblings(s, f.id, f.real)
	defer shutAll(sibs)
	for i := len(sibs) - 1; i >= 0 && !sibs[i].mtime.Before(w.opts.From.time); i-- {
		g, err := sibs[i].take(s)
		if err != nil {
			w.gap(s, 0, "the generation "+sibs[i].path+" cannot be read ("+plainError(err)+")")
			return
		}
		g.known, g.static = true, true
		all := false
		if g.text == nil {
			var at int64
			at, all = g.search(stamp, w.opts.From.time)
			g.startAt(at)
		} else {
			all = g.skip(stamp, w.opts.From.time)
		}
		s.files = append([]*File{g}, s.files...)
		if !all {
			return
		}
	}
}

// startAt lets f begin at offset.
func (f *File) startAt(offset int64) {
	f.ledger = ledger{offset: offset}
	if offset > 0 {
		f.line = unknownLine
	}
	before := make([]byte, f.ahead())
	n, _ := f.file.ReadAt(before, offset-int64(len(before))) // if it fails the text counts as another at the next look
	f.learn(before[:n])
}

// lastLine is where the line begins that goes on at offset: it is being written.
func (f *File) lastLine(offset int64) int64 {
	from := max(0, offset-maxLine)
	block := make([]byte, offset-from)
	n, _ := f.file.ReadAt(block, from) // as above
	if i := bytes.LastIndexByte(block[:n], '\n'); i >= 0 {
		return from + int64(i) + 1
	}
	return from
}

const (
	searchBlock = 64 << 10
	searchReach = 1 << 20 // how far a line with a stamp is looked for
)

// search finds the first entry of t or later; all says that the first entry is.
func (f *File) search(stamp func([]byte) time.Time, t time.Time) (offset int64, all bool) {
	first, at, ok := f.stampAfter(0, stamp)
	switch {
	case !ok:
		return 0, false // no stamps to go by
	case !first.Before(t):
		return 0, true
	}
	low, high := at, f.size // low is the start of a line before t
	for high-low > searchBlock {
		mid := low + (high-low)/2
		when, at, ok := f.stampAfter(mid, stamp)
		if !ok || at >= high || !when.Before(t) {
			high = mid
		} else {
			low = at
		}
	}
	for {
		when, at, ok := f.stampAfter(low, stamp)
		if !ok {
			return f.size, false
		}
		if !when.Before(t) {
			return at, false
		}
		low = at + 1 // a line starts after this place
	}
}

// stampAfter finds the first line with a stamp that starts at or after from.
func (f *File) stampAfter(from int64, stamp func([]byte) time.Time) (when time.Time, at int64, ok bool) {
	block := make([]byte, searchBlock)
	begun := from == 0
	start := max(0, from-1) // the line end before from shows that a line starts there
	for at = start; at-start < searchReach; {
		n, err := f.file.ReadAt(block, at)
		b := block[:n]
		if !begun {
			i := bytes.IndexByte(b, '\n')
			if i < 0 {
				if err != nil {
					return when, 0, false
				}
				at += int64(n)
				continue
			}
			begun, at, b = true, at+int64(i)+1, b[i+1:]
		}
		for {
			i := bytes.IndexByte(b, '\n')
			if i < 0 {
				break
			}
			if when = stamp(b[:i]); !when.IsZero() {
				return when, at, true
			}
			at, b = at+int64(i)+1, b[i+1:]
		}
		if err != nil {
			return when, 0, false
		}
		if len(b) == n { // a line longer than a block
			at, begun = at+int64(n), false
		}
	}
	return when, 0, false
}

// skip passes over the entries before t at the beginning of an archive; all says that there is none.
func (f *File) skip(stamp func([]byte) time.Time, t time.Time) (all bool) {
	all = true
	buf := make([]byte, blockSize)
	for {
		n, err := f.text.Read(buf[len(f.rest):])
		f.size += int64(n)
		copy(buf, f.rest)
		b := buf[:len(f.rest)+n]
		for {
			i := bytes.IndexByte(b, '\n')
			if i < 0 {
				break
			}
			if when := stamp(b[:i]); !when.IsZero() && !when.Before(t) {
				f.rest = bytes.Clone(b)
				return all
			}
			f.ledger.advance(b[:i+1])
			f.line++
			b, all = b[i+1:], false
		}
		if len(b) == len(buf) { // a line longer than a block has no stamp worth a search
			f.ledger.advance(b)
			f.line, b = unknownLine, nil
		}
		f.rest = bytes.Clone(b)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				f.rest = nil // the loss is said when it is read
			}
			return all
		}
	}
}
