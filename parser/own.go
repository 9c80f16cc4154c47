package parser

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ownFields are the names that formats of one's own have for what a line says.
var ownFields = [...]struct {
	name string
	v    accessVar
}{
	{"time", varAnyTime},
	{"client", varClient},
	{"user", varUser},
	{"request", varRequest},
	{"method", varMethod},
	{"uri", varURI},
	{"status", varStatus},
	{"bytes", varBytes},
	{"referrer", varReferrer},
	{"agent", varAgent},
	{"host", varHost},
	{"vhost", varServer},
	{"port", varPort},
	{"request_time", varSpan},
	{"upstream", varUpstream},
	{"upstream_status", varUpstreamStatus},
	{"upstream_time", varUpstreamTime},
	{"header_time", varHeaderTime},
	{"connect_time", varConnectTime},
	{"cache", varCache},
	{"pid", varPID},
	{"forwarded", varForwarded},
	{"ray", varRay},
	{"level", varLevel},
	{"message", varMessage},
}

// ownVar looks a name up; the error lists those that can stand there.
func ownVar(name string, line bool) (accessVar, error) {
	var known []string
	for _, f := range ownFields {
		if !line && f.v >= varLevel {
			break
		}
		if f.name == name {
			return f.v, nil
		}
		known = append(known, f.name)
	}
	return varSkip, fmt.Errorf("unknown field %q; give one of %s", name, strings.Join(known, ", "))
}

// ownMessages are the formats whose messages a line of one's own may hold, and how each reads one.
var ownMessages = [...]struct {
	name string
	read func(d *Decoder, r *Record, text []byte)
}{
	{"php-error", func(d *Decoder, r *Record, text []byte) { r.phpErrorMessage(d, text) }},
	{"php-fpm", func(_ *Decoder, r *Record, text []byte) {
		r.Message = text
		r.fpmMessage()
	}},
	{"nginx-error", func(d *Decoder, r *Record, text []byte) { r.nginxMessage(d.nginxContext(r.nginxWriter(text), r)) }},
	{"apache-error", func(d *Decoder, r *Record, text []byte) {
		h := apacheHead{rest: text, record: r}
		for h.next() {
		}
		r.apacheMessage(d, h.rest)
	}},
}

var errOwnShape = errors.New("it does not fit the line of the format")

// CompileLine compiles an error log of one's own: fields in braces, the text between them, and the message last.
// Its records are those of the format like, whose rules see them. Lines that do not begin an entry belong to the one
// before. An error about the line is a *PatternError.
//
//	{time:2006-01-02 15:04:05} [{level}] {message}
func CompileLine(name, line, like string) (*Format, error) {
	var known []string
	for _, m := range ownMessages {
		if m.name != like {
			known = append(known, m.name)
			continue
		}
		f, err := compileLine(name, line)
		if err != nil {
			return nil, err
		}
		read := m.read
		return &Format{
			Name: name,
			Sniff: func(line []byte) int {
				if f.fits(line) {
					return 100
				}
				return 0
			},
			Continues: func(_, line []byte) bool { return !f.fits(line) },
			Parse: func(d *Decoder, entry []byte, r *Record) error {
				if len(bytes.TrimRight(entry, " \r\n")) == 0 {
					return errSkip
				}
				if !f.parse(d, bytes.TrimRight(entry, " \r\n"), r) {
					return errOwnShape
				}
				r.Format = like
				if r.Vhost == nil && len(r.Host) > 0 {
					r.Vhost, _ = hostPort(r.Host)
				}
				stated := r.Level
				read(d, r, r.Message)
				if stated != LevelNone {
					r.Level = stated
				}
				return nil
			},
		}, nil
	}
	return nil, fmt.Errorf("like: %q is none; give one of %s", like, strings.Join(known, ", "))
}

// fits says whether line is one of the format.
func (f *AccessFormat) fits(line []byte) bool {
	line = bytes.TrimRight(line, " \r")
	var vals accessValues
	return len(line) >= len(f.lead) && string(line[:len(f.lead)]) == f.lead && f.match(0, line[len(f.lead):], &vals)
}

