package report

import (
	"strings"
	"testing"
)

// TestComparedTellsNotes: a day that cannot be compared with is no zero, and the reader is told.
func TestComparedTellsNotes(t *testing.T) {
	h := &History{
		Date: "2026-11-22", Days: []Day{{Date: "2026-11-22", Whole: true, Failures: map[string]int{"502": 3}}},
		Notes: []string{"Of 2026-11-21 there is no record: it is not compared."},
	}
	want := "3 requests failed on Sunday, 2026-11-22; how it was before is not known yet. Of 2026-11-21 there is no record: it is not compared."
	if got := h.compared(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	h.Against = []Baseline{{Name: "median", Days: 5, Failures: map[string]int{"502": 1}}}
	if got := h.compared(); !strings.HasSuffix(got, ": median of 5 days 1. Of 2026-11-21 there is no record: it is not compared.") {
		t.Errorf("%q", got)
	}
}
