package correlate

import "why502/parser"

// knownStacks finds the stacks met before. There may be as many as maxStacks, and each entry of a slow log asks for one: they lie in
// one table without pointers to follow.
type knownStacks struct {
	slots []stack // their number is a power of two, half of them are free at least
	n     int
}

// at is the stack of an ID, nil if it is not known. It is good until the next add.
func (k *knownStacks) at(id parser.StackID) *stack {
	if k.n == 0 {
		return nil
	}
	if s := k.slot(id); s.used() {
		return s
	}
	return nil
}

// slot is where the stack of an ID is, or belongs.
func (k *knownStacks) slot(id parser.StackID) *stack {
	last := uint64(len(k.slots) - 1)
	for i := id[0] & last; ; i = (i + 1) & last {
		if s := &k.slots[i]; s.id == id || !s.used() {
			return s
		}
	}
}

// add keeps a stack that is not known.
func (k *knownStacks) add(s *stack) *stack {
	if k.n++; 2*k.n > len(k.slots) {
		old := k.slots
		k.slots = make([]stack, max(64, 2*len(old)))
		for i := range old {
			if old[i].used() {
				*k.slot(old[i].id) = old[i]
			}
		}
	}
	own := k.slot(s.id)
	*own = *s
	return own
}

// forget empties the table.
func (k *knownStacks) forget() {
	clear(k.slots)
	k.n = 0
}
