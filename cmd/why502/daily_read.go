package main

import (
	"bytes"
	"context"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input"
)

// find finds the logs and what is new in them since the state was written.
func (d *dailyRun) find() error {
	p := &pipeline{stderr: d.c.ErrOrStderr(), rules: d.rules}
	d.pipeline = p
	sel, st := d.sel, d.st
	sel.ledger, sel.written, sel.offsets = &st.Ledger, st.Written, map[int]time.Time{}
	for east, at := range st.Offsets {
		if offset, err := time.ParseDuration(east); err == nil {
			sel.offsets[int(offset/time.Second)] = at
		}
	}
	var files []*input.File
	if sel.root != "" {
		var err error
		if files, err = p.discover(sel); err != nil {
			return err
		}
		st.Written = sel.written
	} else {
		var errs []error
		files, errs = input.Open(withGenerations(d.paths), input.Options{Ledger: sel.ledger, Since: st.Written})
		p.failed(errs)
	}
	if len(sel.journal) > 0 {
		j := sel.units()
		j.Since, j.After = st.Written, st.Ledger.Journal
		if f, err := j.File(d.c.Context()); err != nil {
			p.failed([]error{err})
		} else {
			files = append(files, f)
		}
	}
	p.survey = look(d.c.Context(), files, sel, false)
	p.window = window{from: st.Since}
	p.sizing = sel.sizing(sel.root == liveRoot)
	st.Offsets = map[string]time.Time{}
	for east, at := range p.offsets {
		st.Offsets[(time.Duration(east) * time.Second).String()] = at
	}
	return nil
}

// withGenerations adds to logs that are named what rotation has put beside them: what was written since the last run may be there.
func withGenerations(paths []string) (all []string) {
	for _, p := range paths {
		names := []string{p}
		if _, err := os.Stat(p); err != nil && strings.ContainsAny(p, "*?[") {
			if found, err := filepath.Glob(p); err == nil && len(found) > 0 {
				names = found
			}
		}
		for _, n := range names {
			if info, err := os.Stat(n); err == nil && info.Mode().IsRegular() {
				all = append(all, input.Beside(n)...)
			} else {
				all = append(all, n)
			}
		}
	}
	return all
}

const (
	// growing is how long after the last write a line without its end, or an entry of several lines, may still get more.
	growing = 10 * time.Second
	// heldBack is how far from its end a file is looked at for the beginning of the last entry.
	heldBack = 128 << 10
	// primer is how much before the place where reading goes on is read again where entries lean on those before.
	primer = 64 << 10
)

// bound settles from where to where f is read: up to the size that it was met with, but for an entry that may not be complete yet,
// and from where it was consumed, or before that where those lines say what the following ones mean.
func (s *survey) bound(ctx context.Context, f *logFile, now time.Time) error {
	if f.Stream() || f.Packed() {
		return nil
	}
	end := f.Size()
	if away := now.Sub(f.ModTime()).Abs(); away < growing {
		var err error
		if end, err = s.complete(ctx, f); err != nil {
			return err
		}
	}
	consumed, _ := f.Consumed()
	f.Until(max(end, consumed))
	if consumed == 0 {
		return nil
	}
	from, to := f.from, f.ModTime()
	if from.IsZero() || f.to.After(to) {
		from, to = f.from, f.to
	}
	switch zoned := len(f.About.Anchors) > 0; {
	case f.paste != nil, !zoned && !from.IsZero() && !steady(s.decoder(f).Zone, from, to):
		return f.Again(math.MaxInt64)
	case f.format != nil && f.format.Begins == nil:
		return f.Again(primer)
	}
	return nil
}

// complete is where the last entry ends that surely is complete.
func (s *survey) complete(ctx context.Context, f *logFile) (int64, error) {
	text, at, err := f.End(heldBack)
	if err != nil {
		return 0, err
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	end := at + int64(whole)
	if f.format == nil || f.format.Continues == nil {
		return end, nil
	}
	text = text[:whole]
	if at > 0 {
		skip := bytes.IndexByte(text, '\n') + 1
		text, at = text[skip:], at+int64(skip)
	}
	last := at
	for r, err := range parser.Records(ctx, &textSource{f.Name(), text, at}, f.format, s.decoder(f)) {
		switch err := err.(type) {
		case nil:
			last = r.Offset
		case *parser.SyntaxError:
			last = err.Offset
		}
	}
	if last == at && at > 0 { // an entry that is larger than that is not waited for
		return end, nil
	}
	return last, nil
}

// textSource is a piece of a log as a parser.Source.
type textSource struct {
	name string
	text []byte
	at   int64
}

func (t *textSource) Name() string { return t.name }

func (t *textSource) Lines(context.Context) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		at, n := t.at, 0
		for line := range bytes.Lines(t.text) {
			n++
			if !yield(parser.Line{Text: bytes.TrimRight(line, "\r\n"), Number: n, Offset: at}, nil) {
				return
			}
			at += int64(len(line))
		}
	}
}

// ledger is what is to be remembered of the files when they have been read.
func (p *pipeline) ledger(old *input.Ledger, t *correlate.Timeline, now time.Time) input.Ledger {
	var files []*input.File
	cursor := ""
	for _, f := range p.files {
		files = append(files, f.File)
		if f.Known() == nil {
			if f.format != nil {
				f.About.Format = f.format.Name
			}
			src := t.Source(f.Name())
			f.About.From, f.About.To = src.From, src.To
			if f.Stream() {
				cursor = f.Cursor()
			}
		}
	}
	next := old.Next(files, now)
	if cursor != "" {
		next.Journal = cursor
	}
	return *next
}
