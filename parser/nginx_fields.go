package parser

import "bytes"

// The quoted fields behind the server, in the order nginx writes them.
const (
	fieldRequest = iota
	fieldLogin   // mail
	fieldSubrequest
	fieldUpstream
	fieldHost
	fieldReferrer
	fieldCtx // error_log_ctx of later versions
	fieldNew // one that this package does not know
)

// fieldStart is a field, and how much stands before its value; 0 if there is none.
type fieldStart struct{ field, n int }

// fieldAt reads the name of a field that begins at b, `, host: "`.
func fieldAt(b []byte) fieldStart {
	if len(b) < len(`, a: "`) || b[0] != ',' || b[1] != ' ' {
		return fieldStart{}
	}
	switch b[2] {
	case 'c':
		if begins(b, `, ctx: "`) {
			return fieldStart{fieldCtx, len(`, ctx: "`)}
		}
	case 'h':
		if begins(b, `, host: "`) {
			return fieldStart{fieldHost, len(`, host: "`)}
		}
	case 'l':
		if begins(b, `, login: "`) {
			return fieldStart{fieldLogin, len(`, login: "`)}
		}
	case 'r':
		if begins(b, `, referrer: "`) {
			return fieldStart{fieldReferrer, len(`, referrer: "`)}
		}
		if begins(b, `, request: "`) {
			return fieldStart{fieldRequest, len(`, request: "`)}
		}
	case 's':
		if begins(b, `, subrequest: "`) {
			return fieldStart{fieldSubrequest, len(`, subrequest: "`)}
		}
	case 'u':
		if begins(b, `, upstream: "`) {
			return fieldStart{fieldUpstream, len(`, upstream: "`)}
		}
	}
	n := 2
	for n < len(b) && (b[n] >= 'a' && b[n] <= 'z' || b[n] == '_') {
		n++
	}
	if n == 2 || !begins(b[n:], `: "`) {
		return fieldStart{}
	}
	return fieldStart{fieldNew, n + 3}
}

// fieldFollows says whether a value of field can end before b: nothing follows or a later field, which is next.
func fieldFollows(b []byte, field int) (next fieldStart, ok bool) {
	if next = fieldAt(b); next.n > 0 {
		return next, next.field > field
	}
	return next, len(b) == 0 || bytes.HasPrefix(b, []byte(", bytes from/to ")) || field == fieldLogin && bytes.HasPrefix(b, []byte(", upstream: "))
}

// contextFields reads the quoted fields, of which at is the first, and those of stream and mail.
//
//	, upstream: "127.0.0.1:3306", bytes from/to client:0/0, bytes from/to upstream:0/0
//	, login: "u", upstream: 127.0.0.1:143
func (r *Record) contextFields(b []byte, at fieldStart) {
	for at.n > 0 {
		b = b[at.n:]
		end, next := valueEnd(b, at.field)
		value := b[:end]
		b = b[min(end+1, len(b)):]
		switch at.field {
		case fieldLogin:
			r.Add("login", value)
		case fieldSubrequest:
			r.Add("subrequest", value)
		case fieldUpstream:
			r.Upstream = value
		case fieldHost:
			r.Host = value
		case fieldReferrer:
			r.Referrer = value
		case fieldCtx:
			r.Add("ctx", value)
		}
		at = next
	}
	if addr, ok := bytes.CutPrefix(b, []byte(", upstream: ")); ok {
		r.Upstream = addr
		return
	}
	const client, upstream = ", bytes from/to client:", ", bytes from/to upstream:"
	if value, ok := bytes.CutPrefix(b, []byte(client)); ok {
		value, b, _ = bytes.Cut(value, []byte(upstream))
		r.Add("client_bytes", value)
		r.Add("upstream_bytes", b)
	}
}

