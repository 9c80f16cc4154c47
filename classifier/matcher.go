package classifier

import (
	"sync"

	"why502/parser"
)

// matcher holds the rules of one format. Its finder is built when the first record of that format comes: a run meets
// few of the formats.
type matcher struct {
	format string
	rules  []*Rule

	once  sync.Once
	every ruleSet // rules that need no literal
	*finder
}

func (m *matcher) build() {
	m.every = newRuleSet(len(m.rules))
	for i, r := range m.rules {
		if r.Every {
			m.every.add(i)
		}
	}
	m.finder = newFinder(m.rules)
}

// classify appends an event for every rule of m that rec fits, in the order of the rules. It allocates
// nothing for a record that comes to no pattern.
func (m *matcher) classify(dst []Event, rec *parser.Record) []Event {
	m.once.Do(m.build)
	var room [8]uint64
	found := append(ruleSet(room[:0]), m.every...)
	m.find(rec.Message, found)
	for i, ok := found.pop(); ok; i, ok = found.pop() {
		if m.rules[i].holds(rec) {
			dst = append(dst, Event{Rule: m.rules[i], Record: rec})
		}
	}
	return dst
}
