package classifier

import (
	"bytes"
	"encoding/binary"
)

// A finder looks at gramBytes bytes of the text in every stride: a literal of enoughBytes cannot lie between two looks
// without one of them falling wholly into it. Each literal is known by the looks that can fall into one part of it, the
// part that is rarest in logs.
//
//	text     upstream timed out      looks at "ups", "tre", "am ", "tim", "ed ", "out"
//	literal           timed out      known by "ed ", "d o", " ou": whichever is looked at, the rest is compared in place
const (
	gramBytes   = 3
	stride      = 3
	enoughBytes = gramBytes + stride - 1
	slotBits    = 13
)

type finder struct {
	heads [1 << slotBits]uint16 // by gram: the first of its spots, counted from 1
	spots []spot
	short []sought // literals of less than enoughBytes
}

// sought is a literal and the rules that want it.
type sought struct {
	text  string
	rules ruleSet
}

// spot is a place in a literal that a look can fall on.
type spot struct {
	*sought
	begin uint32 // the first bytes of the literal, which mostly tell already
	at    int
	next  uint16 // spot of the same slot, 0 after the last
}

// slot is where the gram is looked up that the four bytes of word begin with; several grams share one.
func slot(word uint32) uint32 { return word << 8 * 0x9e3779b1 >> (32 - slotBits) }

// gram reads the gramBytes bytes that b begins with.
func gram(b []byte) uint32 { return uint32(binary.LittleEndian.Uint16(b)) | uint32(b[2])<<16 }

// newFinder returns a finder of the literals of rules. Their samples tell how common a gram is.
func newFinder(rules []*Rule) *finder {
	var common [1 << slotBits]int
	wanted := map[string]*sought{}
	var order []*sought
	for i, r := range rules {
		for _, text := range r.Yes {
			countGrams(&common, text)
		}
		for _, l := range r.Literal {
			if wanted[l] == nil {
				wanted[l] = &sought{text: l, rules: newRuleSet(len(rules))}
				order = append(order, wanted[l])
				countGrams(&common, l)
			}
			wanted[l].rules.add(i)
		}
	}
	f := &finder{}
	for _, s := range order {
		if len(s.text) < enoughBytes {
			f.short = append(f.short, *s)
			continue
		}
		rarest := rarestPart(&common, s.text)
		for at := rarest; at < rarest+stride; at++ {
			head := &f.heads[slot(gram([]byte(s.text[at:at+gramBytes])))]
			f.spots = append(f.spots, spot{s, binary.LittleEndian.Uint32([]byte(s.text)), at, *head})
			*head = uint16(len(f.spots))
		}
	}
	return f
}

func countGrams(common *[1 << slotBits]int, text string) {
	for b := []byte(text); len(b) >= gramBytes; b = b[1:] {
		common[slot(gram(b))]++
	}
}

// rarestPart returns where the part of enoughBytes begins whose grams are least common.
func rarestPart(common *[1 << slotBits]int, literal string) (at int) {
	least := -1
	for i := 0; i+enoughBytes <= len(literal); i++ {
		n := 0
		for j := i; j < i+stride; j++ {
			n += common[slot(gram([]byte(literal[j:j+gramBytes])))]
		}
		if least < 0 || n < least {
			at, least = i, n
		}
	}
	return at
}

// find adds the rules to found of which a literal stands in text.
func (f *finder) find(text []byte, found ruleSet) {
	if len(f.spots) > 0 {
		i := 0
		for ; i+4 <= len(text); i += stride { // four bytes are read as quickly as one
			if n := f.heads[slot(binary.LittleEndian.Uint32(text[i:]))]; n != 0 {
				f.compare(text, i, n, found)
			}
		}
		if i+gramBytes <= len(text) {
			f.compare(text, i, f.heads[slot(gram(text[i:]))], found)
		}
	}
	for i := range f.short {
		if s := &f.short[i]; bytes.Contains(text, []byte(s.text)) {
			found.addAll(s.rules)
		}
	}
}

// compare looks whether one of the literals stands in text that have a spot at i; n is the first of the spots.
func (f *finder) compare(text []byte, i int, n uint16, found ruleSet) {
	for n != 0 {
		s := &f.spots[n-1]
		if at := i - s.at; at >= 0 && at+4 <= len(text) && binary.LittleEndian.Uint32(text[at:]) == s.begin &&
			len(text)-at >= len(s.text) && string(text[at:at+len(s.text)]) == s.text {
			found.addAll(s.rules)
		}
		n = s.next
	}
}
