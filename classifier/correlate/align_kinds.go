package correlate

import (
	"cmp"
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

	fpmStop    // PHP-FPM stops
	fpmReady   // PHP-FPM is ready
	daemonUp   // any daemon starts
	daemonDown // any daemon stops
	reopened   // a daemon opened its log anew
	dbTrouble  // the database can do no more
	webFull    // a web server: all slots are taken
	burst      // failures set in
	burstEnd   // failures cease
	logBegin   // the first entry of a log
	logEnd     // the last one
)

var kindsOfTag = map[string]kinds{
	"nginx/upstream-reset": webDied, "nginx/upstream-reset-body": webDied, "nginx/upstream-closed": webDied,
	"apache/backend-reset": webDied, "apache/backend-write-failed": webDied, "apache/http-read-failed": webDied, "apache/response-cut": webDied,
	"phpfpm/child-segv": childDied, "phpfpm/child-sigkill": childDied, "phpfpm/terminate": childDied, "phpfpm/child-exit-code": childDied,
	"kernel/segfault": kernelDied, "kernel/trap": kernelDied, "kernel/oom-kill-global": kernelDied, "kernel/oom-kill-cgroup": kernelDied,
	"mysql/aborted": dbAborted, "mysql/stopped": dbStopped,
	"phpfpm/slow": fpmSlow, "phpfpm/max-children": fpmFull,
	"nginx/upstream-queue-full": queueFull, "apache/uds-queue-full": queueFull, "apache/workers-busy": queueFull,
	"php/fatal": phpFailed, "php/memory-limit": phpFailed, "php/memory-refused": phpFailed, "php/time-limit": phpFailed, "php/parse-error": phpFailed,
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
	loose bool    // one may come seconds after the other: good enough for a zone, not for a skew
	lag   int64   // a may come that many seconds after b
	often float64 // how often one comes with the other; 0: mostly
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

func (s *Source) sighting(k kinds, at time.Time, m *Mark) sighting {
	out := sighting{kinds: k, sec: at.Unix(), mark: m}
	if s.Loc != nil {
		_, east := at.In(s.Loc).Zone()
		out.wall = out.sec + int64(east)
	}
	return out
}

// sightings are the events of a source that pair, and those that hint. src.Loc gives the stamps back as they were written.
func (t *Timeline) sightings(src *Source, marks []*Mark) (out []sighting) {
	add := func(k kinds, at time.Time, m *Mark) { out = append(out, src.sighting(k, at, m)) }
	for _, m := range marks {
		tag := string(m.Tag)
		k := kindsOfTag[tag] | hintOfTag[tag]
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
	sortSightings(out)
	return out
}

func sortSightings(all []sighting) {
	slices.SortStableFunc(all, func(a, b sighting) int { return cmp.Compare(a.sec, b.sec) })
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
