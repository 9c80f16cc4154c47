package correlate

import (
	"bytes"
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// Slow is the profile of the slow logs: what PHP was caught waiting in. Entries are counted once in each map, but for Pieces.
type Slow struct {
	Entries   int
	Classes   map[string]int // what was waited for: http db session cache file code
	Functions map[string]int // innermost function
	Culprits  map[string]int // "plugin:name", by the innermost frame that names one
	Scripts   map[string]int // that were run
	Pieces    map[string]int // "package:owner/name": all whose code is on the stack, each once an entry
	Calls     map[Call]int   // to the outside
	Stacks    map[string]int // folded: outermost;…;innermost
}

// Call is a call to the outside.
type Call struct {
	Function string
	By       string // "plugin:name"; "" if nothing names one
}

// Stack is one stack and how often it was met. Where there are too many, less and less of them is told: first Pool and Script are
// left out, then folders, then lines, then all but the innermost frames.
type Stack struct {
	Pool, Script, Vhost string
	Frames              []Frame // innermost first
	Count               int
}

// Frame is a level of a Stack: a call, and where in the code it stands.
type Frame struct {
	Func, File string
	Line       int
}

// The tallies of a profile.
const (
	slowClasses = iota
	functions
	culprits
	scripts
	pieces
	calls
	tallies
)

// tallyKinds are the kinds of their names.
var tallyKinds = [tallies]kind{slowClasses: fixed, functions: ofFunction, culprits: ofCulprit, scripts: ofScript, pieces: ofPiece, calls: ofCall}

// profile is a Slow in the making.
type profile struct {
	entries int
	tallies [tallies]map[ID]*int
	stacks  stacks
	finest  int // of stackGrains: where it began
	depth   int // of stackGrains
	known   knownStacks
}

func newProfile(finest int) profile {
	p := profile{finest: finest, depth: finest, stacks: newStacks()}
	for i := range p.tallies {
		p.tallies[i] = map[ID]*int{}
	}
	return p
}

// period is a time; a zero end is open.
type period struct{ from, to time.Time }

func (p *period) widen(from, to time.Time) {
	p.from, p.to = earlier(p.from, from), later(p.to, to)
}

func (p *period) has(t time.Time) bool {
	return t.IsZero() || (p.from.IsZero() || !t.Before(p.from)) && (p.to.IsZero() || t.Before(p.to))
}

// Profile limits the profile of the slow logs to a time: what was read around it bears on incidents only. A zero end is open.
// If whole, it tells stacks by pool and script and files with their folders. It is to be called before anything is added.
func (t *Timeline) Profile(from, to time.Time, whole bool) {
	t.profiled = period{from, to}
	if whole {
		t.slow = newProfile(0)
	}
}

// Slow returns the profile of the slow logs.
func (t *Timeline) Slow() *Slow {
	p := &t.slow
	p.settle()
	named := func(of int) map[string]int {
		m := make(map[string]int, len(p.tallies[of]))
		for id, n := range p.tallies[of] {
			m[t.names.name(id)] = *n
		}
		return m
	}
	s := &Slow{
		Entries: p.entries, Classes: map[string]int{}, Functions: named(functions), Culprits: named(culprits), Scripts: named(scripts),
		Pieces: named(pieces), Calls: map[Call]int{}, Stacks: map[string]int{},
	}
	for class, n := range named(slowClasses) {
		s.Classes[strings.TrimPrefix(class, "phpslow/")] = n
	}
	for call, n := range named(calls) {
		function, by, _ := strings.Cut(call, " ")
		s.Calls[Call{function, by}] += n
	}
	for packed, n := range p.stacks.n {
		s.Stacks[folded(string(p.stacks.key(packed)))] += *n
	}
	return s
}

// Stacks returns each stack of the slow logs once, in a fixed order.
func (t *Timeline) Stacks() iter.Seq[Stack] {
	return func(yield func(Stack) bool) {
		t.slow.settle()
		all := &t.slow.stacks
		count := make(map[string]int, len(all.n))
		for packed, n := range all.n {
			count[string(all.key(packed))] = *n
		}
		for _, key := range slices.Sorted(maps.Keys(count)) {
			s := unfold(key)
			s.Count = count[key]
			script := []byte(s.Script)
			s.Vhost = cmp.Or(t.wiring.vhostOfScript(script), string(vhostOfScript(script)))
			if !yield(s) {
				return
			}
		}
	}
}

// tally is where k is counted.
func tally[K comparable](m map[K]*int, k K) *int {
	n := m[k]
	if n == nil {
		n = new(int)
		m[k] = n
	}
	return n
}

func (p *profile) merge(o *profile, ids []ID, n *names) {
	o.settle()
	p.entries += o.entries
	p.deepen(max(p.depth, o.depth))
	for i := range o.tallies {
		for id, k := range o.tallies[i] {
			if *k > 0 {
				*tally(p.tallies[i], ids[id]) += *k
			}
		}
	}
	for packed, k := range o.stacks.n {
		if *k > 0 {
			*p.stack(o.stacks.key(packed)) += *k
		}
	}
	p.fold(n)
}

// fold counts under Other what has too many names.
func (p *profile) fold(n *names) {
	p.forget()
	for i, m := range p.tallies {
		if n.full&(1<<tallyKinds[i]) == 0 {
			continue
		}
		sum := 0
		for _, k := range m {
			sum += *k
		}
		clear(m)
		m[otherID] = &sum
	}
}

// outside are the functions of waits that leave the machine, as a rule, and those that read a URL when they last.
func outside(function []byte) bool {
	switch string(function) {
	case "file_get_contents", "get_headers", "simplexml_load_file", "fgets", "fread", "stream_get_contents", "stream_select", "getimagesize", "copy", "fopen":
		return true
	}
	return waitOf[string(function)] == SlowHTTP
}

// piece makes in b the name of the plugin, theme, package or core that a PHP file belongs to; nothing for a file of the site's own.
//
//	/srv/wp-includes/Requests/src/Transport/Curl.php      → core:wordpress
//	/srv/wp-content/object-cache.php                      → drop-in:object-cache.php
//	/srv/shop/vendor/magento/module-catalog/Model/A.php   → package:magento/module-catalog
func piece(b, file []byte) []byte {
	b = appendCulprit(b[:0], file)
	if len(b) > 0 && !bytes.HasPrefix(b, []byte("file:")) {
		return b
	}
	for _, drop := range [...]string{"object-cache.php", "db.php", "advanced-cache.php"} {
		if bytes.HasSuffix(file, []byte("/wp-content/"+drop)) {
			return append(append(b[:0], "drop-in:"...), drop...)
		}
	}
	for _, dir := range [...]string{"/wp-includes/", "/wp-admin/"} {
		if bytes.Contains(file, []byte(dir)) {
			return append(b[:0], "core:wordpress"...)
		}
	}
	// Magento keeps modules of its own below app/code/Vendor/Module, Drupal and Joomla parts of theirs below core and libraries.
	if _, rest, ok := bytes.Cut(file, []byte("/app/code/")); ok {
		if owner, rest, ok := bytes.Cut(rest, []byte{'/'}); ok {
			if name, _, ok := bytes.Cut(rest, []byte{'/'}); ok {
				return append(append(append(append(b[:0], "module:"...), owner...), '_'), name...)
			}
		}
	}
	for _, c := range [...]struct{ dir, name string }{{"/core/lib/Drupal/", "core:drupal"}, {"/libraries/src/", "core:joomla"}} {
		if bytes.Contains(file, []byte(c.dir)) {
			return append(b[:0], c.name...)
		}
	}
	if _, rest, ok := bytes.Cut(file, []byte("/components/com_")); ok { // Joomla
		name, _, _ := bytes.Cut(rest, []byte{'/'})
		return append(append(b[:0], "component:com_"...), name...)
	}
	return b[:0]
}
