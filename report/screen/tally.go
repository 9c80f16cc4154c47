package screen

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// tally counts requests by time and status, by the clock of the logs: what is read at the start is counted when it happened.
type tally struct {
	seconds [60]slot // for the rates
	minutes [60]slot // for the course of the last hour
	now     time.Time
}

// slot is one second or one minute.
type slot struct {
	at     int64 // since 1970
	counts map[told]int
}

// told is a status and the kind of log that tells it.
type told struct{ log, status string }

// maxCounts bounds the statuses of a slot: they come out of logs.
const maxCounts = 100

// ahead is how far a line may be ahead of the last known time. One further ahead counts as of then: it must not
// push out what is newer than the past that it would overwrite.
const ahead = time.Minute

func (t *tally) add(at time.Time, log, status string) {
	if status == "" {
		return
	}
	if !t.now.IsZero() && at.After(t.now.Add(ahead)) {
		at = t.now
	}
	put(t.seconds[:], at.Unix(), told{log, status})
	put(t.minutes[:], at.Unix()/60, told{log, status})
}

func put(slots []slot, at int64, k told) {
	if at < 0 {
		return
	}
	s := &slots[at%int64(len(slots))]
	switch {
	case at < s.at:
		return // longer ago than is looked back
	case at > s.at || s.counts == nil:
		s.at, s.counts = at, map[told]int{}
	}
	if _, known := s.counts[k]; known || len(s.counts) < maxCounts {
		s.counts[k]++
	}
}

// rate is how often a status, or a class of them, was given in the last minute.
type rate struct {
	name   string
	count  int
	failed bool
}

// rates are those of the last minute: failures one by one and first, then the classes of the others.
func (t *tally) rates() []rate {
	sum := map[told]int{}
	for i := range t.seconds {
		if s := &t.seconds[i]; within(s.at, t.now.Unix(), len(t.seconds)) {
			for k, n := range s.counts {
				sum[k] += n
			}
		}
	}
	classes := map[string]int{}
	var out []rate
	for status, n := range byStatus(sum) {
		switch {
		case failure(status):
			out = append(out, rate{status, n, true})
		case status == "499": // visitors who did not wait: not a failure, and often a sign of one
			classes[status] += n
		default:
			classes[status[:1]+"xx"] += n
		}
	}
	for name, n := range classes {
		out = append(out, rate{name: name, count: n})
	}
	slices.SortFunc(out, func(a, b rate) int {
		switch {
		case a.failed != b.failed && a.failed:
			return -1
		case a.failed != b.failed:
			return 1
		case a.failed:
			return cmp.Compare(a.name, b.name)
		}
		return cmp.Compare(b.name, a.name) // 4xx before 2xx
	})
	return out
}

// hour is how many requests failed in each of the last 60 minutes, the oldest first.
func (t *tally) hour() [60]int {
	var out [60]int
	now := t.now.Unix() / 60
	for i := range t.minutes {
		s := &t.minutes[i]
		if !within(s.at, now, len(t.minutes)) {
			continue
		}
		for status, n := range byStatus(s.counts) {
			if failure(status) {
				out[len(out)-1-int(now-min(s.at, now))] += n
			}
		}
	}
	return out
}

// within says whether at is one of the last n, now included. A line may be ahead of the last known time a little.
func within(at, now int64, n int) bool { return now > 0 && at > now-int64(n) && at > 0 }

// byStatus joins what several kinds of log tell. They tell of the same requests: the highest count holds.
func byStatus(counts map[told]int) map[string]int {
	out := map[string]int{}
	for k, n := range counts {
		out[k.status] = max(out[k.status], n)
	}
	return out
}

// failure says whether a visitor was hurt: 5xx, "truncated", "dropped".
func failure(status string) bool {
	n, err := strconv.Atoi(status)
	return err != nil || n >= 500
}
