package correlate

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"why502/classifier"
)

// timeline are the parts of a Timeline, in the order in which they stand in a state.
func (c *coder) timeline(t *Timeline) {
	outer := *c
	c.ranks, c.names, c.texts, c.list = nil, &t.names, map[string]uint64{}, nil
	c.namesOf(&t.names)
	for _, at := range [...]*time.Time{&t.profiled.from, &t.profiled.to, &t.forgot, &t.final} {
		c.moment(at)
	}
	for i := range t.grain {
		within(c, &t.grain[i], len(grains))
	}
	within(c, &t.folded, 1<<nameKinds)
	c.marks(t)
	c.trafficOf(&t.traffic)
	within(c, &t.long.level, len(longLeast))
	rows(c, &t.long.n, c.long, func(k *longKey, n *int) {
		c.second(&k.end)
		c.since(&k.start, k.end)
		c.flag(&k.left)
		c.id(&k.vhost)
		c.id(&k.uri)
		c.id(&k.src)
		coded(c, n)
	})
	within(c, &t.heard.every, 64)
	entries(c, t.heard.sets, c.heard, func(k *heardKey, set **Set) {
		c.second(&k.sec)
		c.id(&k.src)
		c.set(fresh(set))
	})
	entries(c, t.sources, strings.Compare, func(path *string, s **Source) {
		c.named(path)
		c.source(fresh(s))
		(*s).Path = *path
	})
	entries(c, t.totals, cmp.Compare, func(tag *classifier.Tag, n **Total) {
		c.named((*string)(tag))
		fresh(n)
		coded(c, &(*n).Count)
		for _, at := range [...]*time.Time{&(*n).First, &(*n).Last, &(*n).gone.from, &(*n).gone.to} {
			c.moment(at)
		}
	})
	c.profile(&t.slow)
	for table, of := range t.links.tables() {
		within(c, &t.links.narrowed[table], 7)
		entries(c, of, strings.Compare, func(name *string, set *map[string]bool) {
			c.named(name)
			if c.decoding {
				*set = map[string]bool{}
			}
			entries(c, *set, strings.Compare, func(name *string, in *bool) {
				c.named(name)
				*in = true
			})
		})
		t.links.recount(table)
	}
	entries(c, t.boots, strings.Compare, func(path *string, b *boot) {
		c.named(path)
		c.moment(&b.seen)
		c.moment(&b.at)
	})
	if !outer.inner {
		c.inner = true
		c.part(&t.undated)
		c.part(&t.booted)
	}
	c.inner, c.ranks, c.names, c.texts, c.list = outer.inner, outer.ranks, outer.names, outer.texts, outer.list
}

// part is a Timeline within another, if there is one.
func (c *coder) part(t **Timeline) {
	there := *t != nil
	if c.flag(&there); there && c.err == nil {
		if c.decoding {
			*t = New()
		}
		c.timeline(*t)
	}
}

// fresh is what a pointer points at, made if there is nothing yet.
func fresh[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}

// since is for a second of which another one is known that is not far; 0 stands for none.
func (c *coder) since(sec *int64, other int64) {
	n := int64(0)
	if *sec != 0 {
		n = other - *sec
		if n >= 0 {
			n++
		}
	}
	c.signed(&n)
	switch {
	case n > 0:
		*sec = other - n + 1
	case n < 0:
		*sec = other - n
	default:
		*sec = 0
	}
}

// namesOf are the names that the parts tell by their places, and what is known of those that are not told apart.
func (c *coder) namesOf(n *names) {
	within(c, &n.full, 1<<nameKinds)
	for k := range n.seen {
		c.set(&n.seen[k])
	}
	count := len(n.list)
	within(c, &count, maxState)
	if !c.decoding {
		order := make([]ID, count)
		for i := range order {
			order[i] = ID(i)
		}
		slices.SortFunc(order[otherID+1:], func(a, b ID) int { return strings.Compare(n.list[a], n.list[b]) })
		c.ranks = make([]ID, count)
		before := ""
		for rank, id := range order {
			if c.ranks[id] = ID(rank); id > otherID {
				c.front(before, &n.list[id])
				within(c, &n.uses[id], 1<<nameKinds)
				before = n.list[id]
			}
		}
		return
	}
	before := ""
	for i := int(otherID) + 1; i < count && c.err == nil; i++ {
		var s string
		var uses uint16
		c.front(before, &s)
		within(c, &uses, 1<<nameKinds)
		if _, twice := n.known(s); twice {
			c.damaged("a name stands there twice")
		}
		n.append(s, uses)
		for k := fixed + 1; k < nameKinds; k++ {
			if uses&(1<<k) != 0 {
				n.count[k]++
				n.bytes[k] += len(s)
			}
		}
		before = s
	}
}

func (c *coder) marks(t *Timeline) {
	entries(c, t.marks, c.keys, func(k *key, p **Mark) {
		c.second(&k.sec)
		within(c, &k.class, classes)
		for _, id := range k.ids() {
			c.id(id)
		}
		m := fresh(p)
		ruled := m.About != nil && m.Rule != nil
		c.flag(&ruled)
		c.mark(m)
		if c.decoding {
			m.About = t.about(*k, c.rule(k, t.names.name(k.tag), ruled))
			t.kept[k.class]++
		}
	})
}

