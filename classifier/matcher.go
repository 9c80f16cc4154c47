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

	once      sync.Once
	every     ruleSet            // rules that need no literal
	phaseless ruleSet            // rules that suit a record without a phase
	suits     map[string]ruleSet // rules that suit a common phase
	*finder
	literals []string // of rules and of what they make an exception of
	digital  []digital
	digits   *finder         // of their plain pieces
	asked    map[string]bool // fields
	all      *finder         // of all literals
}

func (m *matcher) build() {
	m.every = newRuleSet(len(m.rules))
	for i, r := range m.rules {
		if r.Every {
			m.every.add(i)
		}
	}
	m.finder = newFinder(m.rules)
	m.digital = digitals(m.rules)
	m.digits = digitFinder(m.digital)
	m.literals = literals(m.rules)
	m.asked = asked(m.rules)
	m.all = newFinder([]*Rule{{Literal: m.literals}})
	m.phaseless = m.suiting("")
	m.suits = make(map[string]ruleSet, len(commonPhases))
	for _, phase := range commonPhases {
		m.suits[phase] = m.suiting(phase)
	}
}

// suiting returns the rules that suit phase.
func (m *matcher) suiting(phase string) ruleSet {
	suit := newRuleSet(len(m.rules))
	for i, r := range m.rules {
		if r.suits([]byte(phase)) {
			suit.add(i)
		}
	}
	return suit
}

// commonPhases are those of nginx that stand in most lines: which rules suit them is found out beforehand.
var commonPhases = [...]string{
	"connecting to upstream", "sending request to upstream", "reading response header from upstream", "reading upstream",
	"SSL handshaking to upstream", "SSL handshaking", "sending to client", "waiting for request", "keepalive",
	"reading client request line", "reading client request headers", "processing HTTP/2 connection",
}

// classify appends an event for every rule of m that rec fits, in the order of the rules. It allocates
// nothing for a record that comes to no pattern.
func (m *matcher) classify(dst []Event, rec *parser.Record) []Event {
	m.once.Do(m.build)
	var room [8]uint64
	found := append(ruleSet(room[:0]), m.every...)
	m.find(rec.Message, found)
	if found.empty() {
		return dst
	}
	suit, known := m.phaseless, true
	if len(rec.Phase) > 0 {
		suit, known = m.suits[string(rec.Phase)]
	}
	if known {
		found.keep(suit)
	}
	for i, ok := found.pop(); ok; i, ok = found.pop() {
		if r := m.rules[i]; (known || r.suits(rec.Phase)) && r.holds(rec) {
			dst = append(dst, Event{Rule: m.rules[i], Record: rec})
		}
	}
	return dst
}
