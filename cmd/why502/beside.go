package main

import (
	"time"

	"why502/parser"
)

// neighbours dates the entries of a paste that state no time by those that stand beside them: by the one before, or, at the beginning, by
// the first that states one. Who pastes "[error] connect() failed …" above a dated line of PHP-FPM's means one event. In a server's own
// logs that would be a guess.
type neighbours struct {
	last time.Time
	held []*parser.Record // before any time was stated
	n    int              // how many entries that matter were dated so
}

// maxHeld bounds the entries that wait for a time; pastes that begin with more of them are left as they are.
const maxHeld = 256

// date gives r a time, if another entry has one: lent says so. If it must wait for that, it is kept.
func (b *neighbours) date(r *parser.Record) (lent, kept bool) {
	switch {
	case !r.Time.IsZero():
		b.last = r.Time
	case r.Field("uptime") != nil: // the kernel's, which has a way of its own
	case !b.last.IsZero():
		r.Time = b.last
		return true, false
	case len(b.held) < maxHeld:
		b.held = append(b.held, r.Clone())
		return false, true
	}
	return false, false
}

// release returns those that waited, with the time that is known now, if it is.
func (b *neighbours) release() (held []*parser.Record, lent bool) {
	if b == nil {
		return nil, false
	}
	held, b.held = b.held, nil
	for _, r := range held {
		r.Time = b.last
	}
	return held, !b.last.IsZero()
}

// besideNotes says of how many entries the time was taken from their neighbours.
func (p *pipeline) besideNotes() (notes []string) {
	if n := p.lent(); n > 0 {
		notes = append(notes, many(n, "entry that matters states no time: it is taken to have happened with the one beside it.", "entries that matter state no time: each is taken to have happened with the one beside it."))
	}
	return notes
}

// lent is of how many entries that was so.
func (p *pipeline) lent() int {
	n := p.dropped.lent
	for _, f := range p.files {
		if f.beside != nil {
			n += f.beside.n
		}
	}
	return n
}
