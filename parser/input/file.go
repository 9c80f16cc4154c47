package input

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"sync/atomic"
	"time"

	"why502/parser"
)

// File is one input. It is a parser.Source; one goroutine at a time may read it. There may be tens of thousands: what few of them
// have stands elsewhere.
type File struct {
	name   string
	onDisk bool // name is its path
	walked bool
	packed bool
	trust  bool // it is not known yet whether it can be read and is no archive
	size   int64
	mtime  time.Time

	skip int // lines that Lines passes over

	archive *Archive // that it lies in, else nil
	member  *member
	ends    *keptEnds // nil: none were kept
	stream  *stream   // nil: it can be read more than once

	read atomic.Int64

	*trail // nil: no Ledger knows of it, or is to know of it
}

// keptEnds are the first and the last lines of what lies in an archive.
type keptEnds struct {
	head []byte // the lines that Head returns
	tail []byte
}

// stream is what can be read once only.
type stream struct {
	stdin       io.Reader // nil: it is a pipe with a name
	kept        *reader   // that Head has begun to read
	ended       bool      // it is used up
	interrupted <-chan struct{}
	cursor      []byte // of the last entry of the journal
}

// trail is what a Ledger says of a file, and what it is to say.
type trail struct {
	About  About
	ledger bool // false: it can be read once only

	id           identity
	known, begun *Generation // all of it is consumed; some of it is
	from, start  int64       // of the text: where that ends which is consumed, where Lines begins
	fromLine     int         // the number of the line before from
	startLine    int
	within       bool         // from lies in a line
	limit        int64        // where Lines ends; unlimited: where the file does
	noLog        bool         // it was opened and is none
	tap          *tap         // what was read last went through it
	last         atomic.Int64 // the number of the last line
}

var _ parser.Source = (*File)(nil)

func newStdin(in io.Reader, interrupted <-chan struct{}) *File {
	f := &File{name: "stdin", stream: &stream{stdin: in, interrupted: interrupted}, trail: &trail{}}
	if file, ok := in.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() { // why502 - < error.log
			f.size, f.mtime = info.Size(), info.ModTime()
		}
	}
	return f
}

// Name is the path as the user gave it or as it was found below a folder; "stdin" for standard input.
func (f *File) Name() string { return f.name }

// Walked says that the file was found in a folder and not named itself.
func (f *File) Walked() bool { return f.walked }

// Size is the number of bytes on disk, 0 if that is not known.
func (f *File) Size() int64 { return f.size }

// Packed says that it was found packed.
func (f *File) Packed() bool { return f.packed }

// ModTime is when the file was written last; zero for a pipe.
func (f *File) ModTime() time.Time { return f.mtime }

// BytesRead is how many bytes, as they lie on disk, have been read so far. Any goroutine may ask.
func (f *File) BytesRead() int64 { return f.read.Load() }

// What Head looks at.
const (
	headLines = 64
	headBytes = 256 << 10
)

// Head returns the first lines, from which parser.Detect tells the format. Lines yields them again.
func (f *File) Head() ([][]byte, error) {
	if f.ends != nil {
		lines, _ := cutHead(nil, f.ends.head, headLines)
		return lines, nil
	}
	r, err := f.open()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if f.stream != nil {
		f.stream.kept = r
	} else {
		defer r.close()
	}
	text := r.lines.first(headLines, headBytes)
	_, rest := cutHead(nil, text, headLines)
	lines, _ := cutHead(nil, bytes.Clone(text[:len(text)-len(rest)]), headLines)
	return lines, nil
}

// Lines yields every line. An error is the last thing it yields: the file is not there any more, is no text, is a
// damaged archive, or ctx was cancelled.
func (f *File) Lines(ctx context.Context) iter.Seq2[parser.Line, error] {
	return parser.Lines(f.Blocks(ctx))
}

