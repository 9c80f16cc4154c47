package rootcause

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// scene is one incident with all that bears on it.
type scene struct {
	*bench
	in    *correlate.Incident
	facts facts
	logs  logs
	lines int // failed requests the incident's error lines stand for; all, where none does: PHP's own words are no web server's
	fpm   []outage
}

func (b *bench) scene(in *correlate.Incident) *scene {
	s := &scene{bench: b, in: in, facts: b.found[:0]}
	s.logs = b.supply.about(in)
	if !s.logs.has(PHPError) && s.hearsPHP() {
		s.logs = append(s.logs, PHPError)
	}
	for _, m := range in.Marks {
		s.lines += weight(m)
	}
	if s.lines == 0 {
		s.lines = in.Total()
	}
	for _, f := range factTable {
		if fact, ok := f.find(s); ok {
			if fact.Strength == 0 {
				fact.Strength = 1
			}
			s.facts = append(s.facts, told{f.tag, fact})
		}
	}
	b.found = s.facts
	s.facts = slices.Clone(s.facts) // as many scenes as sessions are held
	return s
}

// hearsPHP says whether what PHP has to say of the incident stands in another log. It does where no error_log is set, and PHP writes to
// one place only:
//
//	FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error: Call to undefined function …
func (s *scene) hearsPHP() bool {
	return slices.ContainsFunc(s.near(s.fromPHP, Near), func(m *correlate.Mark) bool { return s.t.Relation(m, s.in) > 0 })
}

// doubt says whether a log whose clock is unverified may bear on the incident: what it says stands near it, or hurts visitors
// whenever it was.
func (s *scene) doubt() bool {
	return s.alarming || s.doubtful.Meet(s.in.Start.Add(-15*minute), s.in.End.Add(minute))
}

// weight is how many failed requests a mark stands for.
func weight(m *correlate.Mark) int {
	if n := m.Requests.Len(); n > 0 {
		return n
	}
	return m.Count
}

// Finding is a clue that was found, with the line that shows it.
type Finding struct {
	Clue   *Clue // nil: no line shows it
	Tag    classifier.Tag
	Text   string
	Weight float64 // what it adds to the score; negative if it contradicts
	Count  int
	Mark   *correlate.Mark // may be nil
	fit    float64
	late   float64 // share of the failures that were there before it, if it has to come first
}

// minFit is how well evidence must fit in time and place to count as there at all.
const minFit = 0.2

// find looks for a clue around the incident.
func (s *scene) find(c *liveClue) (Finding, bool) {
	f, seen := s.gather(c)
	if f.Count < max(c.Min, 1) || f.fit < minFit {
		return f, false
	}
	if c.Share > 0 && float64(seen.mine) < c.Share*float64(max(s.lines, 1)) {
		return f, false
	}
	if f.Mark != nil && f.Mark.Rule != nil && f.Mark.Rule.Harm == "" {
		f.fit *= s.foreground(&c.Clue, seen.inside, f.Count)
		if f.fit < minFit {
			return f, false
		}
	}
	if (c.Lag == Before || c.Lag == asked) && f.Mark != nil {
		f.late = s.before(seen.inside.from)
		if f.fit *= timely(f.late); f.fit < minFit {
			return f, false
		}
	}
	repeat := 1 + math.Log2(float64(min(f.Count, 8)))/6
	f.Weight = c.Weight * f.fit * repeat
	f.word(seen)
	return f, true
}

// sight is what the marks of a clue show besides the best of them.
type sight struct {
	number int    // the largest that a line states
	pool   string // of the best
	mine   int    // lines at the time of the incident
	inside span
}

