package correlate

import (
	"slices"
	"time"
)

// unlogged says whether requests for a site are in no log that names no site: the configuration turned its access log off, or
// the clients whom the error log knows there are never seen around that time.
func (c *coverage) unlogged(vhost string, at time.Time) bool {
	if c.t.wiring != nil {
		if s := c.t.wiring.site(vhost); s != nil && slices.ContainsFunc(s.Settings, func(s Setting) bool { return s.Name == "access_log" && s.Value == "off" }) {
			return true
		}
	}
	if len(c.strange) == 0 {
		return false
	}
	missed := 0
	from, to := contextOf(at.Unix(), at.Unix())
	for hour := from; hour < to; hour += siteHours {
		s := c.strange[siteHour{vhost, hour}]
		if s.met {
			return false
		}
		missed += s.missed
	}
	return missed >= enough
}

// siteHour is a site in an hour of the context of some moment.
type siteHour struct {
	vhost string
	sec   int64
}

const siteHours = int64(contextStep / time.Second)

// sights is how the clients that an error log knows fared in the access logs: whether some were met, else how many lines missed them.
type sights struct {
	met    bool
	missed int
}

// enough is how many lines about a site must have no counterpart in an access log to think that it holds none of its requests.
const enough = 5

// strangers finds, by site and hour, whether the clients that nginx's error log has there stand in any of its access logs of the
// time that name no site.
func (t *Timeline) strangers(held map[loadKey]bool) map[siteHour]sights {
	var nameless []ID
	for k := range held {
		if k.vhost == 0 && t.sources[t.names.name(k.src)].Kind() == "nginx-access" {
			nameless = append(nameless, k.src)
		}
	}
	if len(nameless) == 0 {
		return nil
	}
	out := map[siteHour]sights{}
	for _, m := range t.Ordered() {
		if m.Vhost == "" || m.Clients.Len() == 0 || m.Last.Sub(m.First) > time.Minute || m.Format != "nginx-error" {
			continue
		}
		hour := siteHour{m.Vhost, floor(m.First.Unix(), siteHours)}
		s := out[hour]
		if s.met {
			continue
		}
		known := false
		for _, src := range nameless {
			if s := t.sources[t.names.name(src)]; m.First.Before(s.From) || m.First.After(s.To) {
				continue
			}
			known = true
			w := t.traffic.width
			for sec := floor(m.First.Unix(), w) - w; sec <= m.Last.Unix()+w; sec += w {
				l := t.traffic.loads[loadKey{sec: sec, src: src}]
				s.met = s.met || l != nil && (l.Clients.Meets(&m.Clients) || l.Clients.full())
			}
		}
		if known && !s.met {
			s.missed += m.Count
		}
		out[hour] = s
	}
	return out
}
