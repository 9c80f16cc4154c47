package parser

import (
	"bytes"
	"errors"
)

// lighttpdLog is the error log of lighttpd: its time, unless syslog has it, and the place in its source that speaks.
//
//	2026-11-22 10:00:00: (gw_backend.c.274) establishing connection failed: socket: unix:/run/lighttpd/php.socket-0: Connection refused
//	(gw_backend.c.960) all handlers for /index.php? on .php are down.
var lighttpdLog = &Format{
	Name:  "lighttpd",
	Doc:   "error log of lighttpd",
	Paths: []string{"/var/log/lighttpd/error.log"},
	Sniff: func(line []byte) int {
		if lighttpdHead(line) > 0 {
			return 96
		}
		return 0
	},
	Parse: parseLighttpd,
}

var errNotLighttpd = errors.New("no place in lighttpd's source at its beginning")

const lighttpdStamp = len("2026-11-22 10:00:00: ")

// lighttpdHead measures what stands before the message, 0 if the line is not lighttpd's.
func lighttpdHead(line []byte) int {
	n := 0
	if len(line) > lighttpdStamp && line[0] != '(' {
		if line[4] != '-' || line[10] != ' ' || line[19] != ':' {
			return 0
		}
		n = lighttpdStamp
	}
	rest := line[n:]
	end := bytes.Index(rest[:min(len(rest), 40)], []byte(") "))
	if end < 0 || rest[0] != '(' {
		return 0
	}
	name, number, ok := bytes.Cut(rest[1:end], []byte(".c."))
	if !ok || len(name) == 0 || len(number) == 0 {
		return 0
	}
	for _, c := range name {
		if c != '_' && c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return 0
		}
	}
	for _, c := range number {
		if c < '0' || c > '9' {
			return 0
		}
	}
	return n + end + len(") ")
}

func parseLighttpd(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	if len(b) == 0 {
		return errSkip
	}
	n := lighttpdHead(b)
	if n == 0 {
		return errNotLighttpd
	}
	if b[0] != '(' {
		if r.Time, r.Fold, _ = d.iso(b[:lighttpdStamp-2]); r.Time.IsZero() {
			return errStamp
		}
	}
	r.Level, r.Message = LevelError, b[n:]
	if page := between(r.Message, "all handlers for ", " on "); len(page) > 0 {
		r.URI = bytes.TrimSuffix(page, []byte{'?'})
	}
	return nil
}
