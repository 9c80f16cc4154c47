package input

import (
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
	buf    *[blockSize + 2*maxLine]byte
}

// newReader begins to read raw and looks what is in it. Of an error only the path is left to the caller.
func newReader(raw io.ReadCloser, count *atomic.Int64) (*reader, error) {
	kind, text, err := unpack(&counter{raw, count})
	if err != nil {
		if kind != plain {
			return nil, damaged("", kind.String(), 0, 0, err)
		}
		return nil, err
	}
	r, err := newTextReader(kind, text)
	if err != nil {
		if c, ok := text.(io.Closer); ok {
			_ = c.Close()
		}
		return nil, err
	}
	r.raw = raw // is the caller's on failure
	r.unpack, _ = text.(io.Closer)
	return r, nil
}

// newTextReader begins to read what has been unpacked.
func newTextReader(kind compression, text io.Reader) (*reader, error) {
	r := &reader{kind: kind, buf: buffers.Get().(*[blockSize + 2*maxLine]byte)}
	r.lines = lineReader{src: text, buf: r.buf[:]}
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
