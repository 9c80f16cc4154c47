// Package correlate puts tagged records on one clock and finds the incidents: when visitors were hurt, how,
// where, and whom it hit. It does not ask why; package rootcause does.
//
// A Timeline counts: it keeps marks (how many events of one kind about one subject in one second) and
// traffic (what was served), never lines, so its room grows with time and variety, not with the input.
// Adding is order-independent and Timelines merge, so files may be read in any order and in parallel.
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

// tagged is a rule and what its events are counted under.
type tagged struct {
	rule  *classifier.Rule
	tag   ID
	total *Total
}

func (t *Timeline) tagged(rule *classifier.Rule) *tagged {
	name := string(rule.Tag)
	recent := &t.recentRules[(len(name)*7^int(name[len(name)-1])*3^int(name[len(name)/2]))%len(t.recentRules)]
	if recent.rule != rule {
		total := t.totals[rule.Tag]
		if total == nil {
			total = &Total{}
			t.totals[rule.Tag] = total
		}
		*recent = tagged{rule, t.names.idString(fixed, name), total}
	}
	return recent
}

// counted is what an event is counted under.
type counted struct {
	tagged
	key
	stranger bool // a failure of which nothing but the client tells whom it hit
	slow     bool // it is told apart by the page
	number   int
	slot     byte // of lately
}

// counting says what an event is counted under.
func (t *Timeline) counting(s *subject, r *parser.Record, e *classifier.Event) counted {
	rule := e.Rule
	c := counted{tagged: *t.tagged(rule), key: s.key, number: stated(r, e)}
	c.key.tag = c.tagged.tag
	if c.class = classOf(rule); c.class != s.class {
		c.vhost = t.names.as(ofSite, c.vhost)
	}
	c.stranger = rule.Harm != "" && c.vhost == 0
	c.slow = rule.Tag == slowRequest
	c.slot = c.key.slot()
	return c
}

// addEvent counts an event of r, under m.
func (t *Timeline) addEvent(s *subject, r *parser.Record, c *counted, m *Mark) {
	c.total.add(r.Time)
	m.count(r)
	m.Number = max(m.Number, c.number)
	if s.client != 0 {
		m.Clients.Add(s.client)
	}
	if c.rule.Harm != "" {
		m.Requests.Add(t.request(s, r))
		t.addErrorPage(s, r, c.rule.Family)
	}
}

// markOf is the mark under which an event of r is counted.
func (t *Timeline) markOf(s *subject, r *parser.Record, c *counted) *Mark {
	k := c.key
	if c.stranger && r.Client != nil {
		if grains[t.grain[failing]].clients {
			k.client = t.names.id(ofClient, r.Client)
		} else {
			t.names.seen[ofClient].Add(s.client)
		}
	}
	if c.slow {
		k.uri = t.slowPage(r.URI)
	}
	return t.mark(k, c.rule, r.Time)
}

// mark is the one of k at a time. The rule is nil if none made it.
func (t *Timeline) mark(k key, rule *classifier.Rule, at time.Time) *Mark {
	k.sec = at.Unix()
	t.cut(&k)
	recent := &t.recentMarks[k.slot()]
	if recent.Mark == nil || recent.key != k {
		m := t.marks[k]
		if m == nil {
			m = t.newMark(k, rule)
			t.cut(&k) // the grain may have changed
		}
		recent.key, recent.Mark = k, m
	}
	return recent.Mark
}

// slot is where a mark is remembered.
func (k *key) slot() byte {
	x := uint64(k.tag) ^ uint64(k.vhost)<<10 ^ uint64(k.culprit)<<20 ^ uint64(k.pool)<<30 ^ uint64(k.backend)<<40 ^
		uint64(k.client)<<15 ^ uint64(k.uri)<<25 ^ uint64(k.function)<<35 ^ uint64(k.sec)<<45
	return byte(x * 0x9e3779b97f4a7c15 >> 56)
}

func (t *Timeline) newMark(k key, rule *classifier.Rule) *Mark {
	g := &grains[t.grain[k.class]]
	if t.kept[k.class] >= maxMarks[k.class]/g.share {
		t.coarsen()
		t.cut(&k)
		if m := t.marks[k]; m != nil {
			return m
		}
		g = &grains[t.grain[k.class]]
	}
	m := t.blank()
	m.About, m.Span = t.about(k, rule), -1
	m.Clients.shrink(g.members)
	m.Requests.shrink(g.members)
	t.marks[k] = m
	t.kept[k.class]++
	return m
}

// blank is an empty mark, mostly one that was used before.
func (t *Timeline) blank() *Mark {
	n := len(t.blanks)
	if n == 0 {
		return &Mark{}
	}
	m := t.blanks[n-1]
	t.blanks = t.blanks[:n-1]
	return m
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
	t.numberSubjects(all)
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
