package parser

import (
	"bytes"
	"errors"
	"slices"
)

// traefikLog is what Traefik says of requests that it could not pass on (level debug), and GitLab's Workhorse and Cloudflare's tunnel,
// in the manner of logfmt or on a console.
//
//	time="2026-11-22T10:00:00Z" level=debug msg="'502 Bad Gateway' caused by: dial tcp 172.18.0.3:80: connect: connection refused"
//	2026-11-22T10:00:00Z DBG github.com/traefik/traefik/v3/pkg/proxy/httputil/proxy.go:117 > 502 Bad Gateway error="EOF"
//	time="2026-11-22T10:00:00+01:00" level=error correlation_id=01H duration_ms=0 error="badgateway: failed to receive response: dial unix /run/gitlab.socket: connect: connection refused" method=GET uri=/
//	2026-11-22T10:00:00Z ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: EOF" cfRay=7d1f2a3b4c5d6e7f-FRA ingressRule=0 originService=http://web:8080
var traefikLog = &Format{
	Name:  "traefik",
	Doc:   "Traefik, GitLab's Workhorse and cloudflared: requests that they could not pass on",
	Paths: []string{"/var/log/traefik/traefik.log", "/var/log/gitlab/gitlab-workhorse/current", "/var/log/cloudflared.log"},
	Sniff: sniffTraefik,
	Parse: parseTraefik,
}

var errNotTraefik = errors.New("no time and level at its beginning, as logfmt has them")

// gatewayWords stand before the reason, and say what the visitor got.
var gatewayWords = [...]struct {
	text   []byte
	status int
}{
	{[]byte("'502 Bad Gateway' caused by: "), 502},
	{[]byte("'504 Gateway Timeout' caused by: "), 504},
	{[]byte("'503 Service Unavailable' caused by: "), 503},
	{[]byte("> 502 Bad Gateway error="), 502},
	{[]byte("> 504 Gateway Timeout error="), 504},
	{[]byte("> 503 Service Unavailable error="), 503},
	{[]byte("badgateway: failed to receive response: "), 502},
	{[]byte("Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: "), 502},
}

func sniffTraefik(line []byte) int {
	switch {
	case len(line) < 40:
	case begins(line, `time="`):
		if bytes.Contains(line[:min(len(line), 60)], []byte(`" level=`)) {
			return 95
		}
	case line[0] == '2' && line[10] == 'T' && bytes.Contains(line, []byte(" > 50")), line[0] == '{' && bytes.Contains(line, []byte("ateway")):
		if status, _ := gatewayReason(line); status > 0 {
			return 97
		}
	case line[0] == '2' && consoleLevel(line) != nil:
		if status, _ := gatewayReason(line); status > 0 {
			return 97
		}
		return 60
	case line[0] == '{' && bytes.Contains(line, []byte("cloudflared: ")):
		if status, _ := gatewayReason(line); status > 0 {
			return 97
		}
	}
	return 0
}

// consoleLevel is the level that stands behind the time where an object is shown on a console: "2026-11-22T10:00:00Z ERR ".
func consoleLevel(line []byte) []byte {
	const stamp = len("2026-11-22T10:00:00Z")
	if len(line) < stamp+len(" ERR x") || line[10] != 'T' || line[stamp-1] != 'Z' || line[stamp] != ' ' || line[stamp+4] != ' ' {
		return nil
	}
	switch word := line[stamp+1 : stamp+4]; string(word) {
	case "ERR", "WRN", "INF", "DBG", "FTL":
		return word
	}
	return nil
}

// gatewayReason finds what the visitor got, and why.
func gatewayReason(b []byte) (status int, why []byte) {
	for i := range gatewayWords {
		if at := bytes.Index(b, gatewayWords[i].text); at >= 0 {
			why = bytes.TrimLeft(b[at+len(gatewayWords[i].text):], `"\`)
			if end := bytes.IndexAny(why, `"\`); end >= 0 {
				why = why[:end]
			}
			return gatewayWords[i].status, why
		}
	}
	return 0, nil
}

func parseTraefik(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	switch {
	case len(b) == 0:
		return errSkip
	case sniffTraefik(b) == 0:
		return errNotTraefik
	}
	d.out = slices.Grow(d.out[:0], len(b)+len("fastcgi://unix::"))
	stamp := b
	if b[0] != '2' {
		stamp = between(b, `time="`, `"`)
		if b[0] == '{' {
			stamp = between(b, `"time":"`, `"`)
		}
	}
	if t, fold, n := d.iso(stamp); n > 0 {
		r.Time, r.Fold = t, fold
	}
	r.Level = ownLevel(traefikLevel(b))
	if r.Message = between(b, `msg="`, `"`); r.Message == nil {
		r.Message = b
	}
	if uri := afterWords(b, " uri="); uri != nil {
		uri = bytes.TrimPrefix(uri, []byte{'"'})
		if end := bytes.IndexAny(uri, `" `); end >= 0 {
			uri = uri[:end]
		}
		if len(uri) > 0 {
			r.URI = uri
		}
	}
	if bytes.Contains(b[:min(len(b), 60)], []byte(" Request failed error=")) {
		r.Message = requestFailed
		return nil // cloudflared tells each failure twice: this names the page, and the line before it the service that was asked
	}
	if status, why := gatewayReason(b); status > 0 {
		r.Status, r.Message = status, why
		r.goFailure(d, why, false)
		if r.Upstream == nil {
			r.originService(d, b)
		}
	}
	return nil
}

// originService is the backend that cloudflared names where the reason does not: "originService=http://web:8080".
func (r *Record) originService(d *Decoder, b []byte) {
	for _, before := range [...]string{" originService=", `"originService":"`} {
		if to := afterWords(b, before); bytes.HasPrefix(to, []byte("http")) {
			if end := bytes.IndexAny(to, ` ",`); end >= 0 {
				to = to[:end]
			}
			start := len(d.out)
			d.out = append(append(d.out, bytes.TrimRight(to, "/")...), '/')
			r.Upstream = d.out[start:len(d.out):len(d.out)]
			return
		}
	}
}

// traefikLevel is the word behind "level=", or that of a console.
func traefikLevel(b []byte) []byte {
	if word := consoleLevel(b); word != nil {
		return consoleLevels[string(word)]
	}
	for _, before := range [...]string{" level=", `"level":"`} {
		if word := afterWords(b, before); word != nil {
			if end := bytes.IndexAny(word, ` ",`); end >= 0 {
				return word[:end]
			}
			return word
		}
	}
	return nil
}

var requestFailed = []byte("Request failed")

// consoleLevels are the words of a console, written out.
var consoleLevels = map[string][]byte{
	"ERR": []byte("error"), "WRN": []byte("warn"), "INF": []byte("info"), "DBG": []byte("debug"), "FTL": []byte("crit"),
}
