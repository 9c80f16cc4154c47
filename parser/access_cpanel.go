package parser

import (
	"bytes"
	"time"
)

// cacheLine knows a line of ea-nginx's cache.log.
func cacheLine(line []byte) bool {
	return len(line) > clfLen+2 && line[0] == '[' && bytes.HasPrefix(line[1+clfLen:], []byte("] [Cache:"))
}

// parseCache reads it:
//
//	[22/Nov/2026:10:00:00 +0000] [Cache:MISS] [ex.test] [Remote_Addr: 203.0.113.9] - - - ex.test to: 127.0.0.1:81: "GET / HTTP/2.0" 200 1234 "-" "curl/8"
func (r *Record) parseCache(d *Decoder, line []byte) bool {
	var ok bool
	if r.Time, r.Fold, ok = d.cached(line[1:1+clfLen], clfTime); !ok {
		return false
	}
	head, rest, ok := bytes.Cut(line[1+clfLen:], []byte(`"`))
	if !ok {
		return false
	}
	request, rest, ok := cutRequest(rest)
	if !ok {
		return false
	}
	status, rest, _ := cutStatus(rest)
	r.Status, _ = statusCode(status)
	r.set(d, varRequest, request)
	r.set(d, varCache, inBrackets(head, "] [Cache:"))
	if _, after, ok := bytes.Cut(head, []byte("] [Cache:")); ok {
		r.set(d, varServer, inBrackets(after, "] ["))
	}
	r.set(d, varClient, inBrackets(head, "[Remote_Addr: "))
	if _, to, ok := bytes.Cut(head, []byte(" to: ")); ok {
		r.set(d, varUpstream, bytes.TrimSuffix(bytes.TrimSpace(to), []byte{':'}))
	}
	rest = r.combinedSize(rest)
	for _, v := range [...]accessVar{varReferrer, varAgent} {
		if len(rest) < 2 || rest[1] != '"' {
			break
		}
		var value []byte
		value, rest = cutQuoted(rest[2:])
		r.set(d, v, value)
	}
	return true
}

// inBrackets returns what stands between open and the next "]".
func inBrackets(b []byte, open string) []byte {
	_, b, _ = bytes.Cut(b, []byte(open))
	value, _, _ := bytes.Cut(b, []byte{']'})
	return value
}

// bytesLine knows a line of cPanel's DOMAIN-bytes_log, "1700000000.123 512 .": when, how many bytes.
func bytesLine(line []byte) bool {
	_, n := number(line)
	if n != 10 || !bytes.HasSuffix(line, []byte(" .")) {
		return false
	}
	stamp, size, _ := bytes.Cut(line[:len(line)-2], []byte{' '})
	_, ok := epochTime(stamp, time.Second)
	return ok && charset(size, "0123456789")
}

func (r *Record) parseBytesLog(d *Decoder, line []byte) {
	stamp, size, _ := bytes.Cut(line[:len(line)-2], []byte{' '})
	r.setEpoch(d, stamp, time.Second)
	r.Add("bytes", size)
}
