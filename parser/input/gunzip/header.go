package gunzip

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// Flags of a header.
const (
	headerSum = 1 << (iota + 1)
	extra
	name
	comment
	reserved
)

// maxText is how long a name or a comment may be, as in compress/gzip.
const maxText = 512

// header reads what stands before the text of a member; io.EOF if there is nothing.
func (in *bitReader) header() error {
	if err := in.need(1); errors.Is(err, io.ErrUnexpectedEOF) {
		return io.EOF
	} else if err != nil {
		return err
	}
	var b [10]byte
	if _, err := in.bytes(b[:]); err != nil {
		return err
	}
	flags := b[3]
	if b[0] != 0x1f || b[1] != 0x8b || b[2] != 8 || flags >= reserved {
		return ErrHeader
	}
	sum := crc32.ChecksumIEEE(b[:])
	next := func(n int) error {
		_, err := in.bytes(b[:n])
		sum = crc32.Update(sum, crc32.IEEETable, b[:n])
		return err
	}
	if flags&extra != 0 {
		if err := next(2); err != nil {
			return err
		}
		for n := binary.LittleEndian.Uint16(b[:]); n > 0; n-- {
			if err := next(1); err != nil {
				return err
			}
		}
	}
	for _, text := range [...]byte{name, comment} {
		for n := 0; flags&text != 0 && (n == 0 || b[0] != 0); n++ {
			if n == maxText {
				return ErrHeader
			}
			if err := next(1); err != nil {
				return err
			}
		}
	}
	if flags&headerSum != 0 {
		want := uint16(sum)
		if err := next(2); err != nil {
			return err
		}
		if binary.LittleEndian.Uint16(b[:]) != want {
			return ErrHeader
		}
	}
	return nil
}
