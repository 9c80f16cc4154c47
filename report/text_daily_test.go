package report

import (
	"fmt"
	"strings"
	"testing"
)

// The mail of a bad day is still read: it tells the gravest incidents, counts the others, and says what changed in few lines.
func TestDailyTextStaysShort(t *testing.T) {
	r := *fixtureReports(t)["daily"]
	in, h := r.Incidents[0], *r.History
	r.Incidents = nil
	for i := range 300 {
		in.ID, in.Failures = fmt.Sprint(i), map[string]int{"502": 300 - i}
		r.Incidents = append(r.Incidents, in)
		h.Moves = append(h.Moves, h.Moves[0])
	}
	r.History = &h
	page := drawText(&r, Options{}, 72)
	if n := len(page.lines); n > 300 {
		t.Errorf("%d lines", n)
	}
	text := strings.Join(page.lines, "\n")
	for _, want := range []string{"300 incidents", "295 further incidents", "304 more: --verbose"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Capacity is told where something is to be done, and then the verdict against raising as well.
func TestDailyTextCapacity(t *testing.T) {
	for verdict, told := range map[string]bool{"raise": true, "lower": true, "mend": true, "keep": false, "unknown": false} {
		r := Report{History: &History{Date: "2026-11-22"}, Capacity: &Capacity{Pools: []PoolCapacity{{Name: "shop", Verdict: verdict, Text: "Because."}}}}
		text := strings.Join(drawText(&r, Options{}, 72).lines, "\n")
		if strings.Contains(text, "Pool shop") != told {
			t.Errorf("%s: told is %v in\n%s", verdict, !told, text)
		}
		if verbose := strings.Join(drawText(&r, Options{Verbose: true}, 72).lines, "\n"); !strings.Contains(verbose, "Pool shop") {
			t.Errorf("%s: not in\n%s", verdict, verbose)
		}
	}
}
