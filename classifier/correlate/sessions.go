package correlate

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"why502/classifier"
)

// Gap is the silence that ends a session of failures. It is short: what one fault tears apart, its one explanation joins
// again (package rootcause); what two faults join here nothing could take apart.
const Gap = 45 * time.Second

// Incidents finds the sessions of failures: per site and per way of failing, in log time.
func (t *Timeline) Incidents() []*Incident {
	f := finder{t: t, cover: t.coverage()}
	for _, m := range t.Marks() {
		switch {
		case strings.HasPrefix(string(m.Tag), "http/5"):
			f.http = append(f.http, m)
		case m.Rule == nil:
		case m.Rule.Harm != "":
			f.errors = append(f.errors, m)
		case m.Rule.Signal:
			f.signals = append(f.signals, m)
		}
	}
	f.placeErrors()
	f.placeHTTP()
	f.placeSignals()
	var out []*Incident
	for _, in := range f.done {
		t.finish(in)
		if (in.Total() > 0 || in.Unseen) && !kept(in) {
			out = append(out, in)
		}
	}
	slices.SortFunc(out, CompareIncidents)
	return out
}

// few is how many clients a rate limit may turn away without visitors being hurt: that is what it is for.
const few = 5

// kept says whether failures are the web server's own rate limit keeping a few clients off.
func kept(in *Incident) bool {
	return len(in.Families) == 1 && in.Families[0] == classifier.Blocked && in.Clients < few
}

// CompareIncidents orders incidents by time, then by site.
func CompareIncidents(a, b *Incident) int {
	return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(firstName(a.Vhosts), firstName(b.Vhosts)),
		slices.Compare(a.Families, b.Families))
}

func firstName(s []Share) string {
	if len(s) == 0 {
		return ""
	}
	return s[0].Name
}

type finder struct {
	t                     *Timeline
	cover                 coverage
	http, errors, signals []*Mark
	presumed              []*Mark // what the application said of failures that an access log counts
	done                  []*Incident
}

// placeErrors makes sessions of the error lines that stand for failed requests.
func (f *finder) placeErrors() {
	sites := f.sitesOfClients()
	type track struct {
		vhost  string
		family classifier.Family
	}
	open := map[track]*Incident{}
	last := map[track]time.Time{}
	for _, m := range f.errors {
		if m.Vhost == "" && m.Client != "" {
			if v := sites[m.Client]; v != "" {
				c := *m
				c.Vhost = v
				m = &c
			}
		}
		if m.Rule.Presumed && f.cover.accessed(m.Vhost, m.First) {
			f.presumed = append(f.presumed, m)
			continue
		}
		k := track{m.Vhost, f.family(m)}
		if open[k] == nil || m.First.Sub(last[k]) > Gap {
			open[k] = &Incident{Families: []classifier.Family{k.family}}
			f.done = append(f.done, open[k])
		}
		open[k].Marks = append(open[k].Marks, m)
		last[k] = later(last[k], m.Last)
	}
}

// Denied is the family of connections refused by permissions: unlike a backend that is down, it does not mend itself.
const Denied classifier.Family = "denied"

func (f *finder) family(m *Mark) classifier.Family {
	switch {
	case m.Rule.Family != classifier.Down:
	case strings.HasSuffix(string(m.Tag), "-denied"):
		return Denied
	case m.Tag == connectTimeout && f.t.Local(m.Backend):
		return classifier.Saturated
	}
	return m.Rule.Family
}

// sitesOfClients tells, for clients whose failures the access logs place on one site only, which. Apache's error log
// names the client but not the site.
func (f *finder) sitesOfClients() map[string]string {
	byHash := map[uint64]string{}
	for _, m := range f.http {
		for _, h := range m.Clients.h {
			if v, ok := byHash[h]; ok && v != m.Vhost {
				byHash[h] = ""
			} else {
				byHash[h] = m.Vhost
			}
		}
	}
	out := map[string]string{}
	for _, m := range f.errors {
		if m.Client != "" {
			out[m.Client] = byHash[hash([]byte(m.Client))]
		}
	}
	return out
}

// placeHTTP gives the failed requests of the access logs to the sessions whose error lines speak of them, and makes
// sessions of those that no error line explains.
func (f *finder) placeHTTP() {
	var rest []*Mark
	sessions := slices.Clone(f.done)
	spans := make([]reach, len(sessions))
	for i, s := range sessions {
		spans[i] = reachOf(s)
	}
	for _, m := range f.http {
		left := m.Count
		status := string(m.Tag[len("http/"):])
		late := f.t.format(m.File) == "apache-access"
		var near []int
		for i := range sessions {
			if spans[i].takes(m, status, late) {
				near = append(near, i)
			}
		}
		// The session with a line in the very second comes first, then the one nearest in time.
		slices.SortStableFunc(near, func(a, b int) int {
			return cmp.Compare(spans[a].distance(m), spans[b].distance(m))
		})
		for n, i := range near {
			take := left
			if n < len(near)-1 {
				take = min(left, spans[i].in(m))
			}
			if take > 0 {
				sessions[i].HTTP = append(sessions[i].HTTP, Part{m, take})
				left -= take
			}
		}
		if left > 0 {
			c := *m
			c.Count = left
			rest = append(rest, &c)
		}
	}
	f.placeRest(rest)
	f.dropServed(sessions)
}

