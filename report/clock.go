package report

import (
	"fmt"
	"time"
)

// duration writes d as people say it: "21 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
func duration(d time.Duration) string {
	d = d.Round(time.Second)
	for _, u := range []struct {
		big, small         time.Duration
		bigName, smallName string
	}{
		{24 * time.Hour, time.Hour, "d", "h"},
		{time.Hour, time.Minute, "h", "min"},
		{time.Minute, time.Second, "min", "s"},
	} {
		if d < u.big {
			continue
		}
		s := fmt.Sprintf("%d %s", d/u.big, u.bigName)
		if rest := d % u.big / u.small; rest > 0 {
			s += fmt.Sprintf(" %d %s", rest, u.smallName)
		}
		return s
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

// clock shows moments in the zone the reader wants.
type clock struct{ zone *time.Location }

// newClock shows times in the zone asked for, else in that of the report, so that a stored one is drawn as it was at first,
// also where the clocks change within it.
func newClock(r *Report, o Options) clock {
	if o.Zone != nil || r.Zone == "" || r.Zone == "Local" {
		return clock{o.Zone}
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil { // the offsets of the times say nearly the same
		return clock{}
	}
	return clock{zone}
}

func (c clock) in(t time.Time) time.Time {
	if c.zone != nil {
		return t.In(c.zone)
	}
	return t
}

// stamp is "2026-11-22 18:03:04". Entries of some logs state no time (a bare kernel line).
func (c clock) stamp(t time.Time) string {
	if t.IsZero() {
		return "unknown time"
	}
	return c.in(t).Format("2006-01-02 15:04:05")
}

func (c clock) optional(t *time.Time) string {
	if t == nil {
		return ""
	}
	return c.stamp(*t)
}

// period is "2026-11-22 18:03:04–18:03:25", the second day only where it is another.
func (c clock) period(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return c.stamp(from)
	}
	from, to = c.in(from), c.in(to)
	switch {
	case to.Unix() == from.Unix():
		return c.stamp(from)
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return c.stamp(from) + "–" + to.Format(time.TimeOnly)
	}
	return c.stamp(from) + " – " + c.stamp(to)
}

// span is period with the offset of its times.
func (c clock) span(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return c.period(from, to)
	}
	return c.period(from, to) + c.in(to).Format(" -07:00")
}

// covers is the time from the first to the last stamp of a file.
func (c clock) covers(s Source) string {
	if s.From == nil || s.To == nil {
		return ""
	}
	return c.period(*s.From, *s.To)
}

// oneDay says that an incident and its course lie within one day.
func (c clock) oneDay(in *Incident) bool {
	day := c.in(in.Start).Format(time.DateOnly)
	for _, m := range in.Timeline {
		if c.in(m.Time).Format(time.DateOnly) != day {
			return false
		}
	}
	return true
}
