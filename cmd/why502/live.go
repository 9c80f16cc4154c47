package main

import (
	"context"
	"errors"
	"time"

	"why502/parser"
	"why502/parser/input"
	"why502/parser/input/follow"
)

// run hands over records until ctx ends, and what is left of them then.
func (l *live) run(ctx context.Context, tick func() error) error {
	for e := range l.watch.Events(ctx) {
		switch e.Kind {
		case follow.Line:
			s := l.stream(e.File)
			s.lines++
			s.last = time.Now()
			s.Put(e.Line)
		case follow.Quiet:
			if s := l.streams[e.File]; s != nil {
				s.Flush()
			}
		case follow.Closed:
			if s := l.streams[e.File]; s != nil {
				s.Flush()
				delete(l.streams, e.File)
			}
		case follow.Lost:
			l.unread = true
			complain(l.stderr, e.Gap.String())
		case follow.Changed:
			l.changed(e.State)
		case follow.Tick:
			l.doubts()
			now := time.Now()
			for f, s := range l.streams {
				held := s.Held()
				if f.Hold(held); held == nil && now.Sub(s.last) > restStream {
					delete(l.streams, f)
				}
				s.decoder.Ref = now
			}
			if l.err == nil {
				l.err = tick()
			}
		}
		if l.err != nil {
			return l.err
		}
	}
	for f, s := range l.streams {
		s.Flush()
		f.Hold(nil)
	}
	return l.err
}

// stream is what makes records of the lines of f.
func (l *live) stream(f *follow.File) *liveStream {
	s := l.streams[f]
	if s != nil && (!s.guess || s.lines >= guessLines || s.lines&(s.lines-1) != 0) { // looks again at the 1st, 2nd, 4th … line
		return s
	}
	format := l.logs[f.Path()]
	if f.Path() == follow.JournalName {
		format = parser.Lookup("journal-json")
	}
	d := l.decoder(&logFile{File: &input.File{}})
	d.Path = f.Path()
	if z := l.zoneOf(f.Path()); z != nil {
		d.Zone = z.zone
	}
	if format == nil {
		if format = d.Detect(f.Head()); format != nil {
			l.logs[f.Path()] = format
		}
	}
	if s != nil {
		if format == nil {
			return s
		}
		s.Flush()
	}
	guess := format == nil
	if guess {
		format = anyFormat
	}
	lines := 0
	if s != nil {
		lines = s.lines
	}
	s = &liveStream{decoder: d, path: f.Path(), guess: guess, lines: lines}
	s.Stream = parser.NewStream(f.Path(), format, d, l.take)
	l.streams[f] = s
	return s
}

// guessLines is after how many lines a log of no known format is not looked at again.
const guessLines = 64

// take is what the streams yield to.
func (l *live) take(r *parser.Record, err error) bool {
	if l.err != nil {
		return false
	}
	if err == nil {
		if l.window.has(r.Time) {
			l.events = l.rules.Classify(l.events[:0], r)
			l.err = l.record(r, l.events)
		}
		return l.err == nil
	}
	if bad := (*parser.SyntaxError)(nil); errors.As(err, &bad) {
		l.err = l.other(bad)
	}
	return l.err == nil
}

// when reads the stamps of single lines.
func (l *live) when(path string, head [][]byte) func([]byte) time.Time {
	d := l.decoder(&logFile{File: &input.File{}})
	d.Path = path
	if z := l.zoneOf(path); z != nil {
		d.Zone = z.zone
	}
	format := d.Detect(head)
	if format == nil {
		return func([]byte) time.Time { return time.Time{} }
	}
	var got time.Time
	s := parser.NewStream(path, format, d, func(r *parser.Record, err error) bool {
		if err == nil {
			got = r.Time
		}
		return true
	})
	return func(line []byte) time.Time {
		got = time.Time{}
		s.Put(parser.Line{Text: line})
		s.Flush()
		return got
	}
}