// mark is what a Mark says that its key does not.
func (c *coder) mark(m *Mark) {
	coded(c, &m.Count)
	c.moment(&m.First)
	c.moment(&m.Last)
	c.named(&m.Sample.File)
	coded(c, &m.Sample.Line)
	coded(c, &m.Sample.Offset)
	c.moment(&m.Sample.Time)
	c.text(&m.Sample.Text)
	c.set(&m.Clients)
	c.set(&m.Requests)
	n := len(m.PIDs)
	within(c, &n, maxPIDs+1)
	if c.decoding && n > 0 {
		m.PIDs = make([]int, n)
	}
	for i := range m.PIDs {
		coded(c, &m.PIDs[i])
		if i > 0 && m.PIDs[i] <= m.PIDs[i-1] {
			c.damaged("processes are out of order")
		}
	}
	coded(c, &m.Span)
	coded(c, &m.Number)
	c.flag(&m.Fold)
	coded(c, &m.Own)
}

// rule finds that of a mark again, nil if there is none. A rule that is gone, or means something else, would have made another Timeline.
func (c *coder) rule(k *key, tag string, ruled bool) *classifier.Rule {
	if !ruled || c.err != nil {
		return nil
	}
	rule := c.find(classifier.Tag(tag))
	if rule == nil || classOf(rule) != k.class {
		c.err = ErrStateVersion
	}
	return rule
}

func (c *coder) trafficOf(tr *traffic) {
	within(c, &tr.grains.loads, len(loadGrains))
	within(c, &tr.grains.pages, len(pageGrains))
	within(c, &tr.grains.clients, len(clientWidths)+1)
	tr.width = loadGrains[tr.grains.loads].width
	c.flag(&tr.over)
	entries(c, tr.loads, c.loads, func(k *loadKey, p **Load) {
		c.second(&k.sec)
		c.id(&k.vhost)
		c.id(&k.src)
		l := fresh(p)
		for _, n := range [...]*int{&l.Requests, &l.Pages, &l.Failed, &l.Gone, &l.Timed, &l.Logins, &l.Polls, &l.Cron} {
			coded(c, n)
		}
		coded(c, &l.Waited)
		c.set(&l.Clients)
	})
	rows(c, &tr.pages, c.pages, func(k *pageKey, p *Pages) {
		c.second(&k.sec)
		c.id(&k.vhost)
		c.id(&k.uri)
		c.id(&k.src)
		coded(c, &p.Served)
		coded(c, &p.Failed)
		coded(c, &p.Errors)
	})
	rows(c, &tr.clients, c.clients, func(k *clientKey, n *int32) {
		c.second(&k.sec)
		c.id(&k.client)
		coded(c, n)
	})
	entries(c, tr.gone, c.loads, func(k *loadKey, there *bool) {
		c.id(&k.vhost)
		c.id(&k.src)
		*there = true
	})
}

func (c *coder) source(s *Source) {
	for _, text := range [...]*string{&s.Format, &s.Vhost, &s.Zone, &s.Clock, &s.Error} {
		c.named(text)
	}
	kinds := make(map[string]int64, len(s.Kinds))
	for _, k := range s.Kinds {
		kinds[k.Format] = k.Records
	}
	entries(c, kinds, strings.Compare, func(kind *string, n *int64) {
		c.named(kind)
		coded(c, n)
	})
	if c.decoding {
		for _, k := range slices.Sorted(maps.Keys(kinds)) {
			s.Kinds = append(s.Kinds, FormatCount{k, kinds[k]}) // in their order
		}
	}
	c.zone(&s.Loc)
	c.flag(&s.Doubt)
	c.flag(&s.Moved)
	for _, n := range [...]*int64{&s.Bytes, &s.Lines, &s.Records, &s.Unparsed} {
		coded(c, n)
	}
	c.moment(&s.From)
	c.moment(&s.To)
	c.flag(&s.read.known)
	c.zone(&s.read.zone)
	coded(c, &s.read.skew)
	coded(c, &s.read.matches)
	c.flag(&s.read.clients)
	c.flag(&s.read.guess)
}

// zone is a time zone: its name, and how far it lies east of UTC for one that only this says.
func (c *coder) zone(p **time.Location) {
	there := *p != nil
	if c.flag(&there); !there {
		return
	}
	name, east := "", 0
	if !c.decoding {
		name = (*p).String()
		_, east = time.Unix(0, 0).In(*p).Zone()
	}
	c.named(&name)
	coded(c, &east)
	if !c.decoding {
		return
	}
	if z, err := time.LoadLocation(name); err == nil && name != "" {
		*p = z
	} else {
		*p = time.FixedZone(name, east)
	}
}

func (c *coder) profile(p *profile) {
	p.settle()
	coded(c, &p.entries)
	within(c, &p.finest, len(stackGrains))
	within(c, &p.depth, len(stackGrains))
	for _, of := range p.tallies {
		counts(c, of, c.ordered, c.id)
	}
	c.stacks(&p.stacks)
}

// counts is a table of counts, without those that are 0: they are kept to be counted in again.
func counts[K comparable](c *coder, m map[K]*int, compare func(a, b K) int, name func(*K)) {
	told := map[K]int{}
	for k, n := range m {
		if *n > 0 {
			told[k] = *n
		}
	}
	entries(c, told, compare, func(k *K, n *int) {
		name(k)
		coded(c, n)
	})
	if c.decoding {
		for k, n := range told {
			m[k] = &n
		}
	}
}
