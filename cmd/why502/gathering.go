package main

import (
	"runtime/metrics"
	"sync/atomic"

	"why502/classifier/correlate"
)

// gathering is what several collect on one timeline.
type gathering struct {
	p     *pipeline
	whole *correlate.Timeline
	tight atomic.Bool // there is no room for what several hold
	heap  crowd
}

func (p *pipeline) gathering(whole *correlate.Timeline, several int) *gathering {
	g := &gathering{p: p, whole: whole, heap: crowd{room: roomForSome}}
	if several == 2 { // they hold less beside the whole than many
		g.heap.room += roomForSome / 5
	}
	return g
}

// hand is one of those who read.
type hand struct {
	reader
	part *correlate.Timeline
	give func() // what part holds to the whole
}

func (g *gathering) hand() *hand {
	h := &hand{part: g.p.timeline()}
	h.give = func() {
		g.p.mu.Lock()
		defer g.p.mu.Unlock()
		g.whole.Take(h.part)
		if g.heap.crowded() {
			g.tight.Store(true)
		}
	}
	h.reader = reader{enough: g.tight.Load, pause: func() {
		if h.part.Full() {
			h.give()
		}
	}}
	return h
}

// roomForSome is how much may be on the heap before one worker alone reads on. What floods the tables would mostly be handed over:
// several take ten megabytes more for it, and are hardly quicker. Tests leave none.
var roomForSome uint64 = 20 << 20

// crowd notes how often in a row the garbage collector found too much on the heap. Once is no sign: just before marks are told apart
// less finely there are most of them.
type crowd struct{ room, first uint64 } // first is the number of the collection, 0 if there was none

// crowded says whether there is no room for more than one worker, as it was when the garbage collector ran the last two times.
func (c *crowd) crowded() bool {
	now := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(now)
	live, number := now[0].Value.Uint64(), now[1].Value.Uint64()
	switch {
	case live <= c.room:
		c.first = 0
	case c.first == 0:
		c.first = number
	}
	return c.first > 0 && number > c.first
}
