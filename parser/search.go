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

// indexRare is bytes.Index for a sep that begins with a byte which is rare in b. That one looks for short texts, and where
// the first byte turns up often, by comparing at every place.
func indexRare(b []byte, sep string) int {
	for from := 0; ; from++ {
		i := bytes.IndexByte(b[from:], sep[0])
		if i < 0 {
			return -1
		}
		from += i
		if len(b)-from < len(sep) {
			return -1
		}
		if string(b[from:from+len(sep)]) == sep {
			return from
		}
	}
}

// lastRare is indexRare from the other end.
func lastRare(b []byte, sep string) int {
	last := -1
	for from := 0; ; {
		i := indexRare(b[from:], sep)
		if i < 0 {
			return last
		}
		last = from + i
		from = last + 1
	}
}

// begins is bytes.HasPrefix, which becomes a comparison of words where text is a short constant.
func begins(b []byte, text string) bool { return len(b) >= len(text) && string(b[:len(text)]) == text }

// trimEnd takes the bytes of cutset off the end of b, all of them blanks or control bytes; mostly there are none.
func trimEnd(b []byte, cutset string) []byte {
	if n := len(b); n > 0 && b[n-1] > ' ' {
		return b
	}
	return bytes.TrimRight(b, cutset)
}
