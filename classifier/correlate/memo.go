package correlate

import (
	"encoding/binary"
	"math/bits"
)

// memo remembers what was made of the values seen lately: the lines of a log name the same few sites, backends and
// scripts over and over, and finding out what one means costs far more than recognising it.
type memo[V any] struct {
	slots [256]struct {
		key   []byte
		value V
	}
	spare V // of values too long to be kept
}

// maxMemo bounds the bytes of a value that is remembered.
const maxMemo = 256

// at is where what was made of b stands; unless it is known, the caller makes it and puts it there.
func (m *memo[V]) at(b []byte) (v *V, known bool) {
	s := &m.slots[slot(b)]
	if string(s.key) == string(b) && len(b) > 0 {
		return &s.value, true
	}
	if len(b) > maxMemo {
		return &m.spare, false
	}
	s.key = append(s.key[:0], b...)
	return &s.value, false
}

// slot spreads byte strings by their two ends, their middle and their length: enough to keep the names of one log apart.
func slot(b []byte) byte {
	n := len(b)
	x := uint64(n)
	switch {
	case n >= 8:
		x ^= binary.LittleEndian.Uint64(b) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(b[n-8:]), 23) ^
			bits.RotateLeft64(binary.LittleEndian.Uint64(b[n/2-4:]), 41)
	case n >= 4:
		x ^= uint64(binary.LittleEndian.Uint32(b))<<8 ^ uint64(binary.LittleEndian.Uint32(b[n-4:]))<<32
	case n > 0:
		x ^= uint64(b[0])<<8 ^ uint64(b[n/2])<<16 ^ uint64(b[n-1])<<24
	}
	return byte(x * 0x9e3779b97f4a7c15 >> 56)
}
