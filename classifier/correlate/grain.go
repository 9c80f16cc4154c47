package correlate

import "why502/classifier"

// grain is how finely marks tell things apart, and how many of them there may be.
type grain struct {
	width   int64 // seconds
	clients bool  // failures of which only the client is known, by client
	details bool  // culprits, functions and pages
	places  bool  // sites, backends and pools
	members int   // of a Set
	share   int   // of maxMarks: one in so many
}

// Marks of failures, and of what normally hurts, are bounded apart from all others, so that noise, however much of it, costs
// nothing of them.
const (
	failing = iota
	rest
	classes
)

// maxMarks bounds the marks of each class. When there are more, a coarser grain joins them: counts stay exact,
// moments too (First and Last), only the grouping becomes coarser.
var maxMarks = [classes]int{failing: 10_000, rest: 5_000}

// grains come one after the other when there are too many marks. A flood of addresses costs the addresses, not the times;
// a flood of everything leaves what happened, in which log, and roughly when.
var grains = [...]grain{
	{1, true, true, true, setSize, 5},
	{1, true, true, true, smallSet, 1},
	{10, true, true, true, smallSet, 1},
	{10, false, true, true, smallSet, 1},
	{100, false, true, true, smallSet, 1},
	{1000, false, true, true, smallSet, 1},
	{1000, false, false, true, smallSet, 1},
	{10_000, false, false, true, smallSet, 1},
	{10_000, false, false, false, smallSet, 1},
	{1_000_000, false, false, false, smallSet, 1},
}

// cut makes k the key under which it is counted now. What is no longer told apart becomes Other, unless nothing is known of it.
func (t *Timeline) cut(k *key) {
	g := &grains[t.grain[k.class]]
	k.sec = t.buckets[k.class].of(k.sec, g.width)
	if !g.clients {
		k.client = 0
	}
	if !g.details {
		k.culprit, k.function, k.uri = min(k.culprit, otherID), min(k.function, otherID), min(k.uri, otherID)
	}
	if !g.places {
		k.vhost, k.backend, k.scheme, k.pool = min(k.vhost, otherID), min(k.backend, otherID), min(k.scheme, otherID), min(k.pool, otherID)
	}
}

// coarsen joins marks when there are too many. The grain depends on how many marks there are in the end, not on the order
// in which they came: one that is too fine for a part is too fine for the whole.
func (t *Timeline) coarsen() {
	for c := range t.grain {
		to := max(t.grain[c], t.names.grain(c))
		for {
			if to != t.grain[c] {
				t.regrain(c, to)
			}
			if t.kept[c] < maxMarks[c]/grains[to].share || to == len(grains)-1 {
				break
			}
			to++
		}
	}
}

// grain is the finest grain for marks of a class at which nothing is told apart that has too many names.
func (n *names) grain(class int) int {
	places := uint16(1<<ofUpstream | 1<<ofPool | 1<<ofFailing)
	if class == rest {
		places = 1<<ofUpstream | 1<<ofPool | 1<<ofSite
	}
	for i, g := range grains {
		if (!g.clients || n.full&(1<<ofClient) == 0) && (!g.places || n.full&places == 0) &&
			(!g.details || n.full&(1<<ofCulprit|1<<ofFunction|1<<ofSlow) == 0) {
			return i
		}
	}
	return len(grains) - 1
}

// regrain counts the marks of a class anew. It takes a map of their own for that: one out of which some are taken while others are
// put in grows to several times the room.
func (t *Timeline) regrain(class, to int) {
	t.forgetMarks()
	t.grain[class] = to
	members := grains[to].members
	old := t.marks
	t.marks, t.kept[class] = make(map[key]*Mark, len(old)/2), 0
	for k, m := range old {
		now := k
		if int(k.class) == class {
			t.cut(&now)
		}
		if now != k || t.marks[k] != nil {
			t.put(now, m)
			continue
		}
		t.marks[k] = m
		if int(k.class) == class {
			m.Clients.shrink(members)
			m.Requests.shrink(members)
			t.kept[class]++
		}
	}
}

// forgetMarks makes marks be looked up anew.
func (t *Timeline) forgetMarks() {
	clear(t.recentMarks[:])
	clear(t.lately[:])
}

// put adds a mark to the one of its key, if there is one.
func (t *Timeline) put(k key, m *Mark) {
	t.cut(&k)
	if have := t.marks[k]; have != nil {
		have.merge(m)
		return
	}
	t.keep(k, m)
}

// take adds what a mark of another Timeline counts.
func (t *Timeline) take(k key, m *Mark) {
	t.cut(&k)
	if have := t.marks[k]; have != nil {
		have.merge(m)
		return
	}
	t.keep(k, m.clone())
}

func (t *Timeline) keep(k key, m *Mark) {
	members := grains[t.grain[k.class]].members
	m.Clients.shrink(members)
	m.Requests.shrink(members)
	m.About = t.about(k, m.Rule)
	t.marks[k] = m
	t.kept[k.class]++
}

// about is what marks of a key are about. Mostly it is one of those asked for lately.
func (t *Timeline) about(k key, rule *classifier.Rule) *About {
	k.sec = 0
	if t.recentAbouts == nil {
		t.recentAbouts = new([256]recentAbout)
	}
	recent := &t.recentAbouts[k.slot()]
	if recent.About == nil || recent.key != k || recent.Rule != rule {
		n := &t.names
		*recent = recentAbout{k, &About{
			Tag: classifier.Tag(n.name(k.tag)), Rule: rule, File: n.name(k.src), Vhost: n.name(k.vhost), Backend: n.name(k.backend),
			Scheme: n.name(k.scheme), Pool: n.name(k.pool), Culprit: n.name(k.culprit), Function: n.name(k.function),
			Client: n.name(k.client), URI: n.name(k.uri),
		}}
	}
	return recent.About
}

type recentAbout struct {
	key
	*About
}
