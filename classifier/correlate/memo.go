package correlate

import "hash/maphash"

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

// slotSeed spreads byte strings in a way that nobody can foresee. It shows in nothing but in what is looked up twice.
var slotSeed = maphash.MakeSeed()

func slot(b []byte) byte { return byte(maphash.Bytes(slotSeed, b)) }
