package correlate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// maxBlock bounds a block of a state, maxState all of them: what a Timeline may hold is far less.
const (
	maxBlock = 32 << 10
	maxState = 256 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// blockWriter writes the content of a state in blocks.
type blockWriter struct {
	w   io.Writer
	buf []byte
	sum uint32
	err error
}

func (b *blockWriter) head() {
	head := binary.LittleEndian.AppendUint64([]byte(stateMagic), stateVersion)
	b.put(binary.LittleEndian.AppendUint64(head, fingerprint()))
	b.buf = make([]byte, 0, maxBlock)
}

func (b *blockWriter) put(p []byte) {
	if b.err == nil {
		_, b.err = b.w.Write(p)
	}
}

// write takes content.
func (b *blockWriter) write(p []byte) {
	for len(b.buf)+len(p) > maxBlock {
		n := maxBlock - len(b.buf)
		b.buf = append(b.buf, p[:n]...)
		p = p[n:]
		b.flush()
	}
	b.buf = append(b.buf, p...)
}

func (b *blockWriter) flush() {
	b.sum = crc32.Update(b.sum, castagnoli, b.buf)
	var room [binary.MaxVarintLen64 + 4]byte
	b.put(binary.LittleEndian.AppendUint32(binary.AppendUvarint(room[:0], uint64(len(b.buf))), b.sum))
	b.put(b.buf)
	b.buf = b.buf[:0]
}

func (b *blockWriter) end() {
	if len(b.buf) > 0 {
		b.flush()
	}
	b.flush()
}

// blockReader gives the content of a state back, a block only when it is known to be whole.
type blockReader struct {
	r    io.Reader
	buf  [maxBlock]byte
	left []byte // of the block
	sum  uint32
	all  int
}

func (b *blockReader) head() error {
	var head [len(stateMagic) + 16]byte
	if err := b.full(head[:]); err != nil {
		return err
	}
	if string(head[:len(stateMagic)]) != stateMagic {
		return fmt.Errorf("%w: it does not begin as one", ErrStateDamaged)
	}
	numbers := head[len(stateMagic):]
	if binary.LittleEndian.Uint64(numbers) != stateVersion || binary.LittleEndian.Uint64(numbers[8:]) != fingerprint() {
		return ErrStateVersion
	}
	return nil
}

func (b *blockReader) full(p []byte) error {
	_, err := io.ReadFull(b.r, p)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: its end is missing", ErrStateDamaged)
	}
	return err
}

// ReadByte reads a byte of the head of a block.
func (b *blockReader) ReadByte() (byte, error) {
	err := b.full(b.buf[:1])
	return b.buf[0], err
}

// next reads a block. The last one is empty.
func (b *blockReader) next() error {
	n, err := binary.ReadUvarint(b)
	if err != nil && !errors.Is(err, ErrStateDamaged) {
		return err
	}
	if err != nil || n > maxBlock {
		return fmt.Errorf("%w: a block has no length", ErrStateDamaged)
	}
	if b.all += int(n); b.all > maxState {
		return fmt.Errorf("%w: it is too large", ErrStateDamaged)
	}
	var sum [4]byte
	if err := b.full(sum[:]); err != nil {
		return err
	}
	b.left = b.buf[:n]
	if err := b.full(b.left); err != nil {
		return err
	}
	if b.sum = crc32.Update(b.sum, castagnoli, b.left); b.sum != binary.LittleEndian.Uint32(sum[:]) {
		return fmt.Errorf("%w: its checksum is another", ErrStateDamaged)
	}
	return nil
}

// read fills p with content.
func (b *blockReader) read(p []byte) error {
	for len(p) > 0 {
		if len(b.left) == 0 {
			if err := b.next(); err != nil {
				return err
			}
			if len(b.left) == 0 {
				return fmt.Errorf("%w: it ends too early", ErrStateDamaged)
			}
		}
		n := copy(p, b.left)
		p, b.left = p[n:], b.left[n:]
	}
	return nil
}

// end says whether all was read.
func (b *blockReader) end() error {
	if len(b.left) == 0 {
		if err := b.next(); err != nil {
			return err
		}
		if len(b.left) == 0 {
			return nil
		}
	}
	return fmt.Errorf("%w: there is more than belongs to it", ErrStateDamaged)
}
