package correlate

import "why502/classifier"

// Several workers fill a Timeline each. So that they do not each hold as much as the whole may, each hands over what it has
// when it is Full: so much of what a Timeline may hold.
const fullAt = 8

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
	return t.long.n.len() > maxLong/fullAt || len(t.heard.sets) > maxHeard/fullAt ||
		len(tr.loads) > maxLoads/fullAt || tr.pages.len() > maxPages/fullAt || len(tr.clients) > maxClients/fullAt
}

// Take adds all that part has collected and leaves part empty, to be filled again: with the names that it knows, and as
// coarse as t.
func (t *Timeline) Take(part *Timeline) {
	t.Merge(part)
	part.marks, part.kept = map[key]*Mark{}, [classes]int{}
	for c := range part.grain {
		part.grain[c] = max(part.grain[c], t.grain[c])
	}
	part.traffic = newTraffic()
	part.traffic.grains, part.traffic.width = t.traffic.grains, t.traffic.width
	part.sources, part.totals, part.links = map[string]*Source{}, map[classifier.Tag]*Total{}, newLinks()
	part.links.narrowed = t.links.narrowed
	part.slow.reset()
	part.long = long{t.long.level, table[longKey, int]{}}
	part.heard = heard{sets: map[heardKey]*Set{}, every: t.heard.every}
	part.undated, part.booted = nil, nil
	part.reading = current{}
	part.round++
	clear(part.recentRules[:])
	clear(part.recentMarks[:])
}
