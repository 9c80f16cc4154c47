package input

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"why502/parser"
)

// tailBytes is how much of a file's end is looked at.
const tailBytes = 32 << 10

// Ends are the first and the last lines of a file. They live until those of the next file are read: a folder may hold thousands.
type Ends struct {
	Head  [][]byte // what File.Head returns
	Tail  [][]byte
	Whole bool // Tail is all of the file: it begins with Head

	text []byte
	file *File
	open *reader // of file, if all of it has been read
}

// Read reads the ends of f, which is opened once. Tail is nil of a packed file or a stream: of those the end is not known before all
// is read. Of archives it was kept when they were listed, if there was room.
func (e *Ends) Read(f *File) (err error) {
	e.Close()
	e.Head, e.Tail, e.Whole = e.Head[:0], e.Tail[:0], false
	if f.stream != nil || f.member != nil {
		if f.ends != nil && f.ends.tail != nil {
			e.Tail = cutLines(e.Tail, f.ends.tail)
		}
		e.Head, err = f.Head()
		return err
	}
	r, err := f.open()
	switch {
	case err != nil && f.trust && !plainFile(f.name, f.size):
		return ErrTrust
	case err != nil:
		return err
	}
	f.trust = false
	e.file, e.open = f, r
	defer func() {
		if !e.Whole {
			e.Close()
		}
	}()
	l := &r.lines
	for f.size <= tailBytes && l.err == nil && l.end <= tailBytes {
		l.fill(firstRead)
	}
	e.Head, e.text = l.peek(e.Head, e.text[:0], headLines, headBytes)
	if r.kind != plain {
		return nil
	}
	if l.base == 0 && l.start == 0 && l.end <= tailBytes && errors.Is(l.err, io.EOF) {
		e.Tail, e.Whole = cutLines(e.Tail, e.text), true
		return nil
	}
	if file, ok := r.raw.(*diskFile); ok {
		e.last(file)
	}
	return nil
}

// Close ends the reading of the file.
func (e *Ends) Close() {
	if e.open != nil {
		e.open.close()
		e.open = nil
	}
}

// Lines is the file of which all has been read already, before Close: opening it takes longer than reading it. It is nil if there is
// more than the ends, or some of it would not be told as it is here: the NULs of a log that was emptied, and the CRs of Windows.
func (e *Ends) Lines() parser.Source {
	if e.open == nil || bytes.IndexByte(e.text, 0) >= 0 || bytes.IndexByte(e.text, '\r') >= 0 {
		return nil
	}
	return (*whole)(e)
}

// whole is a file of which all has been read.
type whole Ends

func (w *whole) Name() string { return w.file.name }

func (w *whole) Lines(ctx context.Context) iter.Seq2[parser.Line, error] {
	return parser.Lines(w.Blocks(ctx))
}

// Blocks yields every line, once.
func (w *whole) Blocks(ctx context.Context) iter.Seq2[*parser.Block, error] {
	return func(yield func(*parser.Block, error) bool) { w.file.blocksOf(ctx, w.open, yield) }
}

// last reads the tail of a file. If it cannot be read there is none: that is said when the file is read.
func (e *Ends) last(file *diskFile) {
	from := max(0, file.size-tailBytes)
	text := make([]byte, file.size-from)
	if n, err := file.ReadAt(text, from); n < len(text) && err != nil {
		return
	}
	e.Tail = cutLines(e.Tail, text)
	if from > 0 {
		e.Tail = e.Tail[1:] // begins within a line
	}
}

// cutLines appends the lines of text.
func cutLines(lines [][]byte, text []byte) [][]byte {
	text = bytes.TrimSuffix(text, []byte("\n"))
	for {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		if lines = append(lines, line); !more {
			return lines
		}
		text = rest
	}
}
