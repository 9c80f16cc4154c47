package parser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
)

// Line is one physical line without its line end. Text lives until the next iteration.
type Line struct {
	Text   []byte
	Number int   // from 1
	Offset int64 // of its first byte
	Cut    bool  // the line was longer than the reader keeps; the rest of it was passed over
	Fresh  bool  // what was read before it does not bear on it: a file that is read in parts goes on elsewhere
}

// Source is where lines come from: a file, an archive, standard input, a followed file.
type Source interface {
	Name() string
	Lines(context.Context) iter.Seq2[Line, error]
}

// SyntaxError says that one entry could not be read; it spoils that entry, not the stream.
type SyntaxError struct {
	Pos
	Format string
	Raw    []byte // lives until the next iteration
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: not a %s line: %s", e.Pos, e.Format, e.Reason)
}

// errSkip is what Parse returns for a line that is well formed and says nothing.
var errSkip = errors.New("nothing in it")

// maxEntry bounds the bytes one entry may join: a FastCGI stderr dump, a long trace, an InnoDB status.
const (
	maxEntry      = 256 << 10
	maxEntryLines = 2000
)

// Records joins the lines of src to entries and parses them. The Record and a SyntaxError's Raw live
// until the next iteration. An error that is not a *SyntaxError is the source's own and ends the stream.
//
// A line that f cannot read but another format surely can is read by that one: pastes mix logs.
func Records(ctx context.Context, src Source, f *Format, d *Decoder) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		s := streams.Get().(*Stream)
		defer func() {
			s.empty()
			streams.Put(s)
		}()
		s.begins(src.Name(), f, d, yield)
		for b, err := range blocks(ctx, src) {
			if err != nil {
				if s.Flush() {
					yield(nil, err)
				}
				return
			}
			if !s.PutBlock(b) {
				return
			}
		}
		s.Flush()
	}
}

// joiner gathers the physical lines of one entry.
type joiner struct {
	format *Format // of the file
	cur    *Format // of the entry
	name   string
	open   bool
	pos    Pos
	lines  int
	buf    []byte
}

// joins says whether line goes on with the entry. An entry of another log that stands among those of the file ends where
// one of the file's own surely begins.
func (j *joiner) joins(line []byte) bool {
	return j.open && j.cur.Continues != nil && !tailTitle(line) && j.lines < maxEntryLines && len(j.buf)+len(line) < maxEntry &&
		j.cur.Continues(j.buf, line) && (j.cur == j.format || j.format.Begins == nil || !j.format.Begins(line))
}

func (j *joiner) add(line []byte) {
	j.buf = append(append(j.buf, '\n'), line...)
	j.lines++
}

// tailTitle knows what tail puts between several files; no entry goes on after it.
//
//	==> /var/log/nginx/error.log <==
func tailTitle(line []byte) bool {
	return bytes.HasPrefix(line, []byte("==> ")) && bytes.HasSuffix(line, []byte(" <=="))
}

func (j *joiner) begin(line *Line) {
	if tailTitle(line.Text) {
		return
	}
	j.cur = j.format
	if len(line.Text) > 0 && j.format.Sniff(line.Text) == 0 { // an empty line is of no format
		if other := DetectLine(line.Text); other != nil {
			j.cur = other
		}
	}
	j.open, j.lines = true, 1
	j.pos = Pos{File: j.name, Line: line.Number, Offset: line.Offset}
	j.buf = append(j.buf[:0], line.Text...)
}
