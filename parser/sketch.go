package parser

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// sketch is what a format reads of a whole line before anybody knows what the line says: its time, what no two lines share,
// and the parts that other lines may have too.
//
//	2026/11/22 18:00:27 [error] 4468#4468: *11 no live upstreams while connecting to upstream, client: 192.0.2.7, server: ex.test, request: "GET /a HTTP/1.1", …
//	                    └───────────────────────── first part ──────────────────────────────┘             └─── second ───┘
type sketch struct {
	parts [2][]byte
	exact int     // so many bytes of the second part are taken as they are, numbers too: 0 or 8
	free  []byte  // stands between the parts in a message that holds both
	rec   *Record // the rest
	*Format
}

// read makes s the sketch of text. It is not ok if there is none.
func (s *sketch) read(d *Decoder, text []byte) (ok bool) {
	r := s.rec
	r.Client, r.Request, r.Method, r.URI, r.Upstream, r.Host, r.Referrer, r.Fields = nil, nil, nil, nil, nil, nil, nil, r.Fields[:0]
	s.parts[1], s.free, s.exact = nil, nil, 0
	return s.sketch(d, text, s)
}

// hash stands for the outline of the parts.
func (s *sketch) hash(seed uint64) uint64 {
	h := hashOutline(seed, s.parts[0])
	if s.exact > 0 {
		h = mix(h ^ binary.LittleEndian.Uint64(s.parts[1]))
	}
	return mix(hashOutline(h, s.parts[1][s.exact:]) ^ seed)
}

// span is a place in one of the parts.
type span struct{ part, at, n uint16 }

func (s *sketch) text(at span) []byte { return s.parts[at.part][at.at : at.at+at.n] }

func (s *sketch) number(at span) int64 {
	if at.n == 0 {
		return 0
	}
	n, _ := number(s.text(at))
	return n
}

// key is what a line names. Those that stand in a part are as long in each line of one outline.
func (s *sketch) key(names []span) (b []byte) {
	for _, at := range names {
		b = append(b, s.text(at)...)
	}
	if r := s.rec; r.Upstream != nil || r.Host != nil {
		stated := r.stated()
		b = slices.Concat(b, stated[:], r.Upstream, r.Host)
	}
	return b
}

// names says whether key is what the line names.
func (s *sketch) names(key string, names []span) bool {
	for _, at := range names {
		text := s.text(at)
		if len(key) < len(text) || key[:len(text)] != string(text) {
			return false
		}
		key = key[len(text):]
	}
	r := s.rec
	if r.Upstream == nil && r.Host == nil {
		return len(key) == 0
	}
	n := len(r.Upstream)
	stated := r.stated()
	return len(key) == statedSize+n+len(r.Host) && key[:statedSize] == string(stated[:]) &&
		key[statedSize:statedSize+n] == string(r.Upstream) && key[statedSize+n:] == string(r.Host)
}

const statedSize = 4

// stated says which of Upstream and Host a line has, and where in a key one ends and the other begins.
func (r *Record) stated() (b [statedSize]byte) {
	if r.Upstream != nil {
		b[0] = 1
	}
	if r.Host != nil {
		b[0] |= 2
	}
	n := len(r.Upstream)
	b[1], b[2], b[3] = byte(n), byte(n>>8), byte(n>>16)
	return b
}

// layout finds out where in a line the things stand that its record is made of.
type layout struct {
	*sketch
	pid, conn span
	names     []span
	outlines  [2][]byte // of the parts, nil before one is asked for
	passed    []span    // numbers that nobody asks for
}

