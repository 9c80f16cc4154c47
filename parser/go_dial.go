package parser

import "bytes"

// goErrnos are the words of Go's network errors, which proxies written in it (Caddy, Traefik, GitLab's Workhorse) pass on, and their numbers.
var goErrnos = [...]struct {
	text  []byte
	errno int
}{
	{[]byte("connection refused"), 111},
	{[]byte("no such file or directory"), 2},
	{[]byte("permission denied"), 13},
	{[]byte("resource temporarily unavailable"), 11},
	{[]byte("i/o timeout"), 110},
	{[]byte("connection timed out"), 110},
	{[]byte("no route to host"), 113},
	{[]byte("network is unreachable"), 101},
	{[]byte("cannot assign requested address"), 99},
	{[]byte("connection reset by peer"), 104},
	{[]byte("broken pipe"), 32},
	{[]byte("too many open files"), 24},
}

var (
	phaseConnecting = []byte("connecting to upstream")
	phaseReading    = []byte("reading response header from upstream")
)

// goFailure reads why a proxy could not pass a request on. fastcgi says that it is PHP-FPM that was asked.
//
//	dial tcp 127.0.0.1:9000: connect: connection refused
//	dial unix /run/php/php8.2-fpm.sock: connect: no such file or directory
//	dial tcp 10.0.0.7:8080: i/o timeout
//	dial tcp: lookup web on 127.0.0.11:53: no such host
//	read tcp 172.18.0.2:56118->172.18.0.5:80: read: connection reset by peer
//	EOF
func (r *Record) goFailure(d *Decoder, text []byte, fastcgi bool) {
	r.Phase = phaseReading
	addr, unix := text, false
	for _, before := range [...]string{"dial tcp ", "dial unix "} {
		if rest := afterWords(text, before); rest != nil {
			addr, unix = rest, before == "dial unix "
			r.Phase = phaseConnecting
			break
		}
	}
	if bytes.Contains(text, []byte("dial tcp: ")) {
		r.Phase = phaseConnecting
	}
	for i := range goErrnos {
		if g := &goErrnos[i]; bytes.Contains(text, g.text) {
			r.Errno = g.errno
			break
		}
	}
	if len(addr) == len(text) {
		return
	}
	end := bytes.Index(addr, []byte(": "))
	if end <= 0 || bytes.IndexByte(addr[:end], ' ') >= 0 {
		return
	}
	addr = addr[:end]
	if i := bytes.Index(addr, []byte("->")); i >= 0 {
		addr = addr[i+2:]
	}
	fastcgi = fastcgi || unix && bytes.Contains(addr, []byte("php")) || !unix && bytes.HasSuffix(addr, []byte(":9000"))
	start := len(d.out)
	if fastcgi {
		d.out = append(d.out, "fastcgi://"...)
	} else {
		d.out = append(d.out, "http://"...)
	}
	if unix {
		d.out = append(append(append(d.out, "unix:"...), addr...), ':')
	} else {
		d.out = append(append(d.out, addr...), '/')
	}
	r.Upstream = d.out[start:len(d.out):len(d.out)]
}
