package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// tile is one of the figures below the verdict.
type tile struct {
	Figure, Name, Note, Mood string
	Sign, Words, Was, Title  string // how it moved: "▲ 35", "35 more,", "the day before 47"; all that it is compared with
	Trend                    string // better, worse
}

// statusOrder is the order of the tiles of failures; the first two are always there, because they are asked about.
var statusOrder = []struct{ key, name string }{
	{"502", "× 502 bad gateway"},
	{"504", "× 504 timeout"},
	{"503", "× 503 unavailable"},
	{"500", "× 500 error"},
	{"truncated", "bodies cut off"},
	{"dropped", "dropped unanswered"},
}

func tiles(r *Report, c clock) []tile {
	all := map[string]int{}
	sites := map[string]bool{}
	clients, isolated := 0, 0
	for i := range r.Incidents {
		in := &r.Incidents[i]
		for k, n := range in.Failures {
			all[k] += n
		}
		for _, s := range in.Vhosts {
			sites[s.Name] = true
		}
		clients += in.Clients
		if in.Isolated {
			isolated++
		}
	}
	out := dayTiles(r.History)
	if out == nil {
		for i, s := range statusOrder {
			if n := all[s.key]; n > 0 || i < 2 {
				t := tile{Figure: thousands(n), Name: s.name}
				if n > 0 {
					t.Mood = "bad"
				}
				out = append(out, t)
			}
		}
		switch n := len(r.Incidents) - isolated; {
		case n > 0 && isolated > 0:
			out = append(out, tile{Figure: thousands(n), Name: plural(n, "incident"), Note: "and " + thousands(isolated) + " isolated"})
		case n > 0:
			out = append(out, tile{Figure: thousands(n), Name: plural(n, "incident")})
		case isolated > 0:
			out = append(out, tile{Figure: thousands(isolated), Name: plural(isolated, "isolated failure")})
		}
		if clients > 0 {
			out = append(out, tile{Figure: thousands(clients), Name: plural(clients, "client") + " hit"})
		}
	}
	onlyDay := onlyOf(r, c)
	if len(sites) > 0 && onlyDay {
		out = append(out, tile{Figure: thousands(len(sites)), Name: plural(len(sites), "site") + " hit"})
	}
	if at, n := worstMinute(r); n > 0 && onlyDay {
		out = append(out, tile{Figure: thousands(n), Name: "in the worst minute,", Note: c.in(at).Format("15:04")})
	}
	read := tile{Figure: thousands(r.Coverage.Lines), Name: plural(int(r.Coverage.Lines), "line") + " read"}
	if n := r.Coverage.Unparsed; n > 0 {
		read.Note, read.Mood = thousands(n)+" not understood", "warn"
	}
	out = append(out, read)
	if z := zones(r); z != "" && r.History == nil {
		out = append(out, tile{Figure: z, Name: "time of the logs"})
	}
	return out
}

// onlyOf says whether the incidents of a report are all of the day that its figures are of.
func onlyOf(r *Report, c clock) bool {
	if r.History == nil || r.History.today() == nil {
		return true
	}
	return !slices.ContainsFunc(r.Incidents, func(in Incident) bool { return c.in(in.Start).Format(time.DateOnly) != r.History.Date })
}

func plural(n int, noun string) string { return strings.TrimPrefix(count(n, noun), thousands(n)+" ") }

// worstMinute is the minute in which most requests failed, as far as the paces are fine enough to tell.
func worstMinute(r *Report) (at time.Time, n int) {
	type minute struct {
		at time.Time
		n  int
	}
	minutes := map[int64]minute{}
	for i := range r.Incidents {
		p := r.Incidents[i].Pace
		if p == nil || p.Seconds <= 0 || p.Seconds > 60 {
			continue
		}
		for _, s := range p.Steps {
			k := s.Time.Unix() / 60
			m := minutes[k]
			if m.at.IsZero() {
				m.at = s.Time // in the zone of the report, not in that of this machine
			}
			m.n += failedIn(s)
			minutes[k] = m
		}
	}
	for _, m := range minutes {
		if m.n > n || m.n == n && m.at.Before(at) {
			at, n = m.at, m.n
		}
	}
	return at, n
}

func failedIn(s Step) int {
	sum := 0
	for _, n := range s.Failures {
		sum += n
	}
	return sum
}

// zones is the zone of the logs, or how many there are.
func zones(r *Report) string {
	seen := map[string]bool{}
	last := ""
	for i := range r.Coverage.Sources {
		if z := r.Coverage.Sources[i].Timezone; z != "" {
			seen[z], last = true, z
		}
	}
	if len(seen) > 1 {
		return fmt.Sprintf("%d zones", len(seen))
	}
	return clean(last)
}
