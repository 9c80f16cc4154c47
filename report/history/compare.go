package history

import (
	"fmt"
	"slices"
	"time"

	"why502/report"
)

const (
	trendDays = 30 // that a report shows
	weekDays  = 7  // that a median is made of, and a day is judged by
	leastDays = 3  // below them a median says little
)

// The baselines.
const (
	yesterday = "yesterday"
	weekday   = "weekday"
	median    = "median"
)

// Date is the day that a report up to a moment is about: the day of the moment, but the day before while that of the moment goes
// on and the logs cover the other from end to end. A day that is over is not passed over for a gap in its logs: the day before
// was told already.
func (f *Facts) Date(to time.Time) string {
	today := f.date(to.Unix())
	over := f.bounds(today)[1]-to.Unix() <= maxHole
	if before := f.shift(today, -1); !over && !f.day(today).Whole && f.day(before).Whole {
		return before
	}
	return today
}

// Compare says how a day differs from the days before. Only days that the logs cover from end to end are compared with: one that
// they cover in part would have less of everything, and one on which a busy host logged no request was no day without failures. If
// the day itself is covered in part, what has become more or is new is told nevertheless; what has become less is not.
func (f *Facts) Compare(date string) *report.History {
	h := &report.History{Zone: f.zone.String(), Date: date, Days: []report.Day{}, Against: []report.Baseline{}, Moves: []report.Move{}}
	days := f.calendar()
	c := comparison{facts: f, today: days.day(date)}
	for n := 1 - trendDays; n < 0; n++ {
		if d := days.day(f.shift(date, n)); d.known {
			h.Days = append(h.Days, d.Day)
			if d.Whole && n >= -weekDays {
				c.week = append(c.week, d)
			}
		}
	}
	h.Days = append(h.Days, c.today.Day)
	for _, b := range []struct {
		name string
		date string
	}{{yesterday, f.shift(date, -1)}, {weekday, f.shift(date, -weekDays)}} {
		if d := c.on(b.date); d != nil {
			h.Against = append(h.Against, baseline(b.name, b.date, []*day{d}))
		} else if note := f.lacking(b.date); note != "" {
			h.Notes = append(h.Notes, note)
		}
	}
	if len(c.week) >= leastDays {
		h.Against = append(h.Against, baseline(median, "", c.week))
	}
	if !c.today.Whole && len(c.week) > 0 {
		h.Notes = append(h.Notes, fmt.Sprintf("The logs cover %s in part only%s: what has become less is not told.", date, f.until(date)))
	}
	moves, more := c.moves()
	h.Moves = moves
	if more > 0 {
		h.Notes = append(h.Notes, fmt.Sprintf("%s left out.", count(more, "smaller change")))
	}
	return h
}

// comparison is a day beside those of the week before it that are covered from end to end.
type comparison struct {
	facts *Facts
	today *day
	week  []*day // the oldest first
}

// on is a day of the week before, nil if it cannot be compared with.
func (c *comparison) on(date string) *day {
	i := slices.IndexFunc(c.week, func(d *day) bool { return d.Date == date })
	if i < 0 {
		return nil
	}
	return c.week[i]
}

// lacking says why a date is not compared with, "" if it lies before all that is on record.
func (f *Facts) lacking(date string) string {
	dates := f.Dates()
	if len(dates) == 0 || date < dates[0] {
		return ""
	}
	if f.day(date).known {
		return fmt.Sprintf("The logs cover %s in part only%s: it is not compared.", date, f.until(date))
	}
	return fmt.Sprintf("Of %s there is no record: it is not compared.", date)
}

// until is " (until 06:25)" or " (from 14:03)" where one end of a day is all that the logs lack, on one host.
func (f *Facts) until(date string) string {
	var covered []span
	hosts := f.hosts(date)
	for k, h := range f.days {
		if k.date == date {
			h.parts(func(s *sums) { covered = append(covered, s.Covered...) })
		}
	}
	covered = joined(union(covered), maxHole)
	if len(hosts) != 1 || len(covered) != 1 {
		return ""
	}
	b := f.bounds(date)
	clock := func(sec int64) string { return time.Unix(sec, 0).In(f.zone).Format("15:04") }
	late, early := covered[0][0]-b[0] > maxHole, b[1]-covered[0][1] > maxHole
	switch {
	case late && early:
		return " (from " + clock(covered[0][0]) + " until " + clock(covered[0][1]) + ")"
	case late:
		return " (from " + clock(covered[0][0]) + ")"
	case early:
		return " (until " + clock(covered[0][1]) + ")"
	}
	return ""
}

// baseline is what some days come to: the one, or the median.
func baseline(name, date string, days []*day) report.Baseline {
	b := report.Baseline{Name: name, Date: date, Days: len(days), Failures: map[string]int{}}
	of := func(n func(*day) int) int { return middle(days, n) }
	b.Requests = int64(of(func(d *day) int { return int(d.Requests) }))
	b.Incidents = of(func(d *day) int { return d.Incidents })
	b.Seconds = of(func(d *day) int { return d.Seconds })
	b.Clients = of(func(d *day) int { return d.Clients })
	for _, d := range days {
		for status := range d.Failures {
			if n := of(func(d *day) int { return d.Failures[status] }); n > 0 {
				b.Failures[status] = n
			}
		}
	}
	return b
}

// middle is the median over days; of an even number of them, the mean of both in the middle.
func middle(days []*day, of func(*day) int) int {
	n := make([]int, len(days))
	for i, d := range days {
		n[i] = of(d)
	}
	slices.Sort(n)
	return (n[(len(n)-1)/2] + n[len(n)/2]) / 2
}
