package correlate

import (
	"encoding/binary"
	"slices"
	"strings"
)

// stacks are the texts that stacks are made of, in their order, and each stack as their places.
func (c *coder) stacks(s *stacks) {
	if c.decoding {
		c.readStacks(s)
		return
	}
	used := make([]uint64, len(s.texts)) // 1: by some stack; then its place
	for packed, n := range s.n {
		for i := 0; i+4 <= len(packed) && *n > 0; i += 4 {
			used[textAt(packed, i)] = 1
		}
	}
	var order []uint32
	for id, use := range used {
		if use > 0 {
			order = append(order, uint32(id))
		}
	}
	slices.SortFunc(order, func(a, b uint32) int { return strings.Compare(s.texts[a], s.texts[b]) })
	n, before := uint64(len(order)), ""
	c.number(&n)
	for at, id := range order {
		c.front(before, &s.texts[id])
		used[id], before = uint64(at), s.texts[id]
	}
	placed := make(map[string]int, len(s.n))
	for packed, n := range s.n {
		if *n == 0 {
			continue
		}
		var b []byte // so that their order is that of the places
		for i := 0; i+4 <= len(packed); i += 4 {
			b = binary.BigEndian.AppendUint32(b, uint32(used[textAt(packed, i)]))
		}
		placed[string(b)] = *n
	}
	entries(c, placed, strings.Compare, func(b *string, n *int) {
		frames := uint64(len(*b) / 4)
		c.number(&frames)
		for i := 0; i+4 <= len(*b); i += 4 {
			at := uint64(binary.BigEndian.Uint32([]byte((*b)[i : i+4])))
			c.number(&at)
		}
		coded(c, n)
	})
}

// textAt is the number of a text in a packed stack.
func textAt(packed string, i int) uint32 {
	return binary.LittleEndian.Uint32([]byte(packed[i : i+4]))
}

func (c *coder) readStacks(s *stacks) {
	var n uint64
	c.number(&n)
	before := ""
	for range n {
		if c.front(before, &before); c.err != nil {
			return
		}
		if s.id([]byte(before)) != uint32(len(s.texts)-1) {
			c.damaged("a text of stacks stands there twice")
		}
	}
	c.number(&n)
	for range n {
		var frames uint64
		c.number(&frames)
		var packed []byte
		for range frames {
			var at uint64
			if within(c, &at, len(s.texts)); c.err != nil {
				return
			}
			packed = binary.LittleEndian.AppendUint32(packed, uint32(at))
		}
		count := new(int)
		if coded(c, count); c.err != nil {
			return
		}
		if s.n[string(packed)] != nil {
			c.damaged("a stack stands there twice")
		}
		s.n[string(packed)] = count
		s.bytes += len(packed)
	}
}
