package gunzip

import (
	"encoding/binary"
	"errors"
	"io"
)

const inSize = 32 << 10

// bitReader reads single bits, of each byte the lowest first.
type bitReader struct {
	src     io.Reader
	buf     [inSize]byte
	at, end int    // of buf, what was read and is not among bits
	bits    uint64 // those at hand. Above them may stand what comes next
	held    uint   // how many
}

func (in *bitReader) reset() { in.src, in.at, in.end, in.bits, in.held = nil, 0, 0, 0, 0 }

// refill has at least 56 bits at hand. There must be eight bytes more.
func refill(buf []byte, at int, bits uint64, held uint) (int, uint64, uint) {
	// Of the last byte some bits may be there already; it is read again.
	return at + int((63-held)>>3), bits | binary.LittleEndian.Uint64(buf[at:])<<(held&63), held | 56
}

// need has at least n bits at hand, 48 at most.
func (in *bitReader) need(n uint) error {
	for in.held < n {
		if in.at == in.end {
			if err := in.fill(); err != nil {
				return err
			}
		}
		in.bits |= uint64(in.buf[in.at]) << in.held
		in.at++
		in.held += 8
	}
	return nil
}

// fill reads on.
func (in *bitReader) fill() error {
	for range 100 {
		n, err := in.src.Read(in.buf[:])
		in.at, in.end = 0, n
		switch {
		case n > 0:
			return nil // an error comes again
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

// take takes n bits that are at hand.
func (in *bitReader) take(n uint) int {
	x := in.bits & (1<<n - 1)
	in.bits >>= n
	in.held -= n
	return int(x)
}

// number reads n bits.
func (in *bitReader) number(n uint) (int, error) {
	if err := in.need(n); err != nil {
		return 0, err
	}
	return in.take(n), nil
}

// align passes over the rest of a byte.
func (in *bitReader) align() { in.take(in.held & 7) }

// bytes fills p with whole bytes; n is how many there are.
func (in *bitReader) bytes(p []byte) (n int, err error) {
	for n < len(p) && in.held > 0 {
		p[n] = byte(in.take(8))
		n++
	}
	if n == len(p) {
		return n, nil
	}
	for in.bits = 0; n < len(p); {
		if in.at == in.end {
			if err := in.fill(); err != nil {
				return n, err
			}
		}
		some := copy(p[n:], in.buf[in.at:in.end])
		in.at += some
		n += some
	}
	return n, nil
}
