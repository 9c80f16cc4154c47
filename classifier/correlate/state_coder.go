package correlate

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"why502/classifier"
)

// coder writes a Timeline, or reads it: each of its functions does either with what it is given a pointer to, so the two
// cannot part ways.
type coder struct {
	decoding bool
	blocks   *blockWriter
	input    *blockReader
	err      error // of reading
	find     func(classifier.Tag) *classifier.Rule

	room  [binary.MaxVarintLen64]byte
	clock int64 // second of the last moment
	inner bool  // the Timeline is within another

	ranks []ID // by ID: the place of its name
	names *names
	texts map[string]uint64 // that are no names, by their places
	list  []string          // the same by place
}

// maxStateText bounds the bytes of one text.
const maxStateText = 64 << 10

func (c *coder) number(n *uint64) {
	if !c.decoding {
		c.blocks.write(binary.AppendUvarint(c.room[:0], *n))
		return
	}
	*n = 0
	for shift := 0; c.err == nil; shift += 7 {
		b := c.room[:1]
		if c.err = c.input.read(b); c.err != nil {
			break
		}
		if shift == 63 && b[0] > 1 {
			c.damaged("a number is too large")
			break
		}
		*n |= uint64(b[0]&0x7f) << shift
		if b[0] < 0x80 {
			return
		}
	}
	*n = 0
}

// signed is for numbers that may be negative.
func (c *coder) signed(n *int64) {
	u := uint64(*n<<1) ^ uint64(*n>>63)
	c.number(&u)
	*n = int64(u>>1) ^ -int64(u&1)
}

func coded[T ~int | ~int32 | ~int64](c *coder, n *T) {
	wide := int64(*n)
	c.signed(&wide)
	if *n = T(wide); int64(*n) != wide {
		c.damaged("a number is too large")
		*n = 0
	}
}

// within is for numbers from 0 to less than a bound.
func within[T ~int | ~uint8 | ~uint16 | ~uint64](c *coder, n *T, bound int) {
	wide := uint64(*n)
	c.number(&wide)
	if c.decoding && wide >= uint64(bound) {
		c.damaged("a number is out of bounds")
		wide = 0
	}
	*n = T(wide)
}

func (c *coder) flag(b *bool) {
	n := uint64(0)
	if *b {
		n = 1
	}
	within(c, &n, 2)
	*b = n == 1
}

func (c *coder) bytes(p []byte) {
	if !c.decoding {
		c.blocks.write(p)
		return
	}
	if c.err == nil {
		c.err = c.input.read(p)
	}
}

// text is for strings that stand there once.
func (c *coder) text(s *string) {
	n := len(*s)
	within(c, &n, maxStateText)
	if !c.decoding {
		c.blocks.write([]byte(*s))
		return
	}
	b := make([]byte, n)
	c.bytes(b)
	*s = string(b)
}

// named is for strings that stand there again and again. A name of the Timeline is told by its place, any other by that among
// its like: odd and even numbers.
func (c *coder) named(s *string) {
	var code uint64
	if !c.decoding {
		if id, ok := c.names.known(*s); ok {
			code = uint64(c.ranks[id])<<1 | 1
		} else {
			code = c.texts[*s] << 1
		}
	}
	c.number(&code)
	switch at := code >> 1; {
	case code == 0: // a new one
		c.text(s)
		if c.decoding {
			c.list = append(c.list, *s)
		} else {
			c.texts[*s] = uint64(len(c.texts) + 1)
		}
	case !c.decoding:
	case code&1 == 1 && at < uint64(len(c.names.list)):
		*s = c.names.list[at]
	case code&1 == 0 && at <= uint64(len(c.list)):
		*s = c.list[at-1]
	default:
		c.damaged("a name is missing")
	}
}

// front is for strings in their order, given the one before.
func (c *coder) front(before string, s *string) {
	same := 0
	for !c.decoding && same < min(len(before), len(*s)) && before[same] == (*s)[same] {
		same++
	}
	within(c, &same, len(before)+1)
	rest := (*s)[min(same, len(*s)):]
	c.text(&rest)
	if c.decoding {
		*s = before[:same] + rest
	}
}

func (c *coder) id(id *ID) {
	n := uint64(0)
	if !c.decoding {
		n = uint64(c.ranks[*id])
	}
	within(c, &n, len(c.names.list))
	if c.decoding {
		*id = ID(n)
	}
}

// farSecond bounds what a log may state: some thousand years.
const farSecond = 1 << 37

// second is for seconds since 1970.
func (c *coder) second(sec *int64) {
	d := *sec - c.clock
	c.signed(&d)
	if c.clock += d; c.decoding && (c.clock < -farSecond || c.clock > farSecond) {
		c.damaged("a moment is out of all time")
		c.clock = 0
	}
	*sec = c.clock
}

func (c *coder) moment(t *time.Time) {
	n := uint64(0)
	if !t.IsZero() {
		n = uint64(t.Nanosecond()) + 1
	}
	within(c, &n, 1e9+1)
	if n == 0 {
		*t = time.Time{}
		return
	}
	sec := t.Unix()
	c.second(&sec)
	if c.decoding {
		*t = time.Unix(sec, int64(n-1)).UTC()
	}
}

func (c *coder) set(s *Set) {
	within(c, &s.size, setSize+1)
	n := len(s.h)
	within(c, &n, s.room()+1)
	if c.decoding && n > 0 {
		s.h = make([]uint64, n)
	}
	for i := range s.h {
		binary.LittleEndian.PutUint64(c.room[:8], s.h[i])
		c.bytes(c.room[:8])
		s.h[i] = binary.LittleEndian.Uint64(c.room[:8])
		if i > 0 && s.h[i] <= s.h[i-1] {
			c.damaged("a set is out of order")
			return
		}
	}
}

// entries is a table in the order of its keys. When decoding, each is given a key and a value to fill.
func entries[K comparable, V any](c *coder, m map[K]V, compare func(a, b K) int, each func(*K, *V)) {
	n := uint64(len(m))
	c.number(&n)
	if !c.decoding {
		for _, k := range slices.SortedFunc(maps.Keys(m), compare) {
			v := m[k]
			each(&k, &v)
		}
		return
	}
	for ; n > 0 && c.err == nil; n-- {
		var k K
		var v V
		each(&k, &v)
		if _, twice := m[k]; twice {
			c.damaged("an entry stands there twice")
		}
		m[k] = v
	}
}

// rows is entries for a table.
func rows[K tableKey, V any](c *coder, t *table[K, V], compare func(a, b K) int, each func(*K, *V)) {
	n := uint64(t.len())
	c.number(&n)
	if !c.decoding {
		keys := make([]K, 0, t.len())
		for k := range t.all() {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, compare)
		for _, k := range keys {
			each(&k, t.get(k))
		}
		return
	}
	for ; n > 0 && c.err == nil; n-- {
		var k K
		var v V
		each(&k, &v)
		if t.get(k) != nil {
			c.damaged("an entry stands there twice")
		}
		*t.put(k) = v
	}
}
