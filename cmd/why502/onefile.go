package main

import (
	"context"
	"errors"
	"sync"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input"
	"why502/report"
)

// reader is one of those who read.
type reader struct {
	at     sync.Locker                           // held at what is read onto, but while lines are waited for; nil: nobody else comes there
	pause  func()                                // called now and then: it may hand over what has been collected
	enough func() bool                           // says when to leave to others what of a file can be left; nil: never
	from   parser.Source                         // the lines, if they are at hand; nil: the file has them
	see    func(*parser.Record, *parser.Decoder) // gets each record; may be nil
}

// often is how many entries are read between two calls of those who look after the reading.
const often = 512

// reading puts one file, or a part of it, on a timeline.
type reading struct {
	*pipeline
	t    *correlate.Timeline
	file *logFile
	by   reader

	window   window
	lines    *counted
	src      correlate.Source // what is said of it in the end
	failures int64
	entries  int
	told     struct{ lines, failures int64 } // to those who watch
}

// add puts what one file, or a part of it, says on a timeline.
func (p *pipeline) add(ctx context.Context, t *correlate.Timeline, f *logFile, by reader) {
	_, consumed := f.Consumed()
	if by.at != nil {
		by.at.Lock()
		defer by.at.Unlock()
	}
	rd := &reading{pipeline: p, t: t, file: f, by: by, window: p.window, lines: &counted{Source: by.from, after: consumed, at: by.at}}
	rd.window.none = p.silent[f.Name()]
	if by.from == nil {
		rd.lines.Source = f.lines(by.enough)
	}
	f.begun.Store(true)
	if f.in != nil {
		t.Begin(f.Name(), f.in.path, f.in.format)
	}
	if f.format == nil {
		rd.skip(ctx)
	} else {
		rd.read(ctx)
	}
	rd.tell()
	rd.src.Lines, rd.src.Bytes = rd.lines.lines, rd.lines.bytes
	if f.in == nil {
		t.Source(f.Name()).Add(&rd.src)
		return
	}
	p.met.dropped.Add(f.Size())
	t.End(f.in.path, &rd.src, special(&rd.src, rd.failures))
}

// skip counts the lines of a file that is of no known format.
func (rd *reading) skip(ctx context.Context) {
	for _, err := range rd.lines.Lines(ctx) {
		if err != nil {
			rd.broken(ctx, err)
		}
	}
	if rd.lines.lines > 0 {
		rd.src.Format = report.FormatUnknown
	}
}

// read counts the entries.
func (rd *reading) read(ctx context.Context) {
	f := rd.file
	rd.src.Format = f.format.Name
	d := rd.decoder(f)
	echoes := rd.echoes(d)
	entries := parser.Records(ctx, f.source(rd.lines), f.format, d)
	if f.beside != nil {
		entries = f.beside.dated(entries)
	}
	var events []classifier.Event
	for r, err := range entries {
		rd.next()
		if rd.by.see != nil && err == nil {
			rd.by.see(r, d)
		}
		switch err := err.(type) { // never wrapped, and this is the line path
		case nil:
			if r.Line <= rd.lines.after { // it was read again for what follows
				continue
			}
			if !rd.window.near(r.Time) {
				if rd.window.past(r.Time) {
					rd.src.Began(r.Format)
				}
				continue
			}
			events = rd.rules.Classify(events[:0], r)
			rd.t.Add(r, events)
			if harm(r, events) {
				rd.failures++
			}
			echoes.learn(r, events)
			if len(events) > 0 && f.beside != nil && f.beside.lent {
				f.beside.n++
			}
		case *parser.SyntaxError:
			if err.Line > rd.lines.after {
				rd.src.Unparsed++
			}
		default:
			rd.broken(ctx, err)
		}
	}
	f.noteStamps(d)
}

// next is called with each entry.
func (rd *reading) next() {
	if rd.entries++; rd.entries%often == 0 {
		rd.by.pause()
		rd.tell()
	}
}

// tell says how far the reading has come.
func (rd *reading) tell() {
	rd.met.lines.Add(rd.lines.lines - rd.told.lines)
	rd.met.failures.Add(rd.failures - rd.told.failures)
	rd.told.lines, rd.told.failures = rd.lines.lines, rd.failures
}

// broken notes that the file ended in an error. What a folder holds besides logs (binary journals, databases) was not
// asked for and is no fault.
func (rd *reading) broken(ctx context.Context, err error) {
	if ctx.Err() != nil {
		rd.src.Error = "reading was interrupted"
		return
	}
	if rd.file.Walked() && errors.Is(err, input.ErrBinary) {
		rd.src.Format = report.FormatBinary
		return
	}
	rd.src.Error = err.Error()
	var e *input.Error
	if errors.As(err, &e) {
		rd.src.Error = e.What
	}
	rd.fail(err)
}
