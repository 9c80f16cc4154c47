package main

import (
	"context"
	"slices"

	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input"
)

// early has small logs read while their formats are found out: opening one again would take longer than reading what is in it. That
// may not show, so it is only for those of which all is known then: access logs whose stamps all state their zone, as
//
//	192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 200 53
//
// that are told apart, belong to no other's generations, and of which no time is left out. nil reads nothing.
type early struct {
	p *pipeline
	*gathering
	stems map[string]int // how many files are called so
	size  int64
	at    [input.MaxHands]*earlyHand
}

// readingEarly is switched off by tests, which hold that it does not show.
var readingEarly = true

// early returns nil if nothing can be read early.
func (p *pipeline) early(sel *selection, files []*input.File) *early {
	archived := func(f *input.File) bool { a, _ := f.Archive(); return a != nil }
	if !readingEarly || sel.since != "" || sel.until != "" || len(files) > maxTold || slices.ContainsFunc(files, archived) {
		return nil
	}
	e := &early{p: p, stems: make(map[string]int, len(files))}
	for _, f := range files {
		e.stems[input.Stem(f.Name())]++
		e.size += f.Size()
	}
	return e
}

// begin is called when the configuration is known.
func (e *early) begin() {
	if e == nil {
		return
	}
	if e.size >= worthShedding {
		shed()
	}
	e.gathering = e.p.gathering(e.p.timeline(), input.Hands(), 0)
}

// may says whether one of several can read a log now.
func (e *early) may(by int, f *logFile) bool {
	return e != nil && !e.tight(by) && isAccess(f.format.Name) && f.format.Begins != nil && f.paste == nil && e.stems[input.Stem(f.Name())] == 1
}

// earlyHand is one of several who look at files.
type earlyHand struct {
	*hand
	files []*logFile // that have been read
	sure  int        // how many of them are handed over
}

// of is one of them.
func (e *early) of(by int) *earlyHand {
	if e.at[by] == nil {
		h := &earlyHand{hand: e.hand(by)}
		h.pause = func() {} // within a file nothing is handed over that may have to be forgotten
		e.at[by] = h
	}
	return e.at[by]
}

// read reads a log of so many lines in its head, and notes which moments it states. If they hang on what other logs state, it forgets all
// that it has not handed over yet, whose files are read again, and returns false.
func (e *early) read(ctx context.Context, by int, g *glance, lines parser.Source, head int) bool {
	h, f := e.of(by), g.file
	zoned, clear := false, true
	h.from = lines
	h.see = func(r *parser.Record, d *parser.Decoder) {
		g.moments[min(1, (r.Line-1)/head)].see(f, r, d)
		zoned = zoned || d.Zoned
		clear = clear && !d.Unzoned && isAccess(r.Format)
		d.Zoned = false
	}
	e.p.add(ctx, h.part, f, h.reader)
	if !clear {
		h.part, h.files = e.p.timeline(), h.files[:h.sure]
		*f = logFile{File: f.File, format: f.format}
		*g = glance{file: f}
		return false
	}
	f.stamps.zoned = zoned
	if h.files = append(h.files, f); h.part.Full() {
		h.give()
		h.sure = len(h.files)
	}
	return true
}

// end returns what was read, and of which files. nil if nothing was.
func (e *early) end() (whole *correlate.Timeline, of map[*logFile]bool) {
	if e == nil {
		return nil, nil
	}
	of = map[*logFile]bool{}
	for _, h := range e.at {
		if h == nil {
			continue
		}
		h.end()
		for _, f := range h.files {
			of[f] = true
		}
	}
	return e.whole, of
}
