// Package correlate puts tagged records on one clock and finds the incidents: when visitors were hurt, how,
// where, and whom it hit. It does not ask why; package rootcause does.
//
// A Timeline counts: it keeps marks (how many events of one kind about one subject in one second) and
// traffic (what was served), never lines, so its room grows with time and variety, not with the input.
// Adding is order-independent and Timelines merge, so files may be read in any order and in parallel.
//
// # Files
//
//	timeline.go mark.go source.go subject.go whom.go
//	                                   what is collected, of which file, about whom
//	traffic*.go long.go work.go heard.go links.go seen.go
//	                                   what web logs say besides failures: load, pages, lasting requests, clients, who belongs to whom
//	slow.go profile.go stack*.go       the slow log
//	names.go name_table.go table.go memo.go set.go
//	                                   how it is held; grain.go folded.go folder.go part.go how it stays small
//	echo.go                            lines like ones before, counted without being understood anew
//	align*.go clockread.go rezone.go uptime.go undated.go
//	                                   clocks: whose stamps are read in another zone, or have none
//	sessions.go reach.go twice.go count.go answers.go unlogged.go closed.go spared.go
//	                                   failures to sessions, each failed request counted once
//	incident.go scope.go relation.go ordered.go context.go load.go days.go
//	                                   incidents, and what those who explain them ask
//	config.go pools.go sitename.go     what a server's configuration tells
//	merge.go rename.go forget.go lasting.go snapshot.go settled.go state*.go
//	                                   Timelines that are joined, kept from day to day, and written to a file
package correlate

import (
	"slices"
	"time"

	"why502/classifier"
	"why502/parser"
)

// Timeline collects what a set of logs says.
type Timeline struct {
	names   names
	marks   map[key]*Mark
	grain   [classes]int // of grains: how finely marks tell things apart
	kept    [classes]int // marks
	buckets [classes]bucket
	traffic traffic
	long    long
	closed  []Closed
	spared  []Spared
	heard   heard
	sources map[string]*Source
	special [Usual][]SpecialFile
	totals  map[classifier.Tag]*Total
	slow    profile

	profiled period // of slow
	pieces   [maxPieces]ID
	links    links
	wiring   *wiring // nil: no configuration is known

	forgot   time.Time // what happened before is forgotten
	final    time.Time // incidents that ended before are told
	sessions []spell   // that Incidents found

	undated *Timeline       // of entries that state no time
	booted  *Timeline       // of those that state the time since boot
	boots   map[string]boot // by source

	ordered ordered

	// What was used last is mostly used next: these save looking it up.
	reading     current
	folding     folding
	whom        subject
	recentRules [64]tagged
	recentMarks [256]struct {
		key
		*Mark
	}
	recentAbouts *[256]recentAbout // nil: none was made yet
	recentEchoes [256]*Echo
	lately       [256]lately

	statuses  [600]ID
	folded    uint16 // the kinds of names that were full when it was last looked
	vhosts    [classes]memo[ID]
	upstreams memo[upstream]
	files     memo[phpFile]
	blanks    []*Mark
	room      []byte // for names that no line holds in one piece
	round     int    // changes when what an Echo holds is no longer true
}

// Total is how often a tag stood in the logs.
type Total struct {
	Count       int
	First, Last time.Time

	gone period // of the marks that are forgotten, by the clocks that Align found
}

func (n *Total) add(at time.Time) {
	if n.Count++; at == n.Last {
		return // as in a burst
	}
	if n.Count == 1 {
		n.First, n.Last = at, at
	} else if at.After(n.Last) {
		n.Last = at
	} else if at.Before(n.First) {
		n.First = at
	}
}

func (n *Total) merge(o *Total) {
	n.Count += o.Count
	n.First, n.Last = earlier(n.First, o.First), later(n.Last, o.Last)
	n.gone.widen(o.gone.from, o.gone.to)
}

