package parser

import (
	"testing"
	"time"
)

func TestYearOfStampsWithoutOne(t *testing.T) {
	date := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }
	type day struct {
		month time.Month
		day   int
		year  int
	}
	for _, c := range []struct {
		name    string
		ref     time.Time
		anchors []time.Time
		dated   []time.Time
		days    []day
	}{
		{"no file time", time.Time{}, nil, nil, []day{{time.May, 1, 1970}}},
		{"the file time's", date(2026, time.November, 22), nil, nil, []day{{time.May, 1, 2026}, {time.November, 23, 2026}}},
		{"last year's", date(2026, time.January, 2), nil, nil, []day{{time.December, 31, 2025}, {time.January, 1, 2026}}},
		{"a straggler", date(2026, time.January, 2), nil, nil, []day{{time.December, 31, 2025}, {time.January, 1, 2026}, {time.December, 31, 2025}, {time.January, 1, 2026}}},
		{"the year steps within the file", date(2026, time.December, 31), nil, nil, []day{{time.December, 31, 2026}, {time.January, 1, 2027}, {time.February, 1, 2027}}},
		{"another log states it", date(2028, time.June, 1), []time.Time{date(2025, time.December, 31)}, nil, []day{{time.December, 31, 2025}, {time.January, 1, 2026}}},
		{"January is anchored", date(2028, time.June, 1), []time.Time{date(2026, time.January, 1)}, nil, []day{{time.December, 30, 2025}, {time.January, 2, 2026}}},
		{"a copy of old logs", date(2026, time.November, 22), nil, []time.Time{date(2015, time.June, 2)}, []day{{time.June, 2, 2015}, {time.May, 30, 2015}}},
		{"an old log beside it", date(2026, time.November, 22), nil, []time.Time{date(2015, time.June, 2), date(2026, time.October, 1)}, []day{{time.November, 1, 2026}}},
		{"a leap day before the file time", date(2026, time.March, 5), nil, nil, []day{{time.February, 29, 2024}}},
		{"a leap day that is to come", date(2028, time.February, 1), nil, nil, []day{{time.February, 29, 2024}, {time.January, 30, 2028}}},
		{"today is a leap day", date(2028, time.February, 29), nil, nil, []day{{time.February, 28, 2028}, {time.February, 29, 2028}}},
		{"a leap day after others", date(2026, time.March, 5), nil, nil, []day{{time.February, 28, 2026}, {time.February, 29, 2024}}},
		{"a leap day near none", date(2026, time.March, 5), []time.Time{date(2026, time.March, 1)}, nil, []day{{time.February, 29, 2024}, {time.March, 1, 2026}}},
		{"a leap day before a centennial", date(2101, time.March, 5), []time.Time{date(2099, time.March, 1)}, nil, []day{{time.February, 29, 2096}}},
		{"a leap day beside it", date(2026, time.March, 5), nil, []time.Time{date(2024, time.February, 29)}, []day{{time.February, 28, 2024}, {time.March, 2, 2024}}},
		{"a zone goes before none", date(2026, time.November, 22), []time.Time{date(2020, time.June, 2)}, []time.Time{date(2015, time.June, 2)}, []day{{time.June, 2, 2020}}},
	} {
		d := &Decoder{Ref: c.ref, Anchors: c.anchors, Dated: c.dated}
		for _, day := range c.days {
			if got := d.year(day.month, day.day); got != day.year {
				t.Errorf("%s: %s %d is of %d, want %d", c.name, day.month, day.day, got, day.year)
			}
		}
	}
}
