package history

import (
	"cmp"
	"maps"
	"slices"
)

// Bounds of what is kept of one day of one host.
const (
	maxNames   = 200 // of one kind; the rest is counted under Other
	maxShares  = 30  // the same of one incident
	maxName    = 200 // bytes
	maxStubs   = 60  // incidents of one run and day that are kept one by one
	maxCovered = 200 // pairs
)

// Other is what names are counted under that are too many.
const Other = "(other)"

// sums is what was counted of a day.
type sums struct {
	Read     int64          `json:"read,omitempty"`
	Lines    int64          `json:"lines,omitempty"`
	Records  int64          `json:"records,omitempty"`
	Unparsed int64          `json:"unparsed,omitempty"`
	Requests map[string]int `json:"requests,omitempty"`
	Tags     map[string]int `json:"tags,omitempty"`
	Slow     int            `json:"slow,omitempty"`
	Culprits map[string]int `json:"culprits,omitempty"`
	Covered  []span         `json:"covered,omitempty"`
	Folded   *folded        `json:"folded,omitempty"`
}

// folded is what incidents that are not kept one by one come to.
type folded struct {
	IDs       []uint64                  `json:"ids"` // hashes, in order
	Incidents int                       `json:"incidents,omitempty"`
	Isolated  int                       `json:"isolated,omitempty"`
	Seconds   int                       `json:"seconds,omitempty"`
	Clients   int                       `json:"clients,omitempty"`
	Failures  map[string]int            `json:"failures,omitempty"`
	Causes    map[string]causeSum       `json:"causes,omitempty"`
	Names     map[string]map[string]int `json:"names,omitempty"` // failures by kind (vhost uri pool culprit) and name
}

type causeSum struct {
	Title     string `json:"title"`
	Incidents int    `json:"incidents"`
	Failures  int    `json:"failures"`
	Seconds   int    `json:"seconds"`
}

// add adds o to s; nothing of o is shared afterwards.
func (s *sums) add(o *sums) {
	if o == nil {
		return
	}
	s.Read += o.Read
	s.Lines += o.Lines
	s.Records += o.Records
	s.Unparsed += o.Unparsed
	s.Slow += o.Slow
	addAll(&s.Requests, o.Requests)
	addAll(&s.Tags, o.Tags)
	addAll(&s.Culprits, o.Culprits)
	s.Covered = union(slices.Concat(s.Covered, o.Covered))
	if o.Folded != nil {
		if s.Folded == nil {
			s.Folded = &folded{}
		}
		s.Folded.add(o.Folded)
	}
}

func (s *sums) cap() {
	capNames(s.Requests, maxNames)
	capNames(s.Tags, maxNames)
	capNames(s.Culprits, maxNames)
	if s.Folded != nil {
		for _, names := range s.Folded.Names {
			capNames(names, maxNames)
		}
	}
}

func (f *folded) add(o *folded) {
	f.IDs = slices.Concat(f.IDs, o.IDs)
	slices.Sort(f.IDs)
	f.IDs = slices.Compact(f.IDs)
	f.Incidents += o.Incidents
	f.Isolated += o.Isolated
	f.Seconds += o.Seconds
	f.Clients += o.Clients
	addAll(&f.Failures, o.Failures)
	if f.Causes == nil {
		f.Causes = map[string]causeSum{}
	}
	for id, c := range o.Causes {
		addCause(f.Causes, id, c)
	}
	for kind, names := range o.Names {
		f.addNames(kind, names)
	}
}

func (f *folded) addNames(kind string, names map[string]int) {
	if f.Names == nil {
		f.Names = map[string]map[string]int{}
	}
	sum := f.Names[kind]
	addAll(&sum, names)
	f.Names[kind] = sum
}

func (f *folded) has(id string) bool {
	_, found := slices.BinarySearch(f.IDs, hash(id))
	return found
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func addAll(to *map[string]int, from map[string]int) {
	if *to == nil && len(from) > 0 {
		*to = make(map[string]int, len(from))
	}
	for k, n := range from {
		(*to)[k] += n
	}
}

// capNames counts all but the most frequent names under Other.
func capNames(m map[string]int, most int) {
	if len(m) <= most {
		return
	}
	names := slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	for _, name := range names[most-1:] {
		if name != Other {
			m[Other] += m[name]
			delete(m, name)
		}
	}
}

// span is a time from one second to another, the last left out.
type span [2]int64

// union puts spans in order and joins those that meet. Of too many the narrowest holes are closed.
func union(all []span) []span {
	slices.SortFunc(all, func(a, b span) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	all = joined(all, 0)
	for hole := int64(60); len(all) > maxCovered; hole *= 2 {
		all = joined(all, hole)
	}
	return all
}

// joined joins spans, which are in order, that are no further apart than a hole.
func joined(all []span, hole int64) []span {
	out := all[:0:0]
	for _, s := range all {
		if last := len(out) - 1; last >= 0 && s[0] <= out[last][1]+hole {
			out[last][1] = max(out[last][1], s[1])
		} else {
			out = append(out, s)
		}
	}
	return out
}

// without takes the times of cuts out of spans.
func without(all, cuts []span) []span {
	for _, c := range cuts {
		var out []span
		for _, s := range all {
			if s[0] < min(c[0], s[1]) {
				out = append(out, span{s[0], min(c[0], s[1])})
			}
			if max(c[1], s[0]) < s[1] {
				out = append(out, span{max(c[1], s[0]), s[1]})
			}
		}
		all = out
	}
	return all
}
