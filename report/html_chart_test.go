package report

import (
	"slices"
	"testing"
	"time"
)

// Below a chart of many days each date stands once, and where its day begins.
func TestChartDays(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		days int
		want []string
	}{
		{5, []string{"Oct 24", "Oct 25", "Oct 26", "Oct 27", "Oct 28"}}, // the clocks are set back on the 25th
		{10, []string{"Oct 24", "Oct 26", "Oct 28", "Oct 30", "Nov 1"}},
	} {
		from := time.Date(2026, 10, 23, 14, 0, 0, 0, berlin)
		p := newPlan(from, from.AddDate(0, 0, c.days), 180, time.Minute, clock{berlin})
		ch := p.draw(1100, 230, nil, func(string) int { return 0 })
		var got []string
		for _, k := range ch.Ticks {
			day, err := time.ParseInLocation("2006 Jan 2", "2026 "+k.Label, berlin)
			if err != nil {
				t.Fatal(err)
			}
			if x := num(p.x(ch, day)); x != k.X {
				t.Errorf("%s is at %s, want %s", k.Label, k.X, x)
			}
			got = append(got, k.Label)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d days: %q", c.days, got)
		}
	}
}
