package parser

import (
	"bytes"
	"errors"
)

// gunicornLog is what gunicorn says of its workers, and what runs in its way of logging. The first line is that of the versions since
// 19, the second that of those before:
//
//	[2026-11-22 10:00:00 +0000] [9] [CRITICAL] WORKER TIMEOUT (pid:221)
//	2026-11-22 10:00:00 [9] [INFO] Reason: Worker failed to boot.
var gunicornLog = &Format{
	Name:      "gunicorn",
	Doc:       "gunicorn: its workers that start, time out and die",
	Paths:     []string{"/var/log/gunicorn/error.log", "/var/log/gunicorn.log"},
	Sniff:     sniffGunicorn,
	Continues: continuesPython,
	Parse:     parseGunicorn,
}

var errNotGunicorn = errors.New("no time, process and level at its beginning")

// gunicornHead is what stands before the message.
type gunicornHead struct {
	stamp []byte // "2026-11-22 10:00:00 +0000", or without the offset
	pid   int
	level Level
	rest  []byte
}

func cutGunicorn(b []byte) (h gunicornHead, ok bool) {
	const second = len("2026-11-22 10:00:00")
	n := 0
	if len(b) > 0 && b[0] == '[' {
		b, n = b[1:], len(" +0000")
	}
	if len(b) < second+n+len(" [9] [INFO] ") || b[4] != '-' {
		return h, false
	}
	if s, k := iso8601(b); k != second || s.zoned || n > 0 && b[second] != ' ' {
		return h, false
	}
	h.stamp, b = b[:second+n], b[second+n:]
	if n > 0 {
		if _, _, zoned := offset(h.stamp[second+1:]); !zoned || b[0] != ']' {
			return h, false
		}
		b = b[1:]
	}
	if len(b) < len(" [9] [INFO] ") || b[0] != ' ' || b[1] != '[' {
		return h, false
	}
	pid, width := number(b[2:])
	if b = b[2+width:]; width == 0 || !begins(b, "] [") {
		return h, false
	}
	b = b[len("] ["):]
	end := bytes.IndexByte(b[:min(len(b), len("CRITICAL] "))], ']')
	if end < 0 || end+1 >= len(b) || b[end+1] != ' ' {
		return h, false
	}
	h.pid, h.level, h.rest = int(pid), ownLevel(b[:end]), b[end+2:]
	return h, h.level != LevelNone
}

func sniffGunicorn(line []byte) int {
	if len(line) < 32 || line[0] != '[' && (line[0] < '0' || line[0] > '9') {
		return 0
	}
	if _, ok := cutGunicorn(line); ok {
		return 96
	}
	return 0
}

// continuesPython knows the lines of a Python trace, and what it ends with:
//
//	Traceback (most recent call last):
//	  File "/srv/app/wsgi.py", line 3, in <module>
//	ModuleNotFoundError: No module named 'app'
func continuesPython(entry, line []byte) bool {
	switch {
	case len(line) == 0:
		return false
	case line[0] == ' ', line[0] == '\t', begins(line, "Traceback (most recent call last)"):
		return DetectLine(line) == nil
	case !bytes.Contains(entry, []byte("Traceback (")) || line[0] < 'A' || line[0] > 'z':
		return false
	}
	name, _, ok := bytes.Cut(line[:min(len(line), 120)], []byte(": "))
	return ok && bytes.IndexByte(name, ' ') < 0 && DetectLine(line) == nil
}

func parseGunicorn(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	if len(b) == 0 {
		return errSkip
	}
	h, ok := cutGunicorn(b)
	if !ok {
		return errNotGunicorn
	}
	if len(h.stamp) == len("2026-11-22 10:00:00 +0000") {
		s, _ := iso8601(h.stamp)
		s.east, _, s.zoned = offset(h.stamp[20:])
		r.Time, r.Fold = d.moment(s)
	} else {
		r.Time, r.Fold, _ = d.iso(h.stamp)
	}
	r.PID, r.Level, r.Message = h.pid, h.level, h.rest
	// The worker it speaks about: "(pid:221)", "Worker with pid 118 was terminated due to signal 9".
	for _, before := range [...]string{"(pid:", "Worker with pid "} {
		if rest := afterWords(h.rest, before); rest != nil {
			if pid, n := number(bytes.TrimLeft(rest, " ")); n > 0 {
				r.PID = int(pid)
			}
			break
		}
	}
	r.addNumber("signal", h.rest, " terminated due to signal ")
	if r.Field("signal") == nil {
		if name := between(h.rest, " was sent SIG", "!"); name != nil {
			r.signalNamed(name)
		}
	}
	return nil
}

// signals are those that end a process, by their names without "SIG".
var signals = [...]struct {
	name   string
	number []byte
}{
	{"KILL", []byte("9")},
	{"SEGV", []byte("11")},
	{"ABRT", []byte("6")},
	{"BUS", []byte("7")},
	{"ILL", []byte("4")},
	{"FPE", []byte("8")},
	{"TERM", []byte("15")},
	{"INT", []byte("2")},
	{"QUIT", []byte("3")},
}

// signalNamed adds the number of a signal that is called by its name.
func (r *Record) signalNamed(name []byte) {
	for i := range signals {
		if s := &signals[i]; string(name) == s.name {
			r.Add("signal", s.number)
			return
		}
	}
}
