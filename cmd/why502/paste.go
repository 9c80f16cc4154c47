package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"why502/parser"
	"why502/parser/input"
)

// maxPaste is how large a file may be that somebody pasted log lines into, and how much all of them may be.
const maxPaste = 1 << 20

// pastable says whether all that was given is as little as people paste: in a server's log folders there is more.
func pastable(files []*input.File) bool {
	var all int64
	for _, f := range files {
		all += f.Size()
	}
	return all <= maxPaste
}

// unpaste looks whether an input is not a log but lines that somebody pasted, and what they are. A few files, which may have been
// put in a folder, hold pastes more likely than a log in which some lines are of no known format.
func (f *logFile) unpaste(ctx context.Context, head [][]byte, few bool, d *parser.Decoder) {
	surely := few || f.Name() == "stdin" || parser.Quoted(head)
	if f.Size() > maxPaste || !surely && (f.format != nil || f.Walked()) {
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
		f.format, f.beside = format, &neighbours{}
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

// oddStamps names files whose lines state times that could not be read.
func (p *pipeline) oddStamps() []string {
	notes := slices.Clip(p.dropped.odd)
	for _, f := range p.files {
		if f.paste == nil {
			continue
		}
		if n, odd := f.paste.Unread(); n > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s a time that can be read in two ways or is of no known form (%s), so it was not read; --formats tells how it is written.",
				f.Name(), many(n, "line states", "lines state"), odd))
		}
	}
	return notes
}
