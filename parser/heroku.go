package parser

import (
	"bytes"
	"errors"
	"time"
)

// herokuLog is what Heroku's router says of requests, through whatever passes it on. Errors that it made itself have a code.
//
//	2026-11-22T10:00:00.123456+00:00 heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/cart/" host=shop.test request_id=7c9ad137 fwd="203.0.113.9" dyno=web.1 connect=2ms service=30000ms status=503 bytes=0
//	2026-11-22T10:00:00+00:00 heroku[router]: Error H12 (Request timeout) -> GET shop.test/cart/ dyno=web.1 queue= wait= service=30000ms status=503 bytes=0
var herokuLog = &Format{
	Name:  "heroku",
	Doc:   "what Heroku's router says of requests",
	Sniff: sniffHeroku,
	Parse: parseHeroku,
}

var errNotHeroku = errors.New("nothing of a router in it")

// herokuCodes are the codes of errors behind which the application is, and what the router did not get of it.
var herokuCodes = [...]struct {
	code    string
	failure []byte
}{
	{"H10", albNobody},
	{"H14", albNobody},
	{"H20", albNobody},
	{"H21", albRefused},
	{"H19", albRefused},
	{"H12", albTimeout},
	{"H11", albTimeout},
	{"H13", albClosed},
}

// herokuText finds what the router says; nil if it does not speak.
func herokuText(line []byte) []byte {
	const least = len("2026-11-22T10:00:00+00:00 ")
	b := line
	if len(b) > least+len("heroku[router]: at=x") && b[10] == 'T' && b[0] >= '0' && b[0] <= '9' {
		at := bytes.Index(b[least-2:min(len(b), least+30)], []byte(" heroku[router]: "))
		if at < 0 {
			return nil
		}
		b = b[least-2+at+len(" heroku[router]: "):]
	}
	b = bytes.TrimLeft(b, " ")
	for _, s := range [...]string{"at=error code=H", "at=info code=H", "Error H", "at=info method=", "sock="} {
		if begins(b, s) && bytes.Contains(b, []byte(" service=")) && bytes.Contains(b, []byte(" status=")) {
			return b
		}
	}
	return nil
}

func sniffHeroku(line []byte) int {
	if len(line) < 40 || herokuText(line) == nil {
		return 0
	}
	return 97
}

func parseHeroku(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	if len(b) == 0 {
		return errSkip
	}
	text := herokuText(b)
	if text == nil {
		return errNotHeroku
	}
	if len(text) < len(b) {
		r.Time, r.Fold, _ = d.iso(b)
	}
	r.Level = LevelInfo
	code := herokuWord(text, " code=")
	if rest, ok := bytes.CutPrefix(text, []byte("Error ")); ok {
		code, _, _ = bytes.Cut(rest, []byte{' '})
		r.herokuOld(rest)
	} else {
		r.Method, r.URI = herokuWord(text, " method="), herokuWord(text, " path=")
		r.Host, _ = hostPort(herokuWord(text, " host="))
	}
	r.Status, _ = statusCode(herokuWord(text, " status="))
	if client, _, _ := bytes.Cut(herokuWord(text, " fwd="), []byte{','}); isAddress(client) {
		r.Client = client
	}
	if ms, n := number(herokuWord(text, " service=")); n > 0 && n < 10 {
		r.Duration = time.Duration(ms) * time.Millisecond
	}
	if len(code) > 0 {
		r.Level = LevelError
		r.Add("code", code)
	}
	for i := range herokuCodes {
		if c := &herokuCodes[i]; string(code) == c.code {
			r.Add("failure", c.failure)
		}
	}
	return nil
}

// herokuOld reads "H12 (Request timeout) -> GET shop.test/cart/ dyno=web.1".
func (r *Record) herokuOld(b []byte) {
	_, b, ok := bytes.Cut(b, []byte(") -> "))
	if !ok {
		return
	}
	var where []byte
	if r.Method, b, ok = bytes.Cut(b, []byte{' '}); !ok {
		return
	}
	where, _, _ = bytes.Cut(b, []byte{' '})
	if slash := bytes.IndexByte(where, '/'); slash > 0 {
		r.Host, r.URI = where[:slash], where[slash:]
	}
}

// herokuWord is the value behind a key, with or without quotes.
func herokuWord(b []byte, key string) []byte {
	value := afterWords(b, key)
	if len(value) > 0 && value[0] == '"' {
		value, _, _ = bytes.Cut(value[1:], []byte{'"'})
		return value
	}
	value, _, _ = bytes.Cut(value, []byte{' '})
	return value
}
