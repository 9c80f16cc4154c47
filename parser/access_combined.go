package parser

import "bytes"

// parseCombined reads the common and the combined format, with what people put in front and behind:
//
//	192.0.2.7 - joe [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 200 53
//	192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 200 53 "https://ex.test/" "curl/8" "ex.test" rt=0.002 us="200"
//	ex.test:443 192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/2.0" 502 552 "-" "curl/8"
//	192.0.2.7 0.120 BYPASS [22/Nov/2026:18:01:15 +0000] ex.test "GET / HTTP/2.0" 502 552 "-" "curl/8"
func (r *Record) parseCombined(d *Decoder, line []byte) bool {
	at := clfStamp(line)
	if at == 0 {
		return false
	}
	asides, rest, ok := cutAsides(line[at+clfLen:])
	if !ok {
		return false
	}
	request, rest, ok := cutRequest(rest)
	if !ok {
		return false
	}
	status, rest, ok := cutStatus(rest)
	if !ok {
		return false
	}
	if r.Time, r.Fold, ok = d.cached(line[at:at+clfLen], clfTime); !ok {
		return false
	}
	r.Status, _ = statusCode(status)
	r.set(d, varRequest, request)
	r.combinedHead(d, trimEnd(line[:at-1], " "))
	for len(asides) > 0 {
		var word []byte
		if word, asides, _ = cutWord(asides); r.Host == nil && r.Vhost == nil && isHost(word) {
			r.set(d, varHost, word)
		}
	}
	rest = r.combinedSize(rest)
	for _, v := range [...]accessVar{varReferrer, varAgent} {
		if len(rest) < 2 || rest[0] != ' ' || rest[1] != '"' {
			break
		}
		var value []byte
		value, rest = cutQuoted(rest[2:])
		r.set(d, v, value)
	}
	r.accessTail(d, rest)
	return true
}

// cutAsides takes what stands between the stamp and the request: nothing but a blank, or a few bare words, such as the host in
// the log_format of EasyEngine and WordOps.
//
//	] ex.test "GET / HTTP/2.0" 200 53
func cutAsides(b []byte) (asides, rest []byte, ok bool) {
	const open, most = `] `, 3
	if !bytes.HasPrefix(b, []byte(open)) {
		return nil, nil, false
	}
	from := len(open)
	for i, n := from, 0; n <= most && i < len(b); n++ {
		if b[i] == '"' {
			return trimEnd(b[from:i], " "), b[i+1:], true
		}
		word := bytes.IndexByte(b[i:], ' ')
		if word <= 0 || !isHost(b[i:i+word]) && !charset(b[i:i+word], "0123456789.-") {
			break
		}
		i += word + 1
	}
	return nil, nil, false
}

// cutRequest finds the quote behind the request line: the one that a status follows. Both servers escape
// quotes in it, unless they are told not to.
func cutRequest(b []byte) (request, rest []byte, ok bool) {
	for i := 0; ; i++ {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 {
			return nil, nil, false
		}
		if i += j; i+1 < len(b) && b[i+1] == ' ' {
			if _, _, ok := cutStatus(b[i+1:]); ok {
				return b[:i], b[i+1:], true
			}
		}
	}
}

// cutStatus takes " 502" or Apache's " -" off the front of b.
func cutStatus(b []byte) (status, rest []byte, ok bool) {
	if len(b) >= 4 && b[0] == ' ' && (len(b) == 4 || b[4] == ' ') {
		_, ok = statusCode(b[1:4])
		return b[1:4], b[4:], ok
	}
	if len(b) >= 2 && b[0] == ' ' && b[1] == '-' && (len(b) == 2 || b[2] == ' ') {
		return nil, b[2:], true
	}
	return nil, nil, false
}

// cutQuoted returns what stands before the next quote that no backslash escapes, and what follows it.
func cutQuoted(b []byte) (value, rest []byte) {
	for i := 0; ; i++ {
		j := bytes.IndexByte(b[i:], '"')
		if j < 0 {
			return b, nil
		}
		if i += j; !escaped(b, i) {
			return b[:i], b[i+1:]
		}
	}
}

// escaped says whether an odd number of backslashes stands before b[i].
func escaped(b []byte, i int) bool {
	odd := false
	for i > 0 && b[i-1] == '\\' {
		odd = !odd
		i--
	}
	return odd
}

// combinedSize takes the size of the body, " 552"; Apache writes "-" for none.
func (r *Record) combinedSize(b []byte) []byte {
	if len(b) < 2 || b[0] != ' ' {
		return b
	}
	if b[1] == '-' {
		return b[2:]
	}
	_, n := number(b[1:])
	if n == 0 {
		return b
	}
	r.Add("bytes", b[1:1+n])
	return b[1+n:]
}

// combinedHead reads what stands before the stamp. With a virtual host in front the second word is the
// client's address; else it is the ident, which nobody uses, or a host put in its place.
func (r *Record) combinedHead(d *Decoder, b []byte) {
	first, rest, _ := cutWord(b)
	second, more, ok := cutWord(rest)
	if (ok || !isAddress(first)) && isAddress(second) && !openList(first) {
		var port []byte
		if r.Vhost, port = hostPort(first); port != nil {
			r.Add("port", port)
		}
		first, rest = second, more
	}
	for openList(first) { // X-Forwarded-For in the place of the address: "192.0.2.7, 192.0.2.1"
		if r.Client == nil {
			r.setClient(first)
		}
		first, rest, _ = cutWord(rest)
	}
	if r.Client == nil {
		r.setClient(first)
	}
	ident, user, ok := cutWord(rest)
	if !ok {
		return
	}
	switch {
	case tailSpan(ident): // $upstream_response_time and $upstream_cache_status in the places of two that nobody uses
		r.set(d, varUpstreamTime, ident)
	case bytes.IndexByte(ident, '.') > 0 && r.Vhost == nil:
		r.Vhost, _ = hostPort(ident)
	}
	if cacheStatus(user) {
		r.set(d, varCache, user)
		return
	}
	r.set(d, varUser, user)
}

// cutWord cuts b at the first blank.
func cutWord(b []byte) (word, rest []byte, ok bool) {
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		return b[:i], b[i+1:], true
	}
	return b, nil, false
}

// isAddress says whether b looks like an IP address.
func isAddress(b []byte) bool {
	dots, colons := 0, 0
	for _, c := range b {
		switch {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case c >= '0' && c <= '9':
		case colons == 0 && dots > 0, c|0x20 < 'a', c|0x20 > 'f':
			return false
		}
	}
	return dots == 3 && colons <= 1 && b[0] != '.' || colons >= 2
}
