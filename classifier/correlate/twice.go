package correlate

import (
	"slices"
	"strings"
	"time"
)

// dropTwice removes marks of events that stand in two files: a daemon that writes its log and sends it to syslog as
// well, a container's output kept twice. marks are in order; the first of two stays.
func dropTwice(marks []*Mark) []*Mark {
	out := marks[:0]
	from := 0 // of the marks that may be the same moment's
	for _, m := range marks {
		for from < len(out) && m.First.Sub(out[from].First) > time.Second {
			from++
		}
		if m.byStatus() || !slices.ContainsFunc(out[from:], func(o *Mark) bool { return twin(m, o) }) {
			out = append(out, m)
		}
	}
	return out
}

// twin says whether two marks of different files are one event: about the same subject, as often, of the same processes or
// requests, or one file's line is the other's with something in front.
func twin(a, b *Mark) bool {
	if a.File == b.File || a.Tag != b.Tag || a.Count != b.Count || a.Vhost != b.Vhost || a.Backend != b.Backend || a.Pool != b.Pool ||
		a.Culprit != b.Culprit || a.First.Unix() != b.First.Unix() {
		return false
	}
	switch {
	case len(a.PIDs) > 0 && slices.Equal(a.PIDs, b.PIDs) && strings.HasPrefix(string(a.Tag), "phpfpm/"):
		return true
	case len(a.Requests.h) > 0 && slices.Equal(a.Requests.h, b.Requests.h):
		return true
	}
	long, short := a.Sample.Text, b.Sample.Text
	if len(long) < len(short) {
		long, short = short, long
	}
	return len(short) >= 20 && strings.HasSuffix(long, short)
}

// byStatus says that m counts access lines. Two servers may log one request; what is counted there is told apart by server.
func (m *Mark) byStatus() bool { return strings.HasPrefix(string(m.Tag), "http/") }
