package input

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// Eight bytes at a time or one: the same bytes are none of a text.
func TestCheckText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	texts, others := 0, 0
	for range 20_000 {
		block := []byte(strings.Repeat("GET /index.php?id=\xc3\xa9 HTTP/1.1\t200\n", 1+r.IntN(3)))[r.IntN(30):]
		for range r.IntN(2 + len(block)/8) {
			block[r.IntN(len(block))] = [...]byte{0, 0, 1, 7, 0x1b, 0x1f, '\r', 0x7f, 0x80, 0xff}[r.IntN(10)]
		}
		odd, size := 0, 0
		for i, c := range block {
			switch {
			case c == 0:
				if i > 0 && block[i-1] != 0 {
					odd++
				}
			case bytes.IndexByte([]byte("\t\n\r\x1b"), c) < 0 && (c < ' ' || c == 0x7f):
				odd++
				size++
			default:
				size++
			}
		}
		binary := odd > 3 && odd*12 > size
		if got := checkText(block) != nil; got != binary && !bytes.HasPrefix(block, []byte("\xff")) {
			t.Fatalf("%q: binary %v, want %v", block, got, binary)
		}
		if binary {
			others++
		} else {
			texts++
		}
	}
	if texts < 1000 || others < 1000 {
		t.Errorf("%d texts and %d others", texts, others)
	}
}
