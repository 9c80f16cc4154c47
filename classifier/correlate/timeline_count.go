package correlate

import (
	"time"

	"why502/classifier"
	"why502/parser"
)

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
