package main

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
)

// The JSON of the tag command is put together by hand: encoding/json would take longer than parsing the line.

// object appends the members of one JSON object; what is unknown is left out.
type object struct{ b []byte }

func (o *object) key(k string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(o.b, '"')
	o.b = append(o.b, k...)
	o.b = append(o.b, '"', ':')
}

func (o *object) text(k string, v []byte) {
	if len(v) > 0 {
		o.key(k)
		o.b = appendQuoted(o.b, v)
	}
}

func (o *object) number(k string, n int) {
	if n != 0 {
		o.key(k)
		o.b = strconv.AppendInt(o.b, int64(n), 10)
	}
}

func (o *object) end() []byte { return append(o.b, '}', '\n') }

// appendRecord appends r as one line:
//
//	{"time":"2026-11-22T18:03:04+01:00","format":"nginx-error","level":"error","pid":8507,"tags":["nginx/upstream-timeout"],…
func appendRecord(b []byte, r *parser.Record, events []classifier.Event, zone *time.Location) []byte {
	o := object{append(b, '{')}
	if !r.Time.IsZero() {
		o.key("time")
		o.b = append(o.b, '"')
		o.b = append(r.Time.In(zone).AppendFormat(o.b, time.RFC3339Nano), '"')
	}
	o.key("format")
	o.b = appendQuoted(o.b, []byte(r.Format))
	if r.Level != parser.LevelNone {
		o.key("level")
		o.b = appendQuoted(o.b, []byte(r.Level.String()))
	}
	o.number("pid", r.PID)
	o.key("tags")
	o.b = append(o.b, '[')
	for i := range events {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = appendQuoted(o.b, []byte(events[i].Rule.Tag))
	}
	o.b = append(o.b, ']')
	o.number("status", visitorGot(r, events))
	o.text("message", r.Message)
	o.number("errno", r.Errno)
	o.text("phase", r.Phase)
	o.text("client", r.Client)
	o.text("server", r.Server)
	o.text("request", r.Request)
	o.text("upstream", r.Upstream)
	o.text("host", r.Host)
	o.text("referrer", r.Referrer)
	o.text("pool", r.Pool)
	o.text("vhost", correlate.Vhost(r))
	o.text("uri", r.URI)
	o.key("source")
	o.b = appendQuoted(o.b, []byte(r.File))
	o.number("line", r.Line)
	return o.end()
}

// visitorGot is the status of the answer, where the entry states it or is of a kind that has one only. What is merely
// presumed (a PHP fatal error is a 500 only if no header went out before) is unknown.
func visitorGot(r *parser.Record, events []classifier.Event) int {
	if r.Status != 0 {
		return r.Status
	}
	for i := range events {
		if rule := events[i].Rule; !rule.Presumed {
			if n, err := strconv.Atoi(rule.Harm); err == nil {
				return n
			}
		}
	}
	return 0
}

func appendUnparsed(b []byte, e *parser.SyntaxError) []byte {
	o := object{append(b, '{')}
	o.key("unparsed")
	o.b = append(o.b, "true"...)
	o.key("source")
	o.b = appendQuoted(o.b, []byte(e.File))
	o.number("line", e.Line)
	o.key("raw")
	o.b = appendQuoted(o.b, e.Raw)
	return o.end()
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends v as a JSON string. Control characters, also those of the C1 set that a terminal obeys, and
// marks that turn the direction of text are escaped; bytes that are no UTF-8 become U+FFFD.
func appendQuoted(b, v []byte) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(v); {
		c := v[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			i++
			continue
		}
		r, n := rune(c), 1
		if c >= utf8.RuneSelf {
			if r, n = utf8.DecodeRune(v[i:]); unicode.IsPrint(r) && (r != utf8.RuneError || n > 1) {
				i += n
				continue
			}
		}
		b = append(b, v[from:i]...)
		switch {
		case r == utf8.RuneError:
			b = append(b, "\ufffd"...)
		case r == '"' || r == '\\':
			b = append(b, '\\', c)
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\t':
			b = append(b, '\\', 't')
		default:
			var units [2]uint16
			for _, u := range utf16.AppendRune(units[:0], r) {
				b = append(b, '\\', 'u', hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
			}
		}
		i += n
		from = i
	}
	return append(append(b, v[from:]...), '"')
}
