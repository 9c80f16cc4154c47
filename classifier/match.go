package classifier

import (
	"bytes"
	"slices"

	"why502/parser"
)

// fits says whether everything that r states holds of rec; formats are the matcher's business.
func (r *Rule) fits(rec *parser.Record) bool {
	return (r.Every || containsAny(rec.Message, r.Literal)) && r.suits(rec.Phase) && r.holds(rec)
}

// suits says whether r may hold in that phase.
func (r *Rule) suits(phase []byte) bool {
	return (len(r.Phase) == 0 || inPhase(phase, r.Phase)) && !inPhase(phase, r.Except.Phase)
}

// concerns says whether r may hold of records with this errno, level and upstream.
func (r *Rule) concerns(rec *parser.Record) bool {
	return (len(r.Errno) == 0 || slices.Contains(r.Errno, rec.Errno)) &&
		(len(r.Level) == 0 || slices.Contains(r.Level, rec.Level)) &&
		(len(r.Upstream) == 0 || beginsWithAny(rec.Upstream, r.Upstream))
}

// holds is fits for a record whose message is known to hold a literal, and whose phase suits. Cheap tests come first.
func (r *Rule) holds(rec *parser.Record) bool {
	if !r.concerns(rec) {
		return false
	}
	for i := range r.Fields {
		if !r.Fields[i].fits(rec) {
			return false
		}
	}
	return !r.Except.fits(rec) &&
		(len(r.Except.Next) == 0 || r.literalWithout(r.Except.Next, rec.Message)) &&
		(r.pattern == nil || r.pattern.match(rec.Message))
}

// literalWithout says whether one of the literals stands in text without one of next behind it.
func (r *Rule) literalWithout(next []string, text []byte) bool {
	for _, l := range r.Literal {
		for rest := text; ; {
			i := bytes.Index(rest, []byte(l))
			if i < 0 {
				break
			}
			rest = rest[i+len(l):]
			if !beginsWithAny(bytes.TrimLeft(rest, " \t\n"), next) {
				return true
			}
		}
	}
	return false
}

func (e *Except) fits(rec *parser.Record) bool {
	if slices.Contains(e.Errno, rec.Errno) || containsAny(rec.Message, e.Literal) {
		return true
	}
	for i := range e.Fields {
		if e.Fields[i].fits(rec) {
			return true
		}
	}
	return false
}

func (f *FieldMatch) fits(rec *parser.Record) bool {
	value := rec.Field(f.Key)
	if value == nil {
		return false
	}
	for _, v := range f.Values {
		if string(value) == v {
			return true
		}
	}
	return false
}

func inPhase(phase []byte, wanted []string) bool {
	for _, w := range wanted {
		if w == "" {
			if len(phase) == 0 {
				return true
			}
			continue
		}
		if contains(phase, w) {
			return true
		}
	}
	return false
}

func containsAny(text []byte, wanted []string) bool {
	for _, w := range wanted {
		if contains(text, w) {
			return true
		}
	}
	return false
}

// contains converts without allocating as long as w does not escape, which bytes.Contains keeps to.
func contains(text []byte, w string) bool { return bytes.Contains(text, []byte(w)) }

func beginsWithAny(text []byte, wanted []string) bool {
	for _, w := range wanted {
		if len(text) >= len(w) && string(text[:len(w)]) == w {
			return true
		}
	}
	return false
}
