package main

import "time"

// window is the time asked for; a zero end is open.
type window struct {
	from, to time.Time
	none     bool // of a log that was silent since
}

// What is read around the time asked for: a pool that filled up is logged once, minutes before visitors feel it.
const (
	before = 30 * time.Minute
	after  = time.Minute
)

// ends are the ends of the time asked for, nil if open.
func (w window) ends(zone *time.Location) (from, to *time.Time) {
	if !w.from.IsZero() {
		t := w.from.In(zone)
		from = &t
	}
	if !w.to.IsZero() {
		t := w.to.In(zone)
		to = &t
	}
	return from, to
}

// meets says whether an incident lies in the time asked for.
func (w window) meets(start, end time.Time) bool {
	return (w.from.IsZero() || !end.Before(w.from)) && (w.to.IsZero() || start.Before(w.to))
}

// near says whether a record may bear on it. Entries without a time may.
func (w window) near(t time.Time) bool {
	return !w.none && (t.IsZero() || !w.past(t) && (w.to.IsZero() || t.Before(w.to.Add(after))))
}

// past says whether a record is older than what may bear on it.
func (w window) past(t time.Time) bool {
	return w.none || !t.IsZero() && !w.from.IsZero() && t.Before(w.from.Add(-before))
}

// has says whether a record lies in the time asked for. Entries without a time do.
func (w window) has(t time.Time) bool {
	return t.IsZero() || (w.from.IsZero() || !t.Before(w.from)) && (w.to.IsZero() || t.Before(w.to))
}
