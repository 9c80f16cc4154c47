package parser

import (
	"bytes"
	"errors"
	"slices"
)

// cloudflareLog is what Cloudflare's Logpush delivers of HTTP requests: an object a line, with the fields that were
// chosen, in any order.
//
//	{"RayID":"7d1f2a3b4c5d6e7f","ClientIP":"203.0.113.9","ClientRequestHost":"shop.test","ClientRequestMethod":"GET","ClientRequestURI":"/cart/","EdgeEndTimestamp":"2026-11-22T10:00:00Z","EdgeResponseStatus":522,"OriginResponseStatus":0}
var cloudflareLog = &Format{
	Name:  "cloudflare",
	Doc:   "Cloudflare's Logpush of HTTP requests, an object a line",
	Sniff: sniffCloudflare,
	Parse: parseCloudflare,
}

var makerOrigin, makerEdge = []byte("origin"), []byte("edge")

var errNotCloudflare = errors.New("no EdgeResponseStatus in it")

func sniffCloudflare(line []byte) int {
	if len(line) > 0 && line[0] == '{' && bytes.Contains(line, []byte(`"EdgeResponseStatus"`)) {
		return 99
	}
	return 0
}

func parseCloudflare(d *Decoder, entry []byte, r *Record) error {
	line := bytes.TrimRight(entry, " \r\n")
	if len(line) == 0 {
		return errSkip
	}
	if sniffCloudflare(line) == 0 {
		return errNotCloudflare
	}
	d.out = slices.Grow(d.out[:0], len(line)) // what is unescaped does not outgrow it
	origin := -1
	ended := false
	for b := line; ; {
		key, rest, ok := nextKey(b)
		if !ok {
			break
		}
		var value []byte
		if value, b, ok = d.jsonValue(rest); !ok {
			return errNotCloudflare
		}
		switch string(key) {
		case "OriginResponseStatus":
			n, _ := number(value)
			origin = int(min(n, 999))
			r.Add("origin_status", value)
		case "EdgeStartTimestamp":
			if !ended {
				r.edgeTime(d, value)
			}
		case "EdgeEndTimestamp": // an error is dated by its end, as nginx does
			r.edgeTime(d, value)
			ended = true
		default:
			r.set(d, edgeVar(key), value)
		}
	}
	r.maker(origin)
	return nil
}

// edgeVar knows the fields of Logpush that an access log has too.
func edgeVar(key []byte) accessVar {
	switch string(key) {
	case "RayID":
		return varRay
	case "ClientIP":
		return varClient
	case "ClientRequestHost":
		return varHost
	case "ClientRequestMethod":
		return varMethod
	case "ClientRequestURI", "ClientRequestPath":
		return varURI
	case "ClientRequestReferer":
		return varReferrer
	case "ClientRequestUserAgent":
		return varAgent
	case "EdgeResponseStatus":
		return varStatus
	case "EdgeResponseBytes":
		return varBytes
	case "CacheCacheStatus":
		return varCache
	case "OriginResponseDurationMs":
		return varSpanMs
	}
	return varSkip
}

// edgeTime reads a time as the job was told to write it: RFC 3339, seconds or nanoseconds since 1970.
func (r *Record) edgeTime(d *Decoder, b []byte) {
	if len(b) == 19 && charset(b, "0123456789") {
		r.setTime(d, varEpochUs, b[:16])
		return
	}
	r.setTime(d, varAnyTime, b)
}

// maker says who made an error that the visitor got: "origin" if it answered so itself, "edge" if it was not asked, did
// not answer or answered something else. Where the job leaves the origin's status out only 52x, which no origin sends, tells.
func (r *Record) maker(origin int) {
	switch {
	case r.Status < 500:
	case origin == r.Status && r.Status < 520:
		r.Add("maker", makerOrigin)
	case origin >= 0 || r.Status >= 520:
		r.Add("maker", makerEdge)
	}
}
