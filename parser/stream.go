package parser

import (
	"cmp"
	"errors"
	"slices"
	"sync"
)

// Stream does what Records does, for lines that are pushed: those of a log that is still being written. Its last entry is
// complete only when another line begins one, or when the pusher has waited long enough and calls Flush.
type Stream struct {
	joiner
	d     *Decoder
	rec   Record
	light Record // of a sketch
	sketch
	block *Block     // of the line that is put, if its others are at hand
	inner *unwrapper // nil before the first entry in an envelope
	yield func(*Record, error) bool
}

// NewStream returns a Stream of the lines of the log called name. yield gets what Records would yield; if it returns
// false, Put and Flush do so too and must not be called again.
func NewStream(name string, f *Format, d *Decoder, yield func(*Record, error) bool) *Stream {
	r := &Stream{}
	r.begins(name, f, d, yield)
	return r
}

func (r *Stream) begins(name string, f *Format, d *Decoder, yield func(*Record, error) bool) {
	r.format, r.name, r.d, r.yield = f, name, d, yield
	r.light.File, r.light.Format = name, f.Name
	r.sketch.rec, r.sketch.Format = &r.light, f
}

// streams are used again: a folder may hold thousands of files.
var streams = sync.Pool{New: func() any { return &Stream{} }} // each empty

// empty leaves nothing of r but its room.
func (r *Stream) empty() {
	buf, frames, fields := r.buf, r.rec.Frames, r.rec.Fields
	clear(frames[:cap(frames)])
	clear(fields[:cap(fields)])
	*r = Stream{}
	r.buf, r.rec.Frames, r.rec.Fields = buf[:0], frames[:0], fields[:0]
}

// Put takes the next line.
func (r *Stream) Put(line Line) bool { return r.put(&line) }

func (r *Stream) put(line *Line) bool {
	if line.Fresh && !r.afresh() {
		return false
	}
	if r.joins(line.Text) {
		r.add(line.Text)
		return true
	}
	return r.emit() && r.start(line)
}

// PutBlock takes the next lines.
func (r *Stream) PutBlock(b *Block) bool {
	if !b.single {
		r.block = b
		defer func() { r.block = nil }()
	}
	var line Line
	for {
		if r.format.entire != nil && !b.single {
			if found, more := r.entire(b); !more {
				return false
			} else if found {
				continue
			}
		}
		if !b.next(&line) {
			return true
		}
		more := false
		if r.open || line.Fresh {
			more = r.put(&line)
		} else {
			more = r.start(&line)
		}
		if !more {
			return false
		}
	}
}

// entire takes a whole entry off b, if the next lines surely are one. It is the same record as if each had been put.
func (r *Stream) entire(b *Block) (found, more bool) {
	f := r.format
	n, lines, key := f.entire(b.Text, r.d.key)
	if r.d.key = key; n == 0 {
		return false, true
	}
	id := stackOf(key)
	if b.Fresh && !r.afresh() || !r.emit() {
		return true, false
	}
	raw, pos := b.Text[:n], Pos{File: r.name, Line: b.Number + 1, Offset: b.Offset}
	b.drop(n+len("\n\n"), lines+1)
	if r.d.known != nil {
		l := &r.light
		*l = Record{Pos: pos, Lines: lines, Format: f.Name, Raw: raw, Duration: -1, Stack: id}
		if f.light(r.d, raw, l) && r.d.known(l) {
			return true, true
		}
	}
	r.fill(f, pos, lines, raw)
	return true, r.hand(f.Parse(r.d, raw, &r.rec), pos, f.Name, raw)
}

// Flush closes the entries that wait for further lines.
func (r *Stream) Flush() bool { return r.emit() && (r.inner == nil || r.inner.flush(r.wrapped)) }

// Held says where some lines of a log stand.
type Held struct {
	Offset int64 `json:"offset"` // of the first
	Line   int   `json:"line"`   // its number
	Lines  int   `json:"lines"`
}

