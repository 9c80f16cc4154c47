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

// moves are the changes of a day, failures before lines, what is bad before what is good, the heaviest first; and how many lighter
// ones there are.
//
// One is judged by each day of the week before that can be compared with (see above), in number and, where traffic is known, also
// per request. What was alike on the same weekday is no change: some things come on Sundays. Nor is what was alike on two or more
// of the days: it is usual by now.
func (c *comparison) moves() (moves []report.Move, more int) {
	moves = []report.Move{}
	if len(c.week) == 0 {
		return moves, 0
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
	told := moves[:min(len(moves), maxMoves)]
	more = len(moves) - len(told)
	for i := range told {
		m := &told[i]
		seen := c.facts.seen(m.Kind, m.Name)
		m.First, m.Last = seen[0], seen[len(seen)-1]
		m.Text = c.sentence(m, seen)
	}
	return told, more
}

// maxMoves bounds the changes that are told.
const maxMoves = 60

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
	now, most := c.today.extent(by, name)
	week, ever, over := 0, false, 0.0
	for _, d := range c.week {
		n, m := d.extent(by, name)
		week += n
		ever = ever || m > 0
		over += relative(d, c.today)
	}
	up, down := c.sides(c.today, by, name)
	less := down
	if now == 0 {
		// What was gone by yesterday is no news today; what is never there on Sundays is not gone.
		had := func(back int) bool {
			d := c.on(c.facts.shift(c.today.Date, -back))
			return d == nil || d.counts[by][name] > 0
		}
		less = most == 0 && had(1) && (less || had(weekDays) && above(week, over, 0, 1))
	}
	switch {
	case now > 0 && !ever && above(now, 1, 0, min(over, float64(len(c.week)))):
		return fresh
	case now > 0 && ever && up:
		return worse
	case !c.today.Whole || !less && !c.calmed(by, name) || now == 0 && most > 0:
		return ""
	case now > 0:
		return better
	}
	return gone
}

// extent is what was counted of a name, at least and at most: some of it may be among the names that were too many.
func (d *day) extent(by, name string) (least, most int) {
	n := d.counts[by][name]
	return n, n + d.counts[by][Other]
}

// sides says whether a count of a day lies clearly above, or below, what is usual in the week.
func (c *comparison) sides(of *day, by, name string) (up, down bool) {
	least, most := of.extent(by, name)
	days, alikeUp, alikeDown := 0, 0, 0 // days that are not clearly below it, and not clearly above
	upSame, downSame := false, false
	for _, d := range c.week {
		if d == of {
			continue
		}
		days++
		wasLeast, wasMost := d.extent(by, name)
		same := d.Date == c.facts.shift(of.Date, -weekDays)
		if !exceeds(of, least, d, wasMost) {
			alikeUp++
			upSame = upSame || same
		}
		if !exceeds(d, wasLeast, of, most) {
			alikeDown++
			downSame = downSame || same
		}
	}
	usual := min(2, days/leastDays+1) // how many days make it so
	return days > 0 && !upSame && alikeUp < usual, days > 0 && !downSame && alikeDown < usual
}

// calmed says whether a day is clearly below the one before, which stood out itself.
func (c *comparison) calmed(by, name string) bool {
	before := c.on(c.facts.shift(c.today.Date, -1))
	if before == nil {
		return false
	}
	n, _ := before.extent(by, name)
	_, now := c.today.extent(by, name)
	return exceeds(before, n, c.today, now) && c.stoodOut(before, n, by, name)
}

// stoodOut says whether no more than one of the other days was like a day.
func (c *comparison) stoodOut(of *day, n int, by, name string) bool {
	alike := 0
	for _, d := range c.week {
		if _, was := d.extent(by, name); d != of && !exceeds(of, n, d, was) {
			alike++
		}
	}
	return alike < 2
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
		n := s.hit(by)[name]
		all := by == byCause && s.Cause == name || s.Culprit != "" && s.Culprit == by+":"+name
		if s.Gone || n == 0 && !all {
			continue
		}
		for date := range s.Days {
			switch {
			case by == byCause:
				on(date, 1)
			case all:
				on(date, s.failures(date))
			default:
				on(date, s.part(n, date))
			}
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
