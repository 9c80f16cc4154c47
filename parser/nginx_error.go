package parser

import (
	"bytes"
	"errors"
	"time"
)

var nginxError = &Format{
	Name:      "nginx-error",
	Doc:       "the error log of nginx (error_log)",
	Paths:     []string{"/var/log/nginx/error.log", "/var/log/nginx/*error.log*"},
	Sniff:     sniffNginxError,
	Continues: nginxStderrOpen,
	Begins: func(line []byte) bool {
		_, _, ok := nginxEnvelope(line)
		return ok
	},
	Whole:     func(line []byte) bool { return nginxStamped(line) && !nginxStderrOpen(line, nil) },
	Parse:     parseNginxError,
	sketch:    sketchNginx,
	several:   nginxSeveral,
	learnable: plainHead,
}

const nginxStamp = len("2026/11/22 18:00:27")

// sniffNginxError knows these beginnings: a line of the log, one whose time was cut off, one of a start that failed (it
// goes to stderr), and a message that somebody pasted without its beginning, or with a part of it.
//
//	2026/11/22 18:00:27 [error] 4468#4468: *11 access forbidden by rule, client: …
//	nginx: [emerg] host not found in upstream "x" in /etc/nginx/nginx.conf:12
//	connect() to unix:/run/php.sock failed (13: Permission denied) while connecting to upstream, client: …
//	4468#4468: *11 connect() to unix:/run/php.sock failed (13: Permission denied) while connecting to upstream, client: …
func sniffNginxError(line []byte) int {
	if len(line) < 16 {
		return 0
	}
	switch c := line[0]; {
	case c >= '0' && c <= '9':
		if _, _, ok := nginxEnvelope(line); ok {
			return 100
		}
		if n := bareWriter(line); n > 0 && bareNginx(line[n:]) {
			return 90
		}
	case c == '*':
		if n := bareWriter(line); n > 0 && bareNginx(line[n:]) {
			return 90
		}
	case c == '[':
		if nginxUnstamped(line) > 0 {
			return 95
		}
	case c == 'n' && bytes.HasPrefix(line, []byte("nginx: ")):
		if level, _ := nginxLevel(line[len("nginx: "):]); level != LevelNone {
			return 95
		}
	case c >= 'F' && c <= 'w' && bareNginx(line):
		return 60
	}
	return 0
}

// nginxUnstamped measures the level of a line whose time was cut off, "[error] 812#812: *1 ", 0 if it is none.
func nginxUnstamped(line []byte) int {
	level, n := nginxLevel(line)
	if level == LevelNone {
		return 0
	}
	_, pid := number(line[n:])
	if pid == 0 || n+pid >= len(line) || line[n+pid] != '#' {
		return 0
	}
	return n
}

// bareWriter measures "4468#4468: *11 ", or a part of it, before a message; 0 if there is none.
func bareWriter(line []byte) int {
	n := 0
	if _, pid := number(line); pid > 0 {
		if pid >= len(line) || line[pid] != '#' {
			return 0
		}
		_, tid := number(line[pid+1:])
		if n = pid + 1 + tid; tid == 0 || !begins(line[n:], ": ") {
			return 0
		}
		n += len(": ")
	}
	if n < len(line) && line[n] == '*' {
		_, conn := number(line[n+1:])
		if n += 1 + conn; conn == 0 || !begins(line[n:], " ") {
			return 0
		}
		n++
	}
	return n
}

// bareNginx lists how the messages begin that people quote without stamp and level.
func bareNginx(line []byte) bool {
	for _, s := range [...]string{
		"connect() failed (", "connect() to ", "upstream timed out (", "upstream prematurely closed ",
		"recv() failed (", "no live upstreams while ", "upstream sent ", "FastCGI sent in stderr: ",
		"readv() failed (", "writev() failed (", "SSL_do_handshake() failed (", "peer closed connection in SSL handshake",
		"socket() failed (", "accept4() failed (", "pwritev() \"", "pwrite() \"", "write() \"",
	} {
		if begins(line, s) {
			return true
		}
	}
	return false
}

// nginxEnvelope reads "2026/11/22 18:00:27 [error] ": the level and where the rest begins. The stamp is
// only looked at for its shape.
func nginxEnvelope(line []byte) (level Level, n int, ok bool) {
	if !nginxStamped(line) || len(line) < nginxStamp+2 || line[nginxStamp] != ' ' {
		return LevelNone, 0, false
	}
	level, n = nginxLevel(line[nginxStamp+1:])
	return level, nginxStamp + 1 + n, level != LevelNone
}

// nginxStamped says whether line begins with "YYYY/MM/DD HH:MM:SS".
func nginxStamped(line []byte) bool {
	return len(line) >= nginxStamp && shapeDate.fits(line) && shapeDay.fits(line[8:]) && shapeClock.fits(line[11:])
}

