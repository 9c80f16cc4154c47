package parser

import "bytes"

// nginxContext takes the context off body and returns what stands before it: the message.
//
//	… while reading response header from upstream, client: 192.0.2.7, server: ex.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock:", host: "ex.test", referrer: "https://ex.test/"
//
// nginx escapes nothing here: paths, Host and Referer may hold quotes and whole forged fields. What helps
// is that the fields have a fixed order and that only the last one, the Referer, is free of any rule.
func (d *Decoder) nginxContext(body []byte, r *Record) []byte {
	head, addr, end := contextStart(body)
	if head < 0 {
		return r.otherContext(body)
	}
	r.Client = body[addr:end]
	r.contextServer(body[end:])
	return d.cutPhase(body[:head], r)
}

// contextStart finds where the context begins, and where its client address does and ends; head is -1 if there is none.
// A path or a PHP message may hold ", client: " too: it then stands inside quotes.
func contextStart(body []byte) (head, addr, end int) {
	stderr := begins(body, nginxStderr)
	head = -1
	for at := 0; ; at++ {
		i := bytes.IndexByte(body[at:], ',')
		if i < 0 {
			return head, addr, end
		}
		at += i
		n := clientMark(body[at:])
		if n == 0 {
			continue
		}
		width := contextClient(body[at+n:])
		switch {
		case width == 0:
		case stderr && stderrQuote(body[:at]) >= 0, !stderr && bytes.Count(body[:at], []byte{'"'})%2 == 0:
			return at, at + n, at + n + width
		case head < 0 && !stderr: // a message may hold a lone quote
			head, addr, end = at, at+n, at+n+width
		}
	}
}

// clientMark is the length of ", client: ", or ", udp client: " in streams, at the start of b; 0 if neither stands there.
func clientMark(b []byte) int {
	const client, udp = ", client: ", ", udp client: "
	switch {
	case begins(b, client):
		return len(client)
	case begins(b, udp):
		return len(udp)
	}
	return 0
}

// contextClient is the length of the address that b begins with; 0 if b does not go on as after "client: ": an
// address, the server or the end of a cut line.
func contextClient(b []byte) int {
	end := 0
	for end < len(b) && addressByte[b[end]] {
		end++
	}
	if end < len(b) && b[end] != ',' {
		return 0
	}
	const next = ", server: "
	if rest := b[end:]; !begins(rest, next) && (len(rest) >= len(next) || string(rest) != next[:len(rest)]) {
		return 0
	}
	return end
}

// addressByte are the bytes that do not end an address, or what stands in its place.
var addressByte = func() (table [256]bool) {
	for c := range table {
		table[c] = c != ',' && c != '"' && c != ' ' && c != '\n'
	}
	return table
}()

// stderrQuote returns where the quote that closes the stderr of a request stands in text, which ends where
// the context may begin; -1 if it does not stand there.
func stderrQuote(text []byte) int {
	if n := len(text); n > len(nginxStderr) && text[n-1] == '"' {
		return n - 1
	}
	const mark = `" while `
	i := len(text)
	for i > 0 && len(text)-i < maxAction+len(mark) && plainWord[text[i-1]] {
		i--
	}
	if i--; i < 0 || !begins(text[i:], mark) || len(text) == i+len(mark) {
		return -1
	}
	return i
}

// cutPhase takes " while reading upstream" off the end of head. In a burst it is that of the line before.
func (d *Decoder) cutPhase(head []byte, r *Record) []byte {
	const mark = " while "
	if at := len(head) - len(d.phase); len(d.phase) > 0 && at >= 0 && string(head[at:]) == string(d.phase) {
		r.Phase = head[at+len(mark):]
		return head[:at]
	}
	for i := len(head) - 1; i >= 0 && len(head)-i <= maxAction+len(mark) && plainWord[head[i]]; i-- {
		if head[i] == ' ' && begins(head[i:], mark) {
			if i+len(mark) == len(head) {
				break
			}
			d.phase = append(d.phase[:0], head[i:]...)
			r.Phase = head[i+len(mark):]
			return head[:i]
		}
	}
	return head
}

// maxAction is more than nginx's longest action takes.
const maxAction = 64

// plainWord are the bytes of which nginx's actions are made: "processing HTTP/2 connection".
var plainWord = func() (table [256]bool) {
	for _, c := range []byte(" /0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		table[c] = true
	}
	return table
}()

// contextServer reads ", server: NAME" and what follows it. The name may be empty, or a regular
// expression with commas in it. Before there is a request it is the address that nginx listens on.
func (r *Record) contextServer(b []byte) {
	const server = ", server: "
	if !begins(b, server) {
		return
	}
	b = b[len(server):]
	const request = `, request: "`
	if i := indexRare(b, request); i >= 0 {
		r.Server = b[:i]
		r.contextRequest(b[i+len(request):])
		return
	}
	for i := range b {
		if b[i] == ',' && laterField(b[i:]) {
			r.Server = b[:i]
			r.contextFields(b[i:], fieldAt(b[i:]))
			return
		}
	}
	r.Server = b
}

// contextRequest reads the request line that b begins with and the fields behind it.
func (r *Record) contextRequest(b []byte) {
	end, next := requestEnd(b)
	r.SetRequest(b[:end])
	r.contextFields(b[min(end+1, len(b)):], next)
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
// first quote that a field or nothing follows, a cut line at its end. next is the field behind it.
func requestEnd(b []byte) (end int, next fieldStart) {
	end = len(b)
	for i := 0; ; i++ {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 {
			return end, next
		}
		i += j
		then, ok := fieldFollows(b[i+1:], fieldRequest)
		if !ok {
			continue
		}
		if n := i - len(" HTTP/1.1"); n >= 0 && string(b[n:n+len(" HTTP/")]) == " HTTP/" {
			return i, then
		}
		if i < end {
			end, next = i, then
		}
	}
}
