package main

import (
	"bytes"
	"context"

	"why502/parser"
)

// maxPaste is how large a file may be that somebody pasted log lines into.
const maxPaste = 1 << 20

// unpaste looks whether an input is not a log but lines that somebody pasted, and what they are.
func (f *logFile) unpaste(ctx context.Context, head [][]byte, d *parser.Decoder) {
	stdin := f.Name() == "stdin"
	if f.format != nil && !stdin || f.Size() > maxPaste || f.format == nil && f.Walked() {
		return
	}
	if f.paste = parser.NewPaste(head); f.paste == nil {
		return
	}
	var lines [][]byte
	for l, err := range f.paste.Source(headSource{f.Name(), head}).Lines(ctx) {
		if err == nil {
			lines = append(lines, bytes.Clone(l.Text))
		}
	}
	if format := d.Detect(lines); format != nil {
		f.format = format
	} else {
		f.paste = nil
	}
}

// source is src, which reads f, as its lines stood in the log.
func (f *logFile) source(src parser.Source) parser.Source {
	if f.paste == nil {
		return src
	}
	return f.paste.Source(src)
}
