package parser

import (
	"bytes"
	"time"
)

// accessVar is what a piece of an access line means, whoever names it: $status, %>s, "status":.
type accessVar uint8

const (
	varSkip accessVar = iota
	varClient
	varUser
	varCLF     // 22/Nov/2026:18:01:15 +0000
	varISO     // 2026-11-22T18:01:15+00:00
	varEpoch   // 1700000000.123
	varEpochMs // 1700000000123
	varEpochUs
	varAnyTime // one of those
	varRequest
	varMethod
	varURI
	varStatus
	varBytes
	varReferrer
	varAgent
	varHost   // what the visitor asked for
	varServer // the virtual host that answered
	varPort
	varSpan // seconds
	varSpanMs
	varSpanUs
	varUpstream
	varUpstreamStatus
	varUpstreamTime
	varHeaderTime
	varConnectTime
	varCache
	varPID
	varConn
	varForwarded
	varRay // Cloudflare's number of the request, by which its log knows it

	// Of error logs in a format of one's own.
	varLevel
	varMessage

	// Pieces of Apache's %{…}t.
	varYear
	varYear2
	varMonth
	varMonthName
	varDay
	varHour
	varMinute
	varSecond
	varMilli
	varMicro
	varOffset
)

// fits says whether b can be a value of v; it is what tells two formats apart.
func (v accessVar) fits(b []byte) bool {
	if v == varSkip || v == varRequest || v == varURI || v == varReferrer || v == varAgent || v == varUser {
		return true
	}
	if len(b) == 1 && b[0] == '-' {
		return v != varClient
	}
	switch v {
	case varCLF:
		return len(b) == clfLen && b[2] == '/' && b[6] == '/' && b[11] == ':'
	case varISO:
		_, n := iso8601(b)
		return n > 0 && n == len(b)
	case varAnyTime:
		return varCLF.fits(b) || varISO.fits(b) || varEpoch.fits(b)
	case varLevel:
		for _, c := range b {
			if c|0x20 < 'a' || c|0x20 > 'z' {
				return false
			}
		}
		return len(b) > 0 && len(b) <= 16
	case varEpoch, varEpochMs, varEpochUs:
		return len(b) >= 10 && charset(b, "0123456789.")
	case varStatus:
		_, ok := statusCode(b)
		return ok
	case varBytes, varPID, varConn, varPort, varYear, varYear2, varMonth, varHour, varMinute, varSecond, varMilli, varMicro:
		return charset(b, "0123456789")
	case varDay:
		return charset(b, " 0123456789")
	case varMonthName:
		return month(b) != 0
	case varOffset:
		_, n, ok := offset(b)
		return ok && n == len(b)
	case varSpan, varSpanMs, varSpanUs:
		return charset(b, "0123456789.")
	case varUpstreamStatus, varUpstreamTime, varHeaderTime, varConnectTime:
		return charset(b, "0123456789.,:- ") && !openList(b)
	case varUpstream:
		return !openList(b)
	case varMethod:
		return bytes.IndexByte(b, ' ') < 0
	case varClient, varHost, varServer:
		return len(b) > 0 && (bytes.IndexByte(b, ' ') < 0 || bytes.Contains(b, []byte(", ")))
	}
	return true
}

// openList says that a list of tries goes on behind b: "502," or "502 :".
func openList(b []byte) bool {
	n := len(b)
	return n > 0 && (b[n-1] == ',' || b[n-1] == ':' && n > 1 && b[n-2] == ' ')
}

func charset(b []byte, allowed string) bool {
	for _, c := range b {
		if bytes.IndexByte([]byte(allowed), c) < 0 {
			return false
		}
	}
	return len(b) > 0
}

