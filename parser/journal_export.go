package parser

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// journalExport is what journalctl -o export prints: a field a line, an empty line between entries. A value with line
// ends or control bytes stands on a line of its own, after its length in eight bytes:
//
//	__CURSOR=s=739ad463348b4ceca5a9e69c95a3c93f;i=4ece7;…
//	__REALTIME_TIMESTAMP=1795341600123456
//	SYSLOG_IDENTIFIER=php-fpm
//	MESSAGE
//	<8 bytes>PHP Fatal error:  Uncaught Error: x in /srv/a.php:3
//	Stack trace:
//	#0 {main}
var journalExport = &Format{
	Name: "journal-export",
	Doc:  "journalctl -o export; what is inside is read as its own format",
	Sniff: func(line []byte) int {
		if bytes.HasPrefix(line, exportHead) {
			return 98
		}
		return 0
	},
	Continues: func(entry, line []byte) bool {
		return bytes.HasPrefix(entry, exportHead) && !bytes.HasPrefix(line, exportHead)
	},
	Parse: parseEnvelope("journal-export", errNotJournal),

	unwrap: unwrapJournalExport,
}

// exportHead begins every entry.
var exportHead = []byte("__CURSOR=")

func unwrapJournalExport(d *Decoder, entry []byte, e *envelope) bool {
	d.out = slices.Grow(d.out, len(entry))
	var f journalFields
	for b := entry; len(b) > 0; {
		line := firstLine(b)
		b = b[min(len(line)+1, len(b)):]
		key, value, ok := bytes.Cut(line, []byte("="))
		if !ok && len(line) > 0 && len(b) > 8 {
			key = line
			value, b = exportValue(b)
		}
		if want := f.field(key); want != nil && *want == nil {
			*want = value
		}
	}
	return f.envelope(d, e)
}

// exportValue takes a value with its length before it. Where lines are read one by one, a NUL or CR at the end of a line
// is lost: if the length leads astray, the value goes up to the next line that looks like a field.
func exportValue(b []byte) (value, rest []byte) {
	if n := binary.LittleEndian.Uint64(b); n <= uint64(len(b)-8) {
		value, rest = b[8:8+n], b[8+n:]
		if len(rest) == 0 || rest[0] == '\n' {
			return value, rest[min(1, len(rest)):]
		}
	}
	b = bytes.TrimLeft(b, "\x00")
	if i := bytes.IndexByte(b[:min(len(b), 8)], 0); i >= 0 { // what is left of the length
		b = bytes.TrimLeft(b[i:], "\x00")
	}
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return b, nil
		}
		at += i + 1
		if exportField(b[at:]) {
			return b[:at-1], b[at:]
		}
	}
}

// exportField says whether b begins with "NAME=".
func exportField(b []byte) bool {
	for i, c := range b {
		switch {
		case c == '=':
			return i > 0
		case c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9'):
			return false
		}
	}
	return false
}
