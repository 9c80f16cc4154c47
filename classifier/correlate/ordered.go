package correlate

import (
	"cmp"
	"slices"
	"time"
)

// ordered is the traffic in the order of time, made when first asked for: adding is over by then. Incidents are asked about
// one by one, and again when they grow, so each question must cost no more than its own time span.
type ordered struct {
	loads   []Bucket
	pages   []pageEntry
	names   []page // by pageEntry.page
	clients []clientEntry
	perName []int // scratch of TopClient, by ID
}

type (
	page      struct{ vhost, uri string }
	pageEntry struct {
		sec  int64
		page int
		*Pages
	}
	pageSum struct {
		page
		Pages
	}
	clientEntry struct {
		clientKey
		n int
	}
)

func (t *Timeline) orderPages() {
	if t.ordered.pages != nil {
		return
	}
	o := &t.ordered
	numbers := map[pageKey]int{}
	o.pages = make([]pageEntry, 0, len(t.traffic.pages))
	for k, p := range t.traffic.pages {
		id := pageKey{vhost: k.vhost, uri: k.uri}
		n, known := numbers[id]
		if !known {
			n = len(o.names)
			numbers[id] = n
			o.names = append(o.names, page{t.names.name(k.vhost), t.names.name(k.uri)})
		}
		o.pages = append(o.pages, pageEntry{k.sec, n, p})
	}
	slices.SortFunc(o.pages, func(a, b pageEntry) int { return cmp.Compare(a.sec, b.sec) })
}

// pagesIn returns, by page family, what the sites hit served and failed during the incident (whole buckets).
func (t *Timeline) pagesIn(in *Incident) []pageSum {
	t.orderPages()
	all := t.ordered.pages
	from, to := floor(in.Start.Unix(), t.traffic.width), in.End.Unix()
	first, _ := slices.BinarySearchFunc(all, from, func(p pageEntry, sec int64) int { return cmp.Compare(p.sec, sec) })
	sums := make([]Pages, len(t.ordered.names))
	for _, p := range all[first:] {
		if p.sec > to {
			break
		}
		sum := &sums[p.page]
		sum.Served += p.Served
		sum.Failed += p.Failed
		sum.Errors += p.Errors
	}
	var out []pageSum
	for i, sum := range sums {
		name := t.ordered.names[i]
		if sum != (Pages{}) && (len(in.vhosts) == 0 || name.vhost == "" || in.vhosts[name.vhost]) {
			out = append(out, pageSum{name, sum})
		}
	}
	return out
}

// Loads returns what the access logs say was served, by time and site.
func (t *Timeline) Loads() []Bucket {
	if t.ordered.loads != nil {
		return t.ordered.loads
	}
	out := make([]Bucket, 0, len(t.traffic.loads))
	for k, l := range t.traffic.loads {
		out = append(out, Bucket{k.sec, t.names.name(k.vhost), l})
	}
	slices.SortFunc(out, func(a, b Bucket) int {
		return cmp.Or(cmp.Compare(a.Sec, b.Sec), cmp.Compare(a.Vhost, b.Vhost), cmp.Compare(a.Requests, b.Requests), cmp.Compare(a.Pages, b.Pages))
	})
	t.ordered.loads = out
	return out
}

// TopClient is the client with the most page requests of a time, how many, and those of all clients.
func (t *Timeline) TopClient(from, to time.Time) (name string, n, all int) {
	o := &t.ordered
	if o.clients == nil {
		o.clients = make([]clientEntry, 0, len(t.traffic.clients))
		for k, c := range t.traffic.clients {
			o.clients = append(o.clients, clientEntry{k, c})
		}
		slices.SortFunc(o.clients, func(a, b clientEntry) int { return cmp.Compare(a.sec, b.sec) })
		o.perName = make([]int, len(t.names.list))
	}
	clear(o.perName)
	first, _ := slices.BinarySearchFunc(o.clients, from.Unix()-t.traffic.width+1, func(e clientEntry, sec int64) int { return cmp.Compare(e.sec, sec) })
	for _, e := range o.clients[first:] {
		if e.sec > to.Unix() {
			break
		}
		o.perName[e.client] += e.n
		all += e.n
	}
	for id, c := range o.perName {
		if c == 0 || id <= 1 {
			continue
		}
		if s := t.names.list[id]; c > n || c == n && s < name {
			name, n = s, c
		}
	}
	return name, n, all
}
