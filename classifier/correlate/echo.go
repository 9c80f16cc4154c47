package correlate

import (
	"bytes"
	"slices"

	"why502/classifier"
	"why502/parser"
)

// Echo is what adding a record came to, so that others like it are added without being understood anew. It is no part of what a
// Timeline holds: it points into it, and is of no use any more when the Timeline has been folded or taken.
type Echo struct {
	Harm  bool // an event of it stands for a failed request
	round int
	whom  subject
	in    ID // path of the source
	count []counted
}

// Echo returns what adding r, the record that was added last, came to. It is not ok if that depends on more of r than
// parser.Meaning lists.
func (t *Timeline) Echo(r *parser.Record, events []classifier.Event) (*Echo, bool) {
	switch {
	case r.Format != "nginx-error" && r.Format != "apache-error" && r.Format != "php-fpm",
		r.Format == "nginx-error" && r.Upstream == nil && bytes.HasPrefix(r.Message, []byte("connect() to ")), // it names the backend
		r.Time.IsZero(), t.reading.Source == nil, t.reading.file != r.File:
		return nil, false
	}
	e := &Echo{round: t.round, whom: t.whom, in: t.reading.path}
	e.whom.client, e.whom.asked = 0, 0
	for i := range events {
		e.count = append(e.count, t.counting(&t.whom, r, &events[i]))
		e.Harm = e.Harm || events[i].Rule.Harm != ""
	}
	// Lines of many outlines come to the same, which is then at hand for all of them.
	same := &t.recentEchoes[e.whom.slot()]
	if o := *same; o != nil && o.round == e.round && o.whom == e.whom && o.in == e.in && slices.Equal(o.count, e.count) {
		return o, true
	}
	*same = e
	return e, true
}

// lately is the mark that something was counted under.
type lately struct {
	*counted       // of an Echo
	sec      int64 // where its bucket of time begins
	*Mark
}

// markAgain is markOf for what an Echo counts. Mostly it is the same as for the line before.
func (t *Timeline) markAgain(s *subject, r *parser.Record, c *counted) *Mark {
	last := &t.lately[c.slot]
	sec := t.buckets[c.class].of(r.Time.Unix(), grains[t.grain[c.class]].width)
	if last.counted != c || last.sec != sec || c.stranger || c.slow {
		m := t.markOf(s, r, c) // before the rest: it may change how finely marks are told apart
		*last = lately{c, sec, m}
	}
	return last.Mark
}

// Again adds a record like the one that e is of; false if it must be added itself.
func (t *Timeline) Again(r *parser.Record, e *Echo) bool {
	if e.round != t.round || t.reading.path != e.in {
		return false
	}
	t.read(r)
	s := &t.whom
	*s = e.whom
	if r.Client != nil {
		s.client = hash(r.Client)
	}
	for i := range e.count {
		c := &e.count[i]
		t.addEvent(s, r, c, t.markAgain(s, r, c))
	}
	t.hear(s, r)
	t.bound()
	return true
}
