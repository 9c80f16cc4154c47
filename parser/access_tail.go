package parser

import "bytes"

// accessTail reads what people add behind the combined format, word by word. Named values speak for
// themselves; bare ones are taken only where their shape leaves no doubt.
//
//	"ex.test" rt=0.002 uct="0.000" uht="0.002" urt="0.001, 0.001" us="502, 200" ua="unix:/run/php.sock" cs=MISS
//	"192.0.2.7, 192.0.2.1" 0.120 0.118 HIT
func (r *Record) accessTail(d *Decoder, b []byte) {
	for len(b) > 0 {
		if b[0] == ' ' || b[0] == '|' || b[0] == ',' {
			b = b[1:]
			continue
		}
		var word []byte
		if b[0] == '"' {
			word, b = cutQuoted(b[1:])
			r.tailWord(d, word)
			continue
		}
		if n := keyLen(b); n > 0 {
			key := tailVar(b[:n])
			word, b = cutValue(b[n+1:])
			r.setNamed(d, key, word)
			continue
		}
		word, b = cutValue(b)
		r.tailWord(d, word)
	}
}

// keyLen is the length of the name in "name=value", 0 if b does not begin with one.
func keyLen(b []byte) int {
	for i, c := range b[:min(len(b), 40)] {
		switch {
		case c == '=':
			return i
		case c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}

// cutValue takes one value: in quotes, or up to a blank; a list of tries goes on behind ", " and " : ".
func cutValue(b []byte) (value, rest []byte) {
	if len(b) > 0 && b[0] == '"' {
		return cutQuoted(b[1:])
	}
	for i := 0; ; i++ {
		j := bytes.IndexByte(b[i:], ' ')
		if j < 0 {
			return b, nil
		}
		i += j
		if !openList(b[:i]) && !bytes.HasPrefix(b[i:], []byte(" : ")) {
			return b[:i], b[i+1:]
		}
	}
}

// setNamed is set, but for "ua": the address of the upstream or the user agent.
func (r *Record) setNamed(d *Decoder, v accessVar, b []byte) {
	if v == varUpstream && !isPeer(b) {
		if r.Field("agent") != nil {
			return
		}
		v = varAgent
	}
	r.set(d, v, b)
}

// isPeer says whether b looks like $upstream_addr: a socket, or a name or address without blank and slash.
// Where no peer was left the last of a list is the name of the upstream block.
func isPeer(b []byte) bool {
	b = lastPeer(b)
	return bytes.HasPrefix(b, []byte("unix:")) || !bytes.ContainsAny(b, " /")
}

// tailWord takes a value that has no name.
func (r *Record) tailWord(d *Decoder, b []byte) {
	switch {
	case len(b) < 3:
	case tailSpan(b):
		if r.Duration < 0 {
			r.set(d, varSpan, b)
		} else if r.Field("upstream_time") == nil {
			r.set(d, varUpstreamTime, b)
		}
	case isAddress(b) || bytes.Contains(b, []byte(", ")) && isAddress(b[:bytes.IndexByte(b, ',')]):
		if host, port := hostPort(b); port != nil && isAddress(host) {
			r.set(d, varUpstream, b)
		} else {
			r.set(d, varForwarded, b)
		}
	case bytes.HasPrefix(b, []byte("unix:/")):
		r.set(d, varUpstream, b)
	case cacheStatus(b):
		r.set(d, varCache, b)
	case r.Host == nil && isHost(b):
		r.set(d, varHost, b)
	}
}

// tailSpan knows a time by nginx's three decimals: "0.120". Ratios and sizes are written otherwise.
func tailSpan(b []byte) bool {
	n := len(b) - 4
	return n > 0 && b[n] == '.' && charset(b, "0123456789.") && bytes.IndexByte(b, '.') == n
}

// isHost says whether b looks like the name of a host: letters, and a dot or nothing but "localhost".
func isHost(b []byte) bool {
	b, _ = hostPort(b)
	letters, dots := 0, 0
	for _, c := range b {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= 0x80, c == '_':
			letters++
		case c == '.':
			dots++
		case c != '-' && (c < '0' || c > '9'):
			return false
		}
	}
	return letters > 0 && (dots > 0 && b[0] != '.' || string(b) == "localhost")
}

func cacheStatus(b []byte) bool {
	switch string(b) {
	case "HIT", "MISS", "BYPASS", "EXPIRED", "STALE", "UPDATING", "REVALIDATED":
		return true
	}
	return false
}

// tailVar knows the names in use for values behind the combined format. What that format states itself is
// not stated again.
func tailVar(key []byte) accessVar {
	switch string(key) {
	case "ua", "uaddr":
		return varUpstream
	}
	switch v := jsonVar(key); v {
	case varHost, varServer, varPort, varSpan, varUpstream, varUpstreamStatus, varUpstreamTime, varHeaderTime,
		varConnectTime, varCache, varPID, varConn, varForwarded:
		return v
	}
	return varSkip
}
