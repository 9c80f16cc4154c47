package gunzip

import "math/bits"

// A table says what the next bits mean. What most codes mean stands where their bits, and whatever follows, say; for longer
// ones there is a link to a part of the table for the rest of their bits.
//
//	31…16  the literal, the least length or distance, or where the linked part begins
//	15     literal
//	14…12  link, end of the block, no such code
//	11…8   how many bits the code has
//	7…0    and how many with those behind it, which are added to the least length or distance
type entry uint32

const (
	literal entry = 1 << (15 - iota)
	link
	end
	bad
	special = link | end | bad
)

const (
	maxCode  = 15 // bits
	litRoot  = 11 // bits that the first look is at
	distRoot = 8

	litSymbols, distSymbols = 288, 32
)

// Each link leads to at least two codes: there are half as many at most.
type (
	litTable  [1<<litRoot + litSymbols/2<<(maxCode-litRoot)]entry
	distTable [1<<distRoot + distSymbols/2<<(maxCode-distRoot)]entry
)

// value is what is the number, or the least one.
func (e entry) value() int { return int(e >> 16) }

// all is how many bits e takes.
func (e entry) all() uint { return uint(e & 0x3f) }

// with adds what stands behind the code.
func (e entry) with(b uint64) int { return e.value() + int(b&(1<<e.all()-1)>>(e>>8&15)) }

// What symbols mean, RFC 1951.
var litMeanings, distMeanings = func() (lit [litSymbols]entry, dist [distSymbols]entry) {
	for i := range lit {
		lit[i] = literal | entry(i)<<16
	}
	lit[256] = end
	least := 3
	for i := range 28 {
		more := max(i/4-1, 0)
		lit[257+i] = entry(least<<16 | more)
		least += 1 << more
	}
	lit[285] = 258 << 16
	lit[286], lit[287] = bad, bad
	least = 1
	for i := range 30 {
		more := max(i/2-1, 0)
		dist[i] = entry(least<<16 | more)
		least += 1 << more
	}
	dist[30], dist[31] = bad, bad
	return lit, dist
}()

// build makes the table of codes of such lengths; it says whether there can be such. They may lack altogether, or there may be one
// of one bit; else no bits may be without a meaning.
func build(table []entry, root int, lengths []uint8, meanings []entry) bool {
	var count, next [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code, longest := 0, 0
	for n := 1; n <= maxCode; n++ {
		code <<= 1
		next[n] = code
		if code += count[n]; count[n] > 0 {
			longest = n
		}
	}
	if whole := code == 1<<maxCode; !whole && longest > 0 && !(longest == 1 && count[1] == 1) {
		return false
	}
	for i := range table[:1<<root] {
		table[i] = bad
	}
	room := 1 << root
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		e := meanings[symbol] + entry(n)<<8 + entry(n)
		at := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		if int(n) <= root {
			for ; at < 1<<root; at += 1 << n {
				table[at] = e
			}
			continue
		}
		first := &table[at&(1<<root-1)]
		if *first == bad {
			*first = link | entry(room)<<16
			room += 1 << (maxCode - root)
		}
		part := table[first.value():][:1<<(maxCode-root)]
		for at >>= root; at < len(part); at += 1 << (int(n) - root) {
			part[at] = e
		}
	}
	return true
}

// at finds what the bits mean.
func (t *litTable) at(bits uint64) entry {
	e := t[bits&(1<<litRoot-1)]
	if e&link != 0 {
		e = t[e.value()+int(bits>>litRoot&(1<<(maxCode-litRoot)-1))]
	}
	return e
}

func (t *distTable) at(bits uint64) entry {
	e := t[bits&(1<<distRoot-1)]
	if e&link != 0 {
		e = t[e.value()+int(bits>>distRoot&(1<<(maxCode-distRoot)-1))]
	}
	return e
}