// valueEnd finds the quote that closes the value of field, and the field behind it. A Referer can hold anything, so its end is
// looked for from the right.
func valueEnd(b []byte, field int) (end int, next fieldStart) {
	if field == fieldReferrer {
		end = refererEnd(b)
		return end, fieldAt(b[min(end+1, len(b)):])
	}
	for ; ; end++ {
		i := bytes.IndexByte(b[end:], '"')
		if i < 0 {
			return len(b), next
		}
		end += i
		if next, ok := fieldFollows(b[end+1:], field); ok {
			return end, next
		}
	}
}

func refererEnd(b []byte) int {
	if i := bytes.IndexByte(b, '"'); i == len(b)-1 && i >= 0 {
		return i // as it should be
	}
	if i := lastIndex(b, []byte(`", ctx: "`)); i >= 0 {
		return i
	}
	if n := len(b) - 1; n >= 0 && b[n] == '"' {
		return n
	}
	return len(b)
}

// otherContext reads the contexts that have no client.
//
//	accept4() failed (24: Too many open files) while accepting new connection on 0.0.0.0:80
//	send() failed (101: Network is unreachable) while resolving, resolver: 192.0.2.1:53
//	OCSP responder timed out (110: …) while requesting certificate status, responder: h, peer: a, certificate: "f"
//	send() failed (111: …) while logging to syslog, server: unix:/dev/log
//
// People who quote the first half of a line end it as a sentence, "while connecting to upstream. ...", or anywhere: "while connecting to upst".
func (r *Record) otherContext(body []byte) []byte {
	const mark = " while "
	at := lastIndex(body, []byte(mark))
	if at < 0 {
		return body
	}
	action, rest := body[at+len(mark):], []byte(nil)
	if i := bytes.IndexByte(action, ','); i >= 0 {
		action, rest = action[:i], action[i:]
	}
	action = bytes.TrimRight(action, " .")
	const accepting = "accepting new connection"
	switch {
	case bytes.HasPrefix(action, []byte(accepting+" on ")):
		r.Server, action = action[len(accepting+" on "):], action[:len(accepting)]
	case knownAction(action):
	default:
		if action = cutAction(action); action == nil || rest != nil {
			return body
		}
	}
	r.Phase = action
	for len(rest) > 0 {
		rest = r.otherField(rest)
	}
	return body[:at]
}

// otherField takes one field of those contexts off the front of b.
func (r *Record) otherField(b []byte) []byte {
	colon := bytes.IndexByte(b, ':')
	if colon < 0 || colon+2 > len(b) {
		return nil
	}
	name, value := bytes.TrimPrefix(b[:colon], []byte(", ")), b[colon+2:]
	end := bytes.IndexByte(value, ',')
	if end < 0 {
		end = len(value)
	}
	rest := value[end:]
	value = bytes.Trim(value[:end], `"`)
	switch string(name) {
	case "resolver":
		r.Add("resolver", value)
	case "server":
		r.Server = value
	case "responder":
		r.Add("responder", value)
	case "peer":
		r.Add("peer", value)
	case "certificate":
		r.Add("certificate", value)
	}
	return rest
}

// endActions are the actions that may end a line: those of contexts without a client, and those of lines that were pasted
// without their context.
var endActions = [...][]byte{
	[]byte("resolving"), []byte("requesting certificate status"), []byte("logging to syslog"),
	[]byte("connecting to upstream"), []byte("SSL handshaking to upstream"), []byte("sending request to upstream"),
	[]byte("reading response header from upstream"), []byte("reading upstream"), []byte("proxying upgraded connection"),
}

func knownAction(action []byte) bool {
	for _, known := range endActions {
		if string(known) == string(action) {
			return true
		}
	}
	return false
}

// cutAction is the only action that begins like one that was cut off: "connecting to upst"; nil if none does, or several.
func cutAction(half []byte) (whole []byte) {
	const least = len("conn")
	if len(half) < least {
		return nil
	}
	for _, known := range endActions {
		if !bytes.HasPrefix(known, half) {
			continue
		}
		if whole != nil {
			return nil
		}
		whole = known
	}
	return whole
}
