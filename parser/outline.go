package parser

import (
	"encoding/binary"
	"math/bits"
)

// An outline is a text without the digits of its longer numbers. Logs repeat a few outlines over and over.
//
//	[pool www] child 4711 exited with code 0 after 623.816064 seconds from start
//	[pool www] child 4811 exited with code 0 after 601.400007 seconds from start     the same
//	[pool www] child 4811 exited with code 1 after 601.400007 seconds from start     another: it is one digit

const (
	lowBits  = 0x0101010101010101
	highBits = lowBits << 7
)

// digitBits sets the highest bit of each byte of x that is a digit.
func digitBits(x uint64) uint64 {
	x ^= lowBits * '0'
	return ^(x | (x&^uint64(highBits) + lowBits*(0x80-10))) & highBits
}

// hashOutline hashes the outline of b, eight bytes at a time, onto h.
func hashOutline(h uint64, b []byte) uint64 {
	h ^= uint64(len(b))
	whole := b
	x := nextWord(whole, b)
	d := digitBits(x)
	var before uint64 // whether the byte before is a digit
	for len(b) > 8 {
		b = b[8:]
		y := nextWord(whole, b)
		after := digitBits(y)
		h = mix(h ^ masked(x, d&(d<<8|d>>8|before|after<<56)))
		x, d, before = y, after, d>>56
	}
	return mix(h ^ masked(x, d&(d<<8|d>>8|before)))
}

// masked makes 0 of the digits of x that are marked. No other outline looks like that: a 0 that is left stands alone.
func masked(x, digits uint64) uint64 { return x &^ (digits>>3 - digits>>7) }

// nextWord reads the bytes that rest begins with, at most eight, as a number; rest is the end of b. Those that are missing are 0xff.
func nextWord(b, rest []byte) uint64 {
	if len(rest) >= 8 {
		return binary.LittleEndian.Uint64(rest)
	}
	x := ^uint64(0) << (8 * len(rest))
	if len(b) >= 8 && len(rest) > 0 {
		return x | binary.LittleEndian.Uint64(b[len(b)-8:])>>(64-8*len(rest))
	}
	for i, c := range rest {
		x |= uint64(c) << (8 * i)
	}
	return x
}

func mix(x uint64) uint64 {
	high, low := bits.Mul64(x, 0x9e3779b97f4a7c15)
	return high ^ low
}

// Outline returns the outline of b, in which 0 stands for each digit that is left out.
func Outline(b []byte) []byte {
	text := make([]byte, len(b))
	for i, c := range b {
		if text[i] = c; isDigit(c) && (i > 0 && isDigit(b[i-1]) || i+1 < len(b) && isDigit(b[i+1])) {
			text[i] = 0
		}
	}
	return text
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
