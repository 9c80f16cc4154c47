package main

import (
	"math"
	"strings"
	"time"
)

// layouts are the ways to write a moment that states no zone; --timezone says which is meant.
var layouts = []string{
	"2006-01-02",
	"2006-01-02 15:04",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04",
	"2006-01-02T15:04:05",
}

// moment reads what --since and --until take. A date means its first moment, as in journalctl, a time without one the last
// time that clocks showed it: whoever asks at half past midnight for what was since 23:50 means the evening before.
func moment(s string, now time.Time, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	now = now.In(zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	switch s {
	case "now":
		return now, true
	case "today":
		return midnight, true
	case "yesterday":
		return midnight.AddDate(0, 0, -1), true
	}
	if ago, ok := strings.CutPrefix(s, "-"); ok {
		d, ok := span(ago)
		return now.Add(-d), ok
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true
	}
	if t, ok := timeOfDay(s); ok {
		t = time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)
		if t.After(now) {
			t = t.AddDate(0, 0, -1)
		}
		return t, true
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// timeOfDay reads "17:00" and "17:00:30".
func timeOfDay(s string) (time.Time, bool) {
	for _, l := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(l, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// span reads "2h", "90m", "1h30m" and, which time.ParseDuration does not know, "3d" and "1w".
func span(s string) (time.Duration, bool) {
	hours := map[byte]time.Duration{'d': 24, 'w': 7 * 24}
	if n := len(s); n > 1 && hours[s[n-1]] > 0 {
		d, err := time.ParseDuration(s[:n-1] + "h")
		return d * hours[s[n-1]], err == nil && d >= 0 && d <= math.MaxInt64/hours[s[n-1]]
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d >= 0
}

// location reads a zone: a name of the IANA database, "local", or an offset as logs write it.
func location(name string) (*time.Location, error) {
	switch strings.ToLower(name) {
	case "local":
		return time.Local, nil
	case "utc", "z":
		return time.UTC, nil
	}
	for _, l := range []string{"-0700", "-07:00"} {
		if t, err := time.Parse(l, name); err == nil {
			_, east := t.Zone()
			return time.FixedZone(t.Format("-07:00"), east), nil
		}
	}
	if z, err := time.LoadLocation(name); err == nil && name != "" {
		return z, nil
	}
	return nil, usage("--timezone: %q is no time zone; give a name such as Europe/Berlin, an offset such as +02:00, or local", name)
}
