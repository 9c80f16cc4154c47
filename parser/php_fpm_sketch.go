package parser

import "encoding/binary"

// sketchFPM:
//
//	[22-Nov-2026 10:00:00] WARNING: [pool www] child 695 exited on signal 11 (SIGSEGV) after 21.376492 seconds from start
//	[22-Nov-2026 10:00:00] WARNING: [pool www] child 695, script '/srv/a.php' (request: "GET /a.php?x=1") executing too slow (5.004321 sec), logging
func sketchFPM(d *Decoder, line []byte, s *sketch) (ok bool) {
	b := trimEnd(line, " \r\n")
	const usual = phpStampDigits + 2
	if c := &d.cache; c.n == phpStampDigits && len(b) > usual && b[0] == '[' && b[usual-1] == ']' && c.again(b[1:]) {
		s.rec.Time, s.rec.Fold = c.t, c.fold
		b = b[usual:]
	} else {
		stamp := cutPHPStamp(b)
		if stamp.n == 0 || stamp.zone != nil {
			return false
		}
		if s.rec.Time, s.rec.Fold, ok = stamp.time(d, b); !ok {
			return false
		}
		b = b[stamp.n:]
	}
	s.parts[0] = b
	const end = "ing" // of what is said of a request: "logging", "terminating"
	if len(b) < len(end) || string(b[len(b)-len(end):]) != end {
		return true
	}
	if i := indexRare(b, fpmRequest); i >= 0 {
		i += len(fpmRequest)
		if s.parts[0], b = b[:i], b[i:]; !s.rec.fpmVerdict(b) {
			return false
		}
		n := len(s.rec.Request)
		s.free, s.parts[1] = b[:n:n], b[n:]
	}
	return true
}

// again says whether b begins with the stamp of 20 bytes that was read last. They are compared by words.
func (c *stampCache) again(b []byte) bool {
	b = b[:phpStampDigits]
	x := binary.LittleEndian.Uint64(b) ^ binary.LittleEndian.Uint64(c.text[:])
	x |= binary.LittleEndian.Uint64(b[8:]) ^ binary.LittleEndian.Uint64(c.text[8:])
	return x|uint64(binary.LittleEndian.Uint32(b[16:])^binary.LittleEndian.Uint32(c.text[16:])) == 0
}