// read says whether all is found that matters of r.
func (l *layout) read(r *Record, asks func(key string) bool) bool {
	light := l.rec
	if r.Format != light.Format || r.Duration != light.Duration || r.Status != 0 || r.Time != light.Time || r.Fold != light.Fold ||
		bytes.IndexByte(l.parts[0], 0) >= 0 || bytes.IndexByte(l.parts[1], 0) >= 0 || // as digits that are left out look in an outline
		l.learnable != nil && !l.learnable(l.parts[0]) {
		return false
	}
	for _, f := range [...][2][]byte{
		{r.Client, light.Client},
		{r.Request, light.Request},
		{r.Method, light.Method},
		{r.URI, light.URI},
		{r.Referrer, light.Referrer},
		{r.Field("port"), light.Field("port")},
	} {
		if !same(f[0], f[1]) {
			return false
		}
	}
	for _, f := range [...][2][]byte{{r.Upstream, light.Upstream}, {r.Host, light.Host}} {
		if !same(f[0], f[1]) && (f[1] != nil || !l.name(f[0])) {
			return false
		}
	}
	for _, name := range [...][]byte{r.Server, r.Vhost, r.Pool, r.Script} {
		if name != nil && !l.name(name) {
			return false
		}
	}
	for _, f := range r.Frames {
		if len(f.File) > 0 && !l.name(f.File) {
			return false
		}
	}
	for _, f := range r.Fields {
		switch at, found := l.find(f.Value); {
		case f.Key == "port":
		case f.Key == "ah":
			if !found || at.part != 1 || at.at != 0 || l.exact == 0 { // what follows goes by its number
				return false
			}
		case asks(f.Key):
			if !found {
				return false
			}
			l.names = append(l.names, at)
		case f.Key == "tid" && found:
			l.passed = append(l.passed, at)
		}
	}
	return l.errno(r.Errno) && l.one(&l.pid, int64(r.PID)) && l.one(&l.conn, r.Conn)
}

// same says whether two texts stand at one place, or both are missing.
func same(a, b []byte) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b) && (a == nil) == (b == nil)
	}
	return len(a) == len(b) && &a[0] == &b[0]
}

// find is where a text stands that is a piece of one of the parts, not only equal to one.
func (l *layout) find(text []byte) (at span, found bool) {
	for i, p := range l.parts {
		// All are cut from one line, so they end at one place.
		n := cap(p) - cap(text)
		if text != nil && n >= 0 && n+len(text) <= len(p) && same(text, p[n:n+len(text)]) {
			return span{uint16(i), uint16(n), uint16(len(text))}, true
		}
	}
	return at, false
}

func (l *layout) name(text []byte) bool {
	at, found := l.find(text)
	l.names = append(l.names, at)
	return found
}

// outline is the outline of a piece of a part; nil if it is none.
func (l *layout) outline(text []byte) []byte {
	at, found := l.find(text)
	if !found {
		return nil
	}
	outline := &l.outlines[at.part]
	if *outline == nil {
		part, exact := l.parts[at.part], 0
		if at.part == 1 {
			exact = l.exact
		}
		*outline = append(part[:exact:exact], Outline(part[exact:])...)
	}
	return (*outline)[at.at : at.at+at.n]
}

// message are the outlines of what stands before and after the free text of a message; all of it is before if there is none.
func (l *layout) message(text []byte) (before, after []byte, ok bool) {
	if l.free == nil {
		before = l.outline(text)
		return before, nil, len(before) > 0
	}
	from, to := cap(l.parts[0])-cap(text), cap(text)-len(text)
	if from < 0 || from >= len(l.parts[0]) || !same(text[:1], l.parts[0][from:from+1]) || to != cap(l.parts[1])-len(l.parts[1]) {
		return nil, nil, false
	}
	return Outline(l.parts[0])[from:], Outline(l.parts[1]), true
}

// errno makes names of all numbers that may be the one the record has.
func (l *layout) errno(value int) bool {
	all := l.numbers(int64(value))
	if value == 0 {
		return len(all) == 0
	}
	l.names = append(l.names, all...)
	return len(all) > 0
}

// one finds the only place in which a number stands. A line that has none must not have one that came out as 0.
func (l *layout) one(at *span, value int64) bool {
	all := l.numbers(value)
	if value == 0 {
		return len(all) == 0
	}
	if len(all) == 1 {
		*at = all[0]
	}
	return len(all) == 1
}

// numbers are the places in which a number stands, but for those passed over. Zeros of one digit are no others in any line of the
// outline.
func (l *layout) numbers(value int64) (all []span) {
	for i, p := range l.parts {
		for at := 0; at < len(p); at++ {
			if !isDigit(p[at]) {
				continue
			}
			end := at
			for end < len(p) && isDigit(p[end]) {
				end++
			}
			place := span{uint16(i), uint16(at), uint16(end - at)}
			if n, _ := number(p[at:end]); n == value && !slices.Contains(l.passed, place) && (value != 0 || end-at > 1) {
				all = append(all, place)
			}
			at = end
		}
	}
	return all
}
