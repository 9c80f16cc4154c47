package correlate

import (
	"maps"
	"slices"
)

// count sets the failures: from access lines where there are any, because they stand for requests; from error lines, a
// request once however often it was tried, where there are none.
func (t *Timeline) count(in *Incident) {
	servers := answersOf(in.HTTP)
	failures, perVhost := servers.count()
	in.Failures, in.logged = failures, failures.sum()
	in.lines = 0
	for _, p := range in.HTTP {
		in.lines += p.N
	}
	clients := servers.clients()
	inAccess := maps.Clone(failures)
	told := t.requests(in.Marks)
	if perVhost[""] > 0 {
		// The access log names no site; the error lines of the same failures do.
		for k, n := range told {
			if k.vhost != "" && inAccess[k.harm] > 0 {
				perVhost[k.vhost] += n
			}
		}
		for k, n := range t.requests(in.Told) {
			if k.vhost != "" && len(told) == 0 {
				perVhost[k.vhost] += n
			}
		}
	}
	for k, set := range told {
		if inAccess[k.harm] > 0 || (len(inAccess) > 0 && k.harm != "truncated" && k.harm != "dropped") {
			continue
		}
		in.Failures[k.harm] += set
		perVhost[k.vhost] += set
	}
	if len(in.HTTP) == 0 {
		in.addClients(&clients)
	}
	for _, m := range in.Marks {
		if len(in.HTTP) > 0 && (m.Rule.Harm == "truncated" || m.Rule.Harm == "dropped") {
			clients.Merge(&m.Clients)
		}
	}
	in.Clients = clients.Len()
	in.Vhosts = nil
	for v, n := range perVhost {
		if v != "" {
			in.Vhosts = append(in.Vhosts, Share{v, n})
		}
	}
	sortShares(in.Vhosts)
}

// addClients adds the clients of all error lines to those of others.
func (in *Incident) addClients(to *Set) {
	if in.met != nil {
		to.Merge(in.met)
		return
	}
	for _, m := range in.Marks {
		to.Merge(&m.Clients)
	}
}

type harmKey struct{ vhost, harm string }

// requests counts the distinct failed requests of error marks, which are in order, by site and harm. The harm of a request
// with several lines (a retry each, in one second) is that of any of them: they agree.
func (t *Timeline) requests(marks []*Mark) map[harmKey]int {
	type group struct {
		harmKey
		Set
	}
	var second []group // the sets of one second: few
	out := map[harmKey]int{}
	var sec int64
	flush := func() {
		for i := range second {
			out[second[i].harmKey] += second[i].Len()
		}
		second = second[:0]
	}
	for _, m := range marks {
		if m.Rule == nil || m.Rule.Harm == "" {
			continue
		}
		k := harmKey{m.Vhost, m.Rule.Harm}
		if m.Requests.Len() == 0 {
			out[k] += m.Count
			continue
		}
		if s := m.First.Unix(); s != sec {
			flush()
			sec = s
		}
		i := slices.IndexFunc(second, func(g group) bool { return g.harmKey == k })
		if i < 0 {
			second = append(second, group{k, m.Requests})
			continue
		}
		second[i].Set = second[i].clone() // it may be a mark's own
		second[i].Merge(&m.Requests)
	}
	flush()
	return out
}
