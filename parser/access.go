package parser

import (
	"bytes"
	"errors"
	"slices"
	"strings"
)

const (
	nginxAccessName  = "nginx-access"
	apacheAccessName = "apache-access"
)

// The two access formats share all their code: lines of both servers look alike, and the sniffer sees no
// more than a line. Detect returns the first of them; Parse says in Record.Format which one a line is.
var (
	nginxAccess = &Format{
		Name:   nginxAccessName,
		Doc:    "an access log of nginx: combined, common, JSON, and any log_format that is known",
		Paths:  []string{"/var/log/nginx/access.log", "/var/log/nginx/domains/*"},
		Sniff:  sniffAccess,
		Begins: func(line []byte) bool { return sniffAccess(line) >= 80 },
		Whole:  wholeAccess,
		Parse:  parseAccess,
	}
	apacheAccess = &Format{
		Name: apacheAccessName,
		Doc:  "an access log of Apache: combined, common, with the virtual host in front, and any LogFormat that is known",
		Paths: []string{
			"/var/log/apache2/access.log", "/var/log/httpd/access_log",
			"/usr/local/apache/domlogs/*", "/etc/apache2/logs/domlogs/*",
		},
		Sniff:  sniffAccess,
		Begins: func(line []byte) bool { return sniffAccess(line) >= 80 },
		Whole:  wholeAccess,
		Parse:  parseAccess,
	}
)

var errAccessShape = errors.New("no request, time and status in it, and no known log_format fits")

// sniffAccess knows the shapes that need no log_format.
//
//	192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "POST /wp-login.php HTTP/1.1" 200 53
//	{"time":"2026-11-22T18:01:15+00:00","remote_addr":"192.0.2.7","request":"GET / HTTP/1.1","status":200}
//	[22/Nov/2026:10:00:00 +0000] [Cache:MISS] [ex.test] [Remote_Addr: 192.0.2.7] - - - …
//	[22/Nov/2026:10:00:02 +0000] - 502 502 - GET https ex.test "/" [Client 192.0.2.7] [Length 154] …
//	1700000000.123 512 .
func sniffAccess(line []byte) int {
	if len(line) < len("1700000000 0 .") {
		return 0
	}
	switch {
	case line[0] == '{':
		if jsonAccess(line) {
			return 80
		}
	case line[0] == '[':
		if cacheLine(line) || npmLine(line) {
			return 90
		}
	case line[0] >= '0' && line[0] <= '9' && bytesLine(line):
		return 55
	default:
		if at := clfStamp(line); at > 0 {
			if _, rest, ok := cutAsides(line[at+clfLen:]); ok {
				if _, rest, ok = cutRequest(rest); ok {
					if _, _, ok = cutStatus(rest); ok {
						return 90
					}
				}
			}
		}
	}
	return 0
}

// wholeAccess: an entry is one line, and what can be read of those without a bracket in front is surely of an access log.
func wholeAccess(line []byte) bool { return len(line) > 0 && line[0] != '[' && line[0] != '{' }

// parseAccess tries the formats of this host first: they know what their numbers mean.
func parseAccess(d *Decoder, entry []byte, r *Record) error {
	line := trimEnd(entry, " \r\n")
	if len(line) == 0 {
		return errSkip
	}
	for _, f := range d.Access {
		if f.parse(d, line, r) {
			r.nameAccess(d, f.Source)
			return nil
		}
	}
	source := "nginx"
	switch {
	case r.parsePlain(d, line):
	case line[0] == '{':
		if !r.parseJSON(d, line) {
			return errAccessShape
		}
	case line[0] == '[' && cacheLine(line):
		if !r.parseCache(d, line) {
			return errAccessShape
		}
	case npmLine(line):
		if !r.parseNPM(d, line) {
			return errAccessShape
		}
	case bytesLine(line):
		r.parseBytesLog(d, line)
	default:
		if !r.parseCombined(d, line) {
			return errAccessShape
		}
		if r.Field("bytes") == nil { // "408 -": how Apache writes a body of nothing
			source = "apache"
		}
	}
	r.nameAccess(d, source)
	return nil
}

// nameAccess says which server wrote the line: what only nginx can say, the path of the file, a status
// that only nginx has, then what the shape suggests.
func (r *Record) nameAccess(d *Decoder, source string) {
	if r.Vhost == nil && len(r.Host) > 0 {
		r.Vhost, _ = hostPort(r.Host)
	}
	r.Format = nginxAccessName
	switch {
	case r.Upstream != nil || r.Field("upstream_status") != nil || r.Field("upstream_time") != nil:
	case d.pathHint() != "":
		r.Format = d.hint
	case r.Status == 499 || r.Status == 444:
	case source == "apache":
		r.Format = apacheAccessName
	}
}

// pathHint says what the path of the file tells about the server. The last word counts: a folder above
// may be called anything.
func (d *Decoder) pathHint() string {
	if d.hintOf == d.Path {
		return d.hint
	}
	d.hintOf, d.hint = d.Path, ""
	last := -1
	for _, w := range [...]struct{ word, name string }{
		{"nginx", nginxAccessName},
		{"apache", apacheAccessName},
		{"httpd", apacheAccessName},
		{"domlogs", apacheAccessName},
		{"access_log", apacheAccessName},
		{"access-logs", apacheAccessName},
	} {
		if i := strings.LastIndex(d.Path, w.word); i > last {
			last, d.hint = i, w.name
		}
	}
	return d.hint
}

// Detect is the function Detect for a file whose lines may be in a format of one's own, or in a log_format that only
// the configuration of this host explains.
func (d *Decoder) Detect(lines [][]byte) *Format {
	formats := Formats
	if len(d.Own) > 0 {
		formats = slices.Concat(d.Own, Formats)
	}
	if f := detect(formats, lines); f != nil {
		return f
	}
	var r Record
	for _, l := range lines[:min(len(lines), detectLines)] {
		for _, f := range d.Access {
			r.Reset()
			if f.parse(d, l, &r) {
				return nginxAccess
			}
		}
	}
	return nil
}

// hostPort cuts "ex.test:443" or "[::1]:443" at the port; port is nil if there is none.
func hostPort(b []byte) (host, port []byte) {
	i := bytes.LastIndexByte(b, ':')
	if i < 0 || i+1 == len(b) || bytes.IndexByte(b[:i], ':') >= 0 && b[i-1] != ']' {
		return b, nil
	}
	if _, n := number(b[i+1:]); n != len(b)-i-1 {
		return b, nil
	}
	return b[:i], b[i+1:]
}
