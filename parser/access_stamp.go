package parser

import (
	"bytes"
	"time"
)

const clfLen = len("22/Nov/2026:18:01:15 +0000")

// clfStamp finds the stamp in brackets, "[22/Nov/2026:18:01:15 +0000]", and returns where it begins
// behind the bracket; 0 if there is none.
func clfStamp(line []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(line[from:], '[')
		if i < 0 {
			return 0
		}
		from += i + 1
		if len(line) <= from+clfLen {
			return 0
		}
		if b := line[from:]; b[2] == '/' && b[6] == '/' && b[11] == ':' && b[clfLen] == ']' && month(b[3:]) != 0 {
			return from
		}
	}
}

// clfTime reads "22/Nov/2026:18:01:15 +0000".
func clfTime(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	if len(b) != clfLen || b[2] != '/' || b[6] != '/' || b[11] != ':' || b[20] != ' ' {
		return t, false, false
	}
	day, mon, year := digits(b, 2), month(b[3:]), digits(b[7:], 4)
	h, m, s, ok := clockTime(b[12:])
	east, _, zoned := offset(b[21:])
	if !ok || !zoned || day < 1 || day > 31 || mon == 0 || year < 1970 {
		return t, false, false
	}
	return d.At(year, mon, day, h, m, s, 0, east), false, true
}

// epochTime reads "1700000000.123"; unit is what one of its whole numbers stands for.
func epochTime(b []byte, unit time.Duration) (t time.Time, ok bool) {
	whole, n := number(b)
	if n == 0 || n > 17 || whole > int64(1<<62/unit) {
		return t, false
	}
	span := time.Duration(whole) * unit
	if n < len(b) {
		if b[n] != '.' || len(b) == n+1 {
			return t, false
		}
		_, m := number(b[n+1:])
		if n+1+m != len(b) {
			return t, false
		}
		span += time.Duration(fractionOf(b[n+1:])) * unit / time.Second
	}
	return time.Unix(0, int64(span)).UTC(), true
}

// spanOf reads "0.123" or "12" as a number of units; of several tries ("0.001, 0.250") the last.
func spanOf(b []byte, unit time.Duration) (time.Duration, bool) {
	if i := bytes.LastIndexByte(b, ' '); i >= 0 {
		b = b[i+1:]
	}
	whole, n := number(b)
	if n == 0 || n > 12 {
		return 0, false
	}
	span := time.Duration(whole) * unit
	if n == len(b) {
		return span, true
	}
	_, m := number(b[n+1:])
	if b[n] != '.' || m == 0 || n+1+m != len(b) {
		return 0, false
	}
	return span + time.Duration(fractionOf(b[n+1:]))*unit/time.Second, true
}
