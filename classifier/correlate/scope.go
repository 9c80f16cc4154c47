package correlate

import (
	"slices"
	"time"
)

// scope says whom it hit: several sites, one site, or some pages of a site whose other pages were served.
func (t *Timeline) scope(in *Incident, pages []pageSum) string {
	switch {
	case len(in.Vhosts) > 1:
		return SiteWide
	case len(in.Vhosts) == 0 && len(in.Backends) == 0:
		return SiteWide
	}
	failing, well := 0, 0 // requests for families that failed; that did not
	families := 0
	for _, p := range pages {
		if p.Failed > 0 {
			failing += p.Served + p.Failed
			families++
		} else {
			well += p.Served
		}
	}
	switch {
	case families == 0:
		// No access log shows what was served: a single kind of page among several failures says it as well as it can.
		if len(in.URIs) == 1 && in.URIs[0].Failures >= 5 {
			return PageSpecific
		}
		return SingleVhost
	case well >= 3 && well*5 >= failing+well && onFewPages(in.URIs), onFewPages(in.URIs) && sparesOthers(in.URIs, pages):
		return PageSpecific
	}
	return SingleVhost
}

// sparesOthers says whether the few kinds of pages that failed are busy enough to be told from the rest, however few ask for
// the rest: had all pages failed as often as those, at least four requests of the others would have, and at most a stray one did.
func sparesOthers(worst []Share, pages []pageSum) bool {
	var few, rest Pages
	for _, p := range pages {
		if slices.ContainsFunc(worst[:min(fewPages, len(worst))], func(w Share) bool { return w.Name == p.uri }) {
			few.Served, few.Failed = few.Served+p.Served, few.Failed+p.Failed
		} else {
			rest.Served, rest.Failed = rest.Served+p.Served, rest.Failed+p.Failed
		}
	}
	asked := few.Served + few.Failed
	if asked == 0 {
		return false
	}
	would := (rest.Served + rest.Failed) * few.Failed
	return would >= 4*asked && rest.Failed <= 1
}

// fewPages is how many kinds of pages are few.
const fewPages = 3

// onFewPages says whether a few kinds of pages have nearly all of the failures.
func onFewPages(pages []Share) bool {
	most, all := 0, 0
	for i, p := range pages {
		if all += p.Failures; i < fewPages {
			most += p.Failures
		}
	}
	return most*10 >= all*9
}

// stillOpen is how close to the end of the logs an incident must be to count as going on.
const stillOpen = 5 * time.Second

// persistence says how it went: one burst, failures among successes or several bursts, or unbroken and lasting.
func (t *Timeline) persistence(in *Incident, pages []pageSum) string {
	end := t.end()
	length := in.End.Sub(in.Start)
	if !in.Isolated && ((length > 10*time.Minute && t.pause(in) < 2*time.Minute) || (length > 0 && end.Sub(in.End) <= stillOpen)) {
		return Persistent
	}
	if t.pause(in) > 30*time.Second {
		return Intermittent
	}
	served, failed := 0, 0
	for _, p := range pages {
		if p.Failed > 0 {
			served += p.Served
			failed += p.Failed
		}
	}
	if served > failed && length > time.Minute {
		return Intermittent
	}
	return Transient
}

// pause is the longest time without a failure inside the incident.
func (t *Timeline) pause(in *Incident) time.Duration {
	var longest time.Duration
	last := in.Start
	step := func(m *Mark) {
		if d := m.First.Sub(last); d > longest && !last.IsZero() {
			longest = d
		}
		last = later(last, m.Last)
	}
	if len(in.HTTP) > 0 {
		for _, p := range in.HTTP {
			step(p.Mark)
		}
		return longest
	}
	for _, m := range in.Marks {
		step(m)
	}
	return longest
}
