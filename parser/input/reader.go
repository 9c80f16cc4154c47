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

// newReader begins to read raw and looks what is in it. Of an error only the path is left to the caller.
func newReader(raw io.ReadCloser, count *atomic.Int64) (*reader, error) {
	src := &counter{raw, count}
	buf := buffers.Get().(*[blockSize + 2*maxLine]byte)
	n, err := io.ReadAtLeast(src, buf[:firstRead], packedHead)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		buffers.Put(buf)
		return nil, err
	}
	kind, text := sniffCompression(buf[:min(n, packedHead)]), io.Reader(src)
	if kind != plain {
		text, err = unpackAs(kind, io.MultiReader(bytes.NewReader(bytes.Clone(buf[:n])), src))
		if err != nil {
			buffers.Put(buf)
			return nil, damaged("", kind.String(), 0, 0, err)
		}
		n = 0
	}
	r, err := beginText(kind, text, buf, n)
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
	return beginText(kind, text, buffers.Get().(*[blockSize + 2*maxLine]byte), 0)
}

// beginText is newTextReader where the first n bytes are in buf already.
func beginText(kind compression, text io.Reader, buf *[blockSize + 2*maxLine]byte, n int) (*reader, error) {
	r := &reader{kind: kind, buf: buf}
	r.lines = lineReader{src: text, buf: r.buf[:], end: n}
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
