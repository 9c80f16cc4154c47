package correlate

import (
	"slices"
	"sort"
	"strings"
	"time"

	"why502/classifier"
)

// Day is what was counted on one day of a zone.
type Day struct {
	Date     string                 // "2026-11-22"
	Requests map[string]int         // lines of access logs, by format: behind nginx Apache logs the same requests again
	Tags     map[classifier.Tag]int // lines, as in Totals
	Slow     int                    // slow-log entries
	Culprits map[string]int         // of them by culprit, "plugin:name"
}

// Days tells what was counted by the days of a zone, the earliest first. Entries that state no time are on none of them. What a
// coarse grain holds together over a midnight is shared out by the length of its parts; the sums stay what they are. It changes
// nothing, and more may be added afterwards.
func (t *Timeline) Days(zone *time.Location) []Day {
	c := calendar{zone: zone, days: map[date]*leaf{}}
	for _, m := range t.marks {
		switch slow := strings.HasPrefix(string(m.Tag), "phpslow/"); {
		case m.Rule != nil:
			c.share(m.First.Unix(), m.Last.Unix()+1, m.Count, func(d *Day, n int) { d.Tags[m.Tag] += n })
		case slow:
			c.share(m.First.Unix(), m.Last.Unix()+1, m.Count, func(d *Day, n int) {
				d.Slow += n
				if m.Culprit != "" {
					d.Culprits[m.Culprit] += n
				}
			})
		}
	}
	for k, l := range t.traffic.loads {
		from, to := k.sec, k.sec+t.traffic.width
		s := t.sources[t.names.name(k.src)]
		if s == nil {
			continue
		}
		if !s.From.IsZero() && t.traffic.width > span { // a bucket may be wider than its log is long
			from, to = max(from, s.From.Unix()), min(to, s.To.Unix()+1)
		}
		format := s.Kind()
		c.share(from, to, l.Requests, func(d *Day, n int) { d.Requests[format] += n })
	}
	out := make([]Day, 0, len(c.days))
	for _, p := range c.days {
		out = append(out, p.Day)
	}
	slices.SortFunc(out, func(a, b Day) int { return strings.Compare(a.Date, b.Date) })
	return out
}

// calendar finds the day of a moment.
type calendar struct {
	zone *time.Location
	days map[date]*leaf
	last *leaf
}

type date struct {
	year  int
	month time.Month
	day   int
}

// leaf is a day in a calendar.
type leaf struct {
	Day
	from, to int64
}

// share adds n to the days of a time by their part of it.
func (c *calendar) share(from, to int64, n int, add func(*Day, int)) {
	to = max(to, from+1)
	given := 0
	for at := from; at < to; {
		p := c.leaf(at)
		upto := n
		if p.to < to {
			upto = int(float64(n) * float64(p.to-from) / float64(to-from))
		}
		if upto > given {
			add(&p.Day, upto-given)
		}
		given, at = upto, p.to
	}
}

func (c *calendar) leaf(sec int64) *leaf {
	if c.last != nil && sec >= c.last.from && sec < c.last.to {
		return c.last
	}
	at := time.Unix(sec, 0).In(c.zone)
	var k date
	k.year, k.month, k.day = at.Date()
	c.last = c.days[k]
	if c.last == nil {
		from, to := DayOf(at, c.zone)
		c.last = &leaf{from: from.Unix(), to: to.Unix(), Day: Day{
			Date: at.Format(time.DateOnly), Requests: map[string]int{}, Tags: map[classifier.Tag]int{}, Culprits: map[string]int{},
		}}
		c.days[k] = c.last
	}
	return c.last
}

// DayOf is the day that a moment lies in, from its first second to that of the next. It has 23 or 25 hours when clocks are
// changed, which in some zones happens at midnight: there the day begins at one o'clock, or has two midnights.
func DayOf(at time.Time, zone *time.Location) (from, to time.Time) {
	y, m, d := at.In(zone).Date()
	from, to = firstOf(y, m, d, zone), firstOf(y, m, d+1, zone)
	for next := 2; !to.After(at); next++ { // a date that was left out: Samoa had no 30 December 2011
		to = firstOf(y, m, d+next, zone)
	}
	return from, to
}

// firstOf is the first second of a date.
func firstOf(y int, m time.Month, d int, zone *time.Location) time.Time {
	noon := time.Date(y, m, d, 12, 0, 0, 0, zone)
	date := noon.Format(time.DateOnly)
	const back = 15 * 60 * 60 // more than any morning is long
	first := noon.Unix() - back
	n := sort.Search(back, func(i int) bool { return time.Unix(first+int64(i), 0).In(zone).Format(time.DateOnly) >= date })
	return time.Unix(first+int64(n), 0).In(zone)
}
