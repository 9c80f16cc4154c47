package correlate

import (
	"hash/maphash"
	"slices"
)

// ID stands for a string of a Timeline; 0 is the empty string.
type ID uint32

// kind is what a string is the name of. Most come from log lines, that is from anybody, so there is a bound for each: when
// a kind has more names than that, none of them is told apart any more. Names of one kind never cost those of another.
type kind uint8

const (
	fixed      kind = iota // sources and the sites they are about, tags: as many as there are files and rules
	ofSite                 // as any line names it
	ofFailing              // site as a line that tells of a failure names it
	ofUpstream             // backend, or the scheme it is spoken to in
	ofPool                 // pool or hosting account
	ofCulprit              // piece of a site
	ofFunction             // of PHP
	ofClient
	ofPage    // page family
	ofFailure // page family of a failure
	ofSlow    // page family of a request that PHP-FPM found too slow
	ofScript  // that the slow log caught
	ofPiece   // plugin, theme, package or core whose code the slow log caught under way
	ofCall    // to the outside, and who makes it
	nameKinds
)

// maxName bounds the bytes of a name.
const maxName = 300

// room is how many names of a kind a Timeline tells apart, and how many bytes they may take.
var room = [nameKinds]struct{ names, bytes int }{
	ofSite: {8 << 10, 512 << 10}, ofFailing: {8 << 10, 512 << 10}, ofUpstream: {4 << 10, 256 << 10}, ofPool: {4 << 10, 256 << 10},
	ofCulprit: {8 << 10, 512 << 10}, ofFunction: {8 << 10, 512 << 10}, ofClient: {32 << 10, 1 << 20},
	ofPage: {24 << 10, 2 << 20}, ofFailure: {8 << 10, 1 << 20}, ofSlow: {8 << 10, 1 << 20},
	ofScript: {4 << 10, 256 << 10}, ofPiece: {4 << 10, 256 << 10}, ofCall: {4 << 10, 256 << 10},
}

// Other is the name under which names beyond the bound are counted.
const Other = "(other)"

const otherID ID = 1

// names gives each string a small number, so that a Mark's key is small and quick to compare.
type names struct {
	places []seat // by hash, where in list
	list   []string
	uses   []uint16 // by ID: the kinds it is a name of, a bit each

	count, bytes [nameKinds]int
	seen         [nameKinds]Set // all names of a kind, also those that are not told apart
	full         uint16         // the kinds that have too many names, a bit each: what was named so is counted under Other

	taken taken // of the last merge

	recent [256]struct { // what was asked for lately is asked for again
		hash uint64
		id   ID
	}
}

func newNames() names {
	n := names{list: []string{""}, uses: []uint16{1}}
	n.append(Other, 1)
	return n
}

// id is the number of a name. Which names have one depends on how many there are, not on the order in which they come.
func (n *names) id(k kind, b []byte) ID {
	b = b[:min(len(b), maxName)]
	if n.full&(1<<k) != 0 && len(b) > 0 {
		n.seen[k].Add(hash(b))
		return otherID
	}
	if len(b) == 0 {
		return 0
	}
	h := maphash.Bytes(slotSeed, b)
	recent := &n.recent[byte(h)]
	if recent.hash != h || recent.id == 0 {
		id, known := n.find(h, b)
		if !known {
			return n.add(k, string(b))
		}
		recent.hash, recent.id = h, id
	}
	return n.as(k, recent.id)
}

// idString is for names that are no part of a line: those are looked up once and kept as IDs.
func (n *names) idString(k kind, s string) ID {
	if k != fixed { // sources are found by their path
		s = s[:min(len(s), maxName)]
	}
	id, known := n.known(s)
	if !known {
		return n.add(k, s)
	}
	return n.as(k, id)
}

// as says what a name is counted under where it is one of kind k.
func (n *names) as(k kind, id ID) ID {
	if id <= otherID {
		return id
	}
	if n.uses[id]&(1<<k) == 0 {
		n.use(k, id)
	}
	if n.full&(1<<k) != 0 {
		return otherID
	}
	return id
}

func (n *names) use(k kind, id ID) {
	n.uses[id] |= 1 << k
	if k == fixed {
		return
	}
	n.seen[k].Add(hash([]byte(n.list[id])))
	n.count[k]++
	n.bytes[k] += len(n.list[id])
	if n.count[k] >= room[k].names || n.bytes[k] >= room[k].bytes {
		n.full |= 1 << k
	}
}

func (n *names) add(k kind, s string) ID {
	if n.full&(1<<k) != 0 {
		n.seen[k].Add(hash([]byte(s)))
		return otherID
	}
	return n.as(k, n.append(s, 0))
}

func (n *names) name(id ID) string { return n.list[id] }

// keeps says whether a name is still told apart as one kind or another.
func (n *names) keeps(s string) bool {
	id, known := n.known(s)
	return known && n.uses[id]&^n.full != 0
}

// take is the number of a name that another Timeline uses for so many kinds.
func (n *names) take(s string, uses uint16) (id ID) {
	for k := range nameKinds {
		if uses&(1<<k) != 0 && id <= otherID {
			id = n.idString(k, s)
		} else if uses&(1<<k) != 0 {
			n.as(k, id)
		}
	}
	return id
}

// taken is which IDs names have where they were taken in, for as long as the same kinds are full there.
type taken struct {
	into *names
	full uint16
	ids  []ID
	uses []uint16
}

// merge takes in the names of o and tells which of its own IDs they have now. A part is merged again and again: what is known of it
// is not looked up.
func (n *names) merge(o *names) []ID {
	m := &o.taken
	if m.into != n || m.full != n.full {
		*m = taken{into: n, full: n.full}
	}
	known := len(m.ids)
	m.ids, m.uses = slices.Grow(m.ids, len(o.list)-known)[:len(o.list)], slices.Grow(m.uses, len(o.list)-known)[:len(o.list)]
	for i, s := range o.list {
		if uses := o.uses[i]; i >= known || m.uses[i] != uses {
			m.ids[i], m.uses[i] = n.take(s, uses), uses
		}
	}
	for k := range nameKinds {
		n.seen[k].Merge(&o.seen[k])
	}
	n.full |= o.full
	return m.ids
}

func (n *names) clone() names {
	c := *n
	c.taken = taken{}
	c.places, c.list, c.uses = slices.Clone(n.places), slices.Clone(n.list), slices.Clone(n.uses)
	for k := range c.seen {
		c.seen[k] = n.seen[k].clone()
	}
	return c
}
