package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/classifier/rootcause"
	"why502/parser/input"
	"why502/report"
	"why502/report/capacity"
)

// pipeline is the one way from lines to a report: files → records → events → timeline → diagnoses → report.
type pipeline struct {
	stderr io.Writer
	rules  *classifier.Rules
	window window
	survey
	lost   []*input.Error  // inputs that could not be opened
	silent map[string]bool // logs of which no entry counts
	places []string        // notes on which logs were found and chosen

	met met

	mu     sync.Mutex
	unread bool // some input could not be read to its end

	begun  *correlate.Timeline // what was read while looking, else nil
	done   map[*logFile]bool   // of what it was read
	stacks bool                // of the slow logs are wanted whole
	sizing capacity.Known
}

// open finds the files that paths mean and looks at their beginnings.
func open(c *cobra.Command, sel *selection, paths []string) (*pipeline, error) {
	p, err := prepare(c, sel)
	if err != nil {
		return nil, err
	}
	files, err := p.find(c, sel, paths)
	if err != nil {
		return nil, err
	}
	p.look(c.Context(), files, sel, sel.root == "", nil)
	return p, p.looked(sel)
}

// openEarly is open for those who report what is in the files: some are read at once.
func openEarly(c *cobra.Command, sel *selection, paths []string, stacks bool) (*pipeline, error) {
	p, err := prepare(c, sel)
	if err != nil {
		return nil, err
	}
	p.stacks = stacks
	if readingEarly && sel.root == "" && len(sel.journal) == 0 && p.trusting(c, sel, paths) {
		return p, p.looked(sel)
	}
	files, err := p.find(c, sel, paths)
	if err != nil {
		return nil, err
	}
	reads := p.early(sel, files)
	p.look(c.Context(), files, sel, sel.root == "", reads)
	p.begun, p.done = reads.end()
	return p, p.looked(sel)
}

// trusting finds the files and looks at them as if all in folders could be read and none were an archive that is not called so:
// thousands need not be opened to see that. If it is not so it returns false, and nothing has happened.
func (p *pipeline) trusting(c *cobra.Command, sel *selection, paths []string) bool {
	files, errs := input.Open(paths, input.Options{Stdin: c.InOrStdin(), Trust: true})
	if errors.Is(errors.Join(errs...), input.ErrTrust) || slices.ContainsFunc(files, (*input.File).Stream) { // which can be read once
		return false
	}
	reads := p.early(sel, files)
	if !p.look(c.Context(), files, sel, true, reads) {
		p.met.lines.Store(0)
		p.met.failures.Store(0)
		return false
	}
	p.failed(errs)
	p.begun, p.done = reads.end()
	return true
}

// prepare loads what is needed before any file is looked at.
func prepare(c *cobra.Command, sel *selection) (p *pipeline, err error) {
	if err := sel.check(time.Now()); err != nil {
		return nil, err
	}
	p = &pipeline{stderr: c.ErrOrStderr()}
	if p.rules, err = sel.loadRules(p.stderr); err != nil {
		return nil, err
	}
	_, err = sel.loadFormats(p.stderr)
	return p, err
}

// find finds the files that paths mean.
func (p *pipeline) find(c *cobra.Command, sel *selection, paths []string) (files []*input.File, err error) {
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
	return files, nil
}

// looked is called when all files were looked at.
func (p *pipeline) looked(sel *selection) (err error) {
	for _, z := range sel.zones {
		if !z.used {
			complain(p.stderr, "--timezone "+z.path+"=…: no file is called so")
		}
	}
	p.sizing = sel.sizing(sel.root == liveRoot)
	p.window, err = sel.window(p.zone)
	return err
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
	p.fold()
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
	todo := &work{files: slices.DeleteFunc(p.toRead(), func(f *logFile) bool { return p.done[f] })}
	p.done = nil
	if !p.split(workers) {
		workers = max(1, min(workers, len(todo.files)))
	}
	some := p.worthShedding()
	p.letGo()
	if some {
		shed()
	}
	stop = p.watch(p.progress)
	if whole, p.begun = p.begun, nil; whole == nil {
		whole = p.timeline()
	}
	p.spread(ctx, whole, todo, workers)
	stop()
	if some {
		shed()
	}
	for src, met := range p.clocks() {
		p.clockOf(whole.Source(src), met)
	}
	return whole, notes
}

// spread has workers read. All but the first hand over what they have collected, for as long as there is room for what several hold
// beside the whole.
func (p *pipeline) spread(ctx context.Context, whole *correlate.Timeline, todo *work, workers int) {
	var wg sync.WaitGroup
	g := p.gathering(whole, workers, 1)
	for number := 1; number < workers; number++ {
		wg.Go(func() {
			h := g.hand(number)
			for !g.tight(number) {
				f := todo.next()
				if f == nil {
					break
				}
				p.add(ctx, h.part, f, h.reader)
				h.pause() // of small files each has less than is worth a look within
			}
			h.end()
		})
	}
	h := g.first()
	for f := todo.next(); f != nil; f = todo.next() {
		p.add(ctx, h.part, f, h.reader)
	}
	wg.Wait()
}

// worthShedding is the size of what is read from which on that takes so much memory that what the program itself takes matters.
const worthShedding = 4 << 20

func (s *survey) worthShedding() bool {
	size := int64(0)
	for _, f := range s.files {
		if size += f.Size(); size >= worthShedding || f.Stream() || f.Packed() {
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
		Partial: p.unread || partial, Stacks: p.stacks, Notes: slices.Concat(p.places, clockNotes(whole, aligned), undated, p.besideNotes(), p.oddStamps(), notes, shut, sparedNotes(whole, p.window, p.zone)),
	})
	r.Coverage.Since, r.Coverage.Until = p.window.ends(p.zone)
	r.Coverage.Closed = closed
	r.Notes = append(r.Notes, saidNotes(r, p.rules)...)
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
