package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/parser"
	"why502/report"
)

func tagCommand() *cobra.Command {
	var (
		sel  selection
		opts following
	)
	c := &cobra.Command{
		Use:   "tag [flags] PATH...",
		Short: "print one JSON object a log entry: its fields and tags",
		Long: `Prints every log entry as one line of JSON: what was parsed of it and which tags
the rules give it. A line that no format reads is printed with "unparsed": true.
Nothing is weighed, joined or counted: this is for pipes.

With --follow it goes on as lines are written, until it is interrupted. Rotation
costs no line and doubles none: renamed, packed, copied and truncated, deleted or
swapped. An entry is printed when the next one begins or nothing came for a
second. With --marks a restart goes on where this run ends; after a kill, records
printed since the marks were saved (every 2 s) come again, unless standard output
is a file: then they are taken out of it first. What cannot be read any more is
said.`,
		Example: `  why502 tag /var/log/nginx/error.log | jq -c 'select(.tags != [])'
  why502 tag --since -1h /var/log | jq -r '.tags[]' | sort | uniq -c
  why502 tag --follow /var/log/nginx/error.log /var/log/php*-fpm.log
  why502 tag --follow --from -10m --marks /var/lib/why502/tag /var/log/nginx >>tags.json`,
		Args: arguments(orJournal(cobra.MinimumNArgs(1)), `give log files, folders or globs, or "-" for standard input`),
		RunE: func(c *cobra.Command, paths []string) error {
			if err := opts.check(c, &sel); err != nil {
				return err
			}
			if opts.follow {
				return tagLive(c, &sel, &opts, paths)
			}
			p, err := open(c, &sel, paths)
			if err != nil {
				return err
			}
			w := newPipeWriter(c.OutOrStdout())
			defer w.stop()
			for _, f := range p.files {
				if err := p.tag(c.Context(), w, f); err != nil {
					return err
				}
			}
			if err := w.Flush(); err != nil {
				return err
			}
			if c.Context().Err() != nil {
				return &status{code: statusCut}
			}
			if p.unread {
				return &status{code: statusUnread}
			}
			return nil
		},
	}
	sel.flags(c)
	opts.flags(c)
	return c
}

// errNoFormat is why a line of a file of no known format is not parsed.
var errNoFormat = errors.New("no format reads it")

// anyFormat reads nothing by itself: each line goes to the format that surely knows it, else it is unparsed.
var anyFormat = &parser.Format{
	Name:  report.FormatUnknown,
	Sniff: func([]byte) int { return 0 },
	Parse: func(*parser.Decoder, []byte, *parser.Record) error { return errNoFormat },
}

// tag prints the records of one file. The error is about writing.
func (p *pipeline) tag(ctx context.Context, w *pipeWriter, f *logFile) error {
	format := f.format
	if format == nil {
		format = anyFormat
	}
	d := p.decoder(f)
	var (
		line   []byte
		events []classifier.Event
	)
	for r, err := range parser.Records(ctx, f.source(f.File), format, d) {
		switch err := err.(type) { // never wrapped, and this is the line path
		case nil:
			if !p.window.has(r.Time) {
				continue
			}
			events = p.rules.Classify(events[:0], r)
			line = appendRecord(line[:0], r, events, p.zone)
		case *parser.SyntaxError:
			line = appendUnparsed(line[:0], err)
		default:
			if ctx.Err() == nil {
				p.fail(err)
			}
			return nil
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// tagLive prints the records of logs as they are written, until it is interrupted.
func tagLive(c *cobra.Command, sel *selection, opts *following, paths []string) error {
	l, err := openLive(c, sel, opts, paths)
	if err != nil {
		return err
	}
	w := newPipeWriter(c.OutOrStdout())
	defer w.stop()
	var line []byte
	print := func() error {
		_, err := w.Write(line)
		return err
	}
	l.record = func(r *parser.Record, events []classifier.Event) error {
		line = appendRecord(line[:0], r, events, l.zone)
		return print()
	}
	l.other = func(e *parser.SyntaxError) error {
		line = appendUnparsed(line[:0], e)
		return print()
	}
	err = l.run(c.Context(), func() error {
		if !l.marks.due(l.watch.Progress()) {
			return nil
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if err := l.marks.save(l.watch); err != nil {
			l.marks.complain(l.stderr, err)
		}
		return nil
	})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return err // the marks stay behind what was not printed
	}
	if l.marks != nil {
		if err := l.marks.finish(l.watch); err != nil {
			return usage("--marks %s: %s", l.marks.name, reason(err))
		}
	}
	if l.unread {
		return &status{code: statusUnread}
	}
	return nil
}
