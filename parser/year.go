package parser

import (
	"slices"
	"time"
)

// calendar is the month and year of the last stamp that stated no year.
type calendar struct {
	year  int
	month time.Month
}

// year gives a stamp of month and day its year. Logs of the same host that state theirs decide, those with a zone before
// those without, which do so only where no other year will do: logs that somebody copied bear the day of the copy. Without them it is the
// year that puts the stamp last before d.Ref (plus a day for clocks that run ahead): a December line read in January is
// last year's. From December to January within a file the year steps, whatever the time of the file says:
//
//	Dec 31 23:59:59 web1 kernel: …
//	Jan  1 00:00:01 web1 kernel: …
//
// A 29 February has a leap year in any case.
func (d *Decoder) year(month time.Month, day int) int {
	y := d.lastYear(month, day)
	if near, ok := yearNear(d.Anchors, month, day); ok {
		y = near
	} else if near, ok := yearNear(d.Dated, month, day); ok && !inYear(d.Dated, y, month, day) {
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
	for !hasDay(y, month, day) {
		y--
	}
	d.calendar = calendar{y, month}
	if y != d.Guessed[0] {
		d.Guessed = [2]int{y, d.Guessed[0]}
	}
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
	for !hasDay(y, month, day) {
		y--
	}
	return y
}

// hasDay says whether there was such a day that year. Days that no year has are none of its business.
func hasDay(year int, month time.Month, day int) bool {
	return month != time.February || day != 29 || year%4 == 0 && (year%100 != 0 || year%400 == 0)
}

// inYear says whether a day of that year lies within some months of one of the moments: then nothing speaks for another year.
func inYear(moments []time.Time, year int, month time.Month, day int) bool {
	const months = 120 * 24 * time.Hour
	noon := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	return slices.ContainsFunc(moments, func(t time.Time) bool { return noon.Sub(t).Abs() < months })
}

// yearNear is the year in which a day lies nearest to one of the moments.
func yearNear(moments []time.Time, month time.Month, day int) (year int, ok bool) {
	back := 1
	if !hasDay(1, month, day) {
		back = 8 // from 1896 to 1904 there was no leap year
	}
	least := time.Duration(1<<63 - 1)
	for _, a := range moments {
		for y := a.Year() - back; y <= a.Year()+1; y++ {
			if !hasDay(y, month, day) {
				continue
			}
			if away := time.Date(y, month, day, 12, 0, 0, 0, time.UTC).Sub(a).Abs(); away < least {
				year, least, ok = y, away, true
			}
		}
	}
	return year, ok
}
