package classifier

import (
	"bytes"
	"slices"
	"strings"

	"why502/parser"
)

// Asks says whether a rule for records of a format goes by a field.
func (rs *Rules) Asks(format, key string) bool {
	m := rs.matcher(format)
	if m == nil {
		return false
	}
	m.once.Do(m.build)
	return m.asked[key]
}

// asked are the fields that rules go by.
func asked(rules []*Rule) map[string]bool {
	keys := map[string]bool{}
	for _, r := range rules {
		for _, f := range slices.Concat(r.Fields, r.Except.Fields) {
			keys[f.Key] = true
		}
	}
	return keys
}

// Blind says whether the events of a record follow from the outline of its message, as parser.Outline makes it, and from what
// it says beside its message: whether all records that differ in nothing but the digits left out get the same. Where after is
// not nil, any Plain text may stand between the two.
func (rs *Rules) Blind(r *parser.Record, before, after []byte) bool {
	m := rs.matcher(r.Format)
	if m == nil {
		return true
	}
	m.once.Do(m.build)
	for _, part := range [...][]byte{before, after} {
		may := newRuleSet(len(m.digital))
		m.digits.find(part, may)
		for i, ok := may.pop(); ok; i, ok = may.pop() {
			l := &m.digital[i]
			if l.mayStand(part) && (l.everywhere || !bytes.Contains(part, []byte(l.text))) {
				return false
			}
		}
	}
	if after != nil && slices.ContainsFunc(m.literals, func(l string) bool { return reachesIn(before, after, l) }) {
		return false
	}
	found := slices.Clone(m.every)
	m.find(r.Message, found)
	for i, ok := found.pop(); ok; i, ok = found.pop() {
		if rule := m.rules[i]; rule.pattern != nil && rule.suits(r.Phase) && rule.concerns(r) {
			return false
		}
	}
	return true
}

// Plain says whether no rule for a format looks for anything that stands in text.
func (rs *Rules) Plain(format string, text []byte) bool {
	m := rs.matcher(format)
	if m == nil {
		return true
	}
	m.once.Do(m.build)
	var room [1]uint64
	m.all.find(text, room[:])
	return room[0] == 0
}

// literals are all texts that rules look for.
func literals(rules []*Rule) (all []string) {
	for _, r := range rules {
		all = slices.Concat(all, r.Literal, r.Except.Literal, r.Except.Next)
	}
	return all
}

// reachesIn says whether a literal may begin in what stands before a text and go on in it, or end in what stands after it.
func reachesIn(before, after []byte, literal string) bool {
	for n := min(len(literal)-1, len(before)); n > 0; n-- {
		if last := before[len(before)-1]; (last == literal[n-1] || last == 0) && mayBe(before[len(before)-n:], literal[:n]) {
			return true
		}
	}
	for n := min(len(literal)-1, len(after)); n > 0; n-- {
		if first := after[0]; (first == literal[len(literal)-n] || first == 0) && mayBe(after[:n], literal[len(literal)-n:]) {
			return true
		}
	}
	return false
}

// mayBe says whether text is one of the texts of an outline of the same length.
func mayBe(outline []byte, text string) bool {
	for i := len(text) - 1; i >= 0; i-- {
		if c := outline[i]; c != text[i] && (c != 0 || text[i] < '0' || text[i] > '9') {
			return false
		}
	}
	return true
}

// digital is a literal with digits, wherever it stands in a rule.
type digital struct {
	text       string
	plain      string // its longest piece that any text of an outline shows as it is
	at         int    // where that begins
	everywhere bool   // it matters whether it stands in a second place, too
}

func digitals(rules []*Rule) (all []digital) {
	const varies = "\x000123456789"
	for _, r := range rules {
		for _, l := range slices.Concat(r.Literal, r.Except.Literal, r.Except.Next) {
			if !strings.ContainsAny(l, varies) {
				continue
			}
			d := digital{text: l, everywhere: len(r.Except.Next) > 0 || strings.IndexByte(l, 0) >= 0}
			for from := 0; from < len(l); {
				n := strings.IndexAny(l[from:], varies)
				if n < 0 {
					n = len(l) - from
				}
				if n > len(d.plain) {
					d.plain, d.at = l[from:from+n], from
				}
				from += n + 1
			}
			all = append(all, d)
		}
	}
	return all
}

// digitFinder finds the pieces of literals with digits that any text of an outline shows.
func digitFinder(all []digital) *finder {
	var plain []*Rule
	for _, d := range all {
		plain = append(plain, &Rule{Literal: []string{d.plain}})
	}
	return newFinder(plain)
}

// mayStand says whether the literal stands in one of the texts of an outline.
func (d *digital) mayStand(outline []byte) bool {
	for at := 0; at <= len(outline); at++ {
		i := bytes.Index(outline[at:], []byte(d.plain))
		if i < 0 {
			return false
		}
		at += i
		from := at - d.at
		if from >= 0 && from+len(d.text) <= len(outline) && mayBe(outline[from:from+len(d.text)], d.text) {
			return true
		}
	}
	return false
}
