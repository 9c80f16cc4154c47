package correlate

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"why502/classifier"
)

// Gap is the silence that ends a session of failures. It is short: what one fault tears apart, its one explanation joins
// again (package rootcause); what two faults join here nothing could take apart.
const Gap = 45 * time.Second

// Incidents finds the sessions of failures: per site and per way of failing, in log time.
func (t *Timeline) Incidents() []*Incident {
	t.ordered = ordered{} // more may have been added since it was made
	t.ordered.sources = t.Sources()
	t.ordered.marks = t.Marks()
	t.numberSubjects(t.ordered.marks)
	f := finder{t: t, cover: t.coverage(), schemes: map[string]string{}}
	for _, m := range t.ordered.marks {
		if m.Scheme != "" {
			f.speaks(m)
		}
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
	t.sessions = make([]spell, 0, len(f.done))
	for _, in := range f.done { // those that nobody felt are dropped below; one line more may turn them into incidents
		first, last := in.Marks[0], in.Marks[len(in.Marks)-1]
		t.sessions = append(t.sessions, spell{first.First.Unix(), last.Last.Unix()})
	}
	f.placeHTTP()
	f.placeSignals()
	t.spared = slices.DeleteFunc(f.spared, func(s Spared) bool { return s.To.Before(t.final) })
	t.closed = slices.DeleteFunc(f.closed, func(c Closed) bool { return c.To.Before(t.final) })
	var out []*Incident
	for _, in := range f.done {
		in.order()
		t.finish(in)
		in.begin()
		if (in.Total() > 0 || in.Unseen) && !kept(in) {
			out = append(out, in)
		} else {
			t.sessions = append(t.sessions, spell{in.Start.Unix(), in.End.Unix()})
		}
	}
	slices.SortFunc(out, CompareIncidents)
	t.ordered.related.forget(nil) // they have changed since
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
	cover                 *coverage
	http, errors, signals []*Mark
	schemes               map[string]string // what is spoken with the backends of a site; "mixed" if that differs
	closed                []Closed
	spared                []Spared
	presumed              []*Mark // what the application said of failures that an access log counts
	done                  []*Incident
}

// speaks notes the scheme of a backend; under "" that of all sites.
func (f *finder) speaks(m *Mark) {
	for _, site := range []string{m.Vhost, ""} {
		if known := f.schemes[site]; known == "" {
			f.schemes[site] = m.Scheme
		} else if known != m.Scheme {
			f.schemes[site] = "mixed"
		}
		if m.Vhost == "" {
			return
		}
	}
}

// placeErrors makes sessions of the error lines that stand for failed requests.
func (f *finder) placeErrors() {
	sites := seenOf(f.errors, f.http)
	open := map[track]*Incident{}
	last := map[track]time.Time{}
	for _, m := range f.errors {
		if m.Vhost == "" && m.Client != "" {
			if v := sites.site(m); v != "" {
				c, about := *m, *m.About
				c.About, about.Vhost, c.Subject = &about, v, 0
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

// placeHTTP gives the failed requests of the access logs to the sessions whose error lines speak of them, and makes
// sessions of those that no error line explains.
func (f *finder) placeHTTP() {
	var rest []*Mark
	sessions := len(f.done)
	spans := reachesOf(f.done)
	for _, m := range f.http {
		left := m.Count
		takers := spans.takers(m)
		for n, near := range takers {
			take := left
			if n < len(takers)-1 {
				take = min(left, spans.all[near.session].in(m))
			}
			if take > 0 {
				in := f.done[near.session]
				in.HTTP = append(in.HTTP, Part{m, take})
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
	open := map[track]*Incident{}
	last := map[track]time.Time{}
	closing := map[string]stretch{}
	for _, m := range rest {
		if c, ok := f.onPurpose(m); ok && !(c.Program && overdue(closing, c)) {
			f.close(c)
			continue
		}
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
		for _, p := range in.HTTP { // in order
			seconds[p.First.Unix()] = true
			failed += p.N
		}
		from, to := in.HTTP[0].First.Unix()-1, in.HTTP[len(in.HTTP)-1].First.Unix()+1
		first := sort.Search(len(f.presumed), func(i int) bool { return f.presumed[i].First.Unix() >= from })
		blocked := 0
		for _, m := range f.presumed[first:] {
			sec := m.First.Unix()
			if sec > to {
				break
			}
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

// dropServed removes those of the first sessions whose error lines no visitor felt: an access log covers them and shows no failure (the
// next upstream answered).
func (f *finder) dropServed(sessions int) {
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
		f.spare(in)
		return true
	}
	made := f.done[sessions:]
	f.done = append(slices.DeleteFunc(f.done[:sessions], served), made...)
}

// placeSignals makes incidents of what normally hurts visitors, where no web log could show whether it did.
func (f *finder) placeSignals() {
	type track struct {
		pool, file string
		family     classifier.Family
	}
	open := map[track]*Incident{}
	last := map[track]time.Time{}
	var hurt Spans // of incidents that visitors' failures have made
	for _, in := range f.done {
		var from, to time.Time
		for _, m := range in.Marks {
			from, to = earlier(from, m.First), later(to, m.Last)
		}
		for _, p := range in.HTTP {
			from, to = earlier(from, p.First), later(to, p.Last)
		}
		hurt.Add(from, to)
	}
	for _, m := range f.signals {
		if s := f.t.sources[m.File]; s != nil && s.Doubt && f.cover.some() {
			continue // nobody knows when that was, so nobody knows that no web log covers it
		}
		if m.Stranger() || hurt.Meet(m.First.Add(-Gap), m.First.Add(Gap)) || f.seen(m) && !f.stalled(m) {
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
	if m.Rule.Family == classifier.Limit || alone(m) || f.excerpt(m) {
		return f.cover.accessed(m.Vhost, m.First)
	}
	return f.cover.web(m.Vhost, m.First)
}

// maxExcerpt is how many entries of an error log people quote.
const maxExcerpt = 20

// excerpt says whether a web server's error log is a few lines of it, none of which says what became of a request: what says so stands
// in the next line, and was left out.
//
//	[proxy:error] [pid 1200] (2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/shop.sock (*:80) failed
func (f *finder) excerpt(m *Mark) bool {
	s := f.t.sources[m.File]
	if s == nil || s.Records > maxExcerpt || m.Format != "apache-error" && m.Format != "nginx-error" {
		return false
	}
	return !slices.ContainsFunc(f.errors, func(e *Mark) bool { return e.File == m.File })
}

// alone says whether it was the first process of a container that refused to start, or one that found no log to say it in: there is no other
// that might go on serving with the configuration it had, as after a reload.
//
//	2026/11/22 10:00:00 [emerg] 1#1: host not found in upstream "php" in /etc/nginx/conf.d/default.conf:16
//	nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)
func alone(m *Mark) bool {
	return m.Rule.Family == classifier.Down && m.Format == "nginx-error" &&
		(len(m.PIDs) > 0 && m.PIDs[0] == 1 || strings.Contains(m.Sample.Text, "nginx: [emerg] "))
}

// stalled says whether a web server out of its own slots, or one that did not start, left visitors waiting: they are in no
// log, but nobody else is either.
func (f *finder) stalled(m *Mark) bool {
	server, _, _ := strings.Cut(string(m.Tag), "/") // what it says before it has a log of its own stands in syslog
	if m.Rule.Family != classifier.Limit && (m.Rule.Family != classifier.Down || server != "nginx" && server != "apache") {
		return false
	}
	_, _, ok := f.t.Stall(m.First, m.Last)
	return ok
}