var (
	shapeDate  = shapeOf("0000/00/")
	shapeDay   = shapeOf("00 00:00")
	shapeClock = shapeOf("00:00:00")
)

// nginxLevel reads "[error] " and its length.
func nginxLevel(b []byte) (Level, int) {
	const most = "[error] "
	if begins(b, most) {
		return LevelError, len(most)
	}
	if len(b) < len("[err] ") || b[0] != '[' {
		return LevelNone, 0
	}
	end := bytes.IndexByte(b[:min(len(b), 10)], ']')
	if end < 0 || end+1 >= len(b) || b[end+1] != ' ' {
		return LevelNone, 0
	}
	return ParseLevel(b[1:end]), end + 2
}

var (
	errNginxShape = errors.New("no time and level at its beginning")
	errNginxTime  = errors.New("its time is none")
)

func parseNginxError(d *Decoder, entry []byte, r *Record) error {
	if len(entry) == 0 {
		return errSkip
	}
	body := entry
	level, n, ok := nginxEnvelope(entry)
	switch {
	case ok:
		if r.Time, r.Fold, ok = d.cached(entry[:nginxStamp], nginxTime); !ok {
			return errNginxTime
		}
		r.Level = level
		body = r.nginxWriter(entry[n:])
	case bytes.HasPrefix(entry, []byte("nginx: ")):
		body = entry[len("nginx: "):]
		if r.Level, n = nginxLevel(body); r.Level == LevelNone {
			return errNginxShape
		}
		body = body[n:]
	case nginxUnstamped(entry) > 0:
		r.Level, n = nginxLevel(entry)
		body = r.nginxWriter(entry[n:])
	default:
		if n = bareWriter(entry); len(entry) < 16 || !bareNginx(entry[n:]) {
			return errNginxShape
		}
		if body = r.nginxWriter(entry); n > 0 && entry[0] == '*' {
			body = entry[n:]
		}
		r.Level = LevelError // as all of these are, or worse
	}
	r.nginxMessage(d.nginxContext(body, r))
	return nil
}

// nginxTime reads "2026/11/22 18:00:27", local time of the machine.
func nginxTime(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	year, mon, day := digits(b, 4), digits(b[5:], 2), digits(b[8:], 2)
	h, m, s, ok := clockTime(b[11:])
	if !ok || year < 1970 || mon < 1 || mon > 12 || day < 1 || day > 31 {
		return t, false, false
	}
	t, fold = d.Local(year, time.Month(mon), day, h, m, s, 0)
	return t, fold, true
}

// nginxWriter takes "4468#4468: *11 " off: process, thread and the serial of the connection. All
// requests of a connection share it, so it names no request.
func (r *Record) nginxWriter(b []byte) []byte {
	pid, n := number(b)
	if n == 0 || n >= len(b) || b[n] != '#' {
		return b
	}
	_, m := number(b[n+1:])
	rest, ok := bytes.CutPrefix(b[n+1+m:], []byte(": "))
	if m == 0 || !ok {
		return b
	}
	r.PID = int(pid)
	r.Add("tid", b[n+1:n+1+m])
	if len(rest) > 2 && rest[0] == '*' {
		if conn, k := number(rest[1:]); k > 0 && k+1 < len(rest) && rest[k+1] == ' ' {
			r.Conn = conn
			rest = rest[k+2:]
		}
	}
	return rest
}

// nginxLongest is the size of the buffer a whole entry is written in, twice: OpenResty has it larger.
// What is longer was cut, and its quote never closes.
const nginxLongest = 2 * 2048

// nginxStderrOpen says that entry copies the stderr of a FastCGI request, with the line ends in it, and
// that the closing quote is still to come. It stands before the context:
//
//	2026/11/22 10:00:00 [error] 12#12: *1 FastCGI sent in stderr: "PHP message: PHP Fatal error:  y in /b.php:2
//	Stack trace:
//	#0 {main}
//	  thrown in /b.php on line 2" while reading response header from upstream, client: 192.0.2.7, server: …
func nginxStderrOpen(entry, line []byte) bool {
	if nginxStamped(line) || len(entry)+1 >= nginxLongest {
		return false
	}
	const before = len("2026/11/22 18:00:27 [critical] 4294967295#4294967295: *18446744073709551615 ")
	at := indexRare(entry[:min(len(entry), before+len(nginxStderr))], nginxStderr)
	if at < 0 {
		return false
	}
	if head, _, _ := contextStart(entry[at:]); head >= 0 {
		return false
	}
	// Pastes leave the context out, and mix logs: what is surely a line of another ends this one.
	if i := lastIndex(entry, []byte(`" while `)); i > at && knownAction(entry[i+len(`" while `):]) {
		return false
	}
	return len(line) == 0 || line[0] != '[' && (line[0] < '0' || line[0] > '9') || DetectLine(line) == nil
}

const nginxStderr = `FastCGI sent in stderr: "`
