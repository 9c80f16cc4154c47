package parser

import (
	"fmt"
	"strings"
)

// accessCompiler builds the slots of an AccessFormat from values and the text between them.
type accessCompiler struct {
	f    *AccessFormat
	text strings.Builder // since the last value
	last string          // how the last value is written
}

// PatternError says where in a pattern something is wrong.
type PatternError struct {
	Pattern string
	Column  int // in bytes, from 1
	Reason  string
}

func (e *PatternError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Reason) }

// wrong says what is wrong at byte at of the pattern.
func (c *accessCompiler) wrong(at int, format string, args ...any) error {
	return &PatternError{c.f.Pattern, at + 1, fmt.Sprintf(format, args...)}
}

// value adds a value that stands at byte at of the pattern.
func (c *accessCompiler) value(at int, name string, s accessSlot) error {
	text := c.flush()
	n := len(c.f.slots)
	if n == maxSlots {
		return c.wrong(at, "more than %d values", maxSlots)
	}
	if n > 0 && text == "" {
		before := &c.f.slots[n-1]
		switch {
		case before.width > 0:
		case before.v == varURI && s.v == varSkip: // $uri$is_args$args, %U%q
			return nil
		case before.v == varHost || before.v == varServer, s.v == varURI:
			before.slash = true
		default:
			return c.wrong(at, "%s touches %s: nothing tells where one ends", name, c.last)
		}
	}
	c.last = name
	c.f.slots = append(c.f.slots, s)
	return nil
}

// flush gives the text gathered since the last value to that value.
func (c *accessCompiler) flush() string {
	text := c.text.String()
	c.text.Reset()
	if n := len(c.f.slots); n > 0 {
		c.f.slots[n-1].until = text
	} else {
		c.f.lead = text
	}
	return text
}

// finish looks the whole over. A format without a stamp and a status would fit any line.
func (c *accessCompiler) finish() (*AccessFormat, error) {
	c.flush()
	f := c.f
	before, telling := f.lead, false
	for i := range f.slots {
		s := &f.slots[i]
		s.quoted = strings.HasSuffix(before, `"`) && strings.HasPrefix(s.until, `"`)
		before = s.until
		switch s.v {
		case varCLF, varISO, varEpoch, varEpochMs, varEpochUs, varAnyTime, varStatus, varYear, varYear2:
			telling = true
		}
	}
	if !telling {
		return nil, c.wrong(0, "neither a time nor a status in it: any line would fit")
	}
	return f, nil
}
