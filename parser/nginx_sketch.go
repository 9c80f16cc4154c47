package parser

import "bytes"

// sketchNginx:
//
//	2026/11/22 18:00:27 [error] 4468#4468: *11 …, client: 192.0.2.7, server: ex.test, request: "GET /a HTTP/1.1", upstream: "…", host: "ex.test"
func sketchNginx(d *Decoder, line []byte, s *sketch) (ok bool) {
	r := s.rec
	if !nginxStamped(line) {
		return false
	}
	if stamp := line[:nginxStamp]; !d.cache.holds(stamp) {
		if _, _, ok = nginxEnvelope(line); !ok {
			return false // nobody reads its time
		}
		if _, _, ok = d.cached(stamp, nginxTime); !ok {
			return false
		}
	}
	r.Time, r.Fold = d.cache.t, d.cache.fold
	const client, server, request = ", client: ", ", server: ", `, request: "`
	at := nginxStamp
	for ; ; at++ {
		i := bytes.IndexByte(line[at:], ',')
		if i < 0 {
			return false
		}
		if at += i; begins(line[at:], client) {
			break
		}
	}
	s.parts[0] = line[nginxStamp:at]
	b := line[at+len(client):]
	n := contextClient(b)
	if n == 0 || !begins(b[n:], server) {
		return false
	}
	r.Client, b = b[:n], b[n:]
	s.parts[1] = b
	for i := len(server); ; i++ {
		next := bytes.IndexByte(b[i:], ',')
		if next < 0 {
			break
		}
		if i += next; begins(b[i:], request) {
			s.parts[1] = b[:i]
			r.contextRequest(b[i+len(request):])
			break
		}
	}
	return len(r.Fields) == 0 // of further ones, not every line has the same
}

// nginxSeveral measures an entry whose context stands in a later line, as nginxStderrOpen has it.
func nginxSeveral(text []byte) (n, lines int) {
	for {
		i := bytes.IndexByte(text[n:], '\n')
		if i < 0 || n+i >= nginxLongest-1 || i > 0 && text[n+i-1] == '\r' { // which no entry holds
			return 0, 0
		}
		lines++
		line := text[n : n+i]
		n += i
		if indexRare(line, ", client: ") >= 0 {
			return n, lines
		}
		n++
		if next := text[n:]; len(next) == 0 || isDigit(next[0]) || next[0] == '[' || next[0] == '=' {
			return 0, 0 // what such a line may be does not go by its outline
		}
	}
}

// plainHead says whether it is plain from what stands before a context that it begins there, and that the entry ends with it.
func plainHead(head []byte) bool {
	at := indexRare(head, nginxStderr)
	if bytes.IndexByte(head, '\n') >= 0 {
		return at >= 0 && stderrQuote(head[at:]) >= 0
	}
	return at >= 0 || bytes.Count(head, []byte{'"'})%2 == 0
}