// gather counts what there is of a clue, and takes what fits best for the sample.
func (s *scene) gather(c *liveClue) (f Finding, seen sight) {
	f.Clue = &c.Clue
	var byFormat map[string]int
	for i := range c.tags {
		tag := c.tags[i].Tag
		if c.tags[i].fact {
			fact := s.facts.of(tag)
			if fact == nil {
				continue
			}
			if fact.Strength > f.fit {
				f.fit, f.Tag, f.Mark, f.Text, seen.number = fact.Strength, tag, fact.Mark, fact.Text, fact.Number
			}
			f.Count += max(fact.Count, 1)
			continue
		}
		l := s.look(&c.Clue, &c.tags[i])
		if l.best == nil {
			continue
		}
		f.Count += l.count
		for format, n := range l.byFormat {
			if byFormat == nil {
				byFormat = map[string]int{}
			}
			byFormat[format] += n
		}
		seen.mine += l.mine
		seen.number = max(seen.number, l.number)
		seen.inside = widen(seen.inside, l.inside)
		if f.Mark == nil || l.fit > f.fit {
			f.fit, f.Tag, f.Mark, seen.pool = l.fit, tag, l.best, l.best.Pool
		}
	}
	most := 0
	for _, n := range byFormat {
		most = max(most, n)
	}
	f.Count += most
	return f, seen
}

// look weighs the marks of a tag as a clue looks at them.
func (s *scene) look(c *Clue, t *liveTag) *look {
	l := t.look
	if l.scene == s {
		return l
	}
	clear(l.byFormat)
	*l = look{scene: s, byFormat: l.byFormat}
	for _, m := range s.near(t.marks, c.Lag) {
		fit := s.fit(c, m)
		if fit < minFit {
			continue
		}
		switch {
		case m.Rule != nil && m.Rule.Harm != "":
			l.count += weight(m)
		case strings.HasPrefix(string(t.Tag), "http/"):
			if l.byFormat == nil {
				l.byFormat = map[string]int{}
			}
			l.byFormat[m.Format] += m.Count
		default:
			l.count += m.Count
		}
		if c.Lag.fit(s.in, m) == 1 { // lines of what came seconds after are no share of the incident's
			l.mine += weight(m)
		}
		l.number = max(l.number, m.Number)
		l.inside = widen(l.inside, span{m.First, m.Last})
		if fit > l.fit {
			l.fit, l.best = fit, m
		}
	}
	return l
}

// word puts the finding into words: those of the fact, else those of the clue, else what the rule says of such lines.
func (f *Finding) word(seen sight) {
	if f.Text == "" || f.Clue.Text != "" && f.Mark != nil && !strings.HasPrefix(string(f.Tag), "fact/") {
		f.Text = f.Clue.Text
	}
	if seen.pool == "" {
		f.Text = strings.Replace(f.Text, "pool {pool} ", "a pool ", 1)
	}
	if strings.Contains(f.Text, "{") {
		for _, r := range [...]struct{ name, value string }{{"{n}", strconv.Itoa(f.Count)}, {"{number}", strconv.Itoa(seen.number)}, {"{pool}", seen.pool}} {
			f.Text = strings.ReplaceAll(f.Text, r.name, r.value)
		}
	}
	if f.Count == 1 {
		f.Text = singular(f.Text)
	}
	if f.Text == "" && f.Mark != nil && f.Mark.Rule != nil {
		f.Text = f.Mark.Rule.Why
	}
}

// fit says how well a mark fits a clue in time and place, 0 to 1.
func (s *scene) fit(c *Clue, m *correlate.Mark) float64 {
	if c.Scheme != "" && m.Scheme != "" && !sameScheme(c.Scheme, m.Scheme) {
		return 0
	}
	if c.Host {
		if near := c.Lag.fit(s.in, m); near > 0 {
			return near * s.process(m)
		}
		return 0
	}
	related := s.t.Relation(m, s.in) // known mostly
	if related == 0 {
		return 0
	}
	return related * c.Lag.fit(s.in, m)
}

// process is 0 if a mark about processes (the kernel's) speaks of children that PHP-FPM's log places in another pool, else 1.
func (s *scene) process(m *correlate.Mark) float64 {
	if len(m.PIDs) == 0 || !strings.HasPrefix(string(m.Tag), "kernel/") {
		return 1
	}
	alien := false
	for _, pid := range m.PIDs {
		// Beyond a minute the number was used again.
		for _, child := range between(s.children()[pid], m.First.Add(-minute), m.First.Add(minute)) {
			if s.t.Relation(child, s.in) > 0 {
				return 1
			}
			alien = true
		}
	}
	if alien {
		return 0
	}
	return 1
}

