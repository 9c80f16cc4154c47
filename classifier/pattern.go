package classifier

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dlclark/regexp2/v2"
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

// pattern is the pattern of a rule. It is compiled when it is needed first: a run needs few. It may be used by several readers at
// once.
type pattern struct {
	expr     string
	once     sync.Once
	re       *regexp2.Regexp
	groups   map[string]int // numbers by name
	err      error
	timeouts atomic.Int32
}

// lazily returns the pattern of expr, nil if that is empty.
func lazily(expr string) *pattern {
	if expr == "" {
		return nil
	}
	return &pattern{expr: expr}
}

// compile says what is wrong with the pattern. One that is wrong matches nothing.
func (p *pattern) compile() error {
	p.once.Do(func() {
		finerClock()
		if p.re, p.err = regexp2.Compile(p.expr); p.err != nil {
			return
		}
		p.re.MatchTimeout = matchTimeout
		p.groups = map[string]int{}
		for _, n := range p.re.GetGroupNumbers() {
			name := p.re.GroupNameFromNumber(n)
			if _, err := strconv.Atoi(name); err != nil && name != "" {
				p.groups[name] = n
			}
		}
	})
	return p.err
}

// off says whether the pattern has run out of time too often.
func (p *pattern) off() bool { return p.timeouts.Load() >= maxTimeouts }

// match says whether the pattern is in text.
func (p *pattern) match(text []byte) bool {
	found := false
	p.search(text, func(s string) (err error) {
		found, err = p.re.MatchString(s)
		return err
	})
	return found
}

// group returns what the named group holds of the first match in text, nil if there is none.
func (p *pattern) group(name string, text []byte) (value []byte) {
	if p.compile() != nil {
		return nil
	}
	n, known := p.groups[name]
	if !known {
		return nil
	}
	p.search(text, func(s string) error {
		m, err := p.re.FindStringMatch(s)
		if m == nil || err != nil {
			return err
		}
		if g := m.GroupByNumber(n); g != nil && len(g.Captures) > 0 {
			from, width := g.ByteRange()
			value = text[from : from+width]
		}
		return nil
	})
	return value
}

// search runs one search in text, unless the pattern is off.
func (p *pattern) search(text []byte, run func(string) error) {
	if p.compile() != nil || p.off() {
		return
	}
	s := string(text[:min(len(text), patternBytes)])
	err := run(s)
	if err != nil { // other programs may have had the processor, and regexp2's own clock is a coarse one: it fires early now and then
		err = run(s)
	}
	if err != nil {
		p.timeouts.Add(1)
	}
}
