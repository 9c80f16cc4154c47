package report

import (
	"slices"
	"testing"
	"time"
)

// Many gaps of one kind are one, and each one names its log.
func TestGaps(t *testing.T) {
	at := func(sec int) *time.Time { t := noon.Add(time.Duration(sec) * time.Second); return &t }
	h := History{Gaps: []Gap{
		{Path: "a", From: at(9), To: at(20), Text: "gone."},
		{Path: "b", From: at(5), Text: "gone."},
		{Path: "x", From: at(1), Text: "cut off."},
		{Path: "c", To: at(30), Text: "gone."},
		{Path: "a", From: at(7), To: at(8), Text: "gone."},
		{Path: "y"},
	}}
	want := []string{
		"4 logs (a and 3 more), 2026-11-22 12:00:05–12:00:30 +00:00: gone.",
		"x, after 2026-11-22 12:00:01 +00:00: cut off.",
		"y: gone before it was read.",
	}
	if got := h.gaps(clock{time.UTC}); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	h.Gaps = h.Gaps[:4]
	if got := h.gaps(clock{time.UTC}); len(got) != 4 {
		t.Errorf("three of a kind: %q", got)
	}
}
