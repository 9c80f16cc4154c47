package rootcause

import (
	"slices"
	"testing"

	"why502/classifier/correlate"
)

// What is to be done only where a log says so stands before what holds in general, and nowhere else.
func TestStepsThatNeedALine(t *testing.T) {
	for _, c := range Catalogue {
		general := slices.IndexFunc(c.Fix, func(s Step) bool { return s.Where == nil })
		for i, s := range c.Fix {
			if s.Where == nil {
				continue
			}
			if i > general {
				t.Errorf("%s: %q stands behind what holds in general", c.ID, s.Text)
			}
			for _, tag := range s.Where {
				if !slices.ContainsFunc(clues(c.Needs, c.For), func(k Clue) bool { return slices.Contains(k.Tags, tag) }) {
					t.Errorf("%s: %s never speaks for it", c.ID, tag)
				}
			}
		}
	}
	sc := &scene{bench: &bench{t: correlate.New()}, in: &correlate.Incident{}}
	h := &Hypothesis{Cause: fpmMaxChildrenExhausted}
	general := 0
	for _, s := range h.Cause.Fix {
		if s.Where == nil {
			general++
		}
	}
	if n := len(sc.remedies(h)); n != general {
		t.Errorf("no log says so: %d steps of %d", n, len(h.Cause.Fix))
	}
	h.For = []Finding{{Tag: "phpfpm/process-max"}}
	if n := len(sc.remedies(h)); n != general+1 {
		t.Errorf("the log says so: %d steps of %d", n, len(h.Cause.Fix))
	}
}
