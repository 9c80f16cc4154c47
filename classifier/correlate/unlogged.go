package correlate

import (
	"slices"
	"time"
)

// unlogged says whether requests for a site are in no log that names no site: the configuration turned its access log off, or
// the clients whom the error log knows there are never seen.
func (c *coverage) unlogged(vhost string) bool {
	if c.t.wiring != nil {
		if s := c.t.wiring.site(vhost); s != nil && slices.ContainsFunc(s.Settings, func(s Setting) bool { return s.Name == "access_log" && s.Value == "off" }) {
			return true
		}
	}
	return c.strange[vhost]
}

// enough is how many lines about a site must have no counterpart in an access log to think that it holds none of its requests.
const enough = 5

// strangers finds the sites whose clients, as nginx's error log has them, stand in none of its access logs of the time.
func (t *Timeline) strangers() map[string]bool {
	var nameless []ID
	seen := map[ID]bool{}
	for k := range t.traffic.loads {
		if s := t.sources[t.names.name(k.src)]; k.vhost == 0 && !seen[k.src] && s.Kind() == "nginx-access" {
			seen[k.src] = true
			nameless = append(nameless, k.src)
		}
	}
	missed := map[string]int{}
	for _, m := range t.Marks() {
		if len(nameless) == 0 || m.Vhost == "" || m.Clients.Len() == 0 || missed[m.Vhost] < 0 || m.Last.Sub(m.First) > time.Minute || m.Format != "nginx-error" {
			continue
		}
		known, met := false, false
		for _, src := range nameless {
			if s := t.sources[t.names.name(src)]; m.First.Before(s.From) || m.First.After(s.To) {
				continue
			}
			known = true
			w := t.traffic.width
			for sec := floor(m.First.Unix(), w) - w; sec <= m.Last.Unix()+w; sec += w {
				l := t.traffic.loads[loadKey{sec: sec, src: src}]
				met = met || l != nil && (l.Clients.Meets(&m.Clients) || l.Clients.full())
			}
		}
		switch {
		case met:
			missed[m.Vhost] = -1
		case known:
			missed[m.Vhost] += m.Count
		}
	}
	out := map[string]bool{}
	for v, n := range missed {
		if n >= enough {
			out[v] = true
		}
	}
	return out
}
