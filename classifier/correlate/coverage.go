package correlate

import (
	"cmp"
	"slices"
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
	crowds  []crowd           // by time; made when first asked for
	strange map[siteHour]sights
}

func (t *Timeline) coverage() *coverage {
	c := &coverage{t: t, access: map[string]*Spans{}, servers: map[string]bool{}}
	held := t.traffic.held()
	asked := t.traffic.asked()
	for k := range held {
		s := t.sources[t.names.name(k.src)]
		from, to := s.requested(asked[k])
		v := t.names.name(k.vhost)
		if c.access[v] == nil {
			c.access[v] = &Spans{}
		}
		c.access[v].Add(from, to)
		c.any.Add(from, to)
		c.servers[s.Kind()] = true
	}
	c.strange = t.strangers(held)
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

// requested is the time in which a file would hold the requests of a site, of whom it has some in the seconds of asked: its own time, or
// where it is a few lines of several logs, some minutes around these requests.
func (s *Source) requested(asked [2]int64) (from, to time.Time) {
	if len(s.Kinds) < 2 || s.Records > maxExcerpt || asked == [2]int64{} {
		return s.From, s.To
	}
	return later(s.From, time.Unix(asked[0], 0).Add(-visitTime)), earlier(s.To, time.Unix(asked[1], 0).Add(visitTime))
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
	return c.access[vhost].has(at) || c.access[""].has(at) && !c.unlogged(vhost, at)
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
	return c.met(floor(m.First.Unix(), w)-w, m.Last.Unix()+w, &m.Clients)
}

// crowd are the clients of all sites in one bucket of time, as far as they are known.
type crowd struct {
	sec int64
	h   []uint64 // in order
}

// met says whether one of the clients made a request in a bucket that begins from one second to another. Thousands of marks
// may ask about buckets of thousands of sites.
func (c *coverage) met(from, to int64, clients *Set) bool {
	if c.crowds == nil {
		c.crowds = crowds(c.t.Loads())
	}
	first, _ := slices.BinarySearchFunc(c.crowds, from, func(b crowd, sec int64) int { return cmp.Compare(b.sec, sec) })
	for _, b := range c.crowds[first:] {
		if b.sec > to {
			break
		}
		for _, h := range clients.h {
			if _, found := slices.BinarySearch(b.h, h); found {
				return true
			}
		}
	}
	return false
}

// crowds puts the clients of each bucket's loads together; loads are in order.
func crowds(loads []Bucket) []crowd {
	out := []crowd{}
	for len(loads) > 0 {
		b := crowd{sec: loads[0].Sec}
		n := 0
		for ; n < len(loads) && loads[n].Sec == b.sec; n++ {
			b.h = append(b.h, loads[n].Clients.h...)
		}
		slices.Sort(b.h)
		b.h = slices.Compact(b.h)
		out = append(out, b)
		loads = loads[n:]
	}
	return out
}
