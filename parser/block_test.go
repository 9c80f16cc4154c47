package parser

import "testing"

// Lines that are passed are not counted; which is the first of a part that was read for itself is said of the first one only.
func TestBlockPass(t *testing.T) {
	for _, c := range []struct {
		block Block
		pass  int
		more  bool
		first string
		fresh bool
		size  int64
	}{
		{Block{Text: []byte("a\r\n\x00\x00bc\nd\n"), Fresh: true}, 0, true, "a", true, 7},
		{Block{Text: []byte("a\r\n\x00\x00bc\nd\n"), Fresh: true}, 1, true, "bc", false, 5},
		{Block{Text: []byte("a\nb\n"), Number: 6}, 7, true, "b", false, 2},
		{Block{Text: []byte("a\nb\n"), Number: 6}, 8, false, "", false, 0},
		{OneLine(Line{Text: []byte("a\r"), Number: 3}), 2, true, "a\r", false, 3},
		{OneLine(Line{Text: []byte("a\r"), Number: 3}), 3, false, "", false, 0},
	} {
		b := c.block
		if more := b.Pass(c.pass); more != c.more {
			t.Errorf("%q passed up to %d: more %v", c.block.Text, c.pass, more)
		}
		first, _ := b.Next()
		for _, ok := b.Next(); ok; _, ok = b.Next() {
		}
		if string(first.Text) != c.first || first.Fresh != c.fresh || b.Size != c.size {
			t.Errorf("%q passed up to %d: %q, fresh %v, %d bytes; want %q, %v, %d", c.block.Text, c.pass, first.Text, first.Fresh, b.Size, c.first, c.fresh, c.size)
		}
	}
}
