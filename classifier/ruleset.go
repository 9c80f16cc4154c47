package classifier

import "math/bits"

// ruleSet is a set of rules of one matcher, by their place in it.
type ruleSet []uint64

func newRuleSet(rules int) ruleSet { return make(ruleSet, (rules+63)/64) }

func (s ruleSet) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s ruleSet) addAll(o ruleSet) {
	for i, w := range o {
		s[i] |= w
	}
}

func (s ruleSet) keep(o ruleSet) {
	for i, w := range o {
		s[i] &= w
	}
}

func (s ruleSet) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// pop takes the first rule out of s; false if s is empty.
func (s ruleSet) pop() (i int, ok bool) {
	for w := range s {
		if s[w] != 0 {
			i = bits.TrailingZeros64(s[w])
			s[w] &= s[w] - 1
			return w*64 + i, true
		}
	}
	return 0, false
}
