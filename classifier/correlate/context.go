package correlate

import "time"

// What bears on an incident lies near it: how common a line or how many requests are usual is judged by the hours around. Else
// every verdict would hang on all that is read, and a server that reads its logs once a day would get another one than whoever
// reads a year of them at once. Hours are whole ones, so that incidents of one hour share what is found out for them.
const (
	contextBefore = 2 * time.Hour
	contextAfter  = time.Hour
	contextStep   = time.Hour
)

// Context is the time around a stretch of time by which what happened in it is judged: two to three hours before it, one to two
// after it.
func Context(start, end time.Time) (from, to time.Time) {
	return start.Truncate(contextStep).Add(-contextBefore), end.Truncate(contextStep).Add(contextStep + contextAfter)
}

// contextOf is the same in seconds.
func contextOf(start, end int64) (from, to int64) {
	step := int64(contextStep / time.Second)
	return floor(start, step) - int64(contextBefore/time.Second), floor(end, step) + step + int64(contextAfter/time.Second)
}
