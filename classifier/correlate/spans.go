package correlate

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"
)

// Spans are times of which one that reaches into another is found by halving, however many there are.
type Spans struct {
	all     []ranked
	ordered bool
}

// ranked is a span in the order of beginnings; latest is the last end of it and all before it. There is one for each of thousands of
// logs, so it is kept in nanoseconds.
type ranked struct{ from, to, latest int64 }

// Add puts a span in.
func (s *Spans) Add(from, to time.Time) {
	s.all = append(s.all, ranked{from: nanos(from), to: nanos(to)})
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
	end := nanos(to)
	n := sort.Search(len(s.all), func(i int) bool { return s.all[i].from > end })
	return n > 0 && s.all[n-1].latest >= nanos(from)
}

func (s *Spans) order() {
	slices.SortFunc(s.all, func(a, b ranked) int { return cmp.Compare(a.from, b.from) })
	for i := range s.all {
		x := &s.all[i]
		if x.latest = x.to; i > 0 {
			x.latest = max(s.all[i-1].latest, x.to)
		}
	}
	s.ordered = true
}

// nanos are the nanoseconds since 1970; what lies centuries off is as far as the number goes.
func nanos(t time.Time) int64 {
	const most = math.MaxInt64/int64(time.Second) - 1
	switch sec := t.Unix(); {
	case sec > most:
		return math.MaxInt64
	case sec < -most:
		return math.MinInt64
	}
	return t.UnixNano()
}
