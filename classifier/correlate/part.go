package correlate

import "why502/classifier"

// Several workers fill a Timeline each. So that they do not each hold as much as the whole may, each hands over what it has
// when it is Full: so much of what a Timeline may hold, more of what takes little room.
const (
	fullAt  = 16
	lightAt = 4
)

// Full says that it is time to Take what t holds.
func (t *Timeline) Full() bool {
	for c, n := range t.kept {
		if n > maxMarks[c]/fullAt {
			return true
		}
	}
	tr := &t.traffic
	for _, n := range t.links.pairs {
		if n > maxPairs/fullAt {
			return true
		}
	}
	return len(t.names.list) > 2*partNames || t.long.n.len() > maxLong/lightAt || len(t.heard.sets) > maxHeard/lightAt ||
		len(tr.loads) > maxLoads/fullAt || tr.pages.len() > maxPages/lightAt || tr.clients.len() > maxClients/fullAt
}

// partNames is up to how many names a part knows on when it is filled again.
const partNames = 8 << 10

// Take adds what part has collected and leaves part empty, to be filled again: as coarse as t, and with the names that it knows
// unless they are many. So what an Echo of it holds stays true, totals too. So long part keeps its profile of the slow logs, which would
// take the same room empty, and longer to hand over again and again than to make. In the end part is to be merged.
func (t *Timeline) Take(part *Timeline) {
	ids := t.join(part)
	for _, m := range part.marks {
		m.wipe()
		part.blanks = append(part.blanks, m)
	}
	clear(part.marks)
	part.kept = [classes]int{}
	for c := range part.grain {
		part.grain[c] = max(part.grain[c], t.grain[c])
	}
	part.traffic.wipe(&t.traffic)
	for _, n := range part.totals {
		*n = Total{}
	}
	part.sources, part.special, part.links = map[string]*Source{}, [Usual][]SpecialFile{}, newLinks()
	part.links.narrowed = t.links.narrowed
	if len(part.names.list) > partNames {
		t.slow.merge(&part.slow, ids, &t.names)
		part.forgetNames(t)
	}
	part.long.n.wipe()
	part.long.level = t.long.level
	part.heard = heard{sets: map[heardKey]*Set{}, every: t.heard.every}
	part.undated, part.booted = nil, nil
	part.reading = current{}
	part.forgetMarks()
}

// forgetNames has an empty part of t learn its names anew.
func (t *Timeline) forgetNames(whole *Timeline) {
	t.round++
	t.names = newNames()
	t.totals = map[classifier.Tag]*Total{}
	clear(t.recentRules[:])
	t.names.full, t.folded = whole.names.full, whole.names.full
	t.slow = newProfile(t.slow.finest)
	t.slow.deepen(whole.slow.depth)
	t.vhosts, t.upstreams, t.files = [classes]memo[ID]{}, memo[upstream]{}, memo[phpFile]{}
	t.statuses, t.recentAbouts, t.whom = [600]ID{}, nil, subject{}
}
