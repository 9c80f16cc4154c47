package correlate

import (
	"testing"
	"time"
)

// A long span that began first is found behind short ones that began later.
func TestSpansMeet(t *testing.T) {
	at := func(sec int64) time.Time { return time.Unix(sec, 0) }
	var s Spans
	if s.Meet(at(0), at(100)) {
		t.Error("no span meets something")
	}
	for _, p := range [][2]int64{{50, 60}, {10, 45}, {20, 25}, {80, 80}} {
		s.Add(at(p[0]), at(p[1]))
	}
	for _, c := range []struct {
		from, to int64
		want     bool
	}{
		{0, 9, false},
		{0, 10, true},
		{30, 40, true}, // in the long one
		{45, 49, true},
		{46, 49, false},
		{61, 79, false},
		{80, 80, true},
		{81, 90, false},
	} {
		if got := s.Meet(at(c.from), at(c.to)); got != c.want {
			t.Errorf("%d to %d: %v", c.from, c.to, got)
		}
	}
	s.Add(at(85), at(86))
	if !s.Meet(at(81), at(90)) {
		t.Error("a span added later is not found")
	}
}
