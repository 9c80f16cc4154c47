package parser

import (
	"bytes"
	"errors"
	"time"
)

// albLog is the access log of Amazon's Application Load Balancer. Its stamp is the moment of the answer; times are in seconds, -1 where it
// did not come to that, and the two statuses are its own and the target's.
//
//	https 2026-11-22T10:00:31.445678Z app/web/a1b2c3d4e5f6a7b8 203.0.113.9:46532 10.0.2.100:8080 0.001 0.012 -1 502 - 34 366 "GET https://shop.test:443/cart/?a=1 HTTP/2.0" "Mozilla/5.0" …
var albLog = &Format{
	Name:  "aws-alb",
	Doc:   "access log of Amazon's Application Load Balancer",
	Paths: []string{"s3://BUCKET/AWSLogs/ACCOUNT/elasticloadbalancing/"},
	Sniff: func(line []byte) int {
		if albHead(line) > 0 {
			return 99
		}
		return 0
	},
	Parse: parseALB,
}

var errNotALB = errors.New("no type, time and load balancer at its beginning")

// What the load balancer did not get of a target, where the error is its own.
var (
	albClosed  = []byte("closed")  // an answer: it was refused, or the target hung up
	albTimeout = []byte("timeout") // an answer in time
	albNobody  = []byte("nobody")  // a target: none is registered, or none is healthy
)

// albHead measures "https 2026-11-22T10:00:31.445678Z ", 0 if the line does not begin with it and the name of a load balancer.
func albHead(line []byte) int {
	n := bytes.IndexByte(line[:min(len(line), len("grpcs "))], ' ')
	if n < 2 || line[0] != 'h' && line[0] != 'g' && line[0] != 'w' || len(line) < n+60 || line[n+5] != '-' {
		return 0
	}
	s, k := iso8601(line[n+1:])
	if k == 0 || !s.zoned || !begins(line[n+1+k:], " app/") {
		return 0
	}
	return n + 1 + k + 1
}

func parseALB(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	head := albHead(b)
	switch {
	case len(b) == 0:
		return errSkip
	case head == 0:
		return errNotALB
	}
	stamp := b[bytes.IndexByte(b, ' ')+1:]
	var words [10][]byte // balancer, client, target, three times, two statuses, two sizes
	rest := b[head:]
	for i := range words {
		var ok bool
		if words[i], rest, ok = bytes.Cut(rest, []byte{' '}); !ok {
			return errNotALB
		}
	}
	r.Time, r.Fold, _ = d.iso(stamp)
	r.setClient(words[1])
	target := words[2]
	if len(target) > 1 {
		r.Upstream = target
	}
	span := time.Duration(0)
	for _, w := range words[3:6] {
		if s, ok := spanOf(w, time.Second); ok && s > 0 {
			span += s
		}
	}
	r.Duration = span
	var ok bool
	if r.Status, ok = statusCode(words[6]); !ok {
		return errNotALB
	}
	r.Add("bytes", words[9])
	if own := len(words[7]) == 1; own && r.Status >= 500 {
		r.albFailure(target)
	} else if !own {
		r.Add("upstream_status", words[7])
	}
	if request, _, ok := bytes.Cut(bytes.TrimPrefix(rest, []byte{'"'}), []byte{'"'}); ok {
		r.SetRequest(request)
		r.albURL()
	}
	return nil
}

func (r *Record) albFailure(target []byte) {
	switch {
	case r.Status == 503 && len(target) <= 1:
		r.Add("failure", albNobody)
	case r.Status == 504:
		r.Add("failure", albTimeout)
	case r.Status == 502:
		r.Add("failure", albClosed)
	}
}

// albURL takes the host off the URL: "https://shop.test:443/cart/?a=1".
func (r *Record) albURL() {
	_, rest, ok := bytes.Cut(r.URI, []byte("://"))
	if !ok {
		return
	}
	slash := bytes.IndexByte(rest, '/')
	if slash < 0 {
		return
	}
	r.Host, _ = hostPort(rest[:slash])
	r.URI = rest[slash:]
}
