package correlate

import (
	"slices"
	"strings"
	"time"
)

// kinds are the kinds of events that pair: two logs write of one and the same happening, each by its own clock.
type kinds uint32

const (
	webError   kinds = 1 << iota // a web server's error line for a failed request
	webStatus                    // the access line of a 5xx, when the answer was sent
	webBegin                     // the same, when the request came
	webStart                     // the same, of a log that does not say how long the answer took
	webDied                      // a web server's error line: the other end was gone
	childDied                    // PHP-FPM's line about a child that was killed or crashed
	kernelDied                   // the kernel's about a process
	dbAborted                    // the database's about a client that was gone
	fpmSlow                      // PHP-FPM: executing too slow
	fpmBegin                     // when that request began
	slowEntry                    // the slow log's entry
	fpmFull                      // PHP-FPM: reached max_children
	queueFull                    // a web server: the listen queue is full
	phpFailed                    // PHP: a fatal error, the database is refused
	web500                       // the access line of a 500
	dbRefused                    // PHP: the database refuses
	dbStopped                    // the database: I stop
)

var kindsOfTag = map[string]kinds{
	"nginx/upstream-reset": webDied, "nginx/upstream-reset-body": webDied, "nginx/upstream-closed": webDied,
	"apache/backend-reset": webDied, "apache/backend-write-failed": webDied, "apache/http-read-failed": webDied, "apache/response-cut": webDied,
	"phpfpm/child-segv": childDied, "phpfpm/child-sigkill": childDied, "phpfpm/terminate": childDied, "phpfpm/child-exit-code": childDied,
	"kernel/segfault": kernelDied, "kernel/trap": kernelDied, "kernel/oom-kill-global": kernelDied, "kernel/oom-kill-cgroup": kernelDied,
	"mysql/aborted": dbAborted, "mysql/stopped": dbStopped,
	"phpfpm/slow": fpmSlow, "phpfpm/max-children": fpmFull,
	"nginx/upstream-queue-full": queueFull, "apache/uds-queue-full": queueFull, "apache/workers-busy": queueFull,
	"php/fatal": phpFailed, "php/memory-limit": phpFailed, "php/time-limit": phpFailed, "php/parse-error": phpFailed,
	"db/refused": phpFailed | dbRefused, "db/too-many-connections": phpFailed, "db/access-denied": phpFailed,
}

// sameness is what besides time must agree in a pair.
type sameness uint8

const (
	anyone     sameness = iota
	sameClient          // a client of both
	samePID             // a process of both
)

// pairing says which kinds are two views of one happening.
type pairing struct {
	a, b  kinds
	same  sameness
	loose bool  // one may come seconds after the other: good enough for a zone, not for a skew
	lag   int64 // a may come that many seconds after b
}

// patience is how long a request may take that Apache's access log states the beginning of, its error log the end.
const patience = 300

var pairings = []pairing{
	{a: webError, b: webStatus, same: sameClient},
	{a: webError, b: webStart, same: sameClient, loose: true, lag: patience},
	{a: childDied, b: webDied},
	{a: childDied, b: webStatus},
	{a: childDied, b: webStart, loose: true},
	{a: childDied, b: kernelDied, same: samePID},
	{a: kernelDied, b: webDied},
	{a: kernelDied, b: webStatus},
	{a: dbAborted, b: childDied},
	{a: dbAborted, b: kernelDied},
	{a: dbAborted, b: webDied},
	{a: fpmSlow, b: slowEntry, same: samePID},
	{a: fpmBegin, b: webBegin, loose: true},
	{a: fpmBegin, b: webStart, loose: true},
	{a: fpmFull, b: queueFull, loose: true},
	{a: phpFailed, b: web500, loose: true},
	{a: dbStopped, b: dbRefused, loose: true},
}

// sighting is a mark as one kind of event at one second.
type sighting struct {
	kinds
	sec  int64 // by the clock assumed
	wall int64 // as the stamp was written, taken for UTC
	mark *Mark
}

// sightings are the events of a source that pair. src.Loc gives the stamps back as they were written.
func (t *Timeline) sightings(src *Source, marks []*Mark) (out []sighting) {
	add := func(k kinds, at time.Time, m *Mark) {
		s := sighting{kinds: k, sec: at.Unix(), mark: m}
		if src.Loc != nil {
			_, east := at.In(src.Loc).Zone()
			s.wall = s.sec + int64(east)
		}
		out = append(out, s)
	}
	for _, m := range marks {
		tag := string(m.Tag)
		k := kindsOfTag[tag]
		switch {
		case strings.HasPrefix(tag, "http/5"):
			k = webStatus
			if m.Number == 500 {
				k = web500
			}
			begin, end, span := m.First, m.First, max(m.Span, 0)
			switch start := m.Format == "apache-access"; {
			case start && m.Span < 0 && k == webStatus:
				k = webStart
			case start:
				end = end.Add(span)
			default:
				begin = begin.Add(-span)
			}
			if m.Span >= 0 {
				add(webBegin, begin, m)
			}
			add(k, end, m)
			continue
		case strings.HasPrefix(tag, "phpslow/"):
			k = slowEntry
		case tag == "phpfpm/slow" && m.Span > 0:
			add(fpmBegin, m.First.Add(-m.Span), m)
		case m.Rule != nil && m.Rule.Harm != "" && webServer(tag):
			k |= webError
		}
		if k != 0 {
			add(k, m.First, m)
		}
	}
	slices.SortStableFunc(out, func(a, b sighting) int { return int(max(-1, min(1, a.sec-b.sec))) })
	return out
}

func webServer(tag string) bool {
	return strings.HasPrefix(tag, "nginx/") || strings.HasPrefix(tag, "apache/")
}

// agree says whether two marks can be of one happening.
func (p *pairing) agree(a, b *Mark) bool {
	switch p.same {
	case sameClient:
		return a.Clients.Meets(&b.Clients)
	case samePID:
		return slices.ContainsFunc(a.PIDs, func(pid int) bool { return slices.Contains(b.PIDs, pid) })
	}
	return true
}
