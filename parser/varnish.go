package parser

import (
	"bytes"
	"errors"
	"time"
)

// varnishLog is what varnishlog prints of a request, and what varnishd says through syslog. varnishncsa writes the
// combined format.
//
//   - << BeReq    >> 3
//
//   - Timestamp      Start: 1795341600.123456 0.000000 0.000000
//
//   - BereqURL       /cart/
//
//   - FetchError     backend default: fail errno 111 (Connection refused)
//
//     Child (5678) died signal=6
var varnishLog = &Format{
	Name:      "varnish",
	Doc:       "varnishlog's requests, and varnishd's own messages; varnishncsa is read as an access log",
	Paths:     []string{"/var/log/varnish/varnish.log"},
	Sniff:     sniffVarnish,
	Continues: continuesVarnish,
	Parse:     parseVarnish,
}

var errNotVarnish = errors.New("neither a request nor a message of varnishd")

// varnishHead says whether a line opens a request: "*   << BeReq    >> 3".
func varnishHead(line []byte) bool {
	return len(line) > 12 && line[0] == '*' && bytes.Contains(line[:12], []byte(" << ")) && bytes.Contains(line, []byte(" >> "))
}

func sniffVarnish(line []byte) int {
	switch {
	case varnishHead(line):
		return 98
	case varnishChild(line):
		return 60
	}
	return 0
}

// varnishChild knows what varnishd says of its worker.
func varnishChild(line []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(line, []byte("Error: ")), []byte("Child ("))
	if !ok {
		return false
	}
	_, n := number(rest)
	return n > 0 && bytes.HasPrefix(rest[n:], []byte(") "))
}

// continuesVarnish joins the lines of a request, which begin with as many hyphens as it lies deep.
func continuesVarnish(entry, line []byte) bool {
	return varnishHead(entry) && len(line) > 4 && line[0] == '-'
}

func parseVarnish(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	switch {
	case len(b) == 0:
		return errSkip
	case varnishChild(b):
		r.Level, r.Message = LevelError, b
		if pid, n := number(afterWords(b, "Child (")); n > 0 {
			r.PID = int(pid)
		}
		r.addNumber("signal", b, "signal=")
		return nil
	case !varnishHead(b):
		return errNotVarnish
	}
	for len(b) > 0 {
		var line []byte
		line, b, _ = bytes.Cut(b, []byte{'\n'})
		tag, value, _ := bytes.Cut(bytes.TrimLeft(line, "- "), []byte{' '})
		r.varnishTag(d, tag, bytes.TrimSpace(value))
	}
	return nil
}

func (r *Record) varnishTag(d *Decoder, tag, value []byte) {
	switch string(tag) {
	case "Timestamp":
		// Each step has one; the last is when the visitor had the answer.
		if _, stamp, ok := bytes.Cut(value, []byte(": ")); ok {
			stamp, _, _ = bytes.Cut(stamp, []byte{' '})
			if t, ok := epochTime(stamp, time.Second); ok {
				r.Time, d.Zoned = t, true
			}
		}
	case "ReqMethod", "BereqMethod":
		r.Method = value
	case "ReqURL", "BereqURL":
		r.URI = value
	case "RespStatus", "BerespStatus":
		r.Status, _ = statusCode(value)
	case "ReqHeader", "BereqHeader":
		if host, ok := bytes.CutPrefix(value, []byte("Host: ")); ok {
			r.Host = host
		}
	case "FetchError", "VCL_Error":
		r.Level, r.Message = LevelError, value
		if rest := afterWords(value, "fail errno "); rest != nil {
			n, _ := number(rest)
			r.Errno = int(n)
		}
	}
}
