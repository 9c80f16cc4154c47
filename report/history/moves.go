package history

import (
	"cmp"
	"maps"
	"slices"

	"why502/report"
)

// The changes.
const (
	fresh  = "new"
	gone   = "gone"
	worse  = "worse"
	better = "better"
)

// moves are the changes of a day, the heaviest first: failures before lines, what is bad before what is good.
//
// One is judged by each day of the week before that can be compared with (see above), in number and, where traffic is known, also
// per request. What was alike on the same weekday is no change: some things come on Sundays. Nor is what was alike on two or more
// of the days: it is usual by now.
func (c *comparison) moves() []report.Move {
	moves := []report.Move{}
	if len(c.week) == 0 {
		return moves
	}
	for _, by := range []string{byCause, byVhost, byURI, byPool, byPlugin, byTheme, byTag} {
		names := map[string]bool{}
		for _, d := range append(c.week[:len(c.week):len(c.week)], c.today) {
			for name, n := range d.counts[by] {
				names[name] = names[name] || n > 0 && name != Other
			}
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if change := c.change(by, name); names[name] && change != "" {
				moves = append(moves, c.move(by, name, change))
			}
		}
	}
	slices.SortStableFunc(moves, func(a, b report.Move) int {
		return cmp.Or(compareBool(a.Kind == byTag, b.Kind == byTag), compareBool(good(a), good(b)), cmp.Compare(weight(b), weight(a)))
	})
	return moves
}

func good(m report.Move) bool { return m.Change == gone || m.Change == better }

// weight is by how much a count differs from what is usual, or else was.
func weight(m report.Move) int {
	was, ok := m.Was[median]
	if before, known := m.Was[yesterday]; !ok || known && good(m) {
		was = before
	}
	return max(m.Now-was, was-m.Now)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// change says how a count moved, "" if it did not.
func (c *comparison) change(by, name string) string {
	now, week, over := c.today.counts[by][name], 0, 0.0
	up, down := c.sides(c.today, now, by, name)
	for _, d := range c.week {
		week += d.counts[by][name]
		over += relative(d, c.today)
	}
	less := down.clear
	if now == 0 {
		// What was gone by yesterday is no news today; what is never there on Sundays is not gone.
		had := func(back int) bool {
			d := c.on(c.facts.shift(c.today.Date, -back))
			return d == nil || d.counts[by][name] > 0
		}
		less = had(1) && (less || had(weekDays) && above(week, over, 0, 1))
	}
	switch {
	case now > 0 && week == 0 && above(now, 1, 0, min(over, float64(len(c.week)))):
		return fresh
	case now > 0 && week > 0 && up.clear:
		return worse
	case !c.today.Whole || !less && !c.calmed(by, name):
		return ""
	case now > 0:
		return better
	}
	return gone
}

// side is how a count lies to those of the week on one side, above or below.
type side struct {
	alike int  // days that are not clearly beyond it
	clear bool // it is clearly beyond what is usual
}

// sides are those of a count on a day.
func (c *comparison) sides(of *day, n int, by, name string) (up, down side) {
	days := 0
	upSunday, downSunday := false, false
	for _, d := range c.week {
		if d == of {
			continue
		}
		days++
		was, sunday := d.counts[by][name], d.Date == c.facts.shift(of.Date, -weekDays)
		if !exceeds(of, n, d, was) {
			up.alike++
			upSunday = upSunday || sunday
		}
		if !exceeds(d, was, of, n) {
			down.alike++
			downSunday = downSunday || sunday
		}
	}
	usual := min(2, days/leastDays+1) // how many days make it so
	up.clear, down.clear = !upSunday && up.alike < usual && days > 0, !downSunday && down.alike < usual && days > 0
	return up, down
}

// calmed says whether a day is clearly below the one before, which stood out itself.
func (c *comparison) calmed(by, name string) bool {
	before := c.on(c.facts.shift(c.today.Date, -1))
	if before == nil {
		return false
	}
	n := before.counts[by][name]
	up, _ := c.sides(before, n, by, name)
	return exceeds(before, n, c.today, c.today.counts[by][name]) && up.alike < 2
}

// exceeds says whether a count of one day is above that of another, both as it is and for the traffic.
func exceeds(a *day, n int, b *day, m int) bool {
	return above(n, max(1, relative(a, b)), m, 1)
}

// leastRequests is how many there must be on both days for the traffic to be known.
const leastRequests = 1000

// relative is how much traffic a has for each request of b, 1 if that is not known.
func relative(a, b *day) float64 {
	if a.Requests < leastRequests || b.Requests < leastRequests {
		return 1
	}
	return float64(a.Requests) / float64(b.Requests)
}

// move tells a change.
func (c *comparison) move(by, name, change string) report.Move {
	m := report.Move{Kind: by, Name: name, Change: change, Now: c.today.counts[by][name], Was: map[string]int{}}
	for label, date := range map[string]string{yesterday: c.facts.shift(c.today.Date, -1), weekday: c.facts.shift(c.today.Date, -weekDays)} {
		if d := c.on(date); d != nil {
			m.Was[label] = d.counts[by][name]
		}
	}
	if len(c.week) >= leastDays {
		m.Was[median] = middle(c.week, func(d *day) int { return d.counts[by][name] })
	}
	seen := c.facts.seen(by, name)
	m.First, m.Last = seen[0], seen[len(seen)-1]
	m.Text = c.sentence(&m, seen)
	return m
}

// seen are the days on record that had it, in order.
func (f *Facts) seen(by, name string) []string {
	var dates []string
	on := func(date string, n int) {
		if n > 0 {
			dates = append(dates, date)
		}
	}
	for k, h := range f.days {
		h.parts(func(s *sums) { on(k.date, s.of(by, name)) })
	}
	for _, s := range f.incidents {
		if s.Gone {
			continue
		}
		for date := range s.Days {
			if by == byCause && s.Cause == name {
				on(date, 1)
			}
			s.eachName(date, func(kind, of string, n int) {
				if kind == by && of == name || kind == "culprit" && of == by+":"+name {
					on(date, n)
				}
			})
		}
	}
	slices.Sort(dates)
	return slices.Compact(dates)
}

// of is how much was counted of a name, apart from incidents on record.
func (s *sums) of(by, name string) (n int) {
	x := s.Folded
	if x == nil {
		x = &folded{}
	}
	switch by {
	case byTag:
		return s.Tags[name]
	case byCause:
		return max(x.Causes[name].Incidents, x.Causes[name].Failures)
	case byPlugin, byTheme:
		return s.Culprits[by+":"+name] + x.Names["culprit"][by+":"+name]
	}
	return x.Names[by][name]
}
