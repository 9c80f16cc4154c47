package follow

import "hash/crc32"

// printSize is how many of the bytes consumed last tell a place in a log from others.
const printSize = 128

// ledger says how far a text was consumed, and what stood before that place.
type ledger struct {
	offset int64
	line   int  // lines before offset, unknownLine if nobody counted
	within bool // offset lies in a line of which the beginning was consumed and the rest is to be passed over

	known bool // print is; else only its crc is
	crc   uint32
	print [printSize]byte
	n     int
}

const unknownLine = -1

// ahead is how many bytes before offset are compared.
func (l *ledger) ahead() int { return int(min(l.offset, printSize)) }

// advance notes that b, the next bytes of the text, are consumed.
func (l *ledger) advance(b []byte) {
	l.offset += int64(len(b))
	if len(b) >= printSize {
		l.n = copy(l.print[:], b[len(b)-printSize:])
		return
	}
	keep := min(l.n, printSize-len(b))
	copy(l.print[:keep], l.print[l.n-keep:l.n])
	l.n = keep + copy(l.print[keep:], b)
}

// sum is the crc of the bytes before offset.
func (l *ledger) sum() uint32 {
	if !l.known {
		return l.crc
	}
	return crc32.ChecksumIEEE(l.print[:l.n])
}

// fits says whether before, which stands before offset in some text, is what was consumed here; if so it is kept.
func (l *ledger) fits(before []byte) bool {
	if len(before) != l.ahead() {
		return false
	}
	if l.known {
		return string(before) == string(l.print[:l.n])
	}
	if crc32.ChecksumIEEE(before) != l.crc {
		return false
	}
	l.learn(before)
	return true
}

// learn takes what stands before offset.
func (l *ledger) learn(before []byte) {
	l.known, l.n = true, copy(l.print[:], before)
}
