// Package classifier says what a record means: it tags it by rules.
//
// Rules are data: YAML files, those of rules/ (one file an area) built in, or the user's own. A rule names the
// formats it looks at, literals of which one must stand in the message, and optionally errno numbers,
// phases, fields and a pattern. Tags do not judge guilt; packages correlate and rootcause do.
//
// The way of a record: its format's matcher finds the literals in one pass, the rules behind them are
// checked in the order of their files, and each that holds gives an Event.
package classifier

import "why502/parser"

// Tag names what a rule recognises, as "area/name": "nginx/upstream-timeout".
type Tag string

// Family groups failures that visitors get in one way; incidents are built per family, because one
// fault mostly fails in one way and two faults at once mostly in two.
type Family string

// The families of failures.
const (
	Down      Family = "down"      // the backend cannot be reached: refused, missing, denied
	Saturated Family = "saturated" // the backend is there and too slow or too full: queue full, timed out
	Died      Family = "died"      // the backend took the request and vanished: reset, closed early
	BadAnswer Family = "answer"    // the backend answered what the proxy cannot pass on: headers
	App       Family = "app"       // the application answered 500 by itself
	Name      Family = "dns"       // the backend's name could not be resolved
	TLS       Family = "tls"       // the handshake to the backend failed
	Limit     Family = "limit"     // the web server ran into a limit of its own: connections, files, workers
	Blocked   Family = "blocked"   // refused on purpose: WAF, rate limit
	Effect    Family = "effect"    // follows from earlier failures: no live upstreams, worker disabled
)

// Rule is one entry of a rules file. A record matches when everything that the rule states holds.
type Rule struct {
	Tag     Tag      // "area/name"
	Formats []string // names of parser.Formats; none: every format that has messages

	// Literal is what the rule is found by: one of them must stand in the message. A rule that says Every
	// instead looks at every record of its Formats and needs no literal.
	Literal []string
	Every   bool

	Level    []parser.Level // the record's is one of them
	Errno    []int          // the record's is one of them
	Phase    []string       // the record's contains one of them; "" stands for a record without a phase
	Upstream []string       // the record's begins with one of them: "fastcgi://", "http"
	Fields   []FieldMatch   // each of them is one of its values: a signal, a module, a severity
	Pattern  string         // matches the message (regexp2); its named groups are attributes of the event
	Except   Except         // holds for none of it

	// Harm is what the visitor of this very request got: "502", "504", "503", "500", "truncated" (headers
	// sent, body cut), "dropped" (closed without an answer); "" if the line does not stand for one failed
	// request. Presumed harm counts only where no web log covers the time (a PHP fatal error is a 500 only
	// if no header was sent). Failures of the same Family make an incident.
	Harm     string
	Presumed bool
	Family   Family

	// Signal marks what normally hurts visitors without saying whom: a crashed child, a pool at its limit.
	// It makes an incident of its own only where no web log covers the time.
	Signal bool

	Benign bool // looks alarming, is not: idle kills, recycled children

	Why string // what the line says, in plain words
	Fix string // where to look, in one sentence

	Yes []string // whole log lines that must get the tag
	No  []string // near misses that must not

	Source string // "file:line" of the rule

	pattern *pattern
}

// FieldMatch asks for one of Values in the record's field Key.
type FieldMatch struct {
	Key    string
	Values []string
}

// Except names what a record must not have. Any one of it rules the record out.
type Except struct {
	Literal []string
	Next    []string // follows the rule's literal, whatever blanks there are between; a literal without it still counts
	Errno   []int
	Phase   []string
	Fields  []FieldMatch
}

// Event is a record that a rule recognised.
type Event struct {
	Rule   *Rule
	Record *parser.Record
}

// Attr returns the value of a named group of the rule's pattern, nil if there is none. It is searched for only now:
// few are asked for.
func (e *Event) Attr(key string) []byte {
	if e.Rule.pattern == nil {
		return nil
	}
	return e.Rule.pattern.group(key, e.Record.Message)
}