// Held returns the lines that were put and have not been yielded as part of a record, in their order.
func (r *Stream) Held() []Held {
	var held []Held
	if r.inner != nil {
		for i := range r.inner.slots {
			if s := &r.inner.slots[i]; s.open {
				held = append(held, s.parts...)
			}
		}
	}
	if r.open {
		held = append(held, Held{r.pos.Offset, r.pos.Line, r.lines})
	}
	slices.SortFunc(held, func(a, b Held) int { return cmp.Compare(a.Offset, b.Offset) })
	return held
}

// afresh ends what is open and forgets what was learnt of the order of entries; false ends the reading.
func (r *Stream) afresh() bool {
	if !r.Flush() {
		return false
	}
	r.d.afresh()
	return true
}

// start begins an entry with line, or parses it at once if it is one by itself; false ends the reading.
func (r *Stream) start(line *Line) bool {
	f := r.format
	if f.sketch != nil && r.d.echo != nil && r.echoes(f, line) {
		return true
	}
	if f.Whole != nil && f.Whole(line.Text) {
		r.fill(f, Pos{File: r.name, Line: line.Number, Offset: line.Offset}, 1, line.Text)
		if f.Parse(r.d, line.Text, &r.rec) == nil {
			return r.yield(&r.rec, nil)
		}
	}
	r.begin(line)
	return true
}

// echoes says whether line, or the entry that begins with it, was known and taken for another of its kind.
func (r *Stream) echoes(f *Format, line *Line) bool {
	l := &r.light
	l.Line, l.Offset, l.Lines, l.Raw, l.Duration = line.Number, line.Offset, 1, line.Text, -1
	if r.sketch.read(r.d, line.Text) {
		return r.d.echo(&r.sketch)
	}
	b := r.block
	if b == nil || f.several == nil {
		return false
	}
	passed := int(b.Offset - line.Offset)
	text := line.Text[:passed+len(b.Text)]
	n, lines := f.several(text)
	if n == 0 {
		return false
	}
	l.Lines, l.Raw = lines, text[:n]
	if !r.sketch.read(r.d, l.Raw) || !r.d.echo(&r.sketch) {
		return false
	}
	b.drop(n+1-passed, lines-1)
	return true
}

// fill makes the record ready for f to parse raw into it.
func (r *Stream) fill(f *Format, pos Pos, lines int, raw []byte) {
	r.rec.Reset()
	r.rec.Pos, r.rec.Lines, r.rec.Format, r.rec.Raw = pos, lines, f.Name, raw
}

// emit parses the entry that is complete, if there is one; false ends the reading.
func (r *Stream) emit() bool {
	if !r.open {
		return true
	}
	r.open = false
	if r.cur.unwrap != nil && len(r.buf) > 0 {
		if r.inner == nil {
			r.inner = &unwrapper{}
		}
		if ok, more := r.inner.put(r.d, r.cur, r.pos, r.lines, r.buf, r.wrapped); ok {
			return more
		}
	}
	r.fill(r.cur, r.pos, r.lines, r.buf)
	return r.hand(r.cur.Parse(r.d, r.buf, &r.rec), r.pos, r.cur.Name, r.buf)
}

// wrapped parses an entry that came in envelopes.
func (r *Stream) wrapped(e *wrappedEntry) bool {
	r.rec.Reset()
	return r.hand(e.parse(r.d, &r.rec), e.pos, e.wrap.Name, r.rec.Raw)
}

// hand passes a record on, or says why there is none.
func (r *Stream) hand(err error, pos Pos, format string, raw []byte) bool {
	switch {
	case err == nil:
		return r.yield(&r.rec, nil)
	case errors.Is(err, errSkip):
		return true
	}
	return r.yield(nil, &SyntaxError{Pos: pos, Format: format, Raw: raw, Reason: err.Error()})
}
