package parser

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// StackID stands for what an entry of the slow log says beside its time and process: pool, script and frames. Entries of one
// process with equal ones are equal in that; nobody can foresee which ID it is.
type StackID [2]uint64

// KnowStacks makes those who read by d call known with each entry of the slow log of which all is easily seen: of its record Time,
// Fold, PID, Pool, Script, Stack, Raw and where it stands are set. If it returns true, the entry is not parsed.
func (d *Decoder) KnowStacks(known func(r *Record) bool) { d.known = known }

var stackSeeds = [len(StackID{})]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// stackOf is the ID of what beginStack and appendSlowLine made.
func stackOf(key []byte) (id StackID) {
	for i, seed := range stackSeeds {
		id[i] = maphash.Bytes(seed, key)
	}
	return id
}

func beginStack(key, pool []byte) []byte { return append(append(key[:0], pool...), '\n') }

// appendSlowLine adds a line after the first, without its address if it is a frame: that is another one for each process.
func appendSlowLine(key, line []byte) []byte {
	if bytes.HasPrefix(line, slowFrame) {
		line = line[max(0, frameCall(line)):]
	}
	return append(append(key, line...), '\n')
}

// frameCall is where the "] " stands in a frame behind which its call begins, -1 if it has none. Addresses mostly have 16 digits.
func frameCall(frame []byte) int {
	const usual = len("[0x00007f1c2a013f80")
	if len(frame) >= usual+2 && frame[usual] == ']' && frame[usual+1] == ' ' &&
		!hasBracket(binary.LittleEndian.Uint64(frame[usual-16:])) && !hasBracket(binary.LittleEndian.Uint64(frame[usual-8:])) {
		return usual
	}
	return indexRare(frame, "] ")
}

// hasBracket says whether one of eight bytes is a "]".
func hasBracket(x uint64) bool {
	x ^= lowBits * ']'
	return (x-lowBits)&^x&highBits != 0
}

// entireSlow finds out how long the entry is with which text begins, and how many lines it has. It must be a plain one, and be
// followed by an empty line. What tells its stack is put in key.
func entireSlow(text, key []byte) (n, lines int, _ []byte) {
	end := bytes.IndexByte(text, '\n')
	if end < 0 {
		return 0, 0, key
	}
	pool, _, ok := cutSlowHead(text[:end])
	if !ok || text[end-1] == '\r' || bytes.HasPrefix(text, slowFrame) { // a stamp of day "0x" could go on with an entry before
		return 0, 0, key
	}
	key = beginStack(key, pool)
	for lines = 1; ; lines++ {
		n = end + 1
		rest := text[n:]
		if len(rest) > 0 && rest[0] == '\n' { // an entry does not go on after it
			break
		}
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return 0, 0, key
		}
		line := rest[:i]
		plain := bytes.HasPrefix(line, slowFrame) || lines == 1 && bytes.HasPrefix(line, slowScript)
		if end = n + i; !plain || line[i-1] == '\r' || end > MaxLine || lines >= maxEntryLines {
			return 0, 0, key
		}
		key = appendSlowLine(key, line)
	}
	if text[end-1] == ' ' {
		return 0, 0, key
	}
	return end, lines, key
}
