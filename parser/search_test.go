package parser

import (
	"bytes"
	"testing"
)

func TestLastIndex(t *testing.T) {
	for _, s := range []string{"", "a", "aa", "aaa", "baab", "x while a while b", "while", " while ", "no"} {
		for _, sep := range []string{"a", "aa", " while ", "b"} {
			if got, want := lastIndex([]byte(s), []byte(sep)), bytes.LastIndex([]byte(s), []byte(sep)); got != want {
				t.Errorf("lastIndex(%q, %q) = %d, want %d", s, sep, got, want)
			}
		}
	}
}

func TestIndexRare(t *testing.T) {
	for _, s := range []string{"", "a", ",", ", a", ",, a, ab", "x, a, a", ", referer", "no"} {
		for _, sep := range []string{",", ", a", ", ab", "a, a"} {
			if got, want := indexRare([]byte(s), sep), bytes.Index([]byte(s), []byte(sep)); got != want {
				t.Errorf("indexRare(%q, %q) = %d, want %d", s, sep, got, want)
			}
			if got, want := lastRare([]byte(s), sep), bytes.LastIndex([]byte(s), []byte(sep)); got != want {
				t.Errorf("lastRare(%q, %q) = %d, want %d", s, sep, got, want)
			}
		}
	}
}

func TestShape8(t *testing.T) {
	s := shapeOf("00:00/ 0")
	if !s.fits([]byte("19:59/ 0")) {
		t.Error("a text of the shape does not fit")
	}
	for i := range 8 {
		for c := range 256 {
			b := []byte("19:59/ 0")
			digit := b[i] >= '0' && b[i] <= '9'
			want := byte(c) == b[i] || digit && c >= '0' && c <= '9'
			if b[i] = byte(c); s.fits(b) != want {
				t.Errorf("fits(%q) = %v", b, !want)
			}
		}
	}
}
