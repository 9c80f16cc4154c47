package correlate

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// setSize is how many members a Set knows exactly; smallSet is that where there are very many Sets.
const (
	setSize  = 256
	smallSet = 64
)

// Set counts distinct things in bounded room: it keeps the smallest hashes it has seen. Up to setSize members the
// count is exact, beyond that it is estimated from how dense the kept hashes lie. The order of adding and
// merging makes no difference.
type Set struct {
	h    []uint64
	size uint16 // how many members it knows exactly; 0 means setSize
}

func (s *Set) room() int {
	if s.size == 0 {
		return setSize
	}
	return int(s.size)
}

// full says whether there may have been members that are not kept.
func (s *Set) full() bool { return len(s.h) == s.room() }

// Add puts a hash in.
func (s *Set) Add(h uint64) {
	n := len(s.h)
	full := s.full()
	if full && h >= s.h[n-1] {
		return
	}
	if !full && n <= smallSet {
		s.insert(h)
		return
	}
	i := place(s.h, h)
	if i < n && s.h[i] == h {
		return
	}
	if full {
		copy(s.h[i+1:], s.h[i:n-1])
		s.h[i] = h
		return
	}
	s.h = append(s.h, h)
	copy(s.h[i+1:], s.h[i:n])
	s.h[i] = h
}

// insert adds to a set that is not full and so small that moving members one by one, while looking for where h belongs, is quicker
// than finding the place first.
func (s *Set) insert(h uint64) {
	all := append(s.h, h)
	i := len(all) - 1
	for ; i > 0 && all[i-1] > h; i-- {
		all[i] = all[i-1]
	}
	all[i] = h
	if i > 0 && all[i-1] == h { // it was there
		all = slices.Delete(all, i, i+1)
	}
	s.h = all
}

// shrink makes s know no more than size members exactly.
func (s *Set) shrink(size int) {
	if size >= s.room() {
		return
	}
	s.size = uint16(size)
	if len(s.h) > size {
		s.h = slices.Clone(s.h[:size])
	}
}

// Merge adds all members of o.
func (s *Set) Merge(o *Set) {
	if o.full() {
		s.shrink(o.room())
	}
	from := o.h
	if s.full() { // only what is smaller than its largest gets in
		from = from[:place(from, s.h[len(s.h)-1])]
	}
	if len(from) < 4 {
		for _, h := range from {
			s.Add(h)
		}
		return
	}
	var room [setSize]uint64
	n, i, j := 0, 0, 0
	for n < s.room() && (i < len(s.h) || j < len(from)) {
		switch {
		case j == len(from) || i < len(s.h) && s.h[i] < from[j]:
			room[n] = s.h[i]
			i++
		case i < len(s.h) && s.h[i] == from[j]:
			i++
			continue
		default:
			room[n] = from[j]
			j++
		}
		n++
	}
	s.h = append(s.h[:0], room[:n]...)
}

func (s *Set) clone() Set { return Set{slices.Clone(s.h), s.size} }

// wiped is an empty set with the room of s, unless that is much.
func (s *Set) wiped() Set {
	if cap(s.h) > smallSet {
		return Set{}
	}
	return Set{h: s.h[:0]}
}

// Len is the number of distinct members.
func (s *Set) Len() int {
	if !s.full() {
		return len(s.h)
	}
	n := len(s.h)
	return int(float64(n-1) / (float64(s.h[n-1]) / math.MaxUint64))
}

// Meets says whether the two sets are known to share a member.
func (s *Set) Meets(o *Set) bool {
	i, j := 0, 0
	for i < len(s.h) && j < len(o.h) {
		switch {
		case s.h[i] == o.h[j]:
			return true
		case s.h[i] < o.h[j]:
			i++
		default:
			j++
		}
	}
	return false
}

// place finds where x, which is not negative, belongs among those that are in order. What comes is mostly random, and so would
// be the branches of a search: it has none.
func place[T int | uint64](sorted []T, x T) int {
	from, n := 0, len(sorted)
	for n > 0 {
		half := (n + 1) / 2
		_, less := bits.Sub64(uint64(sorted[from+half-1]), uint64(x), 0)
		from += half & -int(less)
		n -= half
	}
	return from
}

// hash mixes byte strings to one 64-bit value, eight bytes at a time, with a final avalanche. It must be the same in every run, so
// that equal logs give equal reports: hash/maphash, seeded anew by each process, will not do.
func hash(parts ...[]byte) uint64 {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		h ^= uint64(len(p)) // or "ab", "c" would be "a", "bc"
		q := p
		for len(q) >= 8 {
			h = fold64(h ^ binary.LittleEndian.Uint64(q))
			q = q[8:]
		}
		h = fold64(h ^ tail(p, len(q)))
	}
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

// tail reads the last n bytes of p as a number, fewer than eight.
func tail(p []byte, n int) (x uint64) {
	if len(p) >= 8 && n > 0 {
		return binary.LittleEndian.Uint64(p[len(p)-8:]) >> (64 - 8*n)
	}
	for i, c := range p[len(p)-n:] {
		x |= uint64(c) << (8 * i)
	}
	return x
}

// fold64 mixes a word by a multiplication whose high half is folded in.
func fold64(x uint64) uint64 {
	high, low := bits.Mul64(x, 0x9e3779b97f4a7c15)
	return high ^ low
}
