package correlate

import (
	"strings"
	"time"
)

// coverage says which times and sites the web logs speak of.
type coverage struct {
	t       *Timeline
	access  map[string]*Spans // by site; "" for logs that name no site
	any     Spans             // of access logs, whatever the site
	errors  Spans             // of web servers' error logs
	servers map[string]bool   // formats of the web servers' logs
	nginx   Spans             // of nginx's error logs
	strange map[string]bool   // sites whose requests are not in the logs that name no site
}

func (t *Timeline) coverage() *coverage {
	c := &coverage{t: t, access: map[string]*Spans{}, servers: map[string]bool{}}
	seen := map[loadKey]bool{}
	for k := range t.traffic.loads {
		k.sec = 0
		if seen[k] {
			continue
		}
		seen[k] = true
		s := t.sources[t.names.name(k.src)]
		v := t.names.name(k.vhost)
		if c.access[v] == nil {
			c.access[v] = &Spans{}
		}
		c.access[v].Add(s.From, s.To)
		c.any.Add(s.From, s.To)
		c.servers[s.Kind()] = true
	}
	c.strange = t.strangers()
	for _, s := range t.sources {
		if k := s.Kind(); k == "nginx-error" || k == "apache-error" {
			c.errors.Add(s.From, s.To)
			if k == "nginx-error" {
				c.nginx.Add(s.From, s.To)
			}
			c.servers[k] = true
		}
	}
	return c
}

// edge is how far outside of what a log covers a moment still counts as covered.
const edge = 2 * time.Second

func (s *Spans) has(at time.Time) bool { return s.Meet(at.Add(-edge), at.Add(edge)) }

// some says whether there is a web log at all.
func (c *coverage) some() bool { return len(c.servers) > 0 }

// accessed says whether an access log covers a site at a time; an unknown site counts as covered by any.
func (c *coverage) accessed(vhost string, at time.Time) bool {
	if vhost == "" {
		return c.any.has(at)
	}
	return c.access[vhost].has(at) || c.access[""].has(at) && !c.unlogged(vhost)
}

// web says whether any web log would show what visitors got at that time.
func (c *coverage) web(vhost string, at time.Time) bool {
	return c.accessed(vhost, at) || c.errors.has(at)
}

// knows says whether an access log would hold the requests of an error mark: it covers the time, and names the site or
// has requests of one of the very clients.
func (c *coverage) knows(m *Mark) bool {
	// Behind nginx, Apache's access log does not know what nginx answered.
	other := map[string]string{"nginx-error": "apache", "apache-error": "nginx"}[m.Format]
	if other != "" && c.servers[other+"-error"] && c.servers[other+"-access"] && !c.servers[strings.TrimSuffix(m.Format, "error")+"access"] {
		return false
	}
	if m.Vhost != "" && c.access[m.Vhost].has(m.First) {
		return true
	}
	if !c.accessed(m.Vhost, m.First) {
		return false
	}
	w := c.t.traffic.width
	for _, l := range c.t.LoadsFrom(floor(m.First.Unix(), w) - w) {
		if l.Sec > m.Last.Unix()+w {
			break
		}
		if l.Clients.Meets(&m.Clients) {
			return true
		}
	}
	return false
}