// placeRest makes sessions of 5xx that no error line explains.
func (f *finder) placeRest(rest []*Mark) {
	type track struct {
		vhost  string
		family classifier.Family
	}
	open := map[track]*Incident{}
	last := map[track]time.Time{}
	for _, m := range rest {
		k := track{m.Vhost, ""}
		switch m.Number {
		case 500:
			k.family = classifier.App
		case 504, 524:
			k.family = classifier.Saturated
		}
		if open[k] == nil || m.First.Sub(last[k]) > Gap {
			open[k] = &Incident{Families: []classifier.Family{k.family}}
			f.done = append(f.done, open[k])
		}
		open[k].HTTP = append(open[k].HTTP, Part{m, m.Count})
		last[k] = later(last[k], m.Last)
	}
	f.placePresumed()
}

// placePresumed gives what is said of failures without proving them to the sessions of access lines in whose seconds it
// stands: the application's errors name sites and backends that the access log may not; a rate limit's rejections
// explain 503s that no backend gave.
func (f *finder) placePresumed() {
	for _, in := range f.done {
		if len(in.Marks) > 0 || len(in.HTTP) == 0 || len(in.Families) != 1 {
			continue
		}
		seconds, failed := map[int64]bool{}, 0
		for _, p := range in.HTTP {
			seconds[p.First.Unix()] = true
			failed += p.N
		}
		blocked := 0
		for _, m := range f.presumed {
			sec := m.First.Unix()
			if string(in.HTTP[0].Tag) != "http/"+m.Rule.Harm || !seconds[sec] && !seconds[sec-1] && !seconds[sec+1] ||
				m.Vhost != "" && in.HTTP[0].Vhost != "" && m.Vhost != in.HTTP[0].Vhost {
				continue
			}
			in.Told = append(in.Told, m)
			if m.Rule.Family == classifier.Blocked {
				blocked += m.Count
			}
		}
		if in.Families[0] == "" && blocked*5 >= failed*4 {
			in.Families[0] = classifier.Blocked
		}
	}
}

// dropServed removes sessions whose error lines no visitor felt: an access log covers them and shows no failure (the
// next upstream answered).
func (f *finder) dropServed(sessions []*Incident) {
	served := func(in *Incident) bool {
		if len(in.HTTP) > 0 {
			return false
		}
		for _, m := range in.Marks {
			switch {
			case m.Rule.Harm == "truncated", m.Rule.Harm == "dropped":
				return false
			case !f.cover.knows(m):
				return false
			}
		}
		return true
	}
	f.done = slices.DeleteFunc(f.done, func(in *Incident) bool {
		return slices.Contains(sessions, in) && served(in)
	})
}

// placeSignals makes incidents of what normally hurts visitors, where no web log could show whether it did.
func (f *finder) placeSignals() {
	type track struct {
		pool, file string
		family     classifier.Family
	}
	open := map[track]*Incident{}
	last := map[track]time.Time{}
	for _, m := range f.signals {
		if f.near(m) || f.seen(m) && !f.stalled(m) {
			continue
		}
		k := track{m.Pool, m.File, m.Rule.Family}
		if open[k] == nil || m.First.Sub(last[k]) > Gap {
			open[k] = &Incident{Families: []classifier.Family{k.family}, Unseen: true}
			f.done = append(f.done, open[k])
		}
		open[k].Marks = append(open[k].Marks, m)
		last[k] = later(last[k], m.Last)
	}
}

// seen says whether the web logs would show the harm of a signal. Visitors that a web server out of slots leaves waiting
// stand in no error log, only missing in the access log.
func (f *finder) seen(m *Mark) bool {
	if m.Rule.Family == classifier.Limit {
		return f.cover.accessed(m.Vhost, m.First)
	}
	return f.cover.web(m.Vhost, m.First)
}

// stalled says whether a web server out of its own slots left visitors waiting: they are in no log, but nobody else is
// either.
func (f *finder) stalled(m *Mark) bool {
	if m.Rule.Family != classifier.Limit {
		return false
	}
	_, _, ok := f.t.Stall(m.First, m.Last)
	return ok
}

// near says whether a signal falls into an incident that visitors' failures have made.
func (f *finder) near(m *Mark) bool {
	for _, in := range f.done {
		if in.Unseen {
			continue
		}
		r := reachOf(in)
		if !m.First.Before(r.from.Add(-Gap)) && !m.First.After(r.to.Add(Gap)) {
			return true
		}
	}
	return false
}
