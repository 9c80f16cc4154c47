package history

import (
	"cmp"
	"slices"
	"time"

	"why502/classifier/correlate"
	"why502/report"
)

// Counts is what a run read, by day.
type Counts map[string]*sums

// Count tells what a Timeline counted. It must hold the lines of one run only: what an earlier run left is to be merged into it
// afterwards.
func Count(t *correlate.Timeline, zone *time.Location) Counts {
	c := Counts{}
	on := func(date string) *sums {
		if c[date] == nil {
			c[date] = &sums{}
		}
		return c[date]
	}
	days := t.Days(zone)
	for _, d := range days[max(0, len(days)-maxDays):] {
		s := on(d.Date)
		s.Slow, s.Culprits = d.Slow, names(d.Culprits)
		s.Requests = d.Requests
		if len(d.Tags) > 0 {
			s.Tags = map[string]int{}
			for tag, n := range d.Tags {
				s.Tags[string(tag)] = n
			}
			s.Tags = names(s.Tags)
		}
	}
	read := int64(0)
	for _, src := range t.Sources() {
		read += src.Lines
		if s := c[src.To.In(zone).Format(time.DateOnly)]; s != nil {
			s.Lines += src.Lines
			s.Records += src.Records
			s.Unparsed += src.Unparsed
		}
	}
	for _, s := range c {
		s.Read = read
	}
	return c
}

// Run is one reading of one host's logs, concluded.
type Run struct {
	Host string

	// Number is higher than that of all runs before. A run that is made again, because it ended before its marks were on disk,
	// has the number it had.
	Number int

	Counts Counts         // of the lines that this run read
	Report *report.Report // of them and what the runs before left open, with all incidents in it
	Gaps   []report.Gap   // times of which lines are lost

	// Tail is from when on Report tells all that happened: an incident on record that began since, and is not in it, was none.
	// Zero: no incident on record is withdrawn.
	Tail time.Time

	// Open is from when on incidents may be told again by the run after, which then is its Tail.
	Open time.Time
}

// Take adds what a run found. Taken once more it changes nothing.
func (f *Facts) Take(r Run) {
	r.Host = name(r.Host)
	parts := map[string]*sums{}
	on := func(date string) *sums {
		if parts[date] == nil {
			parts[date] = &sums{}
		}
		return parts[date]
	}
	read := int64(0)
	for date, s := range r.Counts {
		on(date).add(s)
		read = max(read, s.Read)
	}
	f.cover(r, on)
	f.dropRun(r)
	told := f.tell(r)
	if !r.Tail.IsZero() {
		f.withdraw(r, told)
	}
	f.fold(r, on)
	for date, s := range parts {
		s.Read = read
		k := dayKey{date, r.Host}
		d := f.days[k]
		if d == nil {
			d = &hostDay{}
		}
		if r.Number <= d.Through {
			continue // it was settled
		}
		d = &hostDay{d.Through, d.Base, cloneMap(d.Runs)}
		d.Runs[r.Number] = s
		f.days[k] = d
	}
}

// dropRun forgets an earlier reading of the same run.
func (f *Facts) dropRun(r Run) {
	for k, d := range f.days {
		if k.host == r.Host && d.Runs[r.Number] != nil {
			d = &hostDay{d.Through, d.Base, cloneMap(d.Runs)}
			delete(d.Runs, r.Number)
			f.days[k] = d
		}
	}
}

