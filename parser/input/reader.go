package input

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"why502/parser"
)

const (
	blockSize = 256 << 10 // of one read
	firstRead = 64 << 10  // of the reads that look what a file is
	maxLine   = parser.MaxLine
)

// buffers are used again: a folder may hold thousands of files.
var buffers = sync.Pool{New: func() any { return new([blockSize + 2*maxLine]byte) }}

// reader is an open input: bytes from the disk, unpacked, cut into lines.
type reader struct {
	kind   compression
	lines  lineReader
	unpack io.Closer // nil if plain
	raw    io.Closer
	tap    *tap // nil: nothing is to be remembered of what is read
	buf    *[blockSize + 2*maxLine]byte
}

// newReader begins to read raw and looks what is in it. Of an error only the path is left to the caller. What is
// trusted to be plain is not unpacked.
func newReader(raw io.ReadCloser, count *atomic.Int64, trusted bool) (*reader, error) {
	src := &counter{raw, count}
	buf := buffers.Get().(*[blockSize + 2*maxLine]byte)
	first := lineReader{src: src, buf: buf[:]}
	for first.err == nil && first.end < packedHead {
		first.fill(firstRead)
	}
	if first.err != nil && !errors.Is(first.err, io.EOF) {
		buffers.Put(buf)
		return nil, first.err
	}
	kind := sniffCompression(buf[:min(first.end, packedHead)])
	if kind != plain && trusted {
		buffers.Put(buf)
		return nil, ErrTrust
	}
	if kind != plain {
		text, err := unpackAs(kind, io.MultiReader(bytes.NewReader(bytes.Clone(buf[:first.end])), src))
		if err != nil {
			buffers.Put(buf)
			return nil, damaged("", kind.String(), 0, 0, err)
		}
		first = lineReader{src: text, buf: buf[:]}
	}
	r, err := beginText(kind, buf, first)
	if err != nil {
		if c, ok := first.src.(io.Closer); ok {
			_ = c.Close()
		}
		return nil, err
	}
	r.raw = raw // is the caller's on failure
	r.unpack, _ = first.src.(io.Closer)
	return r, nil
}

// newTextReader begins to read what has been unpacked.
func newTextReader(kind compression, text io.Reader) (*reader, error) {
	buf := buffers.Get().(*[blockSize + 2*maxLine]byte)
	return beginText(kind, buf, lineReader{src: text, buf: buf[:]})
}

// beginText is newTextReader where something may have been read already.
func beginText(kind compression, buf *[blockSize + 2*maxLine]byte, lines lineReader) (*reader, error) {
	r := &reader{kind: kind, buf: buf, lines: lines}
	if err := checkText(r.lines.begin()); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *reader) close() {
	if r.unpack != nil {
		_ = r.unpack.Close()
	}
	if r.raw != nil {
		_ = r.raw.Close()
	}
	if r.tap != nil {
		r.tap.seal()
	}
	buffers.Put(r.buf)
	r.buf = nil
}

// counter counts what is read.
type counter struct {
	io.Reader
	n *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// maxEmpty is how often a reader may return neither bytes nor an error.
const maxEmpty = 100

var errStuck = errors.New("no bytes come")
