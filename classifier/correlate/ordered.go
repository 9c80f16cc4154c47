package correlate

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// ordered is what was added in the order in which it is asked for, made when first asked for. Incidents are asked about one
// by one, and again when they grow, so each question must cost no more than its own time span.
type ordered struct {
	marks    []*Mark
	sources  []*Source
	loads    []Bucket
	loadsOf  map[string][]Bucket // the same by site
	secs     []int64             // of loads, each once
	sums     []loadSum           // of all loads before each of these
	pages    []pageEntry
	names    []page            // by pageEntry.page
	sites    map[string][2]int // of pages: which of them are a site's
	pageSums []Pages           // scratch of pagesIn, by pageEntry.page
	used     []int32           // which of these are
	clients  []clientEntry
	perName  []int              // scratch of TopClient, by ID
	busiest  map[[2]int]busiest // by the first and last of clients
	end      time.Time          // of all logs
	flow     *flow
	related  related
	long     []longEntry
	longest  int64              // seconds that one of them may have lasted
	serves   map[[2]string]bool // by pool and site
}

// Ordered returns the Marks that Incidents, which was asked before, went by.
func (t *Timeline) Ordered() []*Mark { return t.ordered.marks }

// loadSum adds up loads, and those of which the site is known.
type loadSum struct{ all, named Load }

type (
	page      struct{ vhost, uri string }
	pageEntry struct {
		sec  int64
		site ID
		page int32
		*Pages
	}
	pageSum struct {
		page
		Pages
	}
	clientEntry struct {
		clientKey
		n int32
	}
)

func (t *Timeline) orderPages() {
	if t.ordered.sites != nil {
		return
	}
	o := &t.ordered
	numbers := map[uint64]int32{}
	o.pages = make([]pageEntry, 0, t.traffic.pages.len())
	for k, p := range t.traffic.pages.all() {
		id := uint64(k.vhost)<<32 | uint64(k.uri)
		n, known := numbers[id]
		if !known {
			n = int32(len(o.names))
			numbers[id] = n
			o.names = append(o.names, page{t.names.name(k.vhost), t.names.name(k.uri)})
		}
		o.pages = append(o.pages, pageEntry{k.sec, k.vhost, n, p})
	}
	slices.SortFunc(o.pages, func(a, b pageEntry) int {
		if a.site != b.site {
			return cmp.Compare(a.site, b.site)
		}
		return cmp.Compare(a.sec, b.sec)
	})
	o.pageSums = make([]Pages, len(o.names))
	o.sites = map[string][2]int{}
	for from, to := 0, 0; from < len(o.pages); from = to {
		site := o.pages[from].site
		for to < len(o.pages) && o.pages[to].site == site {
			to++
		}
		o.sites[t.names.name(site)] = [2]int{from, to}
	}
}

// pagesIn returns, by page family, what the sites hit served and failed during the incident (whole buckets).
func (t *Timeline) pagesIn(in *Incident) []pageSum {
	t.orderPages()
	o := &t.ordered
	if len(in.vhosts) == 0 {
		for _, at := range o.sites {
			t.sumPages(o.pages[at[0]:at[1]], in)
		}
	} else {
		for _, v := range in.vhosts {
			at := o.sites[v]
			t.sumPages(o.pages[at[0]:at[1]], in)
		}
		if at := o.sites[""]; !in.vhosts.has("") {
			t.sumPages(o.pages[at[0]:at[1]], in)
		}
	}
	out := make([]pageSum, 0, len(o.used))
	for _, i := range o.used {
		out = append(out, pageSum{o.names[i], o.pageSums[i]})
		o.pageSums[i] = Pages{}
	}
	o.used = o.used[:0]
	return out
}

// sumPages adds up the pages of one site during an incident.
func (t *Timeline) sumPages(all []pageEntry, in *Incident) {
	o := &t.ordered
	from, to := floor(in.Start.Unix(), t.traffic.pageWidth()), in.End.Unix()
	first, _ := slices.BinarySearchFunc(all, from, func(p pageEntry, sec int64) int { return cmp.Compare(p.sec, sec) })
	for _, p := range all[first:] {
		if p.sec > to {
			break
		}
		sum := &o.pageSums[p.page]
		if *sum == (Pages{}) && *p.Pages != (Pages{}) {
			o.used = append(o.used, p.page)
		}
		sum.merge(p.Pages)
	}
}

// Loads returns what the access logs say was served, by time and site.
func (t *Timeline) Loads() []Bucket {
	if t.ordered.loads != nil {
		return t.ordered.loads
	}
	out := make([]Bucket, 0, len(t.traffic.loads))
	for k, l := range t.traffic.loads {
		if l.Requests > 0 {
			out = append(out, Bucket{k.sec, t.names.name(k.vhost), l})
		}
	}
	slices.SortFunc(out, func(a, b Bucket) int {
		return cmp.Or(cmp.Compare(a.Sec, b.Sec), cmp.Compare(a.Vhost, b.Vhost), cmp.Compare(a.Requests, b.Requests), cmp.Compare(a.Pages, b.Pages))
	})
	t.ordered.loads = out
	return out
}