// sameScheme compares the kind of upstream. PHP-FPM speaks FastCGI and nothing else: what is behind another scheme (https,
// uwsgi, scgi, grpc, passenger, ajp) is a server of its own, as behind "http".
func sameScheme(want, have string) bool {
	if have != "fastcgi" {
		have = "http"
	}
	return want == have
}

// around are the marks of a tag that are near enough in time for Lag.fit to be more than 0, and some more.
func (s *scene) around(tag classifier.Tag, l Lag) []*correlate.Mark { return s.near(s.byTag[tag], l) }

func (s *scene) near(marks []*correlate.Mark, l Lag) []*correlate.Mark {
	if len(marks) == 0 {
		return nil
	}
	if l == (Lag{}) {
		l = Near
	}
	from := s.in.Start.Add(l.Lo - 4*max(l.Half, 0) - s.longest)
	return between(marks, from, s.in.End.Add(l.Hi+4*max(l.Half, 0)))
}

func (l Lag) fit(in *correlate.Incident, m *correlate.Mark) float64 {
	if l == (Lag{}) {
		l = Near
	}
	var away time.Duration
	half := l.Half
	switch {
	case m.Last.Before(in.Start.Add(l.Lo)):
		away = in.Start.Add(l.Lo).Sub(m.Last)
	case m.First.After(in.End.Add(l.Hi)):
		// What comes after the end is at best the reaction to it.
		away = m.First.Sub(in.End.Add(l.Hi))
		half = min(half, 2*time.Second)
	default:
		return 1
	}
	if half <= 0 || away > 4*half {
		return 0
	}
	return math.Exp2(-float64(away) / float64(half))
}

// foreground is 1 for evidence that appears with the incident, and falls towards 0 for what stands in the logs all day: the
// constant fatal of a broken plugin does not explain an outage.
func (s *scene) foreground(c *Clue, inside span, count int) float64 {
	background := 0
	var told span // what the logs cover that the evidence stands in: others may begin long before
	for _, tag := range c.Tags {
		b := s.background(tag, s.in)
		if b == nil {
			continue
		}
		if told.from.IsZero() || b.from.Before(told.from) {
			told.from = b.from
		}
		if b.to.After(told.to) {
			told.to = b.to
		}
		for _, q := range b.quiet {
			if c.Host || s.t.Relation(q.Mark, s.in) > 0 {
				background += q.count
			}
		}
	}
	if background == 0 {
		return 1
	}
	length := max(inside.to.Sub(inside.from), s.in.End.Sub(s.in.Start), time.Second)
	quiet := told.to.Sub(told.from) - length
	if quiet < length {
		return 1 // too little else to compare with
	}
	rate := float64(background) / quiet.Seconds()
	return max(0, 1-rate/(float64(count)/length.Seconds()))
}

// tooLate is how long after the failures began something may be told of first and still have brought them about: a client
// waits for its database for a while before it complains.
const tooLate = 15 * time.Second

// before is the share of the failures that had come before evidence that should have been there first; 0 if it came soon enough.
func (s *scene) before(from time.Time) float64 {
	if from.Sub(s.in.Start) <= tooLate {
		return 0
	}
	before, all := 0, 0
	for m, n := range s.in.Moments() {
		if all += n; m.Last.Before(from.Add(-time.Second)) {
			before += n
		}
	}
	return float64(before) / float64(max(all, 1))
}

// timely is 1 for evidence that is there when requests begin to fail, and less where nearly all had failed when it came:
// that is another trouble, which followed.
func timely(late float64) float64 {
	if late < .9 {
		return 1
	}
	return 10 * (1 - late)
}

func widen(s, o span) span {
	if s.from.IsZero() || o.from.Before(s.from) {
		s.from = o.from
	}
	if o.to.After(s.to) {
		s.to = o.to
	}
	return s
}
