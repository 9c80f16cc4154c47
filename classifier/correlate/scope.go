package correlate

import "time"

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
	case well >= 3 && well*5 >= failing+well && onFewPages(in.URIs):
		return PageSpecific
	}
	return SingleVhost
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
