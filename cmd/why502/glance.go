package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"why502/parser"
	"why502/parser/input"
)

// glance is what the ends of one file show.
type glance struct {
	file    *logFile
	pasted  []time.Time // moments that a paste states with their year
	moments [2]stated   // of its head and its tail
}

// stated is which moments some lines state.
type stated struct {
	first, last           time.Time // with their offset
	firstDated, lastDated time.Time // with their year but without an offset
	offsets               []statedAt
}

// statedAt is an offset that access logs state, and when.
type statedAt struct {
	east int
	at   time.Time
}

// glanced is how many files are looked at before what was found is noted.
const glanced = 1024

// glancer looks at one file after another.
type glancer struct {
	hand  int // which of several
	early *early
	ends  input.Ends
	d     parser.Decoder

	misled bool // a file was wrongly trusted
}

// alongside says that f can be looked at while others are. Unpacking may take megabytes, and members of an archive come one by one.
func alongside(f *input.File) bool {
	a, _ := f.Archive()
	return a == nil && !f.Stream() && !f.Packed()
}

// look finds out the format of a file, and which moments its ends state. It only reads s. A small log may be read at once.
func (l *glancer) look(ctx context.Context, s *survey, f *input.File, few bool, g *glance) {
	lf := &logFile{File: f}
	g.file = lf
	if f.Known() != nil {
		return
	}
	if err := l.ends.Read(f); err != nil { // it is said when the file is read
		l.misled = l.misled || errors.Is(err, input.ErrTrust)
		return
	}
	defer l.ends.Close()
	head, d := l.ends.Head, &l.d
	*d = parser.Decoder{Zone: time.UTC, Ref: f.ModTime(), Path: f.Name(), Access: s.access, Own: s.own}
	lf.format = d.Detect(head)
	lf.unpaste(ctx, head, few, d)
	if lf.paste != nil {
		g.pasted = lf.paste.Dated
	}
	if lf.format == nil {
		return
	}
	if l.early.may(l.hand, lf) {
		if lines := l.ends.Lines(); lines != nil && l.early.read(ctx, l.hand, g, lines, len(head)) {
			return
		}
	}
	g.moments[0] = lf.moments(ctx, head, d)
	tail := l.ends.Tail
	if l.ends.Whole && lf.format.Begins != nil { // nothing that was read of them hangs on what stood before
		tail = tail[min(len(head), len(tail)):]
	}
	if len(tail) > 0 {
		g.moments[1] = lf.moments(ctx, tail, d)
	}
}

// moments gathers those that the head or tail of a log states, and the offsets of access logs: the clock of the same host runs in
// nginx's error log.
func (f *logFile) moments(ctx context.Context, head [][]byte, d *parser.Decoder) (m stated) {
	for r, err := range parser.Records(ctx, headSource{f.Name(), head}, f.format, d) {
		if err == nil {
			m.see(f, r, d)
		}
		d.Zoned = false
	}
	return m
}

// see notes what a record of f states, which d has read.
func (m *stated) see(f *logFile, r *parser.Record, d *parser.Decoder) {
	if r.Time.IsZero() {
		return
	}
	if f.from.IsZero() || r.Time.Before(f.from) {
		f.from = r.Time
	}
	if r.Time.After(f.to) {
		f.to = r.Time
	}
	if d.Zoned {
		if m.last = r.Time; m.first.IsZero() {
			m.first = r.Time
		}
		if east, ok := statedOffset(r.Raw); ok && isAccess(r.Format) {
			m.offset(east, r.Time)
		}
		return
	}
	// A year that was guessed proves nothing, unless its day is rare. It may be that of a line that follows: entries are read ahead.
	if !slices.Contains(d.Guessed[:], r.Time.Year()) || leapDay(r.Time) {
		if m.lastDated = r.Time; m.firstDated.IsZero() {
			m.firstDated = r.Time
		}
	}
}

// leapDay says whether t is a 29 February: of what lies beside it only one year in four can be meant then.
func leapDay(t time.Time) bool { return t.Month() == time.February && t.Day() == 29 }

// offset notes an offset; the last time counts.
func (m *stated) offset(east int, at time.Time) {
	for i := range m.offsets {
		if m.offsets[i].east == east {
			m.offsets[i].at = at
			return
		}
	}
	m.offsets = append(m.offsets, statedAt{east, at})
}

func isAccess(format string) bool { return strings.HasSuffix(format, "-access") }
