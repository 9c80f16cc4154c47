package input

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"

	"why502/parser"
)

// enough bytes tell what a file is.
const enough = 512

// hole is compared with at once: the holes of large logs are large.
var hole [4096]byte

// lineReader cuts what src yields into lines that are slices of buf: nothing is copied but the rest of a block that
// moves to the front of the next.
type lineReader struct {
	src    io.Reader
	buf    []byte
	block  int    // of one read; 0 is blockSize
	filled func() // after a read, nil if nobody asks

	start, end int   // buf[start:end] has not been yielded yet
	scanned    int   // of these, how many are known to hold no line end
	base       int64 // where buf[0] lies in the text
	number     int   // of the last line
	skip       bool  // the rest of a line that was cut is passed over
	err        error // what src ended with

	given parser.Block // last, of which all is passed when the next one is asked for
}

// begin reads the first block, or the first line if it comes slowly, passes over a byte order mark and returns what
// it has.
func (l *lineReader) begin() []byte {
	for l.dropNULs(); l.err == nil && l.end-l.start < enough && bytes.IndexByte(l.buf[l.start:l.end], '\n') < 0; l.dropNULs() {
		l.fill(firstRead)
	}
	if bytes.HasPrefix(l.buf[l.start:l.end], []byte("\xef\xbb\xbf")) {
		l.start += 3
	}
	return l.buf[l.start:l.end]
}

// dropNULs passes over the NULs at the start of a line. A log that was emptied while its writer kept its place has
// as many of them as it had bytes.
func (l *lineReader) dropNULs() {
	for l.end-l.start >= len(hole) && bytes.Equal(l.buf[l.start:l.start+len(hole)], hole[:]) {
		l.start += len(hole)
	}
	for l.start < l.end && l.buf[l.start] == 0 {
		l.start++
	}
}

// text is how much of the text has been passed.
func (l *lineReader) text() int64 { return l.base + int64(l.start) }

// fill reads at most want bytes more.
func (l *lineReader) fill(want int) {
	if l.start > l.end-l.start { // else a line that comes in small pieces would be moved again and again
		copy(l.buf, l.buf[l.start:l.end])
		l.base += int64(l.start)
		l.end -= l.start
		l.start = 0
	}
	for range maxEmpty {
		n, err := l.src.Read(l.buf[l.end:min(l.end+want, len(l.buf))])
		l.end += n
		l.err = err
		if n > 0 || err != nil {
			return
		}
	}
	l.err = errStuck
}

// next returns the next line; io.EOF after the last. Its text lives until the next call.
func (l *lineReader) next(ctx context.Context) (parser.Line, error) {
	for {
		if l.skip {
			l.passRest()
		}
		if !l.skip {
			if l.scanned == 0 && l.start < l.end && l.buf[l.start] == 0 {
				l.dropNULs()
			}
			if i := bytes.IndexByte(l.buf[l.start+l.scanned:l.end], '\n'); i >= 0 {
				n := l.scanned + i
				return l.take(n, n+1), nil
			}
			l.scanned = l.end - l.start
			if l.scanned > maxLine+1 { // more than a CR is too much
				l.skip = true
				return l.take(l.scanned, l.scanned), nil
			}
		}
		if l.err != nil {
			if l.start < l.end { // the last line has no line end
				line := l.take(l.end-l.start, l.end-l.start)
				line.Cut = line.Cut || !errors.Is(l.err, io.EOF)
				return line, nil
			}
			return parser.Line{}, l.err
		}
		if err := ctx.Err(); err != nil {
			return parser.Line{}, err
		}
		l.fill(cmp.Or(l.block, blockSize))
		if l.filled != nil {
			l.filled()
		}
	}
}

// nextBlock returns all lines that have been read to their ends, or else the next one; io.EOF after the last. It lives until the
// next call.
func (l *lineReader) nextBlock(ctx context.Context) (*parser.Block, error) {
	if n := int(l.given.Offset - l.text()); n > 0 {
		l.start, l.scanned, l.number = l.start+n, 0, l.given.Number
	}
	l.given = parser.Block{}
	if whole := bytes.LastIndexByte(l.buf[l.start:l.end], '\n') + 1; whole > 0 && !l.skip {
		l.given = parser.Block{Text: l.buf[l.start : l.start+whole], Number: l.number, Offset: l.text()}
		return &l.given, nil
	}
	line, err := l.next(ctx)
	if err != nil {
		return nil, err
	}
	l.given = parser.OneLine(line)
	return &l.given, nil
}

// take makes a line of the next n bytes and passes over the next skip bytes.
func (l *lineReader) take(n, skip int) parser.Line {
	l.number++
	line := parser.Line{Text: l.buf[l.start : l.start+n], Number: l.number, Offset: l.text()}
	line.Text, line.Cut = parser.TrimLine(line.Text)
	l.start += skip
	l.scanned = 0
	return line
}

// passRest passes over bytes up to and with the next line end.
func (l *lineReader) passRest() {
	if i := bytes.IndexByte(l.buf[l.start:l.end], '\n'); i >= 0 {
		l.start += i + 1
		l.skip = false
		return
	}
	l.start = l.end
}

// peek appends the first n lines, fewer if they are longer than limit bytes, to lines, and their text to text; next yields them again.
func (l *lineReader) peek(lines [][]byte, text []byte, n, limit int) ([][]byte, []byte) {
	text = append(text, l.first(n, limit)...)
	lines, _ = cutHead(lines, text, n)
	return lines, text
}

// first is the text in which the first n lines lie, fewer if they are longer than limit bytes. It lives until more is read.
func (l *lineReader) first(n, limit int) []byte {
	for l.err == nil && l.end-l.start < limit && bytes.Count(l.buf[l.start:l.end], []byte("\n")) < n {
		l.fill(firstRead)
	}
	return l.buf[l.start:l.end]
}

// cutHead appends the first n lines of text and returns what follows them.
func cutHead(lines [][]byte, text []byte, n int) (_ [][]byte, rest []byte) {
	for len(text) > 0 && len(lines) < n {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		line, _ = parser.TrimLine(bytes.TrimLeft(line, "\x00"))
		lines = append(lines, line)
	}
	return lines, text
}

// last passes over all that comes and returns the last lines, of at most limit bytes; nil if it ends in an error.
func (l *lineReader) last(limit int) []byte {
	cut := false
	for {
		if l.end-l.start > limit {
			l.start = l.end - limit
			cut = true
		}
		if l.err != nil {
			break
		}
		l.fill(blockSize)
	}
	if !errors.Is(l.err, io.EOF) {
		return nil
	}
	text := bytes.TrimSuffix(l.buf[l.start:l.end], []byte("\n"))
	if cut { // begins within a line
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return bytes.Clone(text)
}
