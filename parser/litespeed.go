package parser

import (
	"bytes"
	"errors"
)

// litespeedError is the error log of LiteSpeed and OpenLiteSpeed. Before version 1.5 tabs stood where the brackets are.
//
//	2026-11-22 10:00:00.123456 [NOTICE] [1234] [203.0.113.9:51234:HTTP2-1#APVH_shop.test] ExtConn timed out while processing, timeout=60.
//	2026-11-22 10:00:00.123456 [INFO] [1234] [203.0.113.9:51234#shop.test] connection to [uds://tmp/lshttpd/lsphp.sock] on request #0, confirmed, 0, associated process: 2852, running: 0, error: Connection reset by peer!
//	2026-11-22 10:00:00.123	WARN	[AutoRestarter] forking too frequently, suspend for a while!
var litespeedError = &Format{
	Name:  "litespeed-error",
	Doc:   "error log of LiteSpeed and OpenLiteSpeed",
	Paths: []string{"/usr/local/lsws/logs/error.log", "/usr/local/lsws/logs/stderr.log", "/home/DOMAIN/logs/DOMAIN.error_log"},
	Sniff: sniffLitespeed,
	Parse: parseLitespeed,
}

var errNotLitespeed = errors.New("no time and level at its beginning")

// cutLitespeed cuts the stamp and the level off.
func cutLitespeed(b []byte) (stamp int, level Level, rest []byte, ok bool) {
	if len(b) < 30 || b[0] < '0' || b[0] > '9' || b[10] != ' ' || b[19] != '.' {
		return 0, LevelNone, nil, false
	}
	s, n := iso8601(b)
	if n < 23 || s.zoned || n >= len(b) {
		return 0, LevelNone, nil, false
	}
	if b[n] == '\t' {
		word, rest, ok := bytes.Cut(b[n+1:], []byte{'\t'})
		level = ParseLevel(word)
		return n, level, rest, ok && level != LevelNone
	}
	if !bytes.HasPrefix(b[n:], []byte(" [")) {
		return 0, LevelNone, nil, false
	}
	word, rest, ok := bracket(b[n+1:])
	level = ParseLevel(word)
	return n, level, rest, ok && level != LevelNone
}

func sniffLitespeed(line []byte) int {
	if _, _, _, ok := cutLitespeed(line); ok {
		return 97
	}
	if bareLitespeed(line) {
		return 60
	}
	return 0
}

// bareLitespeed knows messages that people quote without stamp and level.
func bareLitespeed(line []byte) bool {
	return begins(line, "No request delivery notification has been received from ") || begins(line, "ExtConn timed out while processing")
}

func parseLitespeed(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	n, level, rest, ok := cutLitespeed(b)
	if !ok {
		switch {
		case lsapiLine(b):
			return parseLsapi(d, b, r)
		case bareLitespeed(b):
			r.Level, r.Message = LevelNotice, b
			return nil
		}
		return errNotLitespeed
	}
	r.Time, r.Fold, _ = d.iso(b[:n])
	r.Level = level
	for {
		inner, after, ok := bracket(rest)
		if i := bytes.Index(inner, []byte("]: ")); i >= 0 { // "[shop.655340]: Failed to listen socket [/tmp/lshttpd/shop.sock]: …"
			inner, after = inner[:i], rest[1+i+len("]"):]
		}
		if !ok || !r.litespeedBracket(inner) {
			break
		}
		rest = after
	}
	rest = bytes.TrimPrefix(rest, []byte(": "))
	r.Message = rest
	r.litespeedText(rest)
	return nil
}

// litespeedBracket reads what stands in brackets before the text: "1234", "203.0.113.9:51234:HTTP2-1#APVH_shop.test",
// "AutoRestarter", "T0". A socket belongs to the text.
func (r *Record) litespeedBracket(b []byte) bool {
	if bytes.HasPrefix(b, []byte("uds:")) {
		return false
	}
	if pid, n := number(b); n == len(b) && n > 0 {
		r.PID = int(pid)
		return true
	}
	who, site, named := bytes.Cut(b, []byte{'#'})
	if named {
		site, _, _ = bytes.Cut(site, []byte{':'})
		r.Vhost = bytes.TrimPrefix(site, []byte("APVH_"))
	}
	addr, _, _ := bytes.Cut(who, []byte{':'})
	if isAddress(addr) {
		r.Client = addr
	} else if isAddress(who) {
		r.Client = who // IPv6: its port cannot be told from it
	}
	return true
}

// litespeedText reads the external application and its process.
func (r *Record) litespeedText(b []byte) {
	for _, opening := range [...]string{"connection to [", "["} {
		if sock := between(b, opening, "]"); bytes.HasPrefix(sock, []byte("uds:")) || bytes.HasPrefix(sock, []byte{'/'}) {
			r.Upstream = sock
			break
		}
	}
	if rest := afterWords(b, "associated process: ", "child process with pid=", "Child process with pid: ", "by PID:"); rest != nil {
		if pid, n := number(rest); n > 0 && pid > 0 {
			r.PID = int(pid)
		}
	}
	r.addNumber("signal", b, "received signal=")
	r.addNumber("signal", b, "was killed by signal: ")
	r.addNumber("timeout", b, "timeout=")
}
