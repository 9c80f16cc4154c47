package correlate

import (
	"bytes"
	"slices"
	"strings"
)

// account is the hosting account a path lies in: /home/NAME/…
func account(path string) string {
	_, rest, _ := strings.Cut(path, "/home/")
	name, _, ok := strings.Cut(rest, "/")
	if !ok {
		return ""
	}
	return name
}

// accountIn is account of a path that is part of a line.
func accountIn(path []byte) []byte {
	_, rest, _ := bytes.Cut(path, []byte("/home/"))
	name, _, ok := bytes.Cut(rest, []byte("/"))
	if !ok {
		return nil
	}
	return name
}

// accountOf is the account that a mark's file lies in, else that of a path in its text.
func accountOf(m *Mark) string {
	if a := account(m.File); a != "" {
		return a
	}
	return account(m.Sample.Text)
}

// How far a mark concerns an incident.
const (
	Same    = 1.0 // the same pool, backend or site
	Unknown = 0.7 // nothing says which
	Alien   = 0.0 // surely another one's
)

// related is what Relation found for one incident, by subject: it is asked of many marks about few subjects.
type related struct {
	in    *Incident
	by    []float64 // -1: not asked yet
	asked []int32
}

// numberSubjects numbers what Relation goes by.
func (t *Timeline) numberSubjects(marks []*Mark) {
	type subject struct{ backend, pool, vhost, account string }
	known := map[subject]int32{}
	for _, m := range marks {
		s := subject{backend: m.Backend, pool: m.Pool, vhost: m.Vhost}
		if m.Pool == "" { // else the account is not asked for
			s.account = accountOf(m)
		}
		n := known[s]
		if n == 0 {
			n = int32(len(known) + 1)
			known[s] = n
		}
		m.Subject = n
	}
	t.ordered.related = related{by: slices.Repeat([]float64{-1}, len(known)+1)}
}

// forget makes room for the relations to another incident.
func (r *related) forget(in *Incident) {
	for _, i := range r.asked {
		r.by[i] = -1
	}
	r.in, r.asked = in, r.asked[:0]
}

// Relation says how far a mark concerns an incident.
func (t *Timeline) Relation(m *Mark, in *Incident) float64 {
	r := &t.ordered.related
	if m.Subject <= 0 || int(m.Subject) >= len(r.by) {
		return t.relation(m, in)
	}
	if r.in != in {
		r.forget(in)
	}
	if r.by[m.Subject] < 0 {
		r.by[m.Subject] = t.relation(m, in)
		r.asked = append(r.asked, m.Subject)
	}
	return r.by[m.Subject]
}

// relation asks pools first: a shared pool carries one site's trouble to
// another's visitors, so the site of a script says little when the pool is known.
func (t *Timeline) relation(m *Mark, in *Incident) float64 {
	if m.Backend != "" && len(in.backends) > 0 {
		if in.backends.has(m.Backend) || t.wiring.hits(m.Backend, in) {
			return Same
		}
		if m.Vhost != "" && in.vhosts.has(m.Vhost) {
			return Unknown
		}
		return Alien
	}
	if m.Pool != "" {
		return t.poolRelation(m.Pool, in)
	}
	if m.Vhost != "" && len(in.vhosts) > 0 {
		if in.vhosts.has(m.Vhost) {
			return Same
		}
		return Alien
	}
	if a := accountOf(m); a != "" {
		return t.accountRelation(a, in)
	}
	if len(in.vhosts) == 0 && len(in.backends) == 0 && len(in.pools) == 0 {
		return Same // neither names anything: a few pasted lines
	}
	return Unknown
}

func (t *Timeline) accountRelation(a string, in *Incident) float64 {
	if relation, ok := t.wiring.account(a, in); ok {
		return relation
	}
	best := -1.0
	for pool := range t.links.accounts[a] {
		best = max(best, t.poolRelation(pool, in))
	}
	if best < 0 {
		return Unknown
	}
	return best
}

// poolRelation says whether a pool serves what the incident hit. A pool named like a site or a socket serves that one;
// one that is named like nothing known may be shared by all.
func (t *Timeline) poolRelation(pool string, in *Incident) float64 {
	if relation, ok := t.wiring.pool(pool, in); ok {
		return relation
	}
	for _, b := range in.backends {
		if contains(b, pool) {
			return Same
		}
	}
	if v := strings.ReplaceAll(pool, "_", "."); site(v) && len(in.vhosts) > 0 {
		if in.vhosts.has(v) {
			return Same
		}
		return Alien
	}
	scripts := t.links.pools[pool]
	for _, v := range in.vhosts {
		if contains(v, pool) || scripts[v] {
			return Same
		}
	}
	if t.servesAnother(pool, in) {
		return Alien
	}
	if len(t.links.pools) == 1 {
		return Same
	}
	if len(in.vhosts) > 0 && len(scripts) > 0 {
		return Alien
	}
	return Unknown
}

// servesAnother says whether a pool is named like a backend or site that the incident did not hit.
func (t *Timeline) servesAnother(pool string, in *Incident) bool {
	if len(in.backends) == 0 && len(in.vhosts) == 0 {
		return false
	}
	for v, backends := range t.links.backends {
		if len(in.vhosts) > 0 && !in.vhosts.has(v) && contains(v, pool) {
			return true
		}
		for b := range backends {
			if len(in.backends) > 0 && !in.backends.has(b) && contains(b, pool) {
				return true
			}
		}
	}
	return false
}

// contains says whether name stands as a word in the last two parts of a path or address: pool "shop" in
// "unix:/run/php/php8.2-fpm-shop.sock", pool "www" not in "unix:/var/www/run/php.sock".
func contains(s, name string) bool {
	if i := strings.LastIndexByte(s, '/'); i > 0 {
		s = s[strings.LastIndexByte(s[:i], '/')+1:]
	}
	for from := 0; ; {
		i := strings.Index(s[from:], name)
		if i < 0 {
			return false
		}
		i += from
		if (i == 0 || !wordByte(s[i-1])) && (i+len(name) == len(s) || !wordByte(s[i+len(name)])) {
			return true
		}
		from = i + 1
	}
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
