package parser

import (
	"bytes"
	"slices"
	"time"
)

// AccessFormat is one compiled log_format (nginx) or LogFormat (Apache): values, and the text between them.
type AccessFormat struct {
	Name    string // as the configuration names it
	Source  string // "nginx" or "apache"; of one's own also "json" and "line"
	Pattern string // as the configuration writes it

	lead   string
	slots  []accessSlot
	escape escaping
	keys   []jsonKey // of a JSON field map, which has no slots
}

// Values is how many values a line holds: of two formats that both fit, the one that asks for more is meant.
func (f *AccessFormat) Values() int { return len(f.slots) }

// accessSlot is one value of a line.
type accessSlot struct {
	v      accessVar
	width  int    // of values of a fixed size, else 0
	slash  bool   // ends where a path begins: $host$request_uri
	quoted bool   // stands in quotes that the server escapes inside
	until  string // the text behind it
}

// escaping says how the server writes a quote inside a value.
type escaping uint8

const (
	escapeBackslash escaping = iota // \x22 or \"
	escapeJSON
	escapeNone
)

const (
	maxSlots = 64
	// maxTries bounds the ways in which one line is tried: a value may hold the text that should end it.
	maxTries = 128
)

// accessValues holds the values of one line while it is tried.
type accessValues struct {
	at    [maxSlots][]byte
	tries int
}

// parse reads line into r; if the format does not fit, r is left alone.
func (f *AccessFormat) parse(d *Decoder, line []byte, r *Record) bool {
	if f.keys != nil {
		return f.parseKeys(d, line, r)
	}
	if len(line) < len(f.lead) || string(line[:len(f.lead)]) != f.lead {
		return false
	}
	var vals accessValues
	if !f.match(0, line[len(f.lead):], &vals) {
		return false
	}
	if f.escape == escapeJSON {
		d.out = slices.Grow(d.out[:0], len(line))
	}
	var stamp isoTime
	dated := false
	for i := range f.slots {
		v, b := f.slots[i].v, vals.at[i]
		if f.escape == escapeJSON {
			b = d.unescapeJSON(b)
		}
		if v >= varYear {
			dated = stamp.piece(v, b) || dated
			continue
		}
		r.set(d, v, b)
	}
	if dated {
		r.Time, r.Fold = d.moment(stamp)
	}
	return true
}

// match cuts rest into the values from slot i on.
func (f *AccessFormat) match(i int, rest []byte, vals *accessValues) bool {
	if i == len(f.slots) {
		return len(rest) == 0
	}
	s := &f.slots[i]
	for from := 0; vals.tries < maxTries; {
		vals.tries++
		end := f.end(i, rest, from)
		if end < 0 {
			return false
		}
		if s.v.fits(rest[:end]) {
			vals.at[i] = rest[:end]
			if f.match(i+1, rest[end+len(s.until):], vals) {
				return true
			}
		}
		if s.width > 0 || s.slash || s.quoted && f.escape != escapeNone || s.until == "" {
			return false // there is one place only where the value can end
		}
		from = end + 1
	}
	return false
}

// end finds where the value of slot i can end, not before from; -1 if nowhere.
func (f *AccessFormat) end(i int, rest []byte, from int) int {
	s := &f.slots[i]
	end := -1
	switch {
	case s.width > 0:
		end = s.width
	case s.slash:
		end = bytes.IndexByte(rest, '/')
	case s.until == "":
		return len(rest)
	case s.quoted && f.escape != escapeNone:
		value, _ := cutQuoted(rest)
		end = len(value)
	case i == len(f.slots)-1: // nothing may follow the last text
		if end = len(rest) - len(s.until); end < from {
			return -1
		}
	default:
		if from <= len(rest) {
			if end = bytes.Index(rest[from:], []byte(s.until)); end >= 0 {
				end += from
			}
		}
		return end
	}
	if end < 0 || len(rest)-end < len(s.until) || string(rest[end:end+len(s.until)]) != s.until {
		return -1
	}
	return end
}

// piece takes one piece of a stamp that is written in pieces, and says whether it is of a date.
func (s *isoTime) piece(v accessVar, b []byte) bool {
	n := max(digits(b, len(b)), 0)
	switch v {
	case varYear:
		s.year = n
		return true
	case varYear2:
		s.year = 2000 + n
		return true
	case varMonth:
		s.month = time.Month(n)
	case varMonthName:
		s.month = month(b)
	case varDay:
		s.day = n
	case varHour:
		s.hour = n
	case varMinute:
		s.minute = n
	case varSecond:
		s.sec = n
	case varMilli, varMicro:
		s.nsec = fractionOf(b)
	case varOffset:
		s.east, _, s.zoned = offset(b)
	}
	return false
}
