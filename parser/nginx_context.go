package parser

import "bytes"

// nginxContext takes the context off body and returns what stands before it: the message.
//
//	… while reading response header from upstream, client: 192.0.2.7, server: ex.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock:", host: "ex.test", referrer: "https://ex.test/"
//
// nginx escapes nothing here: paths, Host and Referer may hold quotes and whole forged fields. What helps
// is that the fields have a fixed order and that only the last one, the Referer, is free of any rule.
func (r *Record) nginxContext(body []byte) []byte {
	head, addr := contextStart(body)
	if head < 0 {
		return r.otherContext(body)
	}
	rest := body[addr:]
	end := bytes.IndexByte(rest, ',')
	if end < 0 {
		end = len(rest)
	}
	r.Client = rest[:end]
	r.contextServer(rest[end:])
	return r.cutPhase(body[:head])
}

// contextStart finds where the context begins and where its client address does; -1 if there is none.
// A path or a PHP message may hold ", client: " too: it then stands inside quotes.
func contextStart(body []byte) (head, addr int) {
	const mark = " client: "
	stderr := bytes.HasPrefix(body, []byte(nginxStderr))
	head = -1
	for from := 0; ; {
		i := bytes.Index(body[from:], []byte(mark))
		if i < 0 {
			return head, addr
		}
		i += from
		from = i + len(mark)
		end := i - 1
		if bytes.HasSuffix(body[:i], []byte(", udp")) { // stream: ", udp client: "
			end = i - len(", udp")
		} else if end < 0 || body[end] != ',' {
			continue
		}
		switch {
		case !contextFollows(body[from:]):
		case stderr && stderrQuote(body[:end]) >= 0, !stderr && bytes.Count(body[:end], []byte{'"'})%2 == 0:
			return end, from
		case head < 0 && !stderr: // a message may hold a lone quote
			head, addr = end, from
		}
	}
}

// contextFollows says whether b goes on as after "client: ": an address, the server or the end of a cut line.
func contextFollows(b []byte) bool {
	end := bytes.IndexByte(b, ',')
	if end < 0 {
		end = len(b)
	}
	if end == 0 || bytes.ContainsAny(b[:end], "\" \n") {
		return false
	}
	const next = ", server: "
	b = b[end:]
	return bytes.HasPrefix(b, []byte(next)) || len(b) < len(next) && string(b) == next[:len(b)]
}

// stderrQuote returns where the quote that closes the stderr of a request stands in text, which ends where
// the context may begin; -1 if it does not stand there.
func stderrQuote(text []byte) int {
	if n := len(text); n > len(nginxStderr) && text[n-1] == '"' {
		return n - 1
	}
	i := lastIndex(text, []byte(`" while `))
	if i < 0 || !plainWords(text[i+len(`" while `):]) {
		return -1
	}
	return i
}

// cutPhase takes " while reading upstream" off the end of head.
func (r *Record) cutPhase(head []byte) []byte {
	i := lastIndex(head, []byte(" while "))
	if i < 0 || !plainWords(head[i+len(" while "):]) {
		return head
	}
	r.Phase = head[i+len(" while "):]
	return head[:i]
}

// plainWords says whether b can be one of nginx's actions: "processing HTTP/2 connection".
func plainWords(b []byte) bool {
	if len(b) == 0 || len(b) > 64 {
		return false
	}
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != ' ' && c != '/' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// contextServer reads ", server: NAME" and what follows it. The name may be empty, or a regular
// expression with commas in it. Before there is a request it is the address that nginx listens on.
func (r *Record) contextServer(b []byte) {
	b, ok := bytes.CutPrefix(b, []byte(", server: "))
	if !ok {
		return
	}
	const request = `, request: "`
	if i := bytes.Index(b, []byte(request)); i >= 0 {
		r.Server, b = b[:i], b[i+len(request):]
		end := requestEnd(b)
		r.SetRequest(b[:end])
		r.contextFields(b[min(end+1, len(b)):])
		return
	}
	for i := range b {
		if b[i] == ',' && laterField(b[i:]) {
			r.Server = b[:i]
			r.contextFields(b[i:])
			return
		}
	}
	r.Server = b
}

// laterField says whether one of the fields begins here that can follow a server without a request.
func laterField(b []byte) bool {
	for _, s := range [...]string{`, upstream: `, `, login: "`, `, bytes from/to `, `, host: "`, `, ctx: "`} {
		if bytes.HasPrefix(b, []byte(s)) {
			return true
		}
	}
	return false
}

// requestEnd finds the quote that closes a request line. The line may hold quotes itself, and even forged
// fields; the real one stands behind the protocol version. Garbage without a version ends at the
// first quote that a field or nothing follows, a cut line at its end.
func requestEnd(b []byte) int {
	first := len(b)
	for i := 0; ; i++ {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 {
			return first
		}
		i += j
		if !fieldFollows(b[i+1:], fieldRequest) {
			continue
		}
		if n := i - len(" HTTP/1.1"); n >= 0 && string(b[n:n+len(" HTTP/")]) == " HTTP/" {
			return i
		}
		first = min(first, i)
	}
}
