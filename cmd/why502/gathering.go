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
	at    turn         // at whole
	hands atomic.Int32 // there is room for what so many hold
	least int          // so many go on however little there is
	heap  crowd
}

// turn is a lock that goes to those who wait for it in the order in which they came.
type turn chan struct{}

func (t turn) Lock() { t <- struct{}{} }

func (t turn) Unlock() { <-t }

func (p *pipeline) gathering(whole *correlate.Timeline, hands, least int) *gathering {
	g := &gathering{p: p, whole: whole, at: make(turn, 1), least: least}
	g.allow(hands)
	return g
}

// allow has so many read on.
func (g *gathering) allow(hands int) {
	g.hands.Store(int32(hands))
	g.heap = crowd{room: roomForSome}
	if hands == 2 { // they hold less beside the whole than many
		g.heap.room += roomForSome / 5
	}
}

// tight says that there is no room for what the hand of that number holds: it leaves the rest to others. Where many are too many, two
// go on; where they are, no more than have to.
func (g *gathering) tight(number int) bool { return number >= int(g.hands.Load()) }

// hand is one of those who read.
type hand struct {
	reader
	part *correlate.Timeline
	give func() // what part holds to the whole
	end  func() // gives all, for the last time
}

func (g *gathering) hand(number int) *hand {
	h := &hand{part: g.p.timeline()}
	h.give = func() {
		g.at.Lock()
		defer g.at.Unlock()
		g.whole.Take(h.part)
		if !g.heap.crowded() {
			return
		}
		if g.hands.Load() > 2 {
			g.allow(2)
		} else {
			g.allow(g.least)
		}
	}
	h.end = func() {
		g.at.Lock()
		defer g.at.Unlock()
		g.whole.Merge(h.part)
	}
	h.reader = reader{enough: func() bool { return g.tight(number) }, pause: func() {
		if h.part.Full() {
			h.give()
		}
	}}
	return h
}

// first is the one who fills the whole: what it reads is never handed over. The others come in between.
func (g *gathering) first() *hand {
	return &hand{part: g.whole, reader: reader{at: g.at, pause: func() {
		g.at.Unlock()
		g.at.Lock()
	}}}
}

// roomForSome is how much may be on the heap before fewer read on. What floods the tables would mostly be handed over:
// several take ten megabytes more for it, and are hardly quicker. Tests leave none.
var roomForSome uint64 = 20 << 20

// crowd notes how often in a row the garbage collector found too much on the heap. Once is no sign: just before marks are told apart
// less finely there are most of them.
type crowd struct{ room, first uint64 } // first is the number of the collection, 0 if there was none

// crowded says whether there is no room for so many, as it was when the garbage collector ran the last two times.
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
