package parser

import "bytes"

// sketchApache:
//
//	[Sun Nov 22 10:00:00.123456 2026] [proxy:error] [pid 12:tid 13] (2)No such file or directory: [client 203.0.113.9:51234] AH02454: …, referer: https://ex.test/
func sketchApache(d *Decoder, line []byte, s *sketch) (ok bool) {
	r := s.rec
	const stamp = len("[Sun Nov 22 10:00:00.123456 2026] ")
	if len(line) < stamp || !wholeApache(line) || string(line[stamp-2:stamp]) != "] " || line[stamp-len(" 2026] ")] != ' ' {
		return false
	}
	if r.Time, r.Fold, ok = d.ctimeAgain(line[1:]); !ok {
		if n, _ := apacheStamp(line); n != stamp {
			return false // nobody reads its time
		}
		n := 0
		if r.Time, r.Fold, n = d.ctime(line[1:]); n == 0 {
			return false
		}
	}
	b := trimEnd(line, " \t\r")
	b = b[min(stamp, len(b)):]
	if i := lastReferer(b); i >= 0 {
		r.Referrer, b = b[i+len(referer):], b[:i]
	}
	const number = "] AH"
	s.parts[0], s.parts[1] = b, nil
	if at := firstClient(b); at >= 0 {
		value := b[at+len(apacheClient):]
		end, colons := plainAddress(value)
		if end <= 0 {
			return false
		}
		h := apacheHead{record: r, ported: true}
		if colons > 1 { // IPv6: whether the last number is the port depends on the version
			first, _, _ := bracket(b)
			module, level := moduleLevel(first)
			if level == LevelNone {
				return false
			}
			h.ported = module != nil
		}
		h.address(value[:end])
		s.parts[0], s.parts[1] = b[:at], value[end:]
	} else if at := indexRare(b, number); at >= 0 {
		s.parts[0], s.parts[1] = b[:at], b[at:]
	}
	if second := s.parts[1]; len(second) >= len("] AH00000:") && begins(second, number) {
		s.parts[1], s.exact = second[len("] "):], len("AH00000:") // it is a name
	} else if r.Referrer != nil {
		return false // where the message begins, before that or in it, is not sure
	}
	return true
}

const apacheClient, referer = "[client ", ", referer: "

func firstClient(b []byte) int {
	for at := 0; ; at++ {
		i := bytes.IndexByte(b[at:], '[')
		if i < 0 {
			return -1
		}
		if at += i; begins(b[at:], apacheClient) {
			return at
		}
	}
}

func lastReferer(b []byte) int {
	last := -1
	for at := 0; ; at++ {
		i := bytes.IndexByte(b[at:], ',')
		if i < 0 {
			return last
		}
		if at += i; begins(b[at:], referer) {
			last = at
		}
	}
}

// plainAddress is the length of what can be nothing but an address, with a port or without, and its colons; 0 if there is no such
// thing before a bracket.
func plainAddress(b []byte) (end, colons int) {
	for end < len(b) {
		switch c := b[end]; {
		case isDigit(c), c == '.', c >= 'a' && c <= 'f':
		case c == ':':
			colons++
		case c == ']':
			return end, colons
		default:
			return 0, 0
		}
		end++
	}
	return 0, 0
}
