package correlate

import (
	"maps"
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skip(err)
	}
	return z
}

// entry is a line of an error log or an access log.
func entry(format string, at time.Time) *parser.Record {
	r := &parser.Record{Pos: parser.Pos{File: format + ".log", Line: 1}, Format: format, Time: at, Raw: []byte("x"), Duration: -1}
	r.Client, r.Vhost, r.URI = []byte("198.51.100.7"), []byte("shop.test"), []byte("/cart/")
	if format == "nginx-access" {
		r.Status = 200
	}
	return r
}

func TestDayOf(t *testing.T) {
	for _, c := range []struct {
		zone, at, from string
		hours          float64
	}{
		{"UTC", "2026-11-22T23:59:59Z", "2026-11-22T00:00:00Z", 24},
		{"Europe/Berlin", "2026-11-22T23:30:00Z", "2026-11-22T23:00:00Z", 24},
		{"Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z", 23},
		{"Europe/Berlin", "2026-10-25T10:00:00Z", "2026-10-24T22:00:00Z", 25},
		{"Africa/Cairo", "2026-04-24T10:00:00Z", "2026-04-23T22:00:00Z", 23}, // clocks go from 00:00 to 01:00
		{"America/Havana", "2026-11-01T17:00:00Z", "2026-11-01T04:00:00Z", 25},
		{"Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-29T10:00:00Z", 24}, // the day after was left out
	} {
		at, _ := time.Parse(time.RFC3339, c.at)
		from, to := DayOf(at, mustZone(t, c.zone))
		if got := from.UTC().Format(time.RFC3339); got != c.from || to.Sub(from).Hours() != c.hours {
			t.Errorf("%s in %s: %s for %v, want %s for %v h", c.at, c.zone, got, to.Sub(from), c.from, c.hours)
		}
	}
}

// TestDays counts lines on both sides of a midnight, in two zones.
func TestDays(t *testing.T) {
	tl := New()
	rule := &classifier.Rule{Tag: "nginx/upstream-timeout", Harm: "504", Family: "saturated"}
	for _, stamp := range []string{"2026-11-22T22:59:58Z", "2026-11-22T23:00:00Z", "2026-11-23T00:00:01Z"} {
		at, _ := time.Parse(time.RFC3339, stamp)
		tl.Add(entry("nginx-error", at), []classifier.Event{{Rule: rule}})
		tl.Add(entry("nginx-access", at), nil)
	}
	tags := func(zone string) map[string]int {
		out := map[string]int{}
		for _, d := range tl.Days(mustZone(t, zone)) {
			out[d.Date] = d.Tags[rule.Tag]
			if d.Requests["nginx-access"] != d.Tags[rule.Tag] {
				t.Errorf("%s in %s: %v requests", d.Date, zone, d.Requests)
			}
		}
		return out
	}
	if got, want := tags("UTC"), (map[string]int{"2026-11-22": 2, "2026-11-23": 1}); !maps.Equal(got, want) {
		t.Errorf("UTC: %v, want %v", got, want)
	}
	if got, want := tags("Europe/Berlin"), (map[string]int{"2026-11-22": 1, "2026-11-23": 2}); !maps.Equal(got, want) {
		t.Errorf("Berlin: %v, want %v", got, want)
	}
}

// TestDaysKeepSums: however coarse the grain, nothing is lost or counted twice.
func TestDaysKeepSums(t *testing.T) {
	tl := New()
	rule := &classifier.Rule{Tag: "nginx/open-files"}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	const n = 30_000
	for range n {
		at = at.Add(97 * time.Second)
		tl.Add(entry("nginx-error", at), []classifier.Event{{Rule: rule}})
		tl.Add(entry("nginx-access", at), nil)
	}
	lines, requests := 0, 0
	days := tl.Days(time.UTC)
	for _, d := range days {
		lines += d.Tags[rule.Tag]
		requests += d.Requests["nginx-access"]
		if whole := d.Date > "2026-11-01" && d.Date < days[len(days)-1].Date; whole && (d.Tags[rule.Tag] < 880 || d.Tags[rule.Tag] > 900) {
			t.Errorf("%s: %d lines", d.Date, d.Tags[rule.Tag])
		}
	}
	if lines != n || requests != n {
		t.Errorf("%d lines and %d requests over %d days, want %d", lines, requests, len(days), n)
	}
}
