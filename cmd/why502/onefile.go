package main

import (
	"context"
	"errors"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input"
	"why502/report"
)

// reader is one of those who read.
type reader struct {
	pause  func()                                // called now and then: it may hand over what has been collected
	enough func() bool                           // says when to leave to others what of a file can be left; nil: never
	from   parser.Source                         // the lines, if they are at hand; nil: the file has them
	see    func(*parser.Record, *parser.Decoder) // gets each record; may be nil
}

// often is how many entries are read between two calls of those who look after the reading.
const often = 512

// add puts what one file, or a part of it, says on a timeline.
func (p *pipeline) add(ctx context.Context, t *correlate.Timeline, f *logFile, by reader) {
	var src correlate.Source
	_, consumed := f.Consumed()
	lines := &counted{Source: by.from, after: consumed}
	if by.from == nil {
		lines.Source = f.lines(by.enough)
	}
	told := int64(0) // of lines, to those who watch
	f.begun.Store(true)
	failures := int64(0)
	if f.in != nil {
		t.Begin(f.Name(), f.in.path, f.in.format)
	}
	if f.format == nil {
		if p.skip(ctx, lines, &src, f); lines.lines > 0 {
			src.Format = report.FormatUnknown
		}
	} else {
		src.Format = f.format.Name
		d := p.decoder(f)
		var events []classifier.Event
		n, toldFailures := 0, int64(0)
		next := func() {
			if n++; n%often == 0 {
				by.pause()
				p.met.lines.Add(lines.lines - told)
				p.met.failures.Add(failures - toldFailures)
				told, toldFailures = lines.lines, failures
			}
		}
		echoes := p.echoes(t, f, d, &failures, next)
		entries := parser.Records(ctx, f.source(lines), f.format, d)
		if f.beside != nil {
			entries = f.beside.dated(entries)
		}
		for r, err := range entries {
			next()
			if by.see != nil && err == nil {
				by.see(r, d)
			}
			switch err := err.(type) { // never wrapped, and this is the line path
			case nil:
				if r.Line <= consumed { // it was read again for what follows
					continue
				}
				if p.window.near(r.Time) {
					events = p.rules.Classify(events[:0], r)
					t.Add(r, events)
					if harm(r, events) {
						failures++
					}
					echoes.learn(r, events)
					if len(events) > 0 && f.beside != nil && f.beside.lent {
						f.beside.n++
					}
				}
			case *parser.SyntaxError:
				if err.Line > consumed {
					src.Unparsed++
				}
			default:
				p.broken(ctx, &src, f, err)
			}
		}
		f.noteStamps(d)
	}
	p.met.lines.Add(lines.lines - told)
	src.Lines, src.Bytes = lines.lines, lines.bytes
	if f.in == nil {
		t.Source(f.Name()).Add(&src)
		return
	}
	p.met.dropped.Add(f.Size())
	t.End(f.in.path, &src, special(&src, failures))
}

// skip counts the lines of a file that is of no known format.
func (p *pipeline) skip(ctx context.Context, lines *counted, src *correlate.Source, f *logFile) {
	for _, err := range lines.Lines(ctx) {
		if err != nil {
			p.broken(ctx, src, f, err)
		}
	}
}

// broken notes that a file ended in an error. What a folder holds besides logs (binary journals, databases) was not
// asked for and is no fault.
func (p *pipeline) broken(ctx context.Context, src *correlate.Source, f *logFile, err error) {
	if ctx.Err() != nil {
		src.Error = "reading was interrupted"
		return
	}
	if f.Walked() && errors.Is(err, input.ErrBinary) {
		src.Format = report.FormatBinary
		return
	}
	src.Error = err.Error()
	var e *input.Error
	if errors.As(err, &e) {
		src.Error = e.What
	}
	p.fail(err)
}