// LoadsOf are the buckets of the sites that an incident hit, and of logs that name no site, which begin from one second to
// another.
func (t *Timeline) LoadsOf(in *Incident, from, to int64) iter.Seq[*Bucket] {
	o := &t.ordered
	if o.loadsOf == nil {
		o.loadsOf = map[string][]Bucket{}
		for _, l := range t.Loads() {
			o.loadsOf[l.Vhost] = append(o.loadsOf[l.Vhost], l)
		}
	}
	return func(yield func(*Bucket) bool) {
		each := func(all []Bucket) bool {
			first, _ := slices.BinarySearchFunc(all, from, bySec)
			for i := first; i < len(all) && all[i].Sec <= to; i++ {
				if !yield(&all[i]) {
					return false
				}
			}
			return true
		}
		if len(in.Vhosts) == 0 {
			each(t.Loads())
			return
		}
		if !each(o.loadsOf[""]) {
			return
		}
		for _, s := range in.Vhosts {
			if !each(o.loadsOf[s.Name]) {
				return
			}
		}
	}
}

func bySec(b Bucket, sec int64) int { return cmp.Compare(b.Sec, sec) }

// LoadIn is what was asked for in all buckets that begin from one second to another, and the part of it whose site is
// known. It counts no clients.
func (t *Timeline) LoadIn(from, to int64) (all, named Load) {
	o := &t.ordered
	if o.sums == nil {
		o.sums = make([]loadSum, 1)
		for _, l := range t.Loads() {
			if n := len(o.secs); n == 0 || o.secs[n-1] != l.Sec {
				o.secs, o.sums = append(o.secs, l.Sec), append(o.sums, o.sums[n])
			}
			s := &o.sums[len(o.secs)]
			one := *l.Load
			one.Clients = Set{}
			s.all.merge(&one)
			if l.Vhost != "" {
				s.named.merge(&one)
			}
		}
	}
	first, _ := slices.BinarySearch(o.secs, from)
	end, _ := slices.BinarySearch(o.secs, to+1)
	if end <= first {
		return all, named
	}
	a, b := &o.sums[first], &o.sums[end]
	return b.all.minus(&a.all), b.named.minus(&a.named)
}

// end is the last moment that a log tells of.
func (t *Timeline) end() time.Time {
	if t.ordered.end.IsZero() {
		for _, s := range t.sources {
			t.ordered.end = later(t.ordered.end, s.To)
		}
	}
	return t.ordered.end
}

// busiest is the client with the most page requests of a time, how many, and those of all clients.
type busiest struct {
	name   string
	n, all int
}

// TopClient is the client with the most page requests of a time, how many, and those of all clients.
func (t *Timeline) TopClient(from, to time.Time) (name string, n, all int) {
	o := &t.ordered
	entries := t.clientsOf(from, to)
	if len(entries) == 0 {
		return "", 0, 0
	}
	// The entries are named by where they begin and how many they are: incidents of one minute ask for the same.
	key := [2]int{int(entries[0].sec), len(entries)}
	b, known := o.busiest[key]
	if !known {
		b = t.countClients(entries)
		o.busiest[key] = b
	}
	return b.name, b.n, b.all
}

// clientsOf are the counted page requests of a time.
func (t *Timeline) clientsOf(from, to time.Time) []clientEntry {
	o := &t.ordered
	if o.clients == nil {
		o.clients = make([]clientEntry, 0, t.traffic.clients.len())
		for k, c := range t.traffic.clients.all() {
			o.clients = append(o.clients, clientEntry{k, *c})
		}
		slices.SortFunc(o.clients, func(a, b clientEntry) int { return cmp.Compare(a.sec, b.sec) })
		o.perName = make([]int, len(t.names.list))
		o.busiest = map[[2]int]busiest{}
	}
	bySec := func(e clientEntry, sec int64) int { return cmp.Compare(e.sec, sec) }
	first, _ := slices.BinarySearchFunc(o.clients, from.Unix()-t.traffic.clientWidth()+1, bySec)
	end, _ := slices.BinarySearchFunc(o.clients, to.Unix()+1, bySec)
	return o.clients[first:max(first, end)]
}

func (t *Timeline) countClients(entries []clientEntry) (b busiest) {
	o := &t.ordered
	for _, e := range entries {
		o.perName[e.client] += int(e.n)
		b.all += int(e.n)
	}
	for _, e := range entries {
		c := o.perName[e.client]
		o.perName[e.client] = 0
		if c == 0 || e.client <= otherID {
			continue
		}
		if s := t.names.list[e.client]; c > b.n || c == b.n && s < b.name {
			b.name, b.n = s, c
		}
	}
	return b
}
