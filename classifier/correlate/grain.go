package correlate

// grain is how finely marks tell things apart.
type grain struct {
	width   int64 // seconds
	clients bool  // failures of which only the client is known, by client
	details bool  // culprits, functions and pages
	places  bool  // sites, backends and pools
}

// grains come one after the other when there are too many marks. A flood of addresses costs the addresses, not the times;
// a flood of everything leaves what happened, in which log, and roughly when.
var grains = [...]grain{
	{1, true, true, true},
	{10, true, true, true},
	{10, false, true, true},
	{100, false, true, true},
	{1000, false, true, true},
	{1000, false, false, true},
	{10_000, false, false, true},
	{10_000, false, false, false},
	{1_000_000, false, false, false},
}

// cut gives the key under which k is counted now.
func (t *Timeline) cut(k key) key {
	g := &grains[t.grain]
	k.sec = floor(k.sec, g.width)
	if !g.clients {
		k.client = 0
	}
	if !g.details {
		foldIDs(&k.culprit, &k.function, &k.uri)
	}
	if !g.places {
		foldIDs(&k.vhost, &k.backend, &k.pool)
	}
	return k
}

func foldIDs(ids ...*ID) {
	for _, id := range ids {
		if *id != 0 {
			*id = otherID
		}
	}
}

// coarsen joins marks when there are too many. The grain depends on how many marks there are in the end, not on the order
// in which they came: one that is too fine for a part is too fine for the whole.
func (t *Timeline) coarsen() {
	for len(t.marks) >= maxMarks && t.grain < len(grains)-1 {
		t.regrain(t.grain + 1)
	}
}

func (t *Timeline) regrain(to int) {
	clear(t.recentMarks[:])
	t.grain = to
	old := t.marks
	t.marks = make(map[key]*Mark, len(old)/4)
	for k, m := range old {
		t.put(k, m)
	}
}

// put adds a mark to the one of its key, if there is one.
func (t *Timeline) put(k key, m *Mark) {
	k = t.cut(k)
	if have := t.marks[k]; have != nil {
		have.merge(m)
		return
	}
	m.name(&t.names, k)
	t.marks[k] = m
}

// name sets what a mark is about.
func (m *Mark) name(n *names, k key) {
	m.Vhost, m.Backend, m.Scheme, m.Pool = n.name(k.vhost), n.name(k.backend), n.name(k.scheme), n.name(k.pool)
	m.Culprit, m.Function, m.Client, m.URI = n.name(k.culprit), n.name(k.function), n.name(k.client), n.name(k.uri)
}
