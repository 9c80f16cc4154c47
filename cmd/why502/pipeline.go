package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/classifier/rootcause"
	"why502/parser"
	"why502/parser/input"
	"why502/report"
	"why502/report/capacity"
)

// What is read around the time asked for: a pool that filled up is logged once, minutes before visitors feel it.
const (
	before = 30 * time.Minute
	after  = time.Minute
)

// pipeline is the one way from lines to a report: files → records → events → timeline → diagnoses → report.
type pipeline struct {
	stderr io.Writer
	rules  *classifier.Rules
	window window
	survey
	lost   []*input.Error // inputs that could not be opened
	places []string       // notes on which logs were found and chosen

	met met

	mu     sync.Mutex
	unread bool // some input could not be read to its end

	stacks bool // of the slow logs are wanted whole
	sizing capacity.Known
}

// open finds the files that paths mean and looks at their beginnings.
func open(c *cobra.Command, sel *selection, paths []string) (*pipeline, error) {
	if err := sel.check(time.Now()); err != nil {
		return nil, err
	}
	p := &pipeline{stderr: c.ErrOrStderr()}
	var err error
	if p.rules, err = sel.loadRules(p.stderr); err != nil {
		return nil, err
	}
	if _, err = sel.loadFormats(p.stderr); err != nil {
		return nil, err
	}
	var files []*input.File
	if sel.root != "" {
		if files, err = p.discover(sel); err != nil {
			return nil, err
		}
	} else {
		var errs []error
		files, errs = input.Open(paths, input.Options{Stdin: c.InOrStdin(), Interrupted: c.Context().Done()})
		p.failed(errs)
	}
	if len(sel.journal) > 0 {
		w, err := sel.window(time.Local)
		if err != nil {
			return nil, err
		}
		if f, err := sel.openJournal(c.Context(), w); err != nil {
			p.failed([]error{err})
		} else {
			files = append(files, f)
		}
	}
	p.survey = look(c.Context(), files, sel)
	for _, z := range sel.zones {
		if !z.used {
			complain(p.stderr, "--timezone "+z.path+"=…: no file is called so")
		}
	}
	p.sizing = sel.sizing(sel.root == liveRoot)
	p.window, err = sel.window(p.zone)
	return p, err
}

// fail says that some input could not be read.
func (p *pipeline) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unread = true
	complain(p.stderr, err.Error())
}

// failed says which inputs could not be opened. What was passed over by intent is noted.
func (p *pipeline) failed(errs []error) {
	for _, err := range errs {
		var e *input.Error
		known := errors.As(err, &e)
		if known && errors.Is(err, input.ErrSkipped) {
			p.places = append(p.places, e.Path+" "+e.What+".")
			continue
		}
		p.fail(err)
		if known {
			p.lost = append(p.lost, e)
		}
	}
}

// report reads all files and explains what it finds.
func (p *pipeline) report(ctx context.Context, workers int) *report.Report {
	whole, notes := p.collect(ctx, workers)
	p.dropFiles()
	return p.conclude(whole, ctx.Err() != nil, notes)
}

// collect reads all files, and says what was left out of them. Files are spread over workers; which worker reads which does not
// show in the result, because a timeline is built in any order.
func (p *pipeline) collect(ctx context.Context, workers int) (whole *correlate.Timeline, notes []string) {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	stop := p.watch(p.comparing)
	notes = p.countOnce(ctx)
	stop()
	for _, f := range p.files {
		f.DropEnds()
	}
	if !p.split(workers) {
		workers = max(1, min(workers, len(p.files)))
	}
	todo := &work{files: p.toRead()}
	some := p.worthShedding()
	if some {
		shed()
	}
	stop = p.watch(p.progress)
	whole = p.timeline()
	if workers > 1 {
		p.spread(ctx, whole, todo, workers)
	}
	for f := todo.next(); f != nil; f = todo.next() {
		p.add(ctx, whole, f, reader{pause: func() {}})
	}
	stop()
	if some {
		shed()
	}
	for _, f := range p.toRead() {
		p.clockOf(whole.Source(f.Name()), &f.stamps)
	}
	return whole, notes
}

// spread has workers read, who hand over what they have collected, for as long as there is room for what several hold beside the whole.
// They may leave some.
func (p *pipeline) spread(ctx context.Context, whole *correlate.Timeline, todo *work, workers int) {
	var wg sync.WaitGroup
	var tight atomic.Bool
	for range workers {
		wg.Go(func() {
			part := p.timeline()
			hand := func() {
				p.mu.Lock()
				defer p.mu.Unlock()
				whole.Take(part)
				if crowded() {
					tight.Store(true)
				}
			}
			r := reader{enough: tight.Load, pause: func() {
				if part.Full() {
					hand()
				}
			}}
			for !tight.Load() {
				f := todo.next()
				if f == nil {
					break
				}
				p.add(ctx, part, f, r)
				r.pause() // of small files each has less than is worth a look within
			}
			hand()
		})
	}
	wg.Wait()
}

// reader is one of those who read.
type reader struct {
	pause  func()      // called now and then: it may hand over what has been collected
	enough func() bool // says when to leave to others what of a file can be left; nil: never
}

// roomForSome is how much may be on the heap before one worker alone reads on. What floods the tables would mostly be handed over:
// several take ten megabytes more for it, and are hardly quicker. Tests leave none.
var roomForSome uint64 = 20 << 20

