package parser

import (
	"errors"
	"time"
	_ "time/tzdata" // zone names in stamps mean the same on a machine without zone files
)

// phpStamp is the shape of the stamp that PHP and PHP-FPM put before a line:
//
//	[22-Nov-2026 10:00:00]                FPM: the master's local time, no zone
//	[22-Nov-2026 10:00:00.123456]         FPM at log_level = debug
//	[22-Nov-2026 10:00:00 Europe/Berlin]  PHP: date.timezone, named
type phpStamp struct {
	n     int    // length with brackets, 0 if there is no such stamp
	zone  []byte // nil if it names none
	micro int    // microseconds, -1 if it states none
}

const (
	phpStampDigits = len("22-Nov-2026 10:00:00")
	phpStampMicro  = len("[22-Nov-2026 10:00:00.123456]")
	maxZoneName    = 40
)

var errStamp = errors.New("the stamp is no moment")

// cutPHPStamp finds the stamp at the start of b. It looks at shape only; time judges the digits.
func cutPHPStamp(b []byte) phpStamp {
	if len(b) < phpStampDigits+2 || b[0] != '[' || b[3] != '-' || b[7] != '-' || b[12] != ' ' || b[15] != ':' || b[18] != ':' {
		return phpStamp{}
	}
	after := phpStampDigits + 1
	switch b[after] {
	case ']':
		return phpStamp{n: after + 1, micro: -1}
	case '.':
		if len(b) < phpStampMicro || b[phpStampMicro-1] != ']' {
			return phpStamp{}
		}
		if us := digits(b[after+1:], 6); us >= 0 {
			return phpStamp{n: phpStampMicro, micro: us}
		}
	case ' ':
		zone := b[after+1:]
		for i, c := range zone[:min(len(zone), maxZoneName)] {
			switch {
			case c == ']' && i > 0:
				return phpStamp{n: after + 1 + i + 1, zone: zone[:i], micro: -1}
			case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '/', c == '_', c == '+', c == '-', c == ':':
			default:
				return phpStamp{}
			}
		}
	}
	return phpStamp{}
}

// time reads the stamp that s found at the start of b.
func (s phpStamp) time(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	end := phpStampDigits + 1
	if s.zone != nil {
		end = s.n - 1
	}
	t, fold, ok = d.cached(b[1:end], readPHPStamp)
	if ok && s.micro > 0 {
		t = t.Add(time.Duration(s.micro) * time.Microsecond)
	}
	return t, fold, ok
}

// readPHPStamp reads "22-Nov-2026 10:00:00", a zone may follow.
func readPHPStamp(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	day, mon, year := digits(b, 2), month(b[3:]), digits(b[7:], 4)
	h, m, s, ok := clockTime(b[12:])
	if !ok || day < 1 || day > 31 || mon == 0 || year < 0 {
		return t, false, false
	}
	if len(b) == phpStampDigits {
		t, fold = d.Local(year, mon, day, h, m, s, 0)
		return t, fold, true
	}
	zone := b[phpStampDigits+1:]
	if east, n, ok := offset(zone); ok && n == len(zone) {
		return d.At(year, mon, day, h, m, s, 0, east), false, true
	}
	if loc := d.zoneNamed(zone); loc != nil {
		d.Zoned = true
		t, fold = d.in(loc, year, mon, day, h, m, s, 0)
	} else {
		t, fold = d.Local(year, mon, day, h, m, s, 0)
	}
	return t, fold, true
}

// maxZones bounds the zone names a file can make us look up and keep.
const maxZones = 64

// zoneNamed returns the zone of an identifier such as "Europe/Berlin", nil if there is none.
func (d *Decoder) zoneNamed(name []byte) *time.Location {
	loc, known := d.zones[string(name)]
	if known || len(d.zones) >= maxZones {
		return loc
	}
	if d.zones == nil {
		d.zones = make(map[string]*time.Location)
	}
	key := string(name)
	// "Local" would be the zone of the machine that reads, not of the one that wrote.
	if found, err := time.LoadLocation(key); err == nil && key != "Local" {
		loc = found
	}
	d.zones[key] = loc
	return loc
}
