package history

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"why502/classifier/correlate"
	"why502/report"
)

// What a day is compared by.
const (
	byCause  = "cause"
	byTag    = "tag"
	byURI    = "uri"
	byPlugin = "plugin"
	byTheme  = "theme"
	byPool   = "pool"
	byVhost  = "vhost"
)

// day is all that is known of a day, over all hosts.
type day struct {
	report.Day
	known  bool                      // some log covers a part of it, or an incident is on record
	counts map[string]map[string]int // by what it is compared by, and name
	status map[string]map[string]int // failures by "uri /cart/" and status, as far as they can be told apart
	titles map[string]string         // of causes
	sure   map[string]int            // failures by cause, of verdicts that are likely enough to be told without a doubt
	slow   map[string]int            // slow-log entries by "plugin name"
}

// maxHole is how long no line may have come from any log for a day to be covered from end to end: at night, between two
// generations of a log, none comes for a while.
const maxHole = int64(time.Hour / time.Second)

// calendar is facts in the order of their dates.
type calendar struct {
	facts     *Facts
	counted   map[string][]hostOn
	incidents map[string][]*stub
}

// hostOn is what was counted on a host.
type hostOn struct {
	host string
	*hostDay
}

func (f *Facts) calendar() *calendar {
	c := &calendar{f, map[string][]hostOn{}, map[string][]*stub{}}
	for k, h := range f.days {
		c.counted[k.date] = append(c.counted[k.date], hostOn{k.host, h})
	}
	for _, s := range f.incidents {
		if !s.Gone {
			for date := range s.Days {
				c.incidents[date] = append(c.incidents[date], s)
			}
		}
	}
	return c
}

func (f *Facts) day(date string) *day { return f.calendar().day(date) }

// day sums up a date.
func (c *calendar) day(date string) *day {
	d := &day{Day: report.Day{Date: date, Failures: map[string]int{}}, counts: map[string]map[string]int{}, status: map[string]map[string]int{}, titles: map[string]string{}, sure: map[string]int{}, slow: map[string]int{}}
	causes := map[string]causeSum{}
	silent := false
	for _, h := range c.counted[date] {
		if c.facts.silent(h.host, date) {
			silent = true
		} else {
			d.known = d.known || h.covers()
		}
		d.addHost(h.hostDay, causes)
	}
	var hurt []span
	for _, s := range c.incidents[date] {
		d.known = true
		d.addIncident(s, s.Days[date], causes)
		if !s.Isolated {
			hurt = append(hurt, c.facts.within(s, date))
		}
	}
	for _, x := range union(hurt) {
		d.Seconds += int(x[1] - x[0])
	}
	for id, c := range causes {
		d.Causes = append(d.Causes, report.CauseOfDay{ID: id, Title: c.Title, Incidents: c.Incidents, Failures: c.Failures, Seconds: c.Seconds})
		d.count(byCause, id, cmp.Or(c.Failures, c.Incidents)) // of some no web log counts failures
		d.titles[id] = c.Title
	}
	slices.SortFunc(d.Causes, func(a, b report.CauseOfDay) int {
		return cmp.Or(cmp.Compare(b.Failures, a.Failures), cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(a.ID, b.ID))
	})
	d.Whole = d.known && !silent && c.facts.whole(date)
	return d
}

func (d *day) count(by, name string, n int) {
	if d.counts[by] == nil {
		d.counts[by] = map[string]int{}
	}
	d.counts[by][name] += n
}

func (d *day) addHost(h *hostDay, causes map[string]causeSum) {
	var all sums
	h.parts(all.add)
	d.Requests += int64(h.requests())
	for tag, n := range all.Tags {
		d.count(byTag, tag, n)
	}
	for name, n := range all.Culprits {
		d.blame(name, n)
		d.slow[name] += n
	}
	if x := all.Folded; x != nil {
		d.Incidents += x.Incidents
		d.Isolated += x.Isolated
		d.Seconds += x.Seconds
		d.Clients += x.Clients
		sumUp(d.Failures, x.Failures)
		for id, c := range x.Causes {
			addCause(causes, id, c)
			d.sure[id] += max(c.Failures, c.Incidents) // there were too many to keep their doubts
		}
		for kind, names := range x.Names {
			for name, n := range names {
				d.hit(kind, name, n, nil)
			}
		}
	}
}

// requests is how many a host served. nginx before Apache logs what Apache logs again.
func (h *hostDay) requests() (most int) {
	sum := map[string]int{}
	h.parts(func(s *sums) { sumUp(sum, s.Requests) })
	for _, n := range sum {
		most = max(most, n)
	}
	return most
}