// crowded says whether there is no room for more than one worker, as it was when the garbage collector ran last.
func crowded() bool {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64() > roomForSome
}

// worthShedding says that reading will take so much memory that what the program itself takes matters.
func (s *survey) worthShedding() bool {
	const least = 4 << 20
	size := int64(0)
	for _, f := range s.files {
		if size += f.Size(); size >= least || f.Stream() || f.Packed() {
			return true
		}
	}
	return false
}

// toRead are the files that are to be read.
func (s *survey) toRead() (files []*logFile) {
	for _, f := range s.files {
		if f.Known() == nil {
			files = append(files, f)
		}
	}
	return files
}

// timeline is an empty one that knows the configuration.
func (p *pipeline) timeline() *correlate.Timeline {
	t := correlate.New()
	t.Configure(p.config)
	t.Profile(p.window.from, p.window.to, p.stacks)
	return t
}

// conclude explains what was collected. It settles the clocks of whole: nothing can be added afterwards.
func (p *pipeline) conclude(whole *correlate.Timeline, partial bool, notes []string) *report.Report {
	for _, e := range p.lost {
		whole.Source(e.Path).Error = e.What
	}
	aligned := whole.Align()
	undated := p.settle(whole)
	all := rootcause.Diagnose(whole, p.zone)
	diagnoses := func(yield func(*rootcause.Diagnosis) bool) {
		for d := range all {
			if p.window.meets(d.Start, d.End) && !yield(d) {
				return
			}
		}
	}
	shut, closed := closedNotes(whole, p.window, p.zone)
	r := report.Build(report.Input{
		Timeline: whole, Diagnoses: diagnoses, Zone: p.zone, Version: version(), Generated: time.Now(),
		Partial: p.unread || partial, Stacks: p.stacks, Notes: slices.Concat(p.places, clockNotes(whole, aligned), undated, p.oddStamps(), notes, shut, sparedNotes(whole, p.window, p.zone)),
	})
	r.Coverage.Since, r.Coverage.Until = p.window.ends(p.zone)
	r.Coverage.Closed = closed
	p.sizing.Zone = p.zone
	r.Capacity = capacity.Size(whole, r, p.sizing)
	return r
}

// settle gives entries that state no time one, and says so.
func (p *pipeline) settle(whole *correlate.Timeline) []string {
	ref := p.lastWritten()
	if ref.IsZero() {
		ref = time.Now()
	}
	switch n, used := whole.Settle(ref.Truncate(time.Second).In(p.zone)); {
	case used && len(p.oddStamps()) > 0:
		return []string{"No entry states a time that could be read: they are taken to have happened together, at the time of the file or of reading."}
	case used:
		return []string{"No entry states a time: they are taken to have happened together, at the time of the file or of reading."}
	case n > 0:
		return []string{fmt.Sprintf("%d entries that matter state no time and were left out: nothing says when they happened.", n)}
	}
	return nil
}

// often is how many entries are read between two calls of those who look after the reading.
const often = 512

// add puts what one file, or a part of it, says on a timeline.
func (p *pipeline) add(ctx context.Context, t *correlate.Timeline, f *logFile, by reader) {
	var src correlate.Source
	_, consumed := f.Consumed()
	lines := &counted{Source: f.lines(by.enough), after: consumed}
	told := int64(0) // of lines, to those who watch
	f.begun.Store(true)
	if f.format == nil {
		if p.skip(ctx, lines, &src, f); lines.lines > 0 {
			src.Format = report.FormatUnknown
		}
	} else {
		src.Format = f.format.Name
		d := p.decoder(f)
		var events []classifier.Event
		n, failures := 0, int64(0)
		next := func() {
			if n++; n%often == 0 {
				by.pause()
				p.met.lines.Add(lines.lines - told)
				p.met.failures.Add(failures)
				told, failures = lines.lines, 0
			}
		}
		echoes := p.echoes(t, f, d, &failures, next)
		for r, err := range parser.Records(ctx, f.source(lines), f.format, d) {
			next()
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
				}
			case *parser.SyntaxError:
				if err.Line > consumed {
					src.Unparsed++
				}
			default:
				p.broken(ctx, &src, f, err)
			}
		}
		f.stamps.add(d)
	}
	p.met.lines.Add(lines.lines - told)
	src.Lines, src.Bytes = lines.lines, lines.bytes
	t.Source(f.Name()).Add(&src)
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

// ends are the ends of the time asked for, nil if open.
func (w window) ends(zone *time.Location) (from, to *time.Time) {
	if !w.from.IsZero() {
		t := w.from.In(zone)
		from = &t
	}
	if !w.to.IsZero() {
		t := w.to.In(zone)
		to = &t
	}
	return from, to
}

// meets says whether an incident lies in the time asked for.
func (w window) meets(start, end time.Time) bool {
	return (w.from.IsZero() || !end.Before(w.from)) && (w.to.IsZero() || start.Before(w.to))
}

// near says whether a record may bear on it. Entries without a time may.
func (w window) near(t time.Time) bool {
	return t.IsZero() || (w.from.IsZero() || !t.Before(w.from.Add(-before))) && (w.to.IsZero() || t.Before(w.to.Add(after)))
}

// has says whether a record lies in the time asked for. Entries without a time do.
func (w window) has(t time.Time) bool {
	return t.IsZero() || (w.from.IsZero() || !t.Before(w.from)) && (w.to.IsZero() || t.Before(w.to))
}
