package parser

import (
	"bytes"
	"errors"
)

// rubyLog is what Ruby's Logger writes, in which Unicorn speaks of its workers, and Rails of requests.
//
//	E, [2026-11-22T10:00:51.215829 #12] ERROR -- : worker=0 PID:303 timeout (16s > 15s), killing
//	E, [2026-11-22T10:00:51.221927 #12] ERROR -- : reaped #<Process::Status: pid 303 SIGKILL (signal 9)> worker=0
//	I, [2026-11-22T10:00:12.836810 #12]  INFO -- : Refreshing Gem list
var rubyLog = &Format{
	Name:  "ruby",
	Doc:   "Ruby's Logger: Unicorn's workers that time out and die, Rails",
	Paths: []string{"log/unicorn*.log", "log/production.log"},
	Sniff: sniffRuby,
	Parse: parseRuby,
}

var errNotRuby = errors.New("no level, time and process at its beginning")

// rubyHead is what stands before the message.
type rubyHead struct {
	stamp []byte
	pid   int
	level Level
	rest  []byte
}

func cutRuby(b []byte) (h rubyHead, ok bool) {
	const shortest = len("E, [2026-11-22T10:00:51.215829 #1] ERROR -- : ")
	if len(b) < shortest || b[1] != ',' || b[2] != ' ' || b[3] != '[' {
		return h, false
	}
	s, n := iso8601(b[4:])
	if n == 0 || s.zoned || b[14] != 'T' || !begins(b[4+n:], " #") {
		return h, false
	}
	h.stamp, b = b[4:4+n], b[4+n+len(" #"):]
	pid, width := number(b)
	if width == 0 || !begins(b[width:], "] ") {
		return h, false
	}
	word, rest, ok := bytes.Cut(bytes.TrimLeft(b[width+2:], " "), []byte(" -- "))
	if !ok || bytes.IndexByte(word, ' ') >= 0 {
		return h, false
	}
	h.pid, h.level = int(pid), ownLevel(word)
	_, h.rest, ok = bytes.Cut(rest, []byte(": ")) // the name of a program may stand before it
	return h, ok
}

func sniffRuby(line []byte) int {
	if _, ok := cutRuby(line); ok {
		return 96
	}
	return 0
}

func parseRuby(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	if len(b) == 0 {
		return errSkip
	}
	h, ok := cutRuby(b)
	if !ok {
		return errNotRuby
	}
	r.Time, r.Fold, _ = d.iso(h.stamp)
	r.PID, r.Level, r.Message = h.pid, h.level, h.rest
	r.unicornWorker()
	return nil
}

// unicornWorker reads what Unicorn says of one of its workers.
func (r *Record) unicornWorker() {
	for _, before := range [...]string{" PID:", "#<Process::Status: pid "} {
		if rest := afterWords(r.Message, before); rest != nil {
			if pid, n := number(rest); n > 0 {
				r.PID = int(pid)
			}
			break
		}
	}
	r.addNumber("signal", r.Message, "(signal ")
	r.addNumber("limit", r.Message, "s > ")
}
