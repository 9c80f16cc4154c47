package report

import (
	"testing"
	"time"

	"why502/classifier/correlate"
	"why502/classifier/rootcause"
)

// What was only weighed has no remedy: its commands would be run as well.
func TestAdviceOfLikelyCauses(t *testing.T) {
	hypothesis := func(id string, confidence float64) *rootcause.Hypothesis {
		return &rootcause.Hypothesis{
			Cause: &rootcause.Cause{ID: id, Kind: rootcause.Root, Verify: []string{"see"}}, Role: rootcause.Root, Confidence: confidence,
			Fix: []rootcause.Step{{Text: "do"}},
		}
	}
	b := builder{zone: time.UTC, shelf: newShelf()}
	for _, first := range []float64{.9, .1} {
		in := b.incident(correlate.New(), &rootcause.Diagnosis{
			Incident: &correlate.Incident{}, Causes: []*rootcause.Hypothesis{hypothesis("a", first), hypothesis("b", Low), hypothesis("c", Low-.01)},
		})
		for i, want := range []int{1, 1, 0} {
			if c := in.Causes[i]; len(c.Advice) != want || len(c.Verify) != want || c.Advice == nil || c.Verify == nil {
				t.Errorf("%s at %.2f: %+v, %q", c.ID, c.Confidence, c.Advice, c.Verify)
			}
		}
	}
}
