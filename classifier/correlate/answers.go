package correlate

import (
	"cmp"
	"maps"
	"slices"
)

// answers are the failed requests of an incident as one kind of server's access logs tell them.
type answers struct {
	format  string
	clients Set
	sites   map[string]statuses // "" where the log names none
}

// statuses counts requests by status.
type statuses map[string]int

func (t statuses) add(o statuses) {
	for status, n := range o {
		t[status] += n
	}
}

func (t statuses) sum() (n int) {
	for _, k := range t {
		n += k
	}
	return n
}

// foremost orders servers by how near to the visitor they stand where several tell of one request.
var foremost = []string{"aws-alb", "heroku", "envoy", "haproxy", "varnish", "nginx-access", "apache-access"}

// told is what each server tells, the foremost first.
type told []*answers

func answersOf(parts []Part) (all told) {
	for _, p := range parts {
		i := slices.IndexFunc(all, func(a *answers) bool { return a.format == p.Format })
		if i < 0 {
			i = len(all)
			all = append(all, &answers{format: p.Format, sites: map[string]statuses{}})
		}
		a := all[i]
		a.clients.Merge(&p.Clients)
		if a.sites[p.Vhost] == nil {
			a.sites[p.Vhost] = statuses{}
		}
		a.sites[p.Vhost][string(p.Tag[len("http/"):])] += p.N
	}
	slices.SortFunc(all, func(a, b *answers) int {
		return cmp.Or(cmp.Compare(slices.Index(foremost, a.format), slices.Index(foremost, b.format)), cmp.Compare(a.format, b.format))
	})
	return all
}

// clients are those of the server that knows most: one behind a proxy may know none but the proxy.
func (all told) clients() (most Set) {
	for _, a := range all {
		if a.clients.Len() > most.Len() {
			most = a.clients
		}
	}
	return most.clone()
}

// count returns the requests by status and by site, each once: nginx and Apache behind it both log it, and what the first
// of them answered is what the visitor got. "" are those of no known site.
func (all told) count() (failures statuses, perVhost map[string]int) {
	sites := map[string]statuses{}
	later := statuses{} // what only servers behind one that names no sites say about sites
	for _, a := range all {
		for site, got := range a.sites {
			if site != "" && sites[site] == nil && sites[""] != nil && all[0].before(a) {
				later.add(got)
			}
		}
		for site, got := range a.sites {
			sites[site] = once(sites[site], got)
		}
	}
	failures, perVhost = statuses{}, map[string]int{}
	for site, got := range sites {
		perVhost[site] = got.sum()
		failures.add(got)
	}
	if len(later) > 0 {
		nameless := sites[""]
		for status, n := range later {
			failures[status] -= n
		}
		for status, n := range once(nameless, later) {
			failures[status] += n - nameless[status]
		}
		for status, n := range failures {
			if n <= 0 {
				delete(failures, status)
			}
		}
		perVhost[""] = max(0, perVhost[""]-later.sum())
	}
	return failures, perVhost
}

// before says whether a passes requests on to b: b knows hardly a client but the proxy, or, told by a header, the same ones.
func (a *answers) before(b *answers) bool {
	return a != b && (b.clients.Len() <= 2 || a.clients.Meets(&b.clients))
}

// once merges what two servers say of the same requests: as the first answered them, if it knows of as many.
func once(front, back statuses) statuses {
	if front == nil {
		return back
	}
	if front.sum() >= back.sum() {
		return front
	}
	out := maps.Clone(front)
	for status, n := range back {
		out[status] = max(out[status], n)
	}
	return out
}
