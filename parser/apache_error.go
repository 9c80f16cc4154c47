package parser

import (
	"bytes"
	"errors"
)

// apacheError is the error log of Apache httpd 2.2 and 2.4, which is also cPanel's. The parts before the
// message come in nearly any order, because ErrorLogFormat can be set:
//
//	[Sun Nov 22 10:00:00.123456 2026] [proxy:error] [pid 12:tid 13] (2)No such file or directory: [client 203.0.113.9:51234] AH02454: …
//	[Sun Nov 22 10:00:00 2026] [error] [client 203.0.113.9] (111)Connection refused: proxy: FCGI: attempt to connect …
//	(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80
var apacheError = &Format{
	Name:      "apache-error",
	Doc:       "error log of Apache httpd 2.2 and 2.4, of cPanel's EasyApache, with ModSecurity, mod_fcgid and mod_lsapi",
	Paths:     []string{"/var/log/apache2/error_log", "/var/log/apache2/error.log", "/var/log/httpd/error_log", "/usr/local/apache/logs/error_log"},
	Sniff:     sniffApacheError,
	Continues: continuesApacheError,
	Begins:    func(line []byte) bool { return sniffApacheError(line) == 98 },
	Whole:     wholeApache,
	Parse:     parseApacheError,
	sketch:    sketchApache,
}

var (
	errNotApache     = errors.New("neither a time nor a level nor an AH number")
	errApacheNoLevel = errors.New("no [level] after the time")
)

func sniffApacheError(line []byte) int {
	if len(line) < 8 {
		return 0
	}
	if line[0] != '[' {
		switch {
		case ahNumber(line) > 0:
			return 90
		case bareApache(line), lsapiLine(line):
			return 60
		}
		if i := bytes.IndexByte(line, ' '); i > 0 && i+1 < len(line) && hostLike(line[:i]) {
			// ErrorLogFormat "%v [%t] …" puts the virtual host in front.
			if n, _ := apacheStamp(line[i+1:]); n > 0 && levelAhead(line[i+1+n:]) {
				return 90
			}
		}
		return 0
	}
	n, fraction := apacheStamp(line)
	switch {
	case n == 0 && lsapiLine(line):
		return 60
	case levelAhead(line[n:]):
		if n == 0 {
			return 70 // syslog's part is gone, or a web page dropped the time
		}
		return 98
	case fraction:
		return 60
	}
	return 0 // dmesg -T: "[Sun Nov 22 10:00:00 2026] php-fpm[12]: segfault at 0 …"
}

// apacheStamp measures "[time] " at the start of line, 0 if there is none.
func apacheStamp(line []byte) (n int, fraction bool) {
	if len(line) == 0 || line[0] != '[' {
		return 0, false
	}
	n, fraction = ctimeLen(line[1:])
	if n == 0 {
		var s isoTime
		if s, n = iso8601(line[1:]); n == 0 || s.zoned {
			return 0, false
		}
	}
	if n += 1; n >= len(line) || line[n] != ']' {
		return 0, false
	}
	if n++; n < len(line) && line[n] == ' ' {
		n++
	}
	return n, fraction
}

// levelAhead says whether one of the first brackets of b is "[module:level]" or "[level]".
func levelAhead(b []byte) bool {
	for range 3 {
		inner, rest, ok := bracket(b)
		if !ok {
			return false
		}
		if _, level := moduleLevel(inner); level != LevelNone {
			return true
		}
		b = rest
	}
	return false
}

// bracket cuts "[inner] " from the start of b.
func bracket(b []byte) (inner, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '[' {
		return nil, b, false
	}
	end := bytes.IndexByte(b, ']')
	// "[client [2001:db8::1]:51234] "
	if end > 0 && end+1 < len(b) && b[end+1] == ':' {
		if i := bytes.IndexByte(b[end+1:], ']'); i >= 0 {
			end += 1 + i
		}
	}
	if end < 0 {
		return nil, b, false
	}
	inner, rest = b[1:end], b[end+1:]
	if len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	return inner, rest, true
}

// moduleLevel reads "proxy_fcgi:error", ":error" and "error".
func moduleLevel(b []byte) (module []byte, level Level) {
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		module, b = b[:i], b[i+1:]
	}
	return module, ParseLevel(b)
}

// continuesApacheError joins the reason that httpd prints below a syntax error:
//
//	AH00526: Syntax error on line 12 of /etc/apache2/conf/httpd.conf:
//	Invalid command 'FooBar', perhaps misspelled or defined by a module not included in the server configuration
func continuesApacheError(entry, line []byte) bool {
	return len(entry) > 0 && entry[len(entry)-1] == ':' && len(line) > 0 &&
		bytes.Contains(entry, []byte("yntax error on line ")) &&
		bytes.IndexByte(entry, '\n') < 0 && DetectLine(line) == nil
}

// wholeApache knows the lines that begin with "[Sun Nov 22 10:00:00.123456 2026]"; only a colon at the end lets a reason
// follow.
func wholeApache(line []byte) bool {
	return len(line) > len("[Sun Nov 22 10:00:00.1 2026]") && line[0] == '[' && line[20] == '.' && line[len(line)-1] != ':'
}

func parseApacheError(d *Decoder, entry []byte, r *Record) error {
	b := trimEnd(entry, " \t\r")
	if len(b) == 0 {
		return errSkip
	}
	if b[0] != '[' {
		if i := bytes.IndexByte(b, ' '); i > 0 && hostLike(b[:i]) {
			if n, _ := apacheStamp(b[i+1:]); n > 0 {
				r.Vhost, b = b[:i], b[i+1:]
			}
		}
	}
	n, fraction := apacheStamp(b)
	if n > 0 {
		if t, fold, ok := d.ctime(b[1:]); ok > 0 {
			r.Time, r.Fold = t, fold
		} else {
			r.Time, r.Fold, _ = d.iso(b[1:])
		}
	}
	h := apacheHead{rest: b[n:], record: r}
	for h.next() {
	}
	switch {
	case h.level:
	case n == 0 && lsapiLine(b):
		return parseLsapi(d, b, r)
	case n == 0 && ahNumber(h.rest) == 0 && !bareApache(b):
		return errNotApache
	case n > 0 && !fraction:
		return errApacheNoLevel
	}
	r.apacheMessage(d, h.rest)
	return nil
}

// apacheMessage reads what stands behind the brackets.
func (r *Record) apacheMessage(d *Decoder, text []byte) {
	r.Message = text
	if i := lastRare(text, ", referer: "); i >= 0 {
		r.Message, r.Referrer = text[:i], text[i+len(", referer: "):]
	} else if i := lastRare(text, ", referer http"); i > 0 {
		// The manual's ErrorLogFormat ends "%M% ,\ referer\ %{Referer}i".
		for ; i > 0 && text[i-1] != ' '; i = lastRare(text[:i], ", referer http") {
		}
		if i > 0 {
			r.Message, r.Referrer = text[:i-1], text[i+len(", referer "):]
		}
	}
	apacheText(d, r)
}
