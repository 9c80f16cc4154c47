package parser

import (
	"bytes"
	"time"
)

// syslogEntry is a line of syslog, cut into its parts.
type syslogEntry struct {
	kind  stampKind
	stamp []byte
	level Level // from <PRI>
	ident []byte
	pid   int
	key   []byte // host and program, as they stand in the line
	text  []byte
}

type stampKind uint8

const (
	noStamp          stampKind = iota
	traditionalStamp           // "Nov 22 10:00:00", "Nov  2 10:00:00.123456": RFC 3164, no year
	isoStamp                   // "2026-11-22T10:00:00.123456+01:00"
	fullStamp                  // "Sun 2026-11-22 10:00:00 CET": journalctl -o short-full
	unixStamp                  // "1795337999.123456": journalctl -o short-unix
)

// cutSyslog takes a line of syslog apart; what is no such line is not ok.
//
//	<30>Nov 22 10:00:00 web1 php-fpm[12]: [NOTICE] ready to handle connections
func cutSyslog(b []byte) (e syslogEntry, ok bool) {
	if len(b) < 16 {
		return e, false
	}
	if b[0] == '<' {
		pri, n := number(b[1:])
		if n == 0 || n > 3 || pri > 191 || b[1+n] != '>' {
			return e, false
		}
		e.level = syslogLevels[pri&7]
		b = b[n+2:]
		if rest, ok := bytes.CutPrefix(b, []byte("1 ")); ok {
			return cutRFC5424(e, rest)
		}
	}
	var n int
	if e.kind, n = syslogStamp(b); n == 0 || n >= len(b) || b[n] != ' ' {
		return e, false
	}
	e.stamp, b = b[:n], b[n+1:]
	host, rest, ok := bytes.Cut(b, []byte(" "))
	if !ok || len(host) == 0 || len(host) > 253 {
		return e, false
	}
	if !e.cutTag(b) && !e.cutTag(rest) { // some write no host
		e.text = rest
	}
	e.key = b[:len(b)-len(e.text)]
	return e, true
}

var syslogLevels = [...]Level{LevelEmerg, LevelAlert, LevelCrit, LevelError, LevelWarn, LevelNotice, LevelInfo, LevelDebug}

// syslogStamp measures the stamp at the start of b.
func syslogStamp(b []byte) (stampKind, int) {
	if len(b) < 16 {
		return noStamp, 0
	}
	switch c := b[0]; {
	case c >= '0' && c <= '9':
		if commaStamp(b) > 0 {
			return noStamp, 0 // dmesg
		}
		if s, n := iso8601(b); n > 0 && b[10] == 'T' && (s.zoned || n == 19) && containerStamp(b) == 0 {
			return isoStamp, n
		}
		if sec, n := number(b); n == 10 && b[n] == '.' && sec > 0 {
			if _, m := number(b[n+1:]); m == 6 {
				return unixStamp, n + 1 + m
			}
		}
	case c >= 'A' && c <= 'W':
		if b[3] != ' ' {
			return noStamp, 0
		}
		if _, _, _, ok := clockTime(b[7:]); ok && b[6] == ' ' && month(b) != 0 && digits(b[4:], 2) > 0 {
			n := 15
			if b[n] == '.' {
				_, m := number(b[n+1:])
				n += 1 + m
			}
			return traditionalStamp, n
		}
		if s, n := iso8601(b[4:]); n > 0 && !s.zoned && weekday(b) {
			// "Sun 2026-11-22 10:00:00 CET web1 …"
			if zone := bytes.IndexByte(b[min(len(b), 4+n+1):], ' '); zone > 1 && zone <= 6 {
				return fullStamp, 4 + n + 1 + zone
			}
		}
	}
	return noStamp, 0
}

// cutTag takes "php-fpm[12]: " off: the program, its process, and leaves the text.
func (e *syslogEntry) cutTag(b []byte) bool {
	const longest = 64
	i := 0
	for i < len(b) && i < longest && b[i] > ' ' && b[i] != ':' && b[i] != '[' {
		i++
	}
	if i == 0 || i == len(b) || i == longest || b[i] <= ' ' {
		return false
	}
	ident, pid := b[:i], 0
	if b[i] == '[' {
		v, n := number(b[i+1:])
		if i += 1 + n; n == 0 || i+1 >= len(b) || b[i] != ']' || b[i+1] != ':' {
			return false
		}
		pid = int(v)
		i++
	}
	if i+1 < len(b) && b[i+1] != ' ' {
		return false // "10:00:00", "::1", "https://…"
	}
	e.ident, e.pid, e.text = ident, pid, bytes.TrimPrefix(b[i+1:], []byte(" "))
	return true
}

// cutRFC5424 reads what follows "<PRI>1 ", where "-" stands for what is unknown:
//
//	2026-11-22T10:00:00.123Z web1 nginx 12 - [meta sequenceId="1"] text
func cutRFC5424(e syslogEntry, b []byte) (syslogEntry, bool) {
	var parts [5][]byte // time, host, program, process, kind of message
	for i := range parts {
		var ok bool
		if parts[i], b, ok = bytes.Cut(b, []byte(" ")); !ok {
			return e, false
		}
	}
	if string(parts[0]) != "-" {
		if _, n := iso8601(parts[0]); n == 0 || n != len(parts[0]) {
			return e, false
		}
		e.kind, e.stamp = isoStamp, parts[0]
	}
	if string(parts[2]) != "-" {
		e.ident, e.key = parts[2], parts[2]
	}
	pid, _ := number(parts[3])
	e.pid = int(pid)
	e.text = bytes.TrimPrefix(afterStructured(b), []byte("\xef\xbb\xbf"))
	return e, true
}

// afterStructured skips the structured data: "-" or `[id key="value"][…]`, in which quotes and brackets may be escaped.
func afterStructured(b []byte) []byte {
	if len(b) == 0 || b[0] != '[' {
		return bytes.TrimPrefix(bytes.TrimPrefix(b, []byte("-")), []byte(" "))
	}
	quoted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted && i+1 < len(b) && b[i+1] == ' ':
			return b[i+2:]
		}
	}
	return nil
}

// syslogTime reads a stamp that syslogStamp has measured.
func (d *Decoder) syslogTime(kind stampKind, b []byte) (t time.Time, fold, ok bool) {
	switch kind {
	case traditionalStamp:
		t, fold, ok = d.cached(b[:15], readTraditional)
		if len(b) > 16 {
			t = t.Add(time.Duration(fractionOf(b[16:])))
		}
		return t, fold, ok
	case isoStamp:
		t, fold, n := d.iso(b)
		return t, fold, n > 0
	case fullStamp:
		s, n := iso8601(b[4:])
		if zone := b[4+n+1:]; string(zone) == "UTC" || string(zone) == "GMT" {
			s.zoned = true
		} else if east, width, ok := shortOffset(zone); ok && width == len(zone) { // "+03", "-0330": zones without a name
			s.east, s.zoned = east, true
		}
		t, fold = d.moment(s)
		return t, fold, n > 0
	case unixStamp:
		sec, n := number(b)
		d.Zoned = true
		return time.Unix(sec, int64(fractionOf(b[n+1:]))).UTC(), false, true
	}
	return t, false, true
}

// readTraditional reads "Nov  2 10:00:00".
func readTraditional(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	mon, day := month(b), digits(b[4:], 2)
	h, m, s, ok := clockTime(b[7:])
	if !ok || mon == 0 || day < 1 || day > 31 {
		return t, false, false
	}
	t, fold = d.Local(d.year(mon, day), mon, day, h, m, s, 0)
	return t, fold, true
}
