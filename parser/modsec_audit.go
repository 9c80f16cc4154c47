package parser

import (
	"bytes"
	"errors"
)

// modsecAudit is ModSecurity's audit log in its serial, native form. An entry is a transaction in sections, which
// lines with its id part; version 3 writes the id with more dashes.
//
//	--90de5520-A--
//	[22/Nov/2026:18:04:41.653593 +0000] awMuubGOlpJSLk-mZrLFzgAAAAI 203.0.113.9 45798 192.0.2.1 443
//	--90de5520-B--
//	GET /cart/ HTTP/1.0
//	Host: shop.test
//
//	--90de5520-F--
//	HTTP/1.1 403 Forbidden
//
//	--90de5520-H--
//	Message: Access denied with code 403 (phase 2). Pattern match "/cart" at REQUEST_URI. [file "/etc/modsec.conf"] [line "1"] [id "930120"] [msg "Carding protection"]
//	Action: Intercepted (phase 2)
//
//	--90de5520-Z--
var modsecAudit = &Format{
	Name:      "modsec-audit",
	Doc:       "ModSecurity's audit log, serial and native",
	Paths:     []string{"/var/log/apache2/modsec_audit.log", "/var/log/modsec_audit.log", "/usr/local/apache/logs/modsec_audit.log"},
	Sniff:     sniffModsecAudit,
	Continues: continuesModsecAudit,
	Parse:     parseModsecAudit,
}

var (
	errNotAudit  = errors.New("it does not begin with section A")
	errAuditTime = errors.New("no time in section A")
)

// auditSection reads a line "--90de5520-B--", of version 3 "---GyMkQnXC---B--": the id with what stands around it, and
// the letter; 0 if it is none.
func auditSection(line []byte) (id []byte, letter byte) {
	n := len(line)
	if n < 8 || n > 64 || string(line[:2]) != "--" || string(line[n-2:]) != "--" || line[n-4] != '-' {
		return nil, 0
	}
	letter = line[n-3]
	if letter < 'A' || letter > 'Z' {
		return nil, 0
	}
	for _, c := range line[2 : n-4] {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return nil, 0
		}
	}
	return line[2 : n-4], letter
}

func sniffModsecAudit(line []byte) int {
	switch _, letter := auditSection(line); letter {
	case 0:
		return 0
	case 'A':
		return 95
	}
	return 60
}

func continuesModsecAudit(entry, line []byte) bool {
	said := bytes.TrimRight(entry, "\r\n")
	if id, letter := auditSection(said[bytes.LastIndexByte(said, '\n')+1:]); letter == 'Z' && bytes.HasPrefix(entry[2:], id) {
		return len(line) == 0
	}
	_, letter := auditSection(line)
	return letter != 'A'
}

func parseModsecAudit(d *Decoder, entry []byte, r *Record) error {
	line, b, _ := bytes.Cut(entry, []byte("\n"))
	id, letter := auditSection(bytes.TrimRight(line, "\r"))
	if letter != 'A' {
		if len(bytes.TrimSpace(entry)) == 0 || letter == 'Z' {
			return errSkip
		}
		return errNotAudit
	}
	var message []byte
	first := true // line of its section
	for len(b) > 0 {
		line, b, _ = bytes.Cut(b, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		// Bodies hold what a client sent: a line that only looks like a section has another id.
		if other, l := auditSection(line); l != 0 && bytes.Equal(other, id) {
			letter, first = l, true
			continue
		}
		switch letter {
		case 'A':
			if first && !r.auditHead(d, line) {
				return errAuditTime
			}
		case 'B':
			r.auditRequest(line, first)
		case 'F':
			if first {
				r.auditStatus(line)
			}
		case 'H':
			// The message that denied the request counts, else the first.
			if text := auditMessage(line); text != nil && (message == nil || !denied(message) && denied(text)) {
				message = text
			}
		}
		first = false
	}
	if r.Time.IsZero() {
		return errAuditTime
	}
	if message != nil {
		r.auditDecided(message)
	}
	return nil
}

func denied(text []byte) bool { return bytes.HasPrefix(text, []byte("Access denied ")) }

// auditHead reads "[22/Nov/2026:18:04:41.653593 +0000] awMuubGOlpJSLk-mZrLFzgAAAAI 203.0.113.9 45798 192.0.2.1 443".
func (r *Record) auditHead(d *Decoder, line []byte) bool {
	stamp, rest, ok := bracket(line)
	if !ok || len(stamp) < 20 || stamp[2] != '/' || stamp[6] != '/' || stamp[11] != ':' {
		return false
	}
	day, mon, year := digits(stamp, 2), month(stamp[3:]), digits(stamp[7:], 4)
	h, m, s, ok := clockTime(stamp[12:])
	if !ok || day < 1 || day > 31 || mon == 0 || year < 0 {
		return false
	}
	tail, nsec := stamp[20:], 0
	if len(tail) > 0 && tail[0] == '.' {
		nsec = fractionOf(tail[1:])
		_, n := number(tail[1:])
		tail = tail[1+n:]
	}
	if east, _, ok := offset(bytes.TrimPrefix(tail, []byte(" "))); ok {
		r.Time = d.At(year, mon, day, h, m, s, nsec, east)
	} else {
		r.Time, r.Fold = d.Local(year, mon, day, h, m, s, nsec)
	}
	unique, rest, _ := bytes.Cut(rest, []byte(" "))
	client, _, _ := bytes.Cut(rest, []byte(" "))
	r.Add("unique_id", unique)
	r.Client = client
	return true
}

// auditRequest reads the request line and the headers of section B.
func (r *Record) auditRequest(line []byte, first bool) {
	if first {
		r.SetRequest(line)
		return
	}
	name, value, ok := bytes.Cut(line, []byte(": "))
	if !ok {
		return
	}
	switch {
	case bytes.EqualFold(name, []byte("host")):
		r.Host = value
	case bytes.EqualFold(name, []byte("referer")):
		r.Referrer = value
	case bytes.EqualFold(name, []byte("x-forwarded-for")), bytes.EqualFold(name, []byte("x-real-ip")):
		r.Add("forwarded", value)
	}
}

// auditStatus reads "HTTP/1.1 403 Forbidden"; version 3 writes "HTTP/1.1 403" and, for HTTP/2, "HTTP/2.0 403".
func (r *Record) auditStatus(line []byte) {
	_, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok || !bytes.HasPrefix(line, []byte("HTTP/")) {
		return
	}
	if v, n := number(rest); n == 3 {
		r.Status = int(v)
	}
}

// auditMessage returns the message in a line of section H, nil if there is none:
//
//	Message: Warning. Pattern match "x" at ARGS:a. [file "/etc/modsec.conf"] [line "1"] [id "930120"] [msg "…"]
//	ModSecurity: Access denied with code 403 (phase 2). Matched …            (version 3)
func auditMessage(line []byte) []byte {
	if text, ok := bytes.CutPrefix(line, []byte("Message: ")); ok {
		return text
	}
	if text, ok := bytes.CutPrefix(line, []byte("ModSecurity: ")); ok {
		return text
	}
	return nil
}

// auditDecided takes the message that decided over the request. The answer in section F goes before the code that
// the message states.
func (r *Record) auditDecided(text []byte) {
	status := r.Status
	r.Message = text
	r.modSecurityText(text)
	if status != 0 {
		r.Status = status
	}
}