// New returns an empty Timeline.
func New() *Timeline {
	return &Timeline{
		names:   newNames(),
		marks:   map[key]*Mark{},
		traffic: newTraffic(),
		heard:   heard{sets: map[heardKey]*Set{}},
		sources: map[string]*Source{},
		totals:  map[classifier.Tag]*Total{},
		slow:    newProfile(plainStacks),
		links:   newLinks(),
		boots:   map[string]boot{},
	}
}

// Add takes one record and what the classifier said of it. It keeps nothing of either.
func (t *Timeline) Add(r *parser.Record, events []classifier.Event) {
	t.read(r)
	switch r.Format {
	case "nginx-access", "apache-access":
		t.addAccess(r)
		return
	case "php-slow":
		t.addSlow(r)
		return
	case fpmAccess:
		t.addWork(r)
	case "cloudflare":
		// What the origin answered is in its own logs; what the edge made by itself is in no other.
		if string(r.Field("maker")) == "edge" {
			t.addAccess(r)
		}
	}
	if up, ok := uptime(r); ok && r.Time.IsZero() {
		t.addUptime(r, up, events)
		return
	} else if ok {
		t.noteBoot(r, up)
	}
	if r.Time.IsZero() {
		t.addUndated(r, events)
		return
	}
	class := uint8(rest)
	for i := range events {
		class = min(class, classOf(events[i].Rule))
	}
	s := &t.whom
	t.subject(s, r, class)
	if len(events) > 0 {
		s.culprit = t.culprit(r)
	}
	for i := range events {
		c := t.counting(s, r, &events[i])
		t.addEvent(s, r, &c, t.markOf(s, r, &c))
	}
	t.hear(s, r)
	t.links.learn(t, s, r)
	t.bound()
}

func (t *Timeline) hear(s *subject, r *parser.Record) {
	if s.client != 0 && (r.Format == "nginx-error" || r.Format == "apache-error") {
		t.heard.add(r.Time.Unix(), s)
	}
}

// classOf is the class of what an event is counted under.
func classOf(r *classifier.Rule) uint8 {
	if r.Harm != "" || r.Signal {
		return failing
	}
	return rest
}

// bound keeps a Timeline small: where there are too many names or marks, some are no longer told apart.
func (t *Timeline) bound() {
	if t.names.full != t.folded || t.traffic.over {
		t.tellLess()
	}
}

func (t *Timeline) tellLess() {
	if t.names.full != t.folded {
		t.folded = t.names.full
		t.round++
		t.vhosts, t.upstreams, t.files = [classes]memo[ID]{}, memo[upstream]{}, memo[phpFile]{}
		t.reading = current{}
		t.coarsen()
		t.slow.fold(&t.names)
		t.long.fold(&t.names)
		t.links.fold(&t.names)
	}
	t.coarsenTraffic()
}

// Marks returns all marks in their one order, events that two files hold once.
func (t *Timeline) Marks() []*Mark {
	all := make([]*Mark, 0, len(t.marks))
	formats := make(map[string]string, len(t.sources))
	for path, s := range t.sources {
		formats[path] = s.Kind()
	}
	for _, m := range t.marks {
		m.Format = formats[m.File]
		all = append(all, m)
	}
	slices.SortFunc(all, compareMarks)
	return dropTwice(all)
}

// Totals returns how often each tag stood in the logs.
func (t *Timeline) Totals() map[classifier.Tag]*Total { return t.totals }

func floor(sec, width int64) int64 {
	f := sec % width
	if f < 0 {
		f += width
	}
	return sec - f
}

// bucket remembers in which bucket of time the last entry lay: dividing costs more than all else there is to do for it.
type bucket struct{ sec, width, start int64 }

func (b *bucket) of(sec, width int64) int64 {
	if sec != b.sec || width != b.width {
		*b = bucket{sec, width, floor(sec, width)}
	}
	return b.start
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func clip(raw []byte) string {
	if len(raw) > maxText {
		raw = raw[:maxText]
	}
	return string(raw)
}
