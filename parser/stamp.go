package parser

import "time"

// ctimeLen says how long the stamp at the start of b is, 0 if there is none, and whether it has a fraction:
//
//	Sun Nov 22 10:00:00 2026
//	Sun Nov 22 10:00:00.123456 2026
//
// Apache writes both; dmesg -T writes the first with the day padded by a blank.
func ctimeLen(b []byte) (n int, fraction bool) {
	if len(b) < 24 || b[3] != ' ' || b[7] != ' ' || b[10] != ' ' || !weekday(b) || month(b[4:]) == 0 {
		return 0, false
	}
	if _, _, _, ok := clockTime(b[11:]); !ok || digits(b[8:], 2) < 1 {
		return 0, false
	}
	n = 19
	if b[n] == '.' {
		_, width := number(b[n+1:])
		n += 1 + width
		fraction = width > 0
	}
	if len(b) < n+5 || b[n] != ' ' || digits(b[n+1:], 4) < 1970 {
		return 0, false
	}
	return n + 5, fraction
}

func weekday(b []byte) bool {
	switch string(b[:3]) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun":
		return true
	}
	return false
}

// ctime reads the stamp that ctimeLen measures; n is 0 if there is none.
func (d *Decoder) ctime(b []byte) (t time.Time, fold bool, n int) {
	if t, fold, ok := d.ctimeAgain(b); ok {
		return t, fold, ctimeMicro
	}
	n, fraction := ctimeLen(b)
	if n == 0 {
		return t, false, 0
	}
	// The fraction stands between the parts that stay the same for a second: the cache wants them together.
	d.out = append(append(d.out[:0], b[:19]...), b[n-4:n]...)
	t, fold, _ = d.cached(d.out, readCtime)
	if fraction {
		t = t.Add(time.Duration(fractionOf(b[20:])))
	}
	return t, fold, n
}

const ctimeMicro = len("Sun Nov 22 10:00:00.123456 2026")

// ctimeAgain is ctime for a stamp with microseconds of the second that the stamp before had.
func (d *Decoder) ctimeAgain(b []byte) (t time.Time, fold, ok bool) {
	const year = ctimeMicro - len("2026")
	c := &d.cache
	if c.n != 19+4 || len(b) < ctimeMicro || b[3] != ' ' || b[19] != '.' || b[year-1] != ' ' || string(b[:19]) != string(c.text[:19]) || string(b[year:ctimeMicro]) != string(c.text[19:c.n]) {
		return t, false, false
	}
	us, n := number(b[20 : year-1])
	return c.t.Add(time.Duration(us) * time.Microsecond), c.fold, n == 6
}

// readCtime reads "Sun Nov 22 10:00:002026".
func readCtime(d *Decoder, b []byte) (time.Time, bool, bool) {
	h, m, s, ok := clockTime(b[11:])
	t, fold := d.Local(digits(b[19:], 4), month(b[4:]), digits(b[8:], 2), h, m, s, 0)
	return t, fold, ok
}

// fractionOf reads the digits b begins with as a fraction of a second, in nanoseconds.
func fractionOf(b []byte) (nsec int) {
	scale := 100_000_000
	for _, c := range b {
		if c < '0' || c > '9' || scale == 0 {
			break
		}
		nsec += int(c-'0') * scale
		scale /= 10
	}
	return nsec
}

// isoTime is a stamp of year, month, day and time of day, as its bytes state it.
type isoTime struct {
	year, day, hour, minute, sec, nsec int
	month                              time.Month
	east                               int  // seconds
	zoned                              bool // east is stated
}

// iso8601 reads the stamp at the start of b and how long it is, 0 if there is none:
//
//	2026-11-22T10:00:00.123456+01:00
//	2026-11-22 10:00:00
//	2026-11-22  7:12:22
//	2026-11-22T10:00:00,123456+0100
func iso8601(b []byte) (t isoTime, n int) {
	if len(b) < 19 || b[0] == ' ' || b[4] != '-' || b[7] != '-' || (b[10] != 'T' && b[10] != ' ') {
		return t, 0
	}
	var ok bool
	t.year, t.month, t.day = digits(b, 4), time.Month(digits(b[5:], 2)), digits(b[8:], 2)
	t.hour, t.minute, t.sec, ok = clockTime(b[11:])
	if !ok || t.year < 0 || t.month < 1 || t.month > 12 || t.day < 1 || t.day > 31 {
		return t, 0
	}
	n = 19
	if n < len(b) && (b[n] == '.' || b[n] == ',') {
		if _, width := number(b[n+1:]); width > 0 {
			t.nsec = fractionOf(b[n+1:])
			n += 1 + width
		}
	}
	if east, width, ok := offset(b[n:]); ok {
		t.east, t.zoned = east, true
		n += width
	}
	return t, n
}

// moment turns a stamp into a moment, in the file's zone if it states none.
func (d *Decoder) moment(s isoTime) (t time.Time, fold bool) {
	if s.zoned {
		return d.At(s.year, s.month, s.day, s.hour, s.minute, s.sec, s.nsec, s.east), false
	}
	return d.Local(s.year, s.month, s.day, s.hour, s.minute, s.sec, s.nsec)
}

// iso reads the stamp at the start of b as iso8601 does; n is 0 if there is none.
func (d *Decoder) iso(b []byte) (t time.Time, fold bool, n int) {
	s, n := iso8601(b)
	if n == 0 {
		return t, false, 0
	}
	if s.zoned {
		t, fold = d.moment(s)
		return t, fold, n
	}
	t, fold, _ = d.cached(b[:19], readISO)
	return t.Add(time.Duration(s.nsec)), fold, n
}

func readISO(d *Decoder, b []byte) (time.Time, bool, bool) {
	s, n := iso8601(b)
	t, fold := d.moment(s)
	return t, fold, n > 0
}

// shortOffset reads an offset that may lack its minutes: "+03".
func shortOffset(b []byte) (east, n int, ok bool) {
	if len(b) == 3 && (b[0] == '+' || b[0] == '-') {
		h := digits(b[1:], 2)
		if b[0] == '-' {
			return -h * 3600, 3, h >= 0
		}
		return h * 3600, 3, h >= 0
	}
	return offset(b)
}
