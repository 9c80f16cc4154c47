package parser

import (
	"bytes"
	"errors"
	"slices"
	"time"
)

// journalJSON is what journalctl -o json, json-pretty, json-sse and json-seq print. MESSAGE is null if it was too long
// and a list of bytes if it is no UTF-8; old versions put a blank before the colon:
//
//	{"__REALTIME_TIMESTAMP":"1795341600123456","PRIORITY":"3","SYSLOG_IDENTIFIER":"php-fpm","_PID":"812","MESSAGE":"…"}
var journalJSON = &Format{
	Name:      "journal-json",
	Doc:       "journalctl -o json; what is inside is read as its own format",
	Sniff:     sniffJournalJSON,
	Continues: continuesJournalJSON,
	Parse:     parseEnvelope("journal-json", errNotJournal),

	unwrap: unwrapJournalJSON,
}

var errNotJournal = errors.New("no entry of a journal with a time")

func sniffJournalJSON(line []byte) int {
	b := cutJSONFrame(line)
	if len(b) == 1 && b[0] == '{' { // json-pretty
		return 60
	}
	if len(b) < 20 || b[0] != '{' {
		return 0
	}
	if bytes.Contains(b, []byte(`"__REALTIME_TIMESTAMP"`)) {
		return 98
	}
	return 0
}

// cutJSONFrame takes off what json-sse and json-seq put before an object.
func cutJSONFrame(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("data: "))
	return bytes.TrimPrefix(b, []byte("\x1e"))
}

// continuesJournalJSON joins what json-pretty spreads over lines.
func continuesJournalJSON(entry, line []byte) bool {
	return len(cutJSONFrame(firstLine(entry))) == 1 && entry[len(entry)-1] != '}' &&
		len(line) > 0 && (line[0] == '\t' || line[0] == ' ' || line[0] == '}')
}

func unwrapJournalJSON(d *Decoder, entry []byte, e *envelope) bool {
	d.out = slices.Grow(d.out, len(entry))
	var f journalFields
	for b := cutJSONFrame(entry); ; {
		key, rest, ok := nextKey(b)
		if !ok {
			break
		}
		want := f.field(key)
		if want == nil || *want != nil {
			if b, ok = skipJSON(rest); !ok {
				return false
			}
			continue
		}
		if len(rest) > 0 && rest[0] == '[' {
			*want, b = d.jsonBytes(rest[1:])
		} else if *want, b, ok = d.jsonValue(rest); !ok {
			return false
		}
	}
	return f.envelope(d, e)
}

// jsonBytes reads a list of bytes, "72, 101, 108]". Of a field that is there twice, which is a list of strings, nothing
// is taken.
func (d *Decoder) jsonBytes(b []byte) (value, rest []byte) {
	start := len(d.out)
	for {
		b = bytes.TrimLeft(b, " \t\n,")
		v, n := number(b)
		if n == 0 || v > 255 {
			return d.out[start:len(d.out):len(d.out)], b
		}
		d.out = append(d.out, byte(v))
		b = b[n:]
	}
}

// journalFields are the fields of an entry that matter here.
type journalFields struct {
	time, message, priority, ident, comm, pid, syslogPID, transport, unit, about []byte
}

func (f *journalFields) field(key []byte) *[]byte {
	switch string(key) {
	case "__REALTIME_TIMESTAMP":
		return &f.time
	case "MESSAGE":
		return &f.message
	case "PRIORITY":
		return &f.priority
	case "SYSLOG_IDENTIFIER":
		return &f.ident
	case "_COMM":
		return &f.comm
	case "_PID":
		return &f.pid
	case "SYSLOG_PID":
		return &f.syslogPID
	case "_TRANSPORT":
		return &f.transport
	case "_SYSTEMD_UNIT":
		return &f.unit
	case "UNIT": // which systemd speaks about
		return &f.about
	}
	return nil
}

func (f *journalFields) envelope(d *Decoder, e *envelope) bool {
	micros, n := number(f.time)
	if n < 10 || n != len(f.time) {
		return false
	}
	e.time, e.stated, e.encoded = time.UnixMicro(micros).UTC(), true, true
	d.Zoned = true
	if len(f.priority) == 1 && f.priority[0] >= '0' && f.priority[0] <= '7' {
		e.level = syslogLevels[f.priority[0]-'0']
	}
	e.ident, e.unit = f.ident, f.about
	if len(e.ident) == 0 {
		e.ident = f.comm
	}
	if len(e.ident) == 0 {
		e.ident = f.unit
	}
	if string(f.transport) == kernelName {
		e.ident = kernelIdent
	}
	pid := f.pid
	if len(pid) == 0 {
		pid = f.syslogPID
	}
	v, _ := number(pid)
	e.pid = int(v)
	e.key = pid
	if len(pid) == 0 {
		e.key = e.ident
	}
	e.text = bytes.TrimRight(f.message, " \t\r\n")
	e.quiet = len(e.text) == 0
	return true
}
