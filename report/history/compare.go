package history

import (
	"time"

	"why502/report"
)

// trendDays is how many days a report shows.
const trendDays = 30

// Date is the day that a report up to a moment is about: the last that the logs cover from end to end, if it is the one before
// at the earliest, else the day of the moment.
func (f *Facts) Date(to time.Time) string {
	today := f.date(to.Unix())
	if yesterday := f.shift(today, -1); !f.day(today).Whole && f.day(yesterday).Whole {
		return yesterday
	}
	return today
}

// Compare says how a day differs from the days before.
func (f *Facts) Compare(date string) *report.History {
	h := &report.History{Zone: f.zone.String(), Date: date, Days: []report.Day{}, Against: []report.Baseline{}, Moves: []report.Move{}}
	for n := 1 - trendDays; n <= 0; n++ {
		if d := f.day(f.shift(date, n)); d.known || n == 0 {
			h.Days = append(h.Days, d.Day)
		}
	}
	return h
}
