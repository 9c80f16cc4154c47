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
	var sel selection
	c := &cobra.Command{
		Use:   "tag [flags] PATH...",
		Short: "print one JSON object a log entry: its fields and tags",
		Long: `Prints every log entry as one line of JSON: what was parsed of it and which tags
the rules give it. A line that no format reads is printed with "unparsed": true.
Nothing is weighed, joined or counted: this is for pipes.`,
		Example: `  why502 tag /var/log/nginx/error.log | jq -c 'select(.tags != [])'
  why502 tag --since -1h /var/log | jq -r '.tags[]' | sort | uniq -c
  tail -f /var/log/nginx/error.log | why502 tag -`,
		Args: arguments(orJournal(cobra.MinimumNArgs(1)), `give log files, folders or globs, or "-" for standard input`),
		RunE: func(c *cobra.Command, paths []string) error {
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
