package parser

import (
	"bytes"
	"math/rand/v2"
)

// Echoes knows lines again that are like one before but for their numbers, so that they can be counted without being taken
// apart once more. Of each outline it remembers what the caller made of a record of it, T, and where in a line those few
// things stand that are no two lines' own.
//
//	2026/11/22 18:00:27 [error] 4468#4468: *11 no live upstreams while connecting to upstream, client: 192.0.2.7, server: ex.test, request: "GET /a HTTP/1.1", …
//	2026/11/22 18:00:27 [error] 4468#4468: *17 no live upstreams while connecting to upstream, client: 192.0.2.9, server: ex.test, request: "GET /b HTTP/1.1", …
//
// It serves one reader of one file. Which lines it knows shows in nothing but in time.
type Echoes[T any] struct {
	d     *Decoder
	use   func(r *Record, made T) bool
	plain func(text []byte) bool

	seed  uint64
	seen  []uint32 // outlines that came once: most of those with free text never come again
	kept  []kept[T]
	lines int // asked for
	tried int // to learn
	asked asked[T]
	texts map[string]string // names of variants: many outlines have the same
}

const (
	echoBits = 12
	echoWays = 4    // places for an outline, side by side
	maxSame  = 16   // variants of an outline
	maxEcho  = 1000 // bytes of the parts of a line that is worth it
	minLines = 100  // of a log that is worth it
)

// kept is where an outline is remembered.
type kept[T any] struct {
	hash uint64
	*echo[T]
}

// asked is the line that was looked for last, if there is something to learn from it.
type asked[T any] struct {
	*sketch
	pos   Pos
	lines int
	hash  uint64
	known *echo[T] // its outline, nil if that is not known
	again bool     // it came before and should be learnt
	stale *T       // what was made of it, and is no longer of use
}

// echo is what the lines of one outline share. There are thousands, looked for at random: it should lie in one piece.
type echo[T any] struct {
	pid, conn span         // n is 0 if they state none
	names     []span       // what tells the variants apart
	variants  []variant[T] // one mostly
	spans     [3]span      // room for most names
	one       [1]variant[T]
}

type variant[T any] struct {
	names string
	made  T
}

// NewEchoes returns Echoes for the entries that d reads. For a line that is known, use gets what was made of one before, and a
// record that holds what Meaning lists; if it returns false the line is parsed as any other. Text that lines have in the middle of
// their message, and do not share, must be plain: mean nothing wherever it stands.
func NewEchoes[T any](d *Decoder, use func(r *Record, made T) bool, plain func(text []byte) bool) *Echoes[T] {
	e := &Echoes[T]{d: d, use: use, plain: plain, seed: rand.Uint64(), texts: map[string]string{}}
	d.echo = e.find
	return e
}

// find looks whether a line is known, and whether that is of use.
func (e *Echoes[T]) find(s *sketch) bool {
	a := &e.asked
	a.sketch = nil
	switch e.lines++; {
	case e.lines < minLines, len(s.parts[0])+len(s.parts[1]) > maxEcho:
		return false
	case e.kept == nil:
		e.seen, e.kept = make([]uint32, 1<<echoBits), make([]kept[T], 1<<echoBits)
	}
	hash := s.hash(e.seed)
	at := hash >> (64 - echoBits)
	k := &e.kept[at]
	for i := uint64(1); k.hash != hash && i < echoWays; i++ {
		k = &e.kept[at^i]
	}
	known := k.echo
	if known == nil || k.hash != hash {
		if e.seen[at] == uint32(hash) {
			*a = asked[T]{sketch: s, pos: s.rec.Pos, lines: s.rec.Lines, hash: hash, again: true}
		}
		e.seen[at] = uint32(hash)
		return false
	}
	for i := range known.variants {
		v := &known.variants[i]
		if !s.names(v.names, known.names) {
			continue
		}
		s.rec.PID, s.rec.Conn = int(s.number(known.pid)), s.number(known.conn)
		if s.free != nil && !e.plain(s.free) {
			return false
		}
		if e.use(s.rec, v.made) {
			return true
		}
		*a = asked[T]{sketch: s, pos: s.rec.Pos, lines: s.rec.Lines, stale: &v.made}
		return false
	}
	if len(known.variants) < maxSame {
		*a = asked[T]{sketch: s, pos: s.rec.Pos, lines: s.rec.Lines, hash: hash, known: known, again: true}
	}
	return false
}

// room is where an outline is to be remembered. Where others have all its places one of them goes, not always the oldest: those that
// come by turns would else be forgotten each time before they come again.
func (e *Echoes[T]) room(hash uint64) *kept[T] {
	at := hash >> (64 - echoBits)
	for i := range uint64(echoWays) {
		if k := &e.kept[at^i]; k.echo == nil {
			return k
		}
	}
	return &e.kept[at^uint64(e.tried)%echoWays]
}

// Meaning says what is made of a record. It may go by nothing but the outline of the message, the phase, the level, what the
// record names (Server, Vhost, Pool, Script, Upstream, Host, Errno, the fields it asks for), and what use gets: Time, Fold, PID,
// Conn, Client, Request, URI, Method, Duration, the field "port", Raw and where it stands.
type Meaning[T any] struct {
	Asks  func(key string) bool           // for a field
	Blind func(before, after []byte) bool // whether the outline of the message tells as much as it, with plain text between; after is nil if there is none
	Made  func() (made T, ok bool)
}

// Learn remembers what is made of r, if it is the record of the line looked for last.
func (e *Echoes[T]) Learn(r *Record, m Meaning[T]) {
	a := &e.asked
	if a.sketch == nil || a.pos != r.Pos || a.lines != r.Lines {
		return
	}
	if a.stale != nil {
		if made, ok := m.Made(); ok {
			*a.stale = made
		}
		a.stale = nil
		return
	}
	// Lines that go on changing shall not cost much more than they did.
	if !a.again || e.tried > 1<<echoBits+e.lines/256 {
		return
	}
	a.again = false
	e.tried++
	if r.Lines > 1 && !(a.read(e.d, r.Raw) && a.sketch.hash(e.seed) == a.hash) { // the record is not of the bytes that were looked at
		return
	}
	l := layout{sketch: a.sketch}
	if !l.read(r, m.Asks) {
		return
	}
	before, after, ok := l.message(r.Message)
	if !ok || !bytes.Equal(l.outline(r.Phase), r.Phase) || a.free != nil && !e.plain(a.free) || !m.Blind(before, after) {
		return
	}
	made, ok := m.Made()
	if !ok {
		return
	}
	known := a.known
	if known == nil {
		known = &echo[T]{pid: l.pid, conn: l.conn}
		known.names = append(known.spans[:0], l.names...)
		known.variants = known.one[:0]
		*e.room(a.hash) = kept[T]{a.hash, known}
	}
	key := a.key(known.names)
	names, there := e.texts[string(key)]
	if !there {
		names = string(key)
		e.texts[names] = names
	}
	known.variants = append(known.variants, variant[T]{names, made})
}
