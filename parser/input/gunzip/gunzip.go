// Package gunzip unpacks what gzip has packed, in little more than half the time of compress/gzip. Packed logs are mostly copies of
// what stood before: those go by words, and bits are taken off the input seven bytes at a time. An archive that is cut yields all
// that is whole.
package gunzip

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"sync"
)

// What is wrong with an archive.
var (
	ErrHeader   = errors.New("gzip: invalid header")
	ErrChecksum = errors.New("gzip: invalid checksum")
	ErrCorrupt  = errors.New("gzip: corrupt input")
)

// Reader unpacks an archive, which may be several one behind the other.
type Reader struct{ *unpacker }

type unpacker struct {
	in  bitReader
	out window
	err error

	block        // that is being read
	sum   uint32 // CRC-32 of what the member has given so far
	size  uint32 // of that
}

// unpackers are used again: a folder may hold thousands of archives.
var unpackers = sync.Pool{New: func() any { return &unpacker{} }}

// NewReader reads the header of the archive in src.
func NewReader(src io.Reader) (*Reader, error) {
	r := &Reader{unpackers.Get().(*unpacker)}
	r.in.src = src
	if err := r.member(); err != nil {
		_ = r.Close()
		return nil, err
	}
	return r, nil
}

// Close ends the use of r.
func (r *Reader) Close() error {
	if r.unpacker != nil {
		r.in.reset()
		r.err = nil
		unpackers.Put(r.unpacker)
		r.unpacker = nil
	}
	return nil
}

// Read yields what is unpacked, all that comes before an error.
func (r *Reader) Read(p []byte) (int, error) {
	if r.unpacker == nil {
		return 0, io.ErrClosedPipe
	}
	for len(p) > 0 && len(r.out.ready()) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.err = r.more()
	}
	n := copy(p, r.out.ready())
	r.sum = crc32.Update(r.sum, crc32.IEEETable, p[:n])
	r.size += uint32(n)
	r.out.given += n
	return n, nil
}

// more goes on with the block, or with what comes after it.
func (r *unpacker) more() error {
	r.out.slide()
	switch {
	case r.stored > 0:
		return r.copyStored()
	case r.coded:
		return r.decode()
	case !r.last:
		return r.begin()
	}
	if err := r.trailer(); err != nil {
		return err
	}
	return r.member()
}

// member reads the header of a member; io.EOF if there is none.
func (r *unpacker) member() error {
	r.out.given, r.out.end = 0, 0
	r.last, r.stored, r.coded = false, 0, false
	r.sum, r.size = 0, 0
	return r.in.header()
}

// trailer reads the end of a member, all of which has been given.
func (r *unpacker) trailer() error {
	r.in.align()
	var b [8]byte
	if _, err := r.in.bytes(b[:]); err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(b[:]) != r.sum || binary.LittleEndian.Uint32(b[4:]) != r.size {
		return ErrChecksum
	}
	return nil
}
