package parser

import (
	"bytes"
	"errors"
	"time"
)

// haproxyLog is what HAProxy writes, mostly through syslog: a line for a request (httplog), for a connection (tcplog),
// and what becomes of its servers. Its stamp is the moment of accepting, without a zone.
//
//	203.0.113.9:33317 [22/Nov/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {shop.test} {} "GET /index.html HTTP/1.1"
//	203.0.113.9:33313 [22/Nov/2026:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0
//	Server static/srv1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms.
//	backend static has no server available!
var haproxyLog = &Format{
	Name:  "haproxy",
	Doc:   "HAProxy: requests (httplog), connections (tcplog), and its servers that go down and up",
	Paths: []string{"/var/log/haproxy.log"},
	Sniff: sniffHAProxy,
	Parse: parseHAProxy,
}

var errNotHAProxy = errors.New("neither a request nor what becomes of a server")

const haproxyStampLen = len("22/Nov/2026:12:14:14")

// haproxyStamp finds the bracket behind the client's address; 0 if there is none.
func haproxyStamp(line []byte) int {
	i := bytes.IndexByte(line[:min(len(line), 64)], ' ')
	if i < 4 || len(line) < i+2+haproxyStampLen+5 || line[i+1] != '[' {
		return 0
	}
	b := line[i+2:]
	if b[2] != '/' || b[6] != '/' || b[11] != ':' || b[haproxyStampLen] != '.' || month(b[3:]) == 0 {
		return 0
	}
	return i + 2
}

func sniffHAProxy(line []byte) int {
	if haproxyStamp(line) > 0 {
		return 95
	}
	if haproxyServer(line) {
		return 60
	}
	return 0
}

// haproxyServer knows what is said of servers and proxies.
func haproxyServer(line []byte) bool {
	switch {
	case bytes.HasPrefix(line, []byte("Server ")):
		return bytes.Contains(line, []byte(" is DOWN")) || bytes.Contains(line, []byte(" is UP"))
	case bytes.HasPrefix(line, []byte("backend ")), bytes.HasPrefix(line, []byte("proxy ")), bytes.HasPrefix(line, []byte("Proxy ")):
		return bytes.Contains(line, []byte(" has no server available!")) || bytes.HasSuffix(line, []byte(" started."))
	}
	return false
}

func parseHAProxy(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	at := haproxyStamp(b)
	switch {
	case len(b) == 0:
		return errSkip
	case at == 0 && haproxyServer(b):
		r.Message = b
		return nil
	case at == 0:
		return errNotHAProxy
	}
	end := bytes.IndexByte(b[at:], ']')
	if end < 0 || end > haproxyStampLen+7 {
		return errNotHAProxy
	}
	accepted, fold, ok := d.cached(b[at:at+haproxyStampLen], readHAProxyStamp)
	if !ok {
		return errStamp
	}
	accepted = accepted.Add(time.Duration(fractionOf(b[at+haproxyStampLen+1:])))
	r.Time, r.Fold = accepted, fold
	r.setClient(b[:at-2])
	rest := bytes.TrimPrefix(b[at+end+1:], []byte{' '})
	var words [12][]byte
	n := 0
	for n < 8 || n < len(words) && len(rest) > 0 && rest[0] != '"' && rest[0] != '{' {
		words[n], rest, _ = bytes.Cut(rest, []byte{' '})
		n++
	}
	return r.haproxyWords(words[:n], rest)
}

// haproxyWords reads what follows the stamp: frontend, backend/server, times, then in httplog a status.
func (r *Record) haproxyWords(w [][]byte, rest []byte) error {
	r.Add("frontend", bytes.TrimSuffix(w[0], []byte{'~'}))
	r.Add("backend", w[1])
	total := w[2][bytes.LastIndexByte(w[2], '/')+1:]
	total = bytes.TrimPrefix(total, []byte{'+'}) // option logasap: it goes on
	if ms, n := number(total); n > 0 && n == len(total) && n < 12 {
		r.Duration = time.Duration(ms) * time.Millisecond
		r.Time = r.Time.Add(r.Duration) // an error is dated by its end, as nginx does
	}
	state := w[4]
	if bytes.Count(w[2], []byte{'/'}) >= 3 {
		if len(w) < 8 || len(w[7]) == 0 {
			return errNotHAProxy
		}
		r.Status, _ = statusCode(w[3])
		r.Add("bytes", w[4])
		state = w[7]
	}
	if len(state) < 2 {
		return errNotHAProxy
	}
	r.Add("termination", state[:2])
	if i := bytes.IndexByte(rest, '"'); i >= 0 {
		r.SetRequest(bytes.TrimSuffix(rest[i+1:], []byte{'"'}))
	}
	return nil
}

// readHAProxyStamp reads "22/Nov/2026:12:14:14".
func readHAProxyStamp(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	day, mon, year := digits(b, 2), month(b[3:]), digits(b[7:], 4)
	h, m, s, ok := clockTime(b[12:])
	if !ok || day < 1 || day > 31 || mon == 0 || year < 1970 {
		return t, false, false
	}
	t, fold = d.Local(year, mon, day, h, m, s, 0)
	return t, fold, true
}
