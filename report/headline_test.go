package report

import (
	"strings"
	"testing"
)

// A cause that next to nothing speaks for is no answer: it may come first while one line is all there is.
func TestHeadlineOfNothing(t *testing.T) {
	for sure, want := range map[float64]string{
		.04: "Why is not visible in these logs.",
		.3:  "Many visitors. Confidence: very low (30%).",
	} {
		in := Incident{Start: noon, End: noon, Failures: map[string]int{"500": 1}, Causes: []Cause{{ID: "a", Role: "root", Summary: "Many visitors.", Confidence: sure}}}
		b := builder{shelf: newShelf()}
		if got := b.headline(&in); !strings.HasSuffix(got, "(500). "+want) {
			t.Errorf("%v: %q", sure, got)
		}
	}
}
