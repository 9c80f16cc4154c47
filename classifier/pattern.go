package classifier

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dlclark/regexp2/v2"

	"why502/parser"
)

const (
	// matchTimeout bounds one search: regexp2 backtracks, and the text is an attacker's.
	matchTimeout = 100 * time.Millisecond
	// maxTimeouts is how often a pattern may run out of time before its rule is switched off.
	maxTimeouts = 3
	// patternBytes is how much of a message a pattern sees: what it looks for stands near the front, while
	// a message with its stack traces can have a quarter of a megabyte.
	patternBytes = 16 << 10
)

// finerClock makes regexp2 look at its clock often enough for matchTimeout to be kept.
var finerClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(10 * time.Millisecond) })

// pattern is a compiled rule pattern. It may be used by several readers at once.
type pattern struct {
	re       *regexp2.Regexp
	groups   []group
	timeouts atomic.Int32
}

type group struct {
	name   string
	number int
}

func compile(expr string) (*pattern, error) {
	finerClock()
	re, err := regexp2.Compile(expr)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = matchTimeout
	p := &pattern{re: re}
	for _, n := range re.GetGroupNumbers() {
		name := re.GroupNameFromNumber(n)
		if _, err := strconv.Atoi(name); err != nil && name != "" {
			p.groups = append(p.groups, group{name, n})
		}
	}
	return p, nil
}

// off says whether the pattern has run out of time too often.
func (p *pattern) off() bool { return p.timeouts.Load() >= maxTimeouts }

// match searches text; the values of the named groups point into it.
func (p *pattern) match(text []byte) ([]parser.Field, bool) {
	if p.off() {
		return nil, false
	}
	if len(text) > patternBytes {
		text = text[:patternBytes]
	}
	s := string(text)
	began := time.Now()
	attrs, ok, err := p.search(s, text)
	if err != nil && time.Since(began) < matchTimeout/2 {
		// regexp2 keeps time by a coarse clock of its own, which fires early now and then.
		attrs, ok, err = p.search(s, text)
	}
	if err != nil {
		p.timeouts.Add(1)
		return nil, false
	}
	return attrs, ok
}

func (p *pattern) search(s string, text []byte) ([]parser.Field, bool, error) {
	if len(p.groups) == 0 {
		ok, err := p.re.MatchString(s)
		return nil, ok, err
	}
	m, err := p.re.FindStringMatch(s)
	if m == nil || err != nil {
		return nil, false, err
	}
	var attrs []parser.Field
	for _, g := range p.groups {
		if c := m.GroupByNumber(g.number); c != nil && len(c.Captures) > 0 {
			from, n := c.ByteRange()
			attrs = append(attrs, parser.Field{Key: g.name, Value: text[from : from+n]})
		}
	}
	return attrs, true, nil
}
