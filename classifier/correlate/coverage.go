package correlate

import (
	"strings"
	"time"
)

// stretch is a time covered by a log.
type stretch struct {
	from, to time.Time
	format   string
}

func (s stretch) has(t time.Time) bool {
	return !t.Before(s.from.Add(-2*time.Second)) && !t.After(s.to.Add(2*time.Second))
}

// coverage says which times and sites the web logs speak of.
type coverage struct {
	t       *Timeline
	access  map[string][]stretch // by site; "" for logs that name no site
	errors  []stretch            // web servers' error logs
	servers map[string]bool      // formats of the web servers' logs
}

func (t *Timeline) coverage() coverage {
	c := coverage{t: t, access: map[string][]stretch{}, servers: map[string]bool{}}
	seen := map[loadKey]bool{}
	for k := range t.traffic.loads {
		k.sec = 0
		if seen[k] {
			continue
		}
		seen[k] = true
		s := t.sources[t.names.name(k.src)]
		v := t.names.name(k.vhost)
		c.access[v] = append(c.access[v], stretch{s.From, s.To, s.Kind()})
		c.servers[s.Kind()] = true
	}
	for _, s := range t.sources {
		if k := s.Kind(); k == "nginx-error" || k == "apache-error" {
			c.errors = append(c.errors, stretch{s.From, s.To, k})
			c.servers[k] = true
		}
	}
	return c
}

// accessed says whether an access log covers a site at a time; an unknown site counts as covered by any.
func (c *coverage) accessed(vhost string, at time.Time) bool {
	for v, all := range c.access {
		if vhost != "" && v != "" && v != vhost {
			continue
		}
		for _, s := range all {
			if s.has(at) {
				return true
			}
		}
	}
	return false
}

// web says whether any web log would show what visitors got at that time.
func (c *coverage) web(vhost string, at time.Time) bool {
	if c.accessed(vhost, at) {
		return true
	}
	for _, s := range c.errors {
		if s.has(at) {
			return true
		}
	}
	return false
}

// knows says whether an access log would hold the requests of an error mark: it covers the time, and names the site or
// has requests of one of the very clients.
func (c *coverage) knows(m *Mark) bool {
	// Behind nginx, Apache's access log does not know what nginx answered.
	server := c.t.format(m.File)
	other := map[string]string{"nginx-error": "apache", "apache-error": "nginx"}[server]
	if other != "" && c.servers[other+"-error"] && c.servers[other+"-access"] && !c.servers[strings.TrimSuffix(server, "error")+"access"] {
		return false
	}
	if m.Vhost != "" {
		for _, s := range c.access[m.Vhost] {
			if s.has(m.First) {
				return true
			}
		}
	}
	if !c.accessed(m.Vhost, m.First) {
		return false
	}
	w := c.t.traffic.width
	for k, l := range c.t.traffic.loads {
		if k.sec >= floor(m.First.Unix(), w)-w && k.sec <= m.Last.Unix()+w && l.Clients.Meets(&m.Clients) {
			return true
		}
	}
	return false
}

// reach is where the error lines of a session stand, to find the access lines of the same requests.
type reach struct {
	from, to time.Time
	vhost    string
	harms    map[string]bool
	seconds  map[int64]int
}

func reachOf(in *Incident) reach {
	r := reach{harms: map[string]bool{}, seconds: map[int64]int{}}
	for i, m := range in.Marks {
		r.from, r.to = earlier(r.from, m.First), later(r.to, m.Last)
		r.harms[m.Rule.Harm] = true
		r.seconds[m.First.Unix()] += max(m.Requests.Len(), 1)
		if i == 0 {
			r.vhost = m.Vhost
		}
	}
	for _, p := range in.HTTP {
		r.from, r.to = earlier(r.from, p.First), later(r.to, p.Last)
	}
	return r
}

// takes says whether access lines of a status may belong to the session. Apache stamps the start of a request, which is
// up to its timeout before the error.
func (r *reach) takes(m *Mark, status string, startStamped bool) bool {
	if !r.harms[status] || (m.Vhost != "" && r.vhost != "" && m.Vhost != r.vhost) {
		return false
	}
	early := 2 * time.Second
	if startStamped {
		early = 10 * time.Second
		if status == "504" {
			early = 5 * time.Minute
		}
	}
	return !m.Last.Before(r.from.Add(-early)) && !m.First.After(r.to.Add(2*time.Second))
}

func (r *reach) in(m *Mark) int {
	sec := m.First.Unix()
	return r.seconds[sec] + r.seconds[sec-1] + r.seconds[sec+1]
}

// distance is how many seconds the nearest line of the session is away.
func (r *reach) distance(m *Mark) int64 {
	sec := m.First.Unix()
	for d := int64(0); d < 10; d++ {
		if r.seconds[sec-d] > 0 || r.seconds[sec+d] > 0 {
			return d
		}
	}
	return 10
}
