package correlate

// Folded is what a Timeline had to count together because there was too much of it.
type Folded struct {
	Kind    string // site upstream pool culprit function client page script package call stack; or failures, events, requests, pages: their times
	Names   int    // how many different ones there are, an estimate; of names only
	Entries int    // how many log entries or requests stand under Other for it
	Seconds int64  // how far apart moments must be to be told apart; of times only
}

// Folded tells what had to be counted together: what follows from the logs, in whatever order they were read.
func (t *Timeline) Folded() (all []Folded) {
	for c, kind := range [classes]string{failing: "failures", rest: "events"} {
		if w := grains[t.grain[c]].width; w > 1 {
			all = append(all, Folded{Kind: kind, Seconds: w})
		}
	}
	if t.traffic.width > span {
		all = append(all, Folded{Kind: "requests", Seconds: t.traffic.width})
	}
	if w := t.traffic.pageWidth(); w > span {
		all = append(all, Folded{Kind: "pages", Seconds: w})
	}
	entries := t.foldedEntries()
	for _, f := range [...]struct {
		kind string
		of   []kind
	}{
		{"site", []kind{ofSite, ofFailing}},
		{"upstream", []kind{ofUpstream}},
		{"pool", []kind{ofPool}},
		{"culprit", []kind{ofCulprit}},
		{"function", []kind{ofFunction}},
		{"client", []kind{ofClient}},
		{"page", []kind{ofPage, ofFailure, ofSlow}},
		{"script", []kind{ofScript}},
		{"package", []kind{ofPiece}},
		{"call", []kind{ofCall}},
	} {
		n, full := Set{}, false
		for _, k := range f.of {
			n.Merge(&t.names.seen[k])
			full = full || t.names.full&(1<<k) != 0
		}
		if f.kind == "client" {
			full = full || !grains[t.grain[failing]].clients && n.Len() > 0
		}
		if full || entries[f.kind] > 0 {
			all = append(all, Folded{Kind: f.kind, Names: n.Len(), Entries: entries[f.kind]})
		}
	}
	if t.slow.depth > t.slow.finest {
		all = append(all, Folded{Kind: "stack", Entries: t.slow.entries})
	}
	return all
}

// foldedEntries counts, by kind of name, what stands under Other.
func (t *Timeline) foldedEntries() map[string]int {
	n := map[string]int{}
	for k, m := range t.marks {
		for _, f := range [...]struct {
			kind string
			id   ID
		}{
			{"site", k.vhost}, {"upstream", k.backend}, {"pool", k.pool}, {"culprit", k.culprit}, {"function", k.function}, {"page", k.uri},
		} {
			if f.id == otherID {
				n[f.kind] += m.Count
			}
		}
	}
	t.slow.settle()
	for kind, of := range map[string]int{"script": scripts, "package": pieces, "call": calls} {
		if k := t.slow.tallies[of][otherID]; k != nil {
			n[kind] = *k
		}
	}
	for k, p := range t.traffic.pages.all() {
		if k.uri == otherID {
			n["page"] += p.Served + p.Failed + p.Errors
		}
	}
	if !t.traffic.grains.keepsClients() {
		for _, l := range t.traffic.loads {
			n["client"] += l.Pages
		}
	}
	return n
}
