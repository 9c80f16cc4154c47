package main

import (
	"iter"
	"time"

	"why502/parser"
)

// neighbours dates the entries of a paste that state no time by those that stand beside them: by the one before, or, at the beginning, by
// the first that states one. Who pastes "[error] connect() failed …" above a dated line of PHP-FPM's means one event. In a server's own
// logs that would be a guess.
type neighbours struct {
	last time.Time
	lent bool // to the entry that is yielded
	n    int  // how many entries that matter got theirs so
}

// maxHeld bounds the entries that wait for a time; what comes after them goes without.
const maxHeld = 256

// dated yields entries, those without a time with that of a neighbour, if there is one.
func (b *neighbours) dated(entries iter.Seq2[*parser.Record, error]) iter.Seq2[*parser.Record, error] {
	return func(yield func(*parser.Record, error) bool) {
		var held []*parser.Record // before any time was stated
		release := func() bool {
			b.lent = !b.last.IsZero()
			for _, r := range held {
				if r.Time = b.last; !yield(r, nil) {
					return false
				}
			}
			held, b.lent = nil, false
			return true
		}
		for r, err := range entries {
			switch {
			case err != nil:
			case !r.Time.IsZero():
				if b.last = r.Time; !release() {
					return
				}
			case r.Field("uptime") != nil: // the kernel's, which has a way of its own
			case !b.last.IsZero():
				r.Time, b.lent = b.last, true
			case len(held) < maxHeld:
				held = append(held, r.Clone())
				continue
			}
			if !yield(r, err) {
				return
			}
			b.lent = false
		}
		release()
	}
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