// Blocks yields every line like Lines.
func (f *File) Blocks(ctx context.Context) iter.Seq2[*parser.Block, error] {
	return func(yield func(*parser.Block, error) bool) {
		if err := ctx.Err(); err != nil && (f.stream == nil || f.stream.kept == nil) {
			yield(nil, err)
			return
		}
		if f.skip == SkipAll && !f.ledgered() {
			return
		}
		r, err := f.begin()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(nil, err)
			return
		}
		defer r.close()
		if r.kind != plain && f.stream == nil {
			unpacked := newAhead(r.lines.src)
			defer unpacked.stop()
			r.lines.src = unpacked
		}
		f.blocksOf(ctx, r, yield)
	}
}

// blocksOf yields what r has still to read of f.
func (f *File) blocksOf(ctx context.Context, r *reader, yield func(*parser.Block, error) bool) {
	for {
		lines, err := r.lines.nextBlock(ctx)
		switch {
		case errors.Is(err, io.EOF):
			f.reached(r.lines.number)
			return
		case err != nil:
			f.reached(r.lines.number)
			yield(nil, f.worded(ctx, r.kind, &r.lines, err))
			return
		case lines.Pass(f.skip) && !f.hand(lines, yield):
			return
		}
	}
}

// hand yields lines, those of the journal one by one: its place is noted with each.
func (f *File) hand(lines *parser.Block, yield func(*parser.Block, error) bool) bool {
	if f.name != journalName || f.member == nil {
		return yield(lines, nil)
	}
	for line, ok := lines.Next(); ok; line, ok = lines.Next() {
		f.noteCursor(line.Text)
		if one := parser.OneLine(line); !yield(&one, nil) {
			return false
		}
	}
	return true
}

// worded says what ended the reading of f.
func (f *File) worded(ctx context.Context, kind compression, l *lineReader, err error) error {
	var own *Error // worded already
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &own):
		return own
	case kind != plain:
		return damaged(f.name, kind.String(), l.text(), l.number, err)
	case f.member != nil:
		return damaged(f.name, f.member.kind(), l.text(), l.number, err)
	}
	return pathError(f.name, err)
}

// begin opens f where Lines is to begin.
func (f *File) begin() (*reader, error) {
	if f.ledgered() {
		return f.resume()
	}
	return f.open()
}

// reached notes the number of the last line read by one of those who read.
func (f *File) reached(line int) {
	if f.trail == nil {
		return
	}
	for old := f.last.Load(); int64(line) > old && !f.last.CompareAndSwap(old, int64(line)); {
		old = f.last.Load()
	}
}

// open begins to read, or goes on where Head stopped; io.EOF if that was a stream and is used up.
func (f *File) open() (*reader, error) {
	if s := f.stream; s != nil {
		if r := s.kept; r != nil {
			s.kept = nil
			return r, nil
		}
		if s.ended {
			return nil, io.EOF
		}
		s.ended = true
	}
	var raw io.ReadCloser
	switch {
	case f.member != nil:
		var err error
		if raw, err = f.member.open(); err != nil {
			if own := (*Error)(nil); errors.As(err, &own) {
				return nil, own
			}
			return nil, damaged(f.name, f.member.kind(), 0, 0, err)
		}
	case f.stream != nil && f.onDisk:
		raw = newPatient(&pipe{path: f.name}, f.stream.interrupted)
	case f.stream != nil:
		raw = newPatient(io.NopCloser(f.stream.stdin), f.stream.interrupted)
	default:
		file, err := openFile(f.name, f.size)
		if err != nil {
			return nil, pathError(f.name, err)
		}
		raw = file
	}
	f.read.Store(0)
	r, err := newReader(raw, &f.read, f.trust)
	if r != nil {
		f.packed = r.kind != plain
	}
	if err != nil {
		_ = raw.Close()
		var e *Error
		if errors.As(err, &e) {
			e.Path = f.name
			return nil, e
		}
		if f.member != nil {
			return nil, damaged(f.name, f.member.kind(), 0, 0, err)
		}
		return nil, pathError(f.name, err)
	}
	return r, nil
}
