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
