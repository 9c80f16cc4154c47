package parser

import "time"

// calendar is the month and year of the last stamp that stated no year.
type calendar struct {
	year  int
	month time.Month
}

// year gives a stamp of month and day its year. Logs of the same host that state theirs decide; without them it is the
// year that puts the stamp last before d.Ref (plus a day for clocks that run ahead): a December line read in January is
// last year's. From December to January within a file the year steps, whatever the time of the file says:
//
//	Dec 31 23:59:59 web1 kernel: …
//	Jan  1 00:00:01 web1 kernel: …
func (d *Decoder) year(month time.Month, day int) int {
	y := d.lastYear(month, day)
	if near, ok := d.anchoredYear(month, day); ok {
		y = near
	} else if c := d.calendar; c.month != 0 {
		switch {
		case c.month == time.December && month == time.January:
			y = max(y, c.year+1)
		case c.month == time.January && month == time.December: // a straggler
			y = min(y, c.year-1)
		default:
			y = max(y, c.year)
		}
	}
	d.calendar = calendar{y, month}
	return y
}

func (d *Decoder) lastYear(month time.Month, day int) int {
	ref := d.Ref
	if ref.IsZero() {
		return 1970
	}
	y := ref.Year()
	if time.Date(y, month, day, 0, 0, 0, 0, ref.Location()).After(ref.Add(24 * time.Hour)) {
		y--
	}
	return y
}

// anchoredYear is the year in which a day lies nearest to a moment that another log states.
func (d *Decoder) anchoredYear(month time.Month, day int) (year int, ok bool) {
	least := time.Duration(1<<63 - 1)
	for _, a := range d.Anchors {
		for y := a.Year() - 1; y <= a.Year()+1; y++ {
			if away := time.Date(y, month, day, 12, 0, 0, 0, time.UTC).Sub(a).Abs(); away < least {
				year, least, ok = y, away, true
			}
		}
	}
	return year, ok
}
