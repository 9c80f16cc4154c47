package parser

import (
	"bytes"
	"errors"
	"slices"
)

// caddyLog is what Caddy says of requests that it could not pass on: an object a line, the same on a console, and Caddy 1.
//
//	{"level":"error","ts":1795341600.4028077,"logger":"http.log.error","msg":"dialing backend: dial tcp 127.0.0.1:9000: connect: connection refused","request":{"remote_ip":"203.0.113.9","method":"GET","host":"shop.test","uri":"/"},"status":502}
//	2026/11/22 10:00:00.343	ERROR	http.log.error	dial tcp 127.0.0.1:3000: connect: connection refused	{"request": {"remote_ip": "203.0.113.9"}}
//	22/Nov/2026:10:00:00 +0300 [ERROR 502 /cart/] dial unix /run/php/php8.2-fpm.sock: connect: no such file or directory
var caddyLog = &Format{
	Name:  "caddy",
	Doc:   "Caddy: requests that it could not pass on (http.log.error)",
	Paths: []string{"/var/log/caddy/*.log"},
	Sniff: sniffCaddy,
	Parse: parseCaddy,
}

var errNotCaddy = errors.New("no request that Caddy could not pass on")

const caddyLogger = "http.log.error"

func sniffCaddy(line []byte) int {
	switch {
	case len(line) < 30:
	case line[0] == '{':
		if bytes.Contains(line[:min(len(line), 160)], []byte(`"logger":"`+caddyLogger)) {
			return 99
		}
	case line[0] == 'E':
		if begins(line, "ERROR") && caddyConsole(line) > 0 {
			return 90
		}
	case line[0] >= '0' && line[0] <= '9':
		if line[2] == '/' && caddyOne(line) > 0 || line[4] == '/' && nginxStamped(line) && caddyConsole(line) > 0 {
			return 95
		}
	}
	return 0
}

// caddyConsole finds what follows the name of the logger: "ERROR	http.log.error.log0	"; 0 if there is none.
func caddyConsole(line []byte) int {
	i := bytes.Index(line[:min(len(line), 80)], []byte(caddyLogger))
	if i < 0 {
		return 0
	}
	n := bytes.IndexAny(line[i:], " \t")
	if n < 0 {
		return 0
	}
	for i += n; i < len(line) && (line[i] == ' ' || line[i] == '\t'); i++ {
	}
	return i
}

// caddyOne finds the message of Caddy 1, behind "22/Nov/2026:10:00:00 +0300 [ERROR 502 /] "; 0 if it is none.
func caddyOne(line []byte) int {
	if len(line) < clfLen+len(" [ERROR 502 /] ") || line[6] != '/' || !begins(line[clfLen:], " [ERROR ") {
		return 0
	}
	end := bytes.Index(line[clfLen:], []byte("] "))
	if end < 0 {
		return 0
	}
	return clfLen + end + len("] ")
}

func parseCaddy(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	switch {
	case len(b) == 0:
		return errSkip
	case sniffCaddy(b) == 0:
		return errNotCaddy
	}
	d.out = slices.Grow(d.out[:0], 2*len(b)+len("fastcgi://unix::"))
	r.Level = LevelError
	switch {
	case b[0] == '{':
		r.caddyObject(d, b)
	case b[0] != 'E' && b[2] == '/':
		var ok bool
		if r.Time, r.Fold, ok = clfTime(d, b[:clfLen]); !ok {
			return errStamp
		}
		at := caddyOne(b)
		head := b[clfLen+len(" [ERROR ") : at-len("] ")]
		r.Status, _ = statusCode(head)
		if _, uri, ok := bytes.Cut(head, []byte{' '}); ok {
			r.URI = uri
		}
		r.Message = b[at:]
	default:
		if b[0] != 'E' {
			var ok bool
			if r.Time, r.Fold, ok = d.cached(b[:nginxStamp], nginxTime); !ok {
				return errStamp
			}
		}
		r.Message = b[caddyConsole(b):]
		if i := bytes.IndexByte(r.Message, '{'); i > 0 {
			r.caddyFields(d, r.Message[i:])
			r.Message = bytes.TrimRight(r.Message[:i], " \t")
		}
	}
	r.goFailure(d, r.Message, bytes.Contains(r.Message, []byte("dialing backend: ")))
	return nil
}

func (r *Record) caddyObject(d *Decoder, b []byte) {
	r.caddyFields(d, b)
	if r.Message == nil {
		r.Message = b
	}
}

// caddyFields reads an object, and those in it, for as far as it goes: people cut them off.
func (r *Record) caddyFields(d *Decoder, b []byte) {
	for {
		key, rest, ok := nextKey(b)
		if !ok {
			return
		}
		var value []byte
		if value, b, ok = d.jsonValue(rest); !ok {
			return
		}
		switch string(key) {
		case "ts":
			r.setTime(d, varAnyTime, value)
		case "msg":
			r.Message = value
		case "remote_ip", "remote_addr":
			if r.Client == nil {
				r.setClient(value)
			}
		case "method":
			r.Method = value
		case "host":
			r.Host = value
		case "uri":
			r.URI = value
		case "status":
			r.Status, _ = statusCode(value)
		}
	}
}
