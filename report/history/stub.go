package history

import (
	"maps"
	"slices"
	"strings"
	"time"

	"why502/classifier/correlate"
	"why502/report"
)

// stub is what is kept of an incident.
type stub struct {
	ID         string             `json:"id"`
	Run        int                `json:"run"`
	Gone       bool               `json:"gone,omitempty"`
	Start      int64              `json:"start"`
	End        int64              `json:"end"`
	Days       map[string]dayPart `json:"days,omitempty"`
	Cause      string             `json:"cause,omitempty"` // the verdict
	Title      string             `json:"title,omitempty"`
	Confidence float64            `json:"confidence,omitempty"`
	Culprit    string             `json:"culprit,omitempty"` // "plugin:name"
	Clients    int                `json:"clients,omitempty"`
	Scope      string             `json:"scope,omitempty"`
	Isolated   bool               `json:"isolated,omitempty"`
	Unseen     bool               `json:"unseen,omitempty"`
	Vhosts     map[string]int     `json:"vhosts,omitempty"`
	URIs       map[string]int     `json:"uris,omitempty"`
	Pools      map[string]int     `json:"pools,omitempty"`
	After      []string           `json:"after,omitempty"`
}

// dayPart is the part of an incident that lies on one day.
type dayPart struct {
	Failures map[string]int `json:"failures,omitempty"` // by status
	Seconds  int            `json:"seconds,omitempty"`
}

// failures is how many requests failed on one day, or on all if it is "".
func (s *stub) failures(date string) int {
	n := 0
	for d, p := range s.Days {
		if date == "" || d == date {
			n += total(p.Failures)
		}
	}
	return n
}

func total(m map[string]int) int {
	n := 0
	for _, k := range m {
		n += k
	}
	return n
}

// part is how many of n failures, which lie on all days of the incident, lie on one of them: as many as of all its failures. The
// parts of all days make n.
func (s *stub) part(n int, date string) int {
	if len(s.Days) == 1 {
		return n
	}
	all, before := s.failures(""), 0
	if all == 0 {
		return 0
	}
	for d := range s.Days {
		if d < date {
			before += s.failures(d)
		}
	}
	return n*(before+s.failures(date))/all - n*before/all
}

// stubOf is what is kept of an incident as a run knows it.
func (f *Facts) stubOf(in *report.Incident, run int) *stub {
	s := &stub{
		ID: name(in.ID), Run: run, Start: in.Start.Unix(), End: max(in.Start.Unix(), in.End.Unix()), Clients: in.Clients, Scope: name(in.Scope), Isolated: in.Isolated,
		Unseen: in.Harm == "unseen", Vhosts: shares(in.Vhosts), URIs: shares(in.URIs), Pools: shares(in.Pools), After: triggers(in),
	}
	if c := in.Verdict(); c != nil {
		s.Cause, s.Title, s.Confidence = name(c.ID), name(c.Title), c.Confidence
		if len(c.Culprits) > 0 {
			s.Culprit = name(c.Culprits[0].Kind + ":" + c.Culprits[0].Name)
		}
	}
	s.Days = f.spread(in)
	return s
}

// spread parts an incident by the days it went on.
func (f *Facts) spread(in *report.Incident) map[string]dayPart {
	days := map[string]dayPart{}
	var dates []string
	start, end := in.Start.Unix(), max(in.Start.Unix(), in.End.Unix())
	for at := start; at <= end; {
		_, next := correlate.DayOf(time.Unix(at, 0), f.zone)
		date := f.date(at)
		days[date] = dayPart{map[string]int{}, max(1, int(min(end, next.Unix())-at))}
		dates = append(dates, date)
		at = next.Unix()
		if len(dates) == maxSpread {
			break
		}
	}
	for status, n := range in.Failures {
		paced := f.paced(in, status)
		all := total(paced)
		left, before := n, 0
		for _, date := range dates { // as many as of the pace; without one, on the first day
			k := 0
			if all > 0 {
				k = n*(before+paced[date])/all - n*before/all
				before += paced[date]
			} else if date == dates[0] {
				k = n
			}
			left -= k
			if k > 0 {
				days[date].Failures[name(status)] += k
			}
		}
		if left > 0 { // the pace has steps on days that are none of the incident's
			days[dates[len(dates)-1]].Failures[name(status)] += left
		}
	}
	return days
}

// maxSpread is on how many days at most an incident is told; what is later is told on the last.
const maxSpread = 100

// paced counts the failures of a status by day as the incident's pace has them.
func (f *Facts) paced(in *report.Incident, status string) map[string]int {
	days := map[string]int{}
	if in.Pace != nil {
		for _, step := range in.Pace.Steps {
			at := max(step.Time.Unix(), in.Start.Unix()) // a step may begin before the incident does
			days[f.date(at)] += step.Failures[status]
		}
	}
	return days
}

// shares keeps the names of a ranking.
func shares(list []report.Share) map[string]int {
	if len(list) == 0 {
		return nil
	}
	m := make(map[string]int, len(list))
	for _, s := range list {
		m[name(s.Name)] += s.Failures
	}
	capNames(m, maxShares)
	return m
}

// name makes a name from a log one that is the same once it was written and read again.
func name(s string) string {
	if len(s) > maxName {
		s = s[:maxName]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// names does the same for what was counted by name.
func names(m map[string]int) map[string]int {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]int, len(m))
	for k, n := range m {
		out[name(k)] += n
	}
	capNames(out, maxNames)
	return out
}

// trigger is something that is done to a server from time to time, and that incidents follow.
var trigger = map[string]string{
	"host/logrotate": "logrotate", "nginx/reopen": "logrotate", "phpfpm/log-reopened": "logrotate",
	"host/cron":        "cron",
	"host/certbot":     "certbot",
	"host/apt-upgrade": "a package upgrade", "host/package-manager": "a package upgrade",
	"nginx/reload": "a reload", "apache/graceful": "a reload", "phpfpm/reloading": "a reload", "systemd/unit-reloaded": "a reload",
	"systemd/unit-stopped": "a restart", "phpfpm/stopping": "a restart", "nginx/stop": "a restart", "apache/stopped": "a restart", "mysql/stopped": "a restart",
	"host/deploy": "a deploy",
}

// Only what came this shortly before the first failure may have brought it. Clocks of two logs differ by a second or two.
const (
	triggerBefore = 5 * time.Minute
	triggerAfter  = 2 * time.Second
)

// triggers are those before an incident, by name.
func triggers(in *report.Incident) []string {
	found := map[string]bool{}
	for _, m := range in.Timeline {
		if what := trigger[m.Tag]; what != "" && m.Time.Sub(in.Start) <= triggerAfter && in.Start.Sub(m.Time) <= triggerBefore {
			found[what] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