// statusCode reads a status of three digits. "000" and "009" are what nginx writes where no status was set
// and for HTTP/0.9: the visitor's status is not known then.
func statusCode(b []byte) (code int, ok bool) {
	if len(b) != 3 {
		return 0, false
	}
	switch code = digits(b, 3); {
	case code >= 100 && code <= 599:
		return code, true
	case code == 0 && b[0] == '0', code == 9:
		return 0, true
	}
	return 0, false
}

// set puts a value where it belongs. "-" and an empty value say nothing.
func (r *Record) set(d *Decoder, v accessVar, b []byte) {
	if len(b) == 0 || len(b) == 1 && b[0] == '-' {
		return
	}
	switch v {
	case varClient:
		r.setClient(b)
	case varCLF, varISO, varEpoch, varEpochMs, varEpochUs, varAnyTime:
		r.setTime(d, v, b)
	case varRequest:
		r.SetRequest(b)
	case varMethod:
		r.Method = b
	case varURI:
		if r.URI == nil {
			r.URI = b
		}
	case varStatus:
		r.Status, _ = statusCode(b)
	case varReferrer:
		r.Referrer = b
	case varHost:
		r.Host = b
	case varServer:
		if b[0] != '_' || len(b) > 1 {
			r.Vhost, _ = hostPort(b)
		}
	case varSpan:
		r.setSpan(b, time.Second)
	case varSpanMs:
		r.setSpan(b, time.Millisecond)
	case varSpanUs:
		r.setSpan(b, time.Microsecond)
	case varUpstream:
		r.Upstream = b
	case varPID:
		n, _ := number(b)
		r.PID = int(n)
	case varConn:
		r.Conn, _ = number(b)
	case varLevel:
		r.Level = ownLevel(b)
	case varMessage:
		r.Message = b
	default:
		if key := v.field(); key != "" {
			r.Add(key, b)
		}
	}
}

// field names the field of what has no place of its own in a Record.
func (v accessVar) field() string {
	switch v {
	case varUser:
		return "user"
	case varBytes:
		return "bytes"
	case varAgent:
		return "agent"
	case varPort:
		return "port"
	case varUpstreamStatus:
		return "upstream_status"
	case varUpstreamTime:
		return "upstream_time"
	case varHeaderTime:
		return "header_time"
	case varConnectTime:
		return "connect_time"
	case varCache:
		return "cache"
	case varForwarded:
		return "forwarded"
	case varRay:
		return "ray"
	}
	return ""
}

// setClient takes the first of a list of addresses, without its port.
func (r *Record) setClient(b []byte) {
	if i := bytes.IndexByte(b, ','); i > 0 {
		b = b[:i]
	}
	r.Client = b
	if len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
		r.Client, _ = hostPort(b)
	}
}

func (r *Record) setSpan(b []byte, unit time.Duration) {
	if span, ok := spanOf(b, unit); ok && r.Duration < 0 {
		r.Duration = span
	}
}

func (r *Record) setTime(d *Decoder, v accessVar, b []byte) {
	if v == varAnyTime {
		switch {
		case len(b) > 4 && b[4] == '-':
			v = varISO
		case len(b) > 2 && b[2] == '/':
			v = varCLF
		case len(b) >= 16 && charset(b, "0123456789"):
			v = varEpochUs
		case len(b) >= 13 && charset(b, "0123456789"):
			v = varEpochMs
		default:
			v = varEpoch
		}
	}
	switch v {
	case varCLF:
		r.Time, r.Fold, _ = d.cached(b, clfTime)
	case varISO:
		if t, fold, n := d.iso(b); n == len(b) {
			r.Time, r.Fold = t, fold
		}
	case varEpoch:
		r.setEpoch(d, b, time.Second)
	case varEpochMs:
		r.setEpoch(d, b, time.Millisecond)
	case varEpochUs:
		r.setEpoch(d, b, time.Microsecond)
	}
}

func (r *Record) setEpoch(d *Decoder, b []byte, unit time.Duration) {
	if t, ok := epochTime(b, unit); ok {
		r.Time, d.Zoned = t, true
	}
}
