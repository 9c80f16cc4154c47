package parser

import "bytes"

// apacheHead cuts the parts before the message of an Apache error line off, one by one, in whatever order they stand.
type apacheHead struct {
	rest   []byte
	record *Record

	level, pid, client, errno, file bool // seen
	ported                          bool // 2.4: "[client A:port]"; 2.2 writes no port
}

// The numbers APR adds to codes of the resolver and of the system (apr_errno.h); the log has them taken off again.
const (
	aprEAI = 670_000
	aprSys = 720_000
)

// next takes one part; false when the message begins.
func (h *apacheHead) next() bool {
	if len(h.rest) == 0 {
		return false
	}
	switch h.rest[0] {
	case '[':
		inner, rest, ok := bracket(h.rest)
		if ok && h.bracket(inner) {
			h.rest = rest
			return true
		}
	case '(':
		return !h.errno && h.takeErrno()
	case ' ':
		h.rest = h.rest[1:] // an empty item of ErrorLogFormat
		return true
	default:
		return h.level && !h.file && h.takeFile()
	}
	return false
}

func (h *apacheHead) bracket(inner []byte) bool {
	r := h.record
	word, value, _ := bytes.Cut(inner, []byte(" "))
	switch string(word) {
	case "pid":
		if h.pid {
			return false
		}
		pid, tid, _ := bytes.Cut(value, []byte(":tid "))
		n, width := number(pid)
		if width == 0 {
			return false
		}
		h.pid, r.PID = true, int(n)
		if len(tid) > 0 {
			r.Add("tid", tid)
		}
		return true
	case "tid":
		r.Add("tid", value)
		return true
	case "remote": // the far end of a connection that serves no request: the backend, or an HTTP/2 client
		r.Add("remote", value)
		return true
	case "client":
		// ModSecurity writes a second one, without port: "[client 203.0.113.9:51234] [client 203.0.113.9] ModSecurity: …"
		if !h.client && len(value) > 0 {
			h.client = true
			h.address(value)
		}
		return true
	case "host", "vhost":
		r.Vhost = value
		return true
	}
	if h.level {
		return false
	}
	if module, level := moduleLevel(inner); level != LevelNone {
		h.level, r.Level = true, level
		if module != nil {
			h.ported = true
			r.Add("module", module)
		}
		return true
	}
	if hostLike(inner) {
		r.Vhost = inner // ErrorLogFormat "[%t] [%v] …"
	}
	return true // an id of the request or the connection
}

// address reads "203.0.113.9:51234" and "2001:db8::1:51234": 2.4 puts the port behind the last colon and no
// brackets around IPv6; 2.2 writes the address alone.
func (h *apacheHead) address(b []byte) {
	r := h.record
	r.Client = b
	i := len(b) - 1
	for i > 0 && b[i] != ':' {
		i--
	}
	if i <= 0 || (!h.ported && bytes.IndexByte(b, ':') != i && b[0] != '[') {
		return
	}
	n, width := number(b[i+1:])
	if width == 0 || width != len(b)-i-1 || n > 65535 {
		return
	}
	r.Client = b[:i]
	if b[0] == '[' || b[i-1] == ']' {
		r.Client = bytes.Trim(b[:i], "[]")
	}
	r.Add("port", b[i+1:])
}

// takeErrno takes "(104)Connection reset by peer: ", "(70007)The timeout specified has expired: ", "(EAI 2)Name or service not known: ".
func (h *apacheHead) takeErrno() bool {
	end := bytes.IndexByte(h.rest, ')')
	if end < 2 || end > 16 {
		return false
	}
	code, base := h.rest[1:end], 0
	if rest, ok := bytes.CutPrefix(code, []byte("EAI ")); ok {
		code, base = rest, aprEAI
	} else if rest, ok := bytes.CutPrefix(code, []byte("OS ")); ok {
		code, base = rest, aprSys
	} else if bytes.HasPrefix(code, []byte("os 0x")) { // Windows
		code, base = code[:0], -1
	}
	code = bytes.TrimPrefix(code, []byte("-")) // glibc's EAI codes are negative
	n, width := number(code)
	if (width == 0 && base >= 0) || width != len(code) || end+1 >= len(h.rest) || h.rest[end+1] == ' ' {
		return false
	}
	text := h.rest[end+1:]
	colon := bytes.Index(text, []byte(": "))
	if colon < 0 {
		return false
	}
	h.errno, h.rest = true, text[colon+2:]
	if base >= 0 {
		h.record.Errno = base + int(n)
	}
	return true
}

// takeFile takes "proxy_util.c(2050): ", which lines of debug level have.
func (h *apacheHead) takeFile() bool {
	colon := bytes.Index(h.rest[:min(len(h.rest), 64)], []byte("): "))
	if colon < 0 {
		return false
	}
	place := h.rest[:colon+1]
	open := bytes.IndexByte(place, '(')
	if open < 3 || !bytes.HasSuffix(place[:open], []byte(".c")) {
		return false
	}
	if _, width := number(place[open+1:]); width == 0 || open+1+width != colon {
		return false
	}
	h.file, h.rest = true, h.rest[colon+3:]
	h.record.Add("file", place)
	return true
}

// ahNumber reads the number of "AH01071: " at the start of b, past "(98)text: "; 0 if there is none.
// A few numbers have six digits by mistake.
func ahNumber(b []byte) int {
	if len(b) > 3 && b[0] == '(' && b[1] >= '0' && b[1] <= '9' {
		if i := bytes.Index(b[:min(len(b), 160)], []byte(": AH")); i >= 0 {
			b = b[i+2:]
		}
	}
	if len(b) < 9 || b[0] != 'A' || b[1] != 'H' {
		return 0
	}
	n, width := number(b[2:])
	if width < 5 || width > 6 || 2+width >= len(b) || b[2+width] != ':' {
		return 0
	}
	return int(n)
}

// bareApache says whether line is one that httpd prints before its log is open, from versions or places without
// AH numbers.
func bareApache(line []byte) bool {
	switch line[0] {
	case '(':
		// (98)Address already in use: make_sock: could not bind to address 0.0.0.0:80
		_, width := number(line[1:])
		rest := line[1+width:]
		return width > 0 && len(rest) > 4 && rest[0] == ')' && rest[1] >= 'A' && rest[1] <= 'Z' && bytes.Contains(rest, []byte(": "))
	case 'h':
		return bytes.HasPrefix(line, []byte("httpd: "))
	case 'a':
		return bytes.HasPrefix(line, []byte("apache2: "))
	case 'n':
		return bytes.HasPrefix(line, []byte("no listening sockets available, shutting down"))
	case 'S':
		return bytes.HasPrefix(line, []byte("Syntax error on line "))
	}
	return false
}

// hostLike says whether b can be a host name, so that it is worth calling a virtual host.
func hostLike(b []byte) bool {
	dot := false
	for _, c := range b {
		switch {
		case c == '.':
			dot = true
		case c == '-', c == '_', c == ':', c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		default:
			return false
		}
	}
	return dot && len(b) <= 253 && b[0] != '.'
}