func cloneMap(m map[int]*sums) map[int]*sums {
	out := make(map[int]*sums, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	return out
}

// tell puts the incidents of a run on record.
func (f *Facts) tell(r Run) (told map[string]bool) {
	told = make(map[string]bool, len(r.Report.Incidents))
	var kept []*folded
	for k, d := range f.days {
		if k.host == r.Host {
			d.parts(func(s *sums) {
				if s.Folded != nil {
					kept = append(kept, s.Folded)
				}
			})
		}
	}
	for i := range r.Report.Incidents {
		s := f.stubOf(&r.Report.Incidents[i], r.Number)
		k := incidentKey{r.Host, s.ID}
		told[s.ID] = true
		have := f.incidents[k]
		known := slices.ContainsFunc(kept, func(x *folded) bool { return x.has(s.ID) })
		if !known && (have == nil || have.Run <= s.Run) {
			f.incidents[k] = s
		}
	}
	return told
}

// withdraw notes which incidents on record are no more.
func (f *Facts) withdraw(r Run, told map[string]bool) {
	for k, s := range f.incidents {
		if k.host == r.Host && s.Run <= r.Number && !s.Gone && s.Start >= r.Tail.Unix() && !told[k.id] {
			f.incidents[k] = &stub{ID: s.ID, Run: r.Number, Gone: true, Start: s.Start, End: s.End}
		}
	}
}

// fold sums up incidents that will not be told again where a day has too many of them: those that hurt the fewest. They are this
// run's, so that the run can be made again.
func (f *Facts) fold(r Run, on func(date string) *sums) {
	byDay := map[string][]*stub{}
	for k, s := range f.incidents {
		if k.host == r.Host && s.Run == r.Number && !s.Gone {
			date := f.date(s.Start)
			byDay[date] = append(byDay[date], s)
		}
	}
	for date, list := range byDay {
		over := len(list) - maxStubs
		if over <= 0 {
			continue
		}
		list = slices.DeleteFunc(list, func(s *stub) bool { return s.End >= r.Open.Unix() })
		slices.SortFunc(list, func(a, b *stub) int {
			return cmp.Or(cmp.Compare(a.failures(""), b.failures("")), cmp.Compare(a.ID, b.ID))
		})
		for _, s := range list[:min(over, len(list))] {
			x := on(date).folding()
			x.IDs = append(x.IDs, hash(s.ID))
			for d := range s.Days {
				on(d).folding().take(s, d)
			}
			delete(f.incidents, incidentKey{r.Host, s.ID})
		}
		if x := on(date); x.Folded != nil {
			slices.Sort(x.Folded.IDs)
			x.cap()
		}
	}
}

func (s *sums) folding() *folded {
	if s.Folded == nil {
		s.Folded = &folded{IDs: []uint64{}, Failures: map[string]int{}, Causes: map[string]causeSum{}, Names: map[string]map[string]int{}}
	}
	return s.Folded
}

// take adds the part of an incident that lies on a day.
func (f *folded) take(s *stub, date string) {
	p := s.Days[date]
	n := total(p.Failures)
	addAll(&f.Failures, p.Failures)
	if s.Isolated {
		f.Isolated++
	} else {
		f.Incidents++
		f.Seconds += p.Seconds
	}
	f.Clients += s.Clients
	if s.Cause != "" {
		addCause(f.Causes, s.Cause, causeSum{s.Title, 1, n, p.Seconds})
	}
	s.eachName(date, func(kind, name string, n int) { f.addNames(kind, map[string]int{name: n}) })
}

// eachName visits whom an incident hit on a day, and whom it is laid to.
func (s *stub) eachName(date string, visit func(kind, name string, n int)) {
	for _, kind := range []string{byVhost, byURI, byPool} {
		for name, n := range s.hit(kind) {
			visit(kind, name, s.part(n, date))
		}
	}
	if s.Culprit != "" {
		visit("culprit", s.Culprit, s.failures(date))
	}
}

// hit are the failures by the names of a kind.
func (s *stub) hit(kind string) map[string]int {
	switch kind {
	case byVhost:
		return s.Vhosts
	case byURI:
		return s.URIs
	case byPool:
		return s.Pools
	}
	return nil
}

// cover notes of which times of which days the logs tell.
func (f *Facts) cover(r Run, on func(date string) *sums) {
	var web, any, lost []span
	for _, s := range r.Report.Coverage.Sources {
		if s.From == nil || s.To == nil {
			continue
		}
		x := span{s.From.Unix(), s.To.Unix() + 1}
		any = append(any, x)
		switch s.Format {
		case "nginx-access", "nginx-error", "apache-access", "apache-error":
			web = append(web, x)
		}
	}
	if len(web) > 0 {
		any = web
	}
	for _, g := range r.Gaps {
		if g.From != nil && g.To != nil {
			lost = append(lost, span{g.From.Unix(), g.To.Unix()})
		}
	}
	all := without(union(any), lost)
	if len(all) == 0 {
		return
	}
	first := all[len(all)-1][1] - maxDays*24*60*60
	for _, s := range all {
		for at := max(s[0], first); at < s[1]; {
			_, next := correlate.DayOf(time.Unix(at, 0), f.zone)
			x := on(f.date(at))
			x.Covered = union(append(x.Covered, span{at, min(s[1], next.Unix())}))
			at = next.Unix()
		}
	}
}

// maxDays is how many days one run can bring at most: the last of them.
const maxDays = 1500
