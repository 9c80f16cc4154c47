package input

import (
	"bytes"
	"errors"
	"io"
)

// tailBytes is how much of a file's end is looked at.
const tailBytes = 32 << 10

// Ends are the first and the last lines of a file. They live until those of the next file are read: a folder may hold thousands.
type Ends struct {
	Head  [][]byte // what File.Head returns
	Tail  [][]byte
	Whole bool // Tail is all of the file: it begins with Head

	text []byte
}

// Read reads the ends of f, which is opened once. Tail is nil of a packed file or a stream: of those the end is not known before all
// is read. Of archives it was kept when they were listed, if there was room.
func (e *Ends) Read(f *File) (err error) {
	e.Head, e.Tail, e.Whole = e.Head[:0], e.Tail[:0], false
	if f.stream != nil || f.member != nil {
		if f.ends != nil && f.ends.tail != nil {
			e.Tail = cutLines(e.Tail, f.ends.tail)
		}
		e.Head, err = f.Head()
		return err
	}
	r, err := f.open()
	if err != nil {
		return err
	}
	defer r.close()
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
