package parser

import "bytes"

// lastIndex is bytes.LastIndex for text in which sep is rare: bytes.Index goes by many bytes at a time, LastIndex by one.
func lastIndex(b, sep []byte) int {
	last := -1
	for from := 0; ; {
		i := bytes.Index(b[from:], sep)
		if i < 0 {
			return last
		}
		last = from + i
		from = last + 1
	}
}
