package parser

import (
	"bytes"
	"errors"
	"time"
)

// fpmAccess is the access.log of a PHP-FPM pool. %R, %u, %t, %m, %r and %s stand in every version; the shipped sample
// adds the script, milliseconds, kilobytes and the share of the processor.
//
//   - -  22/Nov/2026:10:00:00 +0000 "GET /index.php" 200
//   - -  22/Nov/2026:10:00:00 +0000 "GET /index.php" 200 /srv/index.php 12.345 2048 80.97%
var fpmAccess = &Format{
	Name:  "php-fpm-access",
	Doc:   "access.log of a PHP-FPM pool: what PHP answered, before the web server",
	Paths: []string{"/var/log/php-fpm/*access.log"},
	Sniff: sniffFPMAccess,
	Parse: parseFPMAccess,
}

var errNotFPMAccess = errors.New("no time, request and status in it")

// cutFPMAccess finds the stamp, which stands without brackets before the request, and the request.
func cutFPMAccess(line []byte) (stamp, request, rest []byte, ok bool) {
	i := bytes.IndexByte(line[:min(len(line), 200)], '"')
	if i < clfLen+2 || line[i-1] != ' ' {
		return nil, nil, nil, false
	}
	stamp = line[i-1-clfLen : i-1]
	if line[i-2-clfLen] != ' ' || stamp[2] != '/' || stamp[6] != '/' || stamp[11] != ':' {
		return nil, nil, nil, false
	}
	request, rest, ok = cutRequest(line[i+1:])
	return stamp, request, rest, ok
}

func sniffFPMAccess(line []byte) int {
	if _, _, _, ok := cutFPMAccess(line); ok {
		return 92
	}
	return 0
}

func parseFPMAccess(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	stamp, request, rest, ok := cutFPMAccess(b)
	if !ok {
		return errNotFPMAccess
	}
	if r.Time, r.Fold, ok = d.cached(stamp, clfTime); !ok {
		return errStamp
	}
	status, rest, _ := cutStatus(rest)
	r.Status, _ = statusCode(status)
	r.SetRequest(request)
	if r.URI == nil {
		return errNotFPMAccess
	}
	if client, _, _ := bytes.Cut(b, []byte{' '}); isAddress(client) {
		r.Client = client
	}
	rest = bytes.TrimLeft(rest, " ")
	if len(rest) == 0 || rest[0] != '/' {
		return nil
	}
	r.Script, rest, _ = bytes.Cut(rest, []byte{' '})
	ms, _, _ := bytes.Cut(rest, []byte{' '})
	r.setSpan(ms, time.Millisecond)
	return nil
}
