package classifier

import (
	"slices"
	"sync"

	ahocorasick "github.com/BobuSumisu/aho-corasick"

	"why502/parser"
)

// anchorBytes is how much of a literal stands in the automaton, whose states take 2 KiB each; the rest of
// it is compared in place. Shorter anchors make it smaller and give more false candidates.
const anchorBytes = 10

// matcher holds the rules of one format. Its automaton is built when the first record of that format
// comes: a run meets few of the formats.
type matcher struct {
	rules []*Rule
	every []int // rules that need no literal

	once sync.Once
	trie *ahocorasick.Trie
	ends [][]ending // by anchor
}

// ending is a literal behind its anchor, and the rule it belongs to.
type ending struct {
	rest string
	rule int
}

func (m *matcher) build() {
	numbers := map[string]int{}
	builder := ahocorasick.NewTrieBuilder()
	for i, r := range m.rules {
		if r.Every {
			m.every = append(m.every, i)
			continue
		}
		for _, l := range r.Literal {
			anchor, rest := l, ""
			if len(l) > anchorBytes {
				anchor, rest = l[:anchorBytes], l[anchorBytes:]
			}
			n, known := numbers[anchor]
			if !known {
				n = len(m.ends)
				numbers[anchor] = n
				builder.AddString(anchor)
				m.ends = append(m.ends, nil)
			}
			m.ends[n] = append(m.ends[n], ending{rest, i})
		}
	}
	m.trie = builder.Build()
}

// classify appends an event for every rule of m that rec fits, in the order of the rules. It allocates
// nothing for a record that fits none without a pattern.
func (m *matcher) classify(dst []Event, rec *parser.Record) []Event {
	m.once.Do(m.build)
	var room [32]int
	found := append(room[:0], m.every...)
	text := rec.Message
	m.trie.Walk(text, func(end, _, anchor int64) bool {
		after := text[end+1:]
		for _, e := range m.ends[anchor] {
			if len(after) >= len(e.rest) && string(after[:len(e.rest)]) == e.rest && !slices.Contains(found, e.rule) {
				found = append(found, e.rule)
			}
		}
		return true
	})
	slices.Sort(found)
	for _, i := range found {
		if attrs, ok := m.rules[i].holds(rec); ok {
			dst = append(dst, Event{Rule: m.rules[i], Record: rec, Attrs: attrs})
		}
	}
	return dst
}
