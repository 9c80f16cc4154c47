package correlate

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"why502/classifier"
)

// Incident is a time in which visitors were hurt in one way.
type Incident struct {
	Start, End time.Time
	Families   []classifier.Family

	First Beginning // what it began with: that stays while it grows

	Failures map[string]int // by status, "truncated", "dropped"; each request once
	Clients  int

	Isolated    bool // fewer than three failures
	Unseen      bool // no web log covers it: known from other signals only
	Scope       string
	Persistence string

	Vhosts, URIs, Pools, Backends []Share

	Marks []*Mark // the error lines that stand for its failures
	Told  []*Mark // lines of the application about failures that an access log counts
	HTTP  []Part  // the access lines that do

	lines, logged int // access lines of failures, and the requests they are of: nginx and Apache may both log one

	vhosts, backends, pools nameSet

	met *Set // the clients of Marks, if it was joined of several that no access log tells of; else nil
}

// Part is the part of an access mark's requests that belong to an incident.
type Part struct {
	*Mark
	N int
}

// Share is a name and its part of the failures.
type Share struct {
	Name     string
	Failures int
}

// Total is the number of failed requests.
func (in *Incident) Total() int {
	n := 0
	for _, c := range in.Failures {
		n += c
	}
	return n
}

// Moments are the failures by when they were seen, as well as the logs date them: by error lines, else by access lines.
func (in *Incident) Moments() iter.Seq2[*Mark, int] {
	return func(yield func(*Mark, int) bool) {
		told := false
		for _, m := range in.Marks {
			if m.Rule != nil && m.Rule.Harm != "" {
				told = true
				if !yield(m, max(1, m.Requests.Len())) {
					return
				}
			}
		}
		for _, p := range in.HTTP {
			if !told && !yield(p.Mark, p.N) {
				return
			}
		}
	}
}

// Has says whether a site is among those hit.
func (in *Incident) Has(vhost string) bool { return in.vhosts.has(vhost) }

// Scope of an incident.
const (
	SiteWide     = "site-wide"
	SingleVhost  = "single-vhost"
	PageSpecific = "page-specific"
)

// Persistence of an incident.
const (
	Transient    = "transient"
	Intermittent = "intermittent"
	Persistent   = "persistent"
)

// Widen takes in whom and when another incident hit. All else is left to Join.
func (in *Incident) Widen(o *Incident) {
	if o.Start.Before(in.Start) {
		in.First = o.First
	}
	in.Start, in.End = earlier(in.Start, o.Start), later(in.End, o.End)
	in.Isolated = in.Isolated && o.Isolated
	for _, s := range o.Vhosts {
		if !in.vhosts.has(s.Name) {
			in.vhosts.add(s.Name)
			in.Vhosts = append(in.Vhosts, s)
		}
	}
	for status, n := range o.Failures {
		in.Failures[status] += n
	}
	in.addFamilies(o)
}

func (in *Incident) addFamilies(o *Incident) {
	for _, f := range o.Families {
		if i, found := slices.BinarySearch(in.Families, f); !found {
			in.Families = slices.Insert(in.Families, i, f)
		}
	}
}

// Join makes one incident of several that have one explanation.
func (t *Timeline) Join(first *Incident, parts ...*Incident) *Incident {
	in := &Incident{Unseen: true}
	for _, p := range parts {
		in.Marks = append(in.Marks, p.Marks...)
		in.HTTP = append(in.HTTP, p.HTTP...)
	}
	in.order()
	in.Marks = merged(first.Marks, in.Marks, compareMarks)
	in.HTTP = merged(first.HTTP, in.HTTP, compareParts)
	parts = append([]*Incident{first}, parts...)
	for _, p := range parts {
		in.Told = append(in.Told, p.Told...)
		in.Unseen = in.Unseen && p.Unseen
		in.addFamilies(p)
	}
	if len(in.HTTP) == 0 { // it grows by one after the other: what was added up is not gone over again
		in.met = &Set{}
		for _, p := range parts {
			p.addClients(in.met)
		}
	}
	t.finish(in)
	in.beginWith(parts)
	return in
}

// order puts the marks of an incident in their order.
func (in *Incident) order() {
	slices.SortFunc(in.Marks, compareMarks)
	slices.SortFunc(in.HTTP, compareParts)
}

func compareParts(a, b Part) int { return compareMarks(a.Mark, b.Mark) }

// merged is what stands in two slices, which are in order.
func merged[T any](a, b []T, compare func(T, T) int) []T {
	all := make([]T, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(b[0], a[0]) < 0 {
			all, b = append(all, b[0]), b[1:]
		} else {
			all, a = append(all, a[0]), a[1:]
		}
	}
	return append(append(all, a...), b...)
}

