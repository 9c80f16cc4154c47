package correlate

import (
	"maps"
	"slices"
	"strings"

	"why502/parser"
)

// links remembers which site, backend, pool and account were seen together: pools and sites have no common name,
// and most lines name only one of them.
type links struct {
	backends map[string]map[string]bool // site → backends that served it, if a line named one
	pools    map[string]map[string]bool // pool → sites, from script paths
	accounts map[string]map[string]bool // account (/home/NAME/) → pools

	narrowed [linkTables]uint8 // how often it was halved how many one may have
	pairs    [linkTables]int

	// Pairs learnt lately.
	knownSites [256]struct{ vhost, backend ID }
	knownPools [64]struct{ pool, site, account ID }
}

// Bounds of each table: of those that have others, how many others one may have, and all pairs. With more pairs, fewer are kept
// of each: that depends on what there is, not on the order in which it came.
const (
	maxLinks  = 10_000
	maxLinked = 64
	maxPairs  = 20_000
)

// The tables.
const (
	siteBackends = iota
	poolSites
	accountPools
	linkTables
)

func (l *links) tables() [linkTables]map[string]map[string]bool {
	return [...]map[string]map[string]bool{siteBackends: l.backends, poolSites: l.pools, accountPools: l.accounts}
}

func newLinks() links {
	return links{
		backends: map[string]map[string]bool{}, pools: map[string]map[string]bool{}, accounts: map[string]map[string]bool{},
	}
}

func (l *links) learn(t *Timeline, s *subject, r *parser.Record) {
	if s.vhost > otherID {
		if pair := &l.knownSites[byte((s.vhost*0x9e3779b1^s.backend*0x85ebca77)>>24)]; pair.vhost != s.vhost || pair.backend != s.backend {
			pair.vhost, pair.backend = s.vhost, s.backend
			v := t.names.name(s.vhost)
			if s.backend > otherID {
				l.join(siteBackends, v, t.names.name(s.backend))
			} else if _, ok := l.backends[v]; !ok && len(l.backends) < maxLinks {
				l.backends[v] = map[string]bool{}
			}
		}
	}
	if s.pool > otherID {
		f := t.file(r.Script)
		if known := &l.knownPools[s.pool%64]; known.pool != s.pool || known.site != f.site || known.account != f.account {
			*known = struct{ pool, site, account ID }{s.pool, f.site, f.account}
			pool := t.names.name(s.pool)
			if _, ok := l.pools[pool]; !ok && len(l.pools) < maxLinks {
				l.pools[pool] = map[string]bool{}
			}
			if f.site > otherID {
				l.join(poolSites, pool, t.names.name(f.site))
			}
			if f.account > otherID {
				l.join(accountPools, t.names.name(f.account), pool)
			}
		}
	}
}

func (l *links) join(table int, a, b string) {
	if join(l.tables()[table], a, b, maxLinked>>l.narrowed[table]) {
		l.pairs[table]++
		l.narrow(table)
	}
}

// join adds b to those that a is seen with, of which the first by name stay, in whatever order they come. It says whether they
// have become more.
func join(m map[string]map[string]bool, a, b string, most int) (more bool) {
	set := m[a]
	if set == nil {
		if len(m) >= maxLinks {
			return false
		}
		set = map[string]bool{}
		m[a] = set
	}
	if set[b] {
		return false
	}
	if len(set) < most {
		set[b] = true
		return true
	}
	if last := slices.Max(slices.Collect(maps.Keys(set))); b < last {
		delete(set, last)
		set[b] = true
	}
	return false
}

// narrow keeps fewer of each if there are too many pairs.
func (l *links) narrow(table int) {
	for l.pairs[table] > maxPairs && maxLinked>>l.narrowed[table] > 1 {
		l.narrowed[table]++
		l.recount(table)
	}
}

// recount counts the pairs anew, of each no more than may be.
func (l *links) recount(table int) {
	l.pairs[table] = 0
	for a, set := range l.tables()[table] {
		if most := maxLinked >> l.narrowed[table]; len(set) > most {
			left := map[string]bool{}
			for _, b := range slices.Sorted(maps.Keys(set))[:most] {
				left[b] = true
			}
			set = left
			l.tables()[table][a] = set
		}
		l.pairs[table] += len(set)
	}
}

// fold forgets what bears names that are no longer told apart.
func (l *links) fold(n *names) {
	if n.full == 0 {
		return
	}
	for table, m := range l.tables() {
		for a, set := range m {
			for b := range set {
				if !n.keeps(b) {
					delete(set, b)
				}
			}
			if !n.keeps(a) {
				delete(m, a)
			}
		}
		l.recount(table)
	}
}

func (l *links) merge(o *links) {
	for table, to := range l.tables() {
		if o.narrowed[table] > l.narrowed[table] {
			l.narrowed[table] = o.narrowed[table]
			l.recount(table)
		}
		for a, set := range o.tables()[table] {
			if len(set) == 0 && to[a] == nil && len(to) < maxLinks {
				to[a] = map[string]bool{}
			}
			for b := range set {
				l.join(table, a, b)
			}
		}
	}
}

// account is the hosting account a path lies in: /home/NAME/…
func account[T string | []byte](path T) (name T) {
	const home = "/home/"
	for i := 0; i+len(home) < len(path); i++ {
		if path[i] == '/' && string(path[i:i+len(home)]) == home {
			name = path[i+len(home):]
			break
		}
	}
	for i := range len(name) {
		if name[i] == '/' {
			return name[:i]
		}
	}
	return name[:0]
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
		s := subject{m.Backend, m.Pool, m.Vhost, accountOf(m)}
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
