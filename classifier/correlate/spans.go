package correlate

import (
	"slices"
	"sort"
	"time"
)

// Spans are times of which one that reaches into another is found by halving, however many there are.
type Spans struct {
	all     []ranked
	ordered bool
}

// ranked is a span in the order of beginnings; latest is the last end of it and all before it.
type ranked struct{ from, to, latest time.Time }

// Add puts a span in.
func (s *Spans) Add(from, to time.Time) {
	s.all = append(s.all, ranked{from: from, to: to})
	s.ordered = false
}

// Meet says whether one of them begins at to or before and ends at from or after.
func (s *Spans) Meet(from, to time.Time) bool {
	if s == nil {
		return false
	}
	if !s.ordered {
		s.order()
	}
	n := sort.Search(len(s.all), func(i int) bool { return s.all[i].from.After(to) })
	return n > 0 && !s.all[n-1].latest.Before(from)
}

func (s *Spans) order() {
	slices.SortFunc(s.all, func(a, b ranked) int { return a.from.Compare(b.from) })
	for i := range s.all {
		x := &s.all[i]
		if x.latest = x.to; i > 0 {
			x.latest = later(s.all[i-1].latest, x.to)
		}
	}
	s.ordered = true
}
