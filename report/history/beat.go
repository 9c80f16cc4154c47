package history

import (
	"slices"
	"strconv"
	"time"
)

// rhythm is a way in which something may come again and again, by the clock on the wall.
type rhythm struct {
	name      string
	step      int64 // seconds
	tolerance int64
	working   bool // Saturdays and Sundays are left out
}

var rhythms = []rhythm{
	{"hour", 3600, 2 * 60, false},
	{"weekday", 24 * 3600, 10 * 60, true},
	{"day", 24 * 3600, 10 * 60, false},
	{"week", 7 * 24 * 3600, 30 * 60, false},
}

// A beat is there if
//   - three occasions at least are on it, the last among them;
//   - of its times in between that logs cover three in four had one, and never did three in a row have none: a night of which
//     nothing is known is no miss, nor is 02:30 when clocks went from two to three;
//   - two of three occasions since its first are on it;
//   - so many would be on it in less than one of a thousand cases if all of them came at random.
const (
	leastMet = 3
	mostMiss = 2   // in a row
	maxSlots = 800 // that are looked at: a month of hours
	leastHit = 0.75
	leastOn  = 2.0 / 3
)

// beat is one that occasions keep.
type beat struct {
	rhythm
	met    []occasion // that are on it, the oldest first
	row    int        // how many of the last were without a miss or an unknown time between
	slots  int        // its times that logs cover, from the first to the last
	median int64      // of the seconds into the step, by the clock on the wall
	spread int64      // between the earliest and the latest of these
}

// beat finds the rhythm that the occasions keep, nil if there is none. What comes each day comes each week, too: the shorter is told.
// Working days are looked at first; it takes a weekend without one to tell them.
func (f *Facts) beat(host string, all []occasion) *beat {
	for _, r := range rhythms {
		if b := f.kept(host, r, all); b != nil {
			return b
		}
	}
	return nil
}

// kept follows a rhythm back from the last occasion.
func (f *Facts) kept(host string, r rhythm, all []occasion) *beat {
	last := len(all) - 1
	at := f.wall(all[last].start)
	if r.working && weekend(at) {
		return nil
	}
	var found *beat
	met := []occasion{all[last]}
	slots, row, misses, unbroken := 1, 1, 0, true
	weekends := false // a covered one without an occasion lies between
	for slot, i := at-r.step, last-1; i >= 0 && misses <= mostMiss && slot > at-maxSlots*r.step; slot -= r.step {
		for i >= 0 && f.wall(all[i].start) > slot+r.tolerance {
			i--
		}
		hit := i >= 0 && f.wall(all[i].start) >= slot-r.tolerance
		switch {
		case r.working && weekend(slot):
			if hit {
				return nil
			}
			weekends = weekends || f.sure(host, slot)
			continue
		case hit:
			met, misses = append(met, all[i]), 0
			slots++
			if unbroken {
				row++
			}
			if len(met) >= leastMet && float64(len(met)) >= leastHit*float64(slots) && (!r.working || weekends) {
				if b := (&beat{rhythm: r, met: slices.Clone(met), row: row, slots: slots}); f.stands(b, all[i:]) {
					found = b
				}
			}
		case f.sure(host, slot):
			slots++
			misses++
			unbroken = false
		default:
			unbroken = false
		}
	}
	if found != nil {
		slices.Reverse(found.met)
		found.measure(f)
	}
	return found
}

// stands says whether the occasions on a beat are more than what chance brings, and most of those since its first.
func (f *Facts) stands(b *beat, since []occasion) bool {
	if float64(len(b.met)) < leastOn*float64(len(since)) {
		return false
	}
	length := f.wall(since[len(since)-1].start) - f.wall(since[0].start)
	chance := min(1, float64(len(since))*float64(2*b.tolerance)/float64(max(1, length)))
	return chance < 1 && atLeast(len(b.met)-1, b.slots-1, chance) < unlikely
}

// wall is what the clock on the wall shows, as seconds.
func (f *Facts) wall(sec int64) int64 {
	_, offset := time.Unix(sec, 0).In(f.zone).Zone()
	return sec + int64(offset)
}

func weekend(wall int64) bool {
	d := time.Unix(wall, 0).UTC().Weekday()
	return d == time.Saturday || d == time.Sunday
}

// sure says whether the logs of a host would tell of what happened when the clock on the wall showed a time, and it showed it at all.
func (f *Facts) sure(host string, wall int64) bool {
	t := time.Unix(wall, 0).UTC()
	at := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, f.zone)
	if f.wall(at.Unix()) != wall {
		return false
	}
	d := f.days[dayKey{f.date(at.Unix()), host}]
	if d == nil || f.silent(host, f.date(at.Unix())) {
		return false
	}
	var covered []span
	d.parts(func(s *sums) { covered = append(covered, s.Covered...) })
	return slices.ContainsFunc(joined(union(covered), maxHole), func(s span) bool { return s[0] <= at.Unix() && at.Unix() < s[1] })
}

// measure finds when in the step it comes.
func (b *beat) measure(f *Facts) {
	last := f.wall(b.met[len(b.met)-1].start)
	var late []int64 // than the last
	for _, o := range b.met {
		d := (f.wall(o.start) - last) % b.step
		if d > b.step/2 {
			d -= b.step
		} else if d < -b.step/2 {
			d += b.step
		}
		late = append(late, d)
	}
	slices.Sort(late)
	b.median = last + late[(len(late)-1)/2]
	b.spread = late[len(late)-1] - late[0]
}

// words is "third night in a row at 03:00".
func (b *beat) words() string {
	at := time.Unix(b.median, 0).UTC()
	noun, when := "day", "at "+at.Format("15:04")
	switch {
	case b.name == "hour":
		noun, when = "hour", "at minute "+strconv.Itoa(at.Minute())
	case b.name == "week":
		noun = at.Weekday().String()
	case b.name == "weekday":
		noun = "working day"
	case at.Hour() >= 22 || at.Hour() < 6:
		noun = "night"
	}
	if b.spread > 2*60 {
		at = at.Round(5 * time.Minute)
		when = "around " + at.Format("15:04")
		if b.name == "hour" {
			when = "around minute " + strconv.Itoa(at.Minute())
		}
	}
	switch {
	case b.row >= leastMet:
		return ordinal(b.row) + " " + noun + " in a row " + when
	case b.slots == len(b.met):
		return ordinal(b.slots) + " " + noun + " " + when + " (of some between nothing is known)"
	}
	return strconv.Itoa(len(b.met)) + " of the last " + count(b.slots, noun) + " " + when
}
