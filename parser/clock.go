package parser

import (
	"encoding/binary"
	"time"
)

// wallClock turns local stamps into moments. In the hour that is repeated when summer time ends a
// stamp means two moments; the file's own order decides: lines go forward, but for the one step back.
type wallClock struct {
	last time.Time // the latest moment this file has shown
	fold bool      // the step back has been seen: ambiguous stamps are the second pass
}

// slack is how far lines of several workers may stand out of order.
const slack = 2 * time.Minute

// Local gives the moment of a stamp without an offset. fold says that nothing decided between two.
func (d *Decoder) Local(year int, month time.Month, day, hour, minute, sec, nsec int) (t time.Time, fold bool) {
	d.Unzoned = true
	zone := d.Zone
	if zone == nil {
		zone = time.UTC
	}
	return d.in(zone, year, month, day, hour, minute, sec, nsec)
}

// in gives the moment of a stamp in zone, which may repeat an hour.
func (d *Decoder) in(zone *time.Location, year int, month time.Month, day, hour, minute, sec, nsec int) (t time.Time, fold bool) {
	t = time.Date(year, month, day, hour, minute, sec, nsec, zone)
	if zone == time.UTC {
		return t, false
	}
	first, second, twice := bothPasses(t)
	if !twice {
		d.wall.fold = false
		d.wall.last = later(d.wall.last, t)
		return t, false
	}
	switch {
	case d.wall.fold:
		t = second
	case !d.wall.last.IsZero() && first.Before(d.wall.last.Add(-slack)):
		d.wall.fold = true
		t = second
	default:
		t, fold = d.nearer(first, second), true
	}
	d.wall.last = later(d.wall.last, t)
	return t, fold
}

// nearer picks the pass that lies closer to a moment some other log of the host states with its offset.
func (d *Decoder) nearer(first, second time.Time) time.Time {
	best, least := first, time.Duration(1<<63-1)
	for _, a := range d.Anchors {
		for _, t := range [...]time.Time{first, second} {
			if away := t.Sub(a).Abs(); away < least {
				best, least = t, away
			}
		}
	}
	return best
}

// bothPasses returns the two moments a local stamp can mean, and whether there are two.
func bothPasses(t time.Time) (first, second time.Time, twice bool) {
	for _, step := range [...]time.Duration{-time.Hour, time.Hour} {
		u := t.Add(step)
		if u.Hour() == t.Hour() && u.Minute() == t.Minute() && u.Day() == t.Day() {
			if step < 0 {
				return u, t, true
			}
			return t, u, true
		}
	}
	return t, t, false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Zoneless stamps of one second repeat: the cache saves the arithmetic while the bytes stay the same.
type stampCache struct {
	text [32]byte
	n    int
	t    time.Time
	fold bool
}

func (c *stampCache) holds(stamp []byte) bool {
	if c.n != len(stamp) || c.n < 16 {
		return c.n == len(stamp) && string(c.text[:c.n]) == string(stamp)
	}
	// The first and last sixteen bytes are all.
	end, last := c.text[c.n-16:c.n], stamp[len(stamp)-16:]
	x := binary.LittleEndian.Uint64(c.text[:]) ^ binary.LittleEndian.Uint64(stamp)
	x |= binary.LittleEndian.Uint64(c.text[8:]) ^ binary.LittleEndian.Uint64(stamp[8:])
	x |= binary.LittleEndian.Uint64(end) ^ binary.LittleEndian.Uint64(last)
	x |= binary.LittleEndian.Uint64(end[8:]) ^ binary.LittleEndian.Uint64(last[8:])
	return x == 0
}

// cached returns the moment of stamp if it equals the last one, else asks read and remembers. stamp is the
// text of a stamp of whole seconds (at most 32 bytes).
func (d *Decoder) cached(stamp []byte, read func(*Decoder, []byte) (time.Time, bool, bool)) (t time.Time, fold, ok bool) {
	c := &d.cache
	if c.holds(stamp) {
		return c.t, c.fold, true
	}
	if t, fold, ok = read(d, stamp); !ok || len(stamp) > len(c.text) {
		return t, fold, ok
	}
	c.n, c.t, c.fold = copy(c.text[:], stamp), t, fold
	return t, fold, true
}

// month reads an English month abbreviation; 0 if it is none.
func month(b []byte) time.Month {
	if len(b) < 3 {
		return 0
	}
	switch string(b[:3]) {
	case "Jan":
		return time.January
	case "Feb":
		return time.February
	case "Mar":
		return time.March
	case "Apr":
		return time.April
	case "May":
		return time.May
	case "Jun":
		return time.June
	case "Jul":
		return time.July
	case "Aug":
		return time.August
	case "Sep":
		return time.September
	case "Oct":
		return time.October
	case "Nov":
		return time.November
	case "Dec":
		return time.December
	}
	return 0
}

// digits reads n decimal digits at the start of b; -1 if there are not that many. A leading blank counts
// as a zero: syslog pads days so, MariaDB hours.
func digits(b []byte, n int) int {
	if len(b) < n {
		return -1
	}
	v := 0
	for i, c := range b[:n] {
		if c == ' ' && i == 0 && n > 1 {
			continue
		}
		if c < '0' || c > '9' {
			return -1
		}
		v = v*10 + int(c-'0')
	}
	return v
}

// number reads the decimal digits b begins with and how many they are.
func number(b []byte) (v int64, n int) {
	b = b[:min(len(b), 18)]
	for n < len(b) {
		digit := b[n] - '0'
		if digit > 9 {
			break
		}
		v = v*10 + int64(digit)
		n++
	}
	return v, n
}

// clockTime reads "HH:MM:SS" at the start of b.
func clockTime(b []byte) (h, m, s int, ok bool) {
	if len(b) < 8 || b[2] != ':' || b[5] != ':' {
		return 0, 0, 0, false
	}
	h, m, s = digits(b, 2), digits(b[3:], 2), digits(b[6:], 2)
	return h, m, s, h >= 0 && h < 24 && m >= 0 && m < 60 && s >= 0 && s <= 60
}

// offset reads "+0100", "+01:00" or "Z" at the start of b: seconds east of UTC and its length.
func offset(b []byte) (east, n int, ok bool) {
	if len(b) > 0 && b[0] == 'Z' {
		return 0, 1, true
	}
	if len(b) < 5 || (b[0] != '+' && b[0] != '-') {
		return 0, 0, false
	}
	h, rest, n := digits(b[1:], 2), b[3:], 5
	if rest[0] == ':' {
		if len(b) < 6 {
			return 0, 0, false
		}
		rest, n = rest[1:], 6
	}
	m := digits(rest, 2)
	if h < 0 || m < 0 {
		return 0, 0, false
	}
	east = h*3600 + m*60
	if b[0] == '-' {
		east = -east
	}
	return east, n, true
}

// At gives the moment of a stamp that states its offset.
func (d *Decoder) At(year int, mon time.Month, day, hour, minute, sec, nsec, east int) time.Time {
	d.Zoned = true
	return time.Date(year, mon, day, hour, minute, sec, nsec, time.UTC).Add(-time.Duration(east) * time.Second)
}
