package parser

import "time"

// unwrapper joins entries whose lines come each in an envelope of its own. Several writers share a container's or the
// journal's stream, so one entry of each may be open:
//
//	php-1    | [22-Nov-2026 10:00:05]  [pool www] pid 4242
//	nginx-1  | 2026/11/22 10:00:05 [error] 29#29: *1 upstream timed out …
//	php-1    | script_filename = /srv/index.php
type unwrapper struct {
	slots [openEntries]wrappedEntry
	env   envelope
	turn  int // counts entries: one that stays open for long is closed
}

const (
	openEntries = 8
	openTurns   = 256
	openTime    = 2 * time.Second // between the first and the last line of an entry, as the envelopes say
)

// wrappedEntry is an entry without its envelopes, in buffers of its own.
type wrappedEntry struct {
	open   bool
	turn   int
	pos    Pos
	lines  int
	wrap   *Format // of the envelope
	format *Format // of the text, nil if plain
	env    envelope
	text   []byte
	raw    []byte // nil if the text was escaped
	key    []byte
	names  []byte // ident and unit
	parts  []Held // the lines it is made of
}

// put takes the envelopes off one entry; emit gets every entry that is complete.
func (u *unwrapper) put(d *Decoder, f *Format, pos Pos, lines int, raw []byte, emit func(*wrappedEntry) bool) (ok, more bool) {
	e := &u.env
	if !d.unwrap(f, raw, e) {
		return false, true
	}
	if e.quiet {
		return true, true
	}
	u.turn++
	for s := u.oldest(); s != nil && s.over(u.turn, e); s = u.oldest() {
		if s.open = false; !emit(s) {
			return true, false
		}
	}
	var free *wrappedEntry
	for i := range u.slots {
		s := &u.slots[i]
		if s.open && string(s.key) == string(e.key) {
			if s.takes(e) {
				s.add(e, pos, lines, raw)
				return true, true
			}
			if s.open = false; !emit(s) {
				return true, false
			}
			free = s
			break
		}
		if !s.open {
			free = s
		}
	}
	if free == nil {
		free = u.oldest()
		if free.open = false; !emit(free) {
			return true, false
		}
	}
	free.begin(d, e, u.turn, pos, lines, raw)
	free.wrap = f
	if free.env.partial || free.format != nil && free.format.Continues != nil {
		return true, true
	}
	free.open = false
	return true, emit(free)
}

// flush closes all entries, the older ones first.
func (u *unwrapper) flush(emit func(*wrappedEntry) bool) bool {
	for s := u.oldest(); s != nil; s = u.oldest() {
		if s.open = false; !emit(s) {
			return false
		}
	}
	return true
}

// oldest returns the entry that has been open longest, nil if none is.
func (u *unwrapper) oldest() *wrappedEntry {
	var first *wrappedEntry
	for i := range u.slots {
		if s := &u.slots[i]; s.open && (first == nil || s.turn < first.turn) {
			first = s
		}
	}
	return first
}

// over says whether nothing can belong to the entry any more.
func (s *wrappedEntry) over(turn int, e *envelope) bool {
	return turn-s.turn > openTurns || e.time.Sub(s.env.time) > openTime
}

// takes says whether the text of e belongs to the entry.
func (s *wrappedEntry) takes(e *envelope) bool {
	switch {
	case s.lines >= maxEntryLines || len(s.text)+len(e.text) >= maxEntry || len(s.raw) >= maxEntry:
		return false
	case s.env.partial:
		return true
	case s.format == nil || s.format.Continues == nil || e.time.Sub(s.env.time).Abs() > openTime:
		return false
	}
	return s.format.Continues(s.text, firstLine(e.text))
}

func (s *wrappedEntry) add(e *envelope, pos Pos, lines int, raw []byte) {
	if !s.env.partial {
		s.text = append(s.text, '\n')
	}
	s.text = append(s.text, e.text...)
	s.env.partial = e.partial
	s.lines += lines
	s.parts = append(s.parts, Held{pos.Offset, pos.Line, lines})
	if !s.env.encoded {
		s.raw = append(append(s.raw, '\n'), raw...)
	}
}

// begin copies everything: what e points to lives until the next line.
func (s *wrappedEntry) begin(d *Decoder, e *envelope, turn int, pos Pos, lines int, raw []byte) {
	s.open, s.turn, s.pos, s.lines, s.env = true, turn, pos, lines, *e
	s.parts = append(s.parts[:0], Held{pos.Offset, pos.Line, lines})
	s.format = d.inside(e)
	s.text = append(s.text[:0], e.text...)
	s.key = append(s.key[:0], e.key...)
	s.raw = s.raw[:0]
	if !e.encoded {
		s.raw = append(s.raw, raw...)
	}
	s.names = append(append(s.names[:0], e.ident...), e.unit...)
	s.env.ident, s.env.unit = nil, nil
	if n := len(e.ident); n > 0 {
		s.env.ident = s.names[:n:n]
	}
	if len(e.unit) > 0 {
		s.env.unit = s.names[len(e.ident):]
	}
}

// parse reads the entry.
func (s *wrappedEntry) parse(d *Decoder, r *Record) error {
	r.Pos, r.Lines, r.Format, r.Raw = s.pos, s.lines, s.wrap.Name, s.raw
	if s.env.encoded {
		r.Raw = s.text
	}
	s.env.text = s.text
	return d.enveloped(&s.env, s.format, r)
}