// compileLine makes slots of a line's fields. "{*}" passes a value over; "{{" is a brace.
func compileLine(name, line string) (*AccessFormat, error) {
	c := &accessCompiler{f: &AccessFormat{Name: name, Source: "line", Pattern: line, escape: escapeNone}}
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] != '{':
			c.text.WriteByte(line[i])
			continue
		case strings.HasPrefix(line[i:], "{{"):
			c.text.WriteByte('{')
			i++
			continue
		}
		end := strings.IndexByte(line[i:], '}')
		if end < 0 {
			return nil, c.wrong(i, "{ without }; write {{ for a brace")
		}
		field, layout, laid := strings.Cut(line[i+1:i+end], ":")
		var err error
		switch v, unknown := ownVar(field, true); {
		case field == "*":
			err = c.value(i, "{*}", accessSlot{})
		case unknown != nil:
			err = c.wrong(i+1, "%v", unknown)
		case laid && v == varAnyTime:
			err = c.layout(layout, i+len("{time:"))
		case laid:
			err = c.wrong(i+1+len(field), "only time has a layout")
		case v == varMessage && i+end+1 < len(line):
			err = c.wrong(i+end+1, "{message} is the rest of the entry: nothing can follow it")
		default:
			err = c.value(i, "{"+field+"}", accessSlot{v: v})
		}
		if err != nil {
			return nil, err
		}
		i += end
	}
	f, err := c.finish()
	switch {
	case err != nil:
		return nil, err
	case f.slots[len(f.slots)-1].v != varMessage:
		return nil, c.wrong(len(line), "{message} must come last")
	case !f.has(varAnyTime) && !(f.has(varYear, varYear2) && f.has(varMonth, varMonthName) && f.has(varDay) && f.has(varHour) && f.has(varMinute)):
		return nil, c.wrong(0, "no {time} with year, month, day, hour and minute: nothing says where an entry begins")
	}
	return f, nil
}

// has says whether a line has one of the values.
func (f *AccessFormat) has(any ...accessVar) bool {
	return slices.ContainsFunc(f.slots, func(s accessSlot) bool { return slices.Contains(any, s.v) })
}

// layoutPieces are the pieces of a time as Go writes them, the longer of those that begin alike first.
var layoutPieces = [...]struct {
	text string
	slot accessSlot
}{
	{"2006", accessSlot{v: varYear, width: 4}},
	{"-07:00", accessSlot{v: varOffset, width: 6}},
	{"-0700", accessSlot{v: varOffset, width: 5}},
	{"000000", accessSlot{v: varMicro, width: 6}},
	{"000", accessSlot{v: varMilli, width: 3}},
	{"Jan", accessSlot{v: varMonthName, width: 3}},
	{"Mon", accessSlot{width: 3}},
	{"01", accessSlot{v: varMonth, width: 2}},
	{"02", accessSlot{v: varDay, width: 2}},
	{"_2", accessSlot{v: varDay, width: 2}},
	{"15", accessSlot{v: varHour, width: 2}},
	{"04", accessSlot{v: varMinute, width: 2}},
	{"05", accessSlot{v: varSecond, width: 2}},
	{"06", accessSlot{v: varYear2, width: 2}},
}

// layout adds the pieces of a time: "02/Jan/2006:15:04:05.000 -0700".
func (c *accessCompiler) layout(layout string, at int) error {
next:
	for i := 0; i < len(layout); {
		for _, p := range layoutPieces {
			if strings.HasPrefix(layout[i:], p.text) {
				if err := c.value(at+i, p.text, p.slot); err != nil {
					return err
				}
				i += len(p.text)
				continue next
			}
		}
		b := layout[i]
		if b >= '0' && b <= '9' || b != 'T' && (b|0x20 >= 'a' && b|0x20 <= 'z') {
			return c.wrong(at+i, "%q in a time is not known; write 2006, 01 or Jan, 02, 15, 04, 05, 000, -0700", layout[i:i+1])
		}
		c.text.WriteByte(b)
		i++
	}
	return nil
}

// ownLevel reads a level in the words of applications, too.
func ownLevel(b []byte) Level {
	switch string(b) {
	case "CRITICAL", "critical", "Critical", "FATAL", "fatal", "Fatal":
		return LevelCrit
	case "EMERGENCY", "emergency":
		return LevelEmerg
	}
	return ParseLevel(b)
}