// finish derives everything in an incident from its marks, which are in order.
func (t *Timeline) finish(in *Incident) {
	t.ordered.related.forget(nil)
	in.vhosts, in.backends, in.pools = nil, nil, nil
	t.bounds(in)
	t.count(in)
	for _, m := range in.Marks {
		if m.Backend != "" {
			in.backends.add(m.Backend)
		}
		if m.Pool != "" {
			in.pools.add(m.Pool)
		}
	}
	for _, p := range in.HTTP {
		if p.Backend != "" {
			in.backends.add(p.Backend)
		}
	}
	for _, m := range in.Told {
		if m.Backend != "" {
			in.backends.add(m.Backend)
		}
	}
	for _, s := range in.Vhosts {
		in.vhosts.add(s.Name)
	}
	in.Backends = t.backendShares(in)
	in.Pools = t.poolShares(in)
	pages := t.pagesIn(in)
	in.URIs = in.uriShares(pages)
	end := in.End
	in.Isolated = in.Total() < 3 && (!in.Unseen || signals(in.Marks) < 3) && !t.outlast(in)
	if in.End != end {
		pages = t.pagesIn(in)
	}
	in.Scope = t.scope(in, pages)
	in.Persistence = t.persistence(in, pages)
}

// bounds sets when the incident began and ended, by the best dated of what shows the failures: nginx's access lines, which
// are stamped when the answer was sent, and the error lines of cut bodies; else all error lines, of which some may be
// tries that the next upstream made good; else Apache's access lines, which are stamped when the request came.
func (t *Timeline) bounds(in *Incident) {
	see := func(m *Mark) {
		in.Start, in.End = earlier(in.Start, m.First), later(in.End, m.Last)
	}
	for _, p := range in.HTTP {
		if p.Format != "apache-access" {
			see(p.Mark)
		}
	}
	answered := !in.Start.IsZero()
	for _, m := range in.Marks {
		if !answered || m.Rule.Harm == "truncated" || m.Rule.Harm == "dropped" {
			see(m)
		}
	}
	if in.Start.IsZero() {
		for _, p := range in.HTTP {
			see(p.Mark)
		}
	}
}

func (t *Timeline) backendShares(in *Incident) []Share {
	n := map[string]int{}
	for _, m := range in.Marks {
		if m.Backend != "" && m.Rule.Harm != "" {
			n[m.Backend] += max(1, m.Requests.Len())
		}
	}
	if len(n) == 0 {
		for _, p := range in.HTTP {
			if p.Backend != "" {
				n[p.Backend] += p.N
			}
		}
	}
	return shares(n)
}

// poolShares names the pools behind the backends and sites hit.
func (t *Timeline) poolShares(in *Incident) []Share {
	n := map[string]int{}
	for _, p := range in.pools {
		n[p] = 0
	}
	for pool := range t.links.pools {
		if t.poolRelation(pool, in) == Same {
			n[pool] = 0
			for _, b := range in.Backends {
				if contains(b.Name, pool) || t.wiring.listens(pool, b.Name) {
					n[pool] += b.Failures
				}
			}
		}
	}
	return shares(n)
}

// uriShares counts failures by page family, from the access logs where they cover it.
func (in *Incident) uriShares(pages []pageSum) []Share {
	failed, errors := map[string]int{}, map[string]int{}
	for _, p := range pages {
		if p.Failed > 0 {
			failed[p.uri] += p.Failed
		}
		if p.Errors > 0 {
			errors[p.uri] += p.Errors
		}
	}
	if len(failed) == 0 {
		failed = errors
	} else if in.lines > in.logged {
		// Each server counted its own line of one request.
		for uri, n := range failed {
			failed[uri] = (n*in.logged + in.lines/2) / in.lines
		}
	}
	return shares(failed)
}

// outlast extends an incident known from a web server's own limit only to the end of the stall it brought.
func (t *Timeline) outlast(in *Incident) bool {
	if !in.Unseen || !slices.Contains(in.Families, classifier.Limit) {
		return false
	}
	_, end, ok := t.Stall(in.Start, in.End)
	if ok {
		in.End = later(in.End, end)
	}
	return ok
}

func signals(marks []*Mark) int {
	n := 0
	for _, m := range marks {
		n += m.Count
	}
	return n
}

func shares(n map[string]int) []Share {
	s := make([]Share, 0, len(n))
	for name, k := range n {
		s = append(s, Share{name, k})
	}
	sortShares(s)
	return s
}

func sortShares(s []Share) {
	slices.SortFunc(s, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(a.Name, b.Name))
	})
}