// covers says whether some log covers a part of the day.
func (h *hostDay) covers() (some bool) {
	h.parts(func(s *sums) { some = some || len(s.Covered) > 0 })
	return some
}

// silent says that a host, which serves many requests in the days around, has none on a date: it was off, or its log was. That is
// no day without failures.
func (f *Facts) silent(host, date string) bool {
	if h := f.days[dayKey{date, host}]; h == nil || h.requests() > 0 {
		return false
	}
	for n := -weekDays; n <= weekDays; n++ {
		if h := f.days[dayKey{f.shift(date, n), host}]; h != nil && h.requests() >= leastRequests {
			return true
		}
	}
	return false
}

// sumUp adds from to to.
func sumUp(to, from map[string]int) {
	for k, n := range from {
		to[k] += n
	}
}

func (d *day) addIncident(s *stub, p dayPart, causes map[string]causeSum) {
	if s.Isolated {
		d.Isolated++
	} else {
		d.Incidents++
	}
	d.Clients += s.Clients
	sumUp(d.Failures, p.Failures)
	if s.Cause != "" {
		addCause(causes, s.Cause, causeSum{s.Title, 1, total(p.Failures), p.Seconds})
		if s.Confidence >= report.Low {
			d.sure[s.Cause] += max(1, total(p.Failures))
		}
	}
	s.eachName(d.Date, func(kind, name string, n int) { d.hit(kind, name, n, p.Failures) })
}

// hit counts failures on a vhost, a page, a pool, or laid to a culprit. Those of an incident are told apart by status where it
// has one only.
func (d *day) hit(kind, name string, n int, failures map[string]int) {
	if kind == "culprit" {
		d.blame(name, n)
		return
	}
	d.count(kind, name, n)
	key := kind + " " + name
	if d.status[key] == nil {
		d.status[key] = map[string]int{}
	}
	status := ""
	if len(failures) == 1 {
		for s := range failures {
			status = s
		}
	}
	d.status[key][status] += n
}

// blame counts what is laid to a culprit, of kinds that stay the same over days.
func (d *day) blame(culprit string, n int) {
	for _, kind := range []string{byPlugin, byTheme} {
		if rest, ok := cutKind(culprit, kind); ok {
			d.count(kind, rest, n)
		}
	}
}

func cutKind(culprit, kind string) (string, bool) {
	if len(culprit) > len(kind) && culprit[:len(kind)] == kind && culprit[len(kind)] == ':' {
		return culprit[len(kind)+1:], true
	}
	return "", false
}

// bounds are the first second of a date and of the next.
func (f *Facts) bounds(date string) span {
	noon, err := time.ParseInLocation(time.DateOnly+" 15", date+" 12", f.zone)
	if err != nil { // dates come from here, or were looked at when they were read
		return span{}
	}
	from, to := correlate.DayOf(noon, f.zone)
	return span{from.Unix(), to.Unix()}
}

// within is the part of an incident that lies on a date: a second at least.
func (f *Facts) within(s *stub, date string) span {
	b := f.bounds(date)
	from := max(s.Start, b[0])
	return span{from, max(from+1, min(s.End, b[1]))}
}

// whole says whether the logs cover a date from end to end, on every host that was there.
func (f *Facts) whole(date string) bool {
	b := f.bounds(date)
	covered := map[string][]span{}
	for k, h := range f.days {
		if k.date == date {
			h.parts(func(s *sums) { covered[k.host] = append(covered[k.host], s.Covered...) })
		}
	}
	for host := range f.hosts(date) {
		at := b[0]
		for _, s := range union(covered[host]) {
			if s[0]-at > maxHole {
				return false
			}
			at = s[1]
		}
		if b[1]-at > maxHole {
			return false
		}
	}
	return true
}

// hosts are those that were there on a date: known by then, and not silent for a week.
func (f *Facts) hosts(date string) map[string]bool {
	first, last := map[string]string{}, map[string]string{}
	for k := range f.days {
		if first[k.host] == "" || k.date < first[k.host] {
			first[k.host] = k.date
		}
		last[k.host] = max(last[k.host], k.date)
	}
	weekBefore := f.shift(date, -7)
	maps.DeleteFunc(first, func(host, from string) bool { return from > date || last[host] < weekBefore })
	out := map[string]bool{}
	for host := range first {
		out[host] = true
	}
	return out
}

// shift is the date so many days later.
func (f *Facts) shift(date string, days int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// addCause adds what a verdict did.
func addCause(to map[string]causeSum, id string, c causeSum) {
	have := to[id]
	to[id] = causeSum{max(have.Title, c.Title), have.Incidents + c.Incidents, have.Failures + c.Failures, have.Seconds + c.Seconds}
}
