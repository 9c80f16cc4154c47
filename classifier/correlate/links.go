package correlate

import (
	"maps"
	"slices"

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

// ServedBy are the backends that lines about a site name, in no order.
func (t *Timeline) ServedBy(vhost string) []string {
	return slices.Collect(maps.Keys(t.links.backends[vhost]))
}
