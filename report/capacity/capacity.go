// Package capacity says how many children the pools of PHP-FPM should have, and whether more of them would help at all.
//
// What a pool needs is the rate of its requests times the time that one takes (Little's law); what it may have is what the memory
// holds beside all else. Time that requests spent waiting for a child is no need for children: where a pool was full, the usual
// time of a request counts, not that of the rush.
package capacity

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"why502/classifier/correlate"
	"why502/parser/host"
	"why502/report"
)

// Known is what is known besides the logs.
type Known struct {
	Memory int64      // of the server, by flag; 0: not given
	Child  int64      // that a child takes, by flag
	Host   *host.Host // nil: the logs are another machine's
	Zone   *time.Location
}

// The verdicts.
const (
	Raise   = "raise"
	Keep    = "keep"
	Lower   = "lower"
	Mend    = "mend" // requests are slow rather than many
	Unknown = "unknown"
)

// pool is what is found out of one.
type pool struct {
	correlate.Pool
	settings
	demand
	correlate.Pressure
	child     size
	incidents []*report.Incident
	listens   bool // PHP-FPM's log is there to say when it was full

	verdict, text string
	ask           int // children: what it should have, before it is asked what the memory holds
	other         int // children of the other pools, and the memory they may take
	otherBytes    int64
	room          int64 // what is left of the memory
}

// Size makes the capacity of a report from the same logs; nil if no pool is known. It also settles the advice of the report that sets the
// size of pools, so that one report gives one number.
func Size(t *correlate.Timeline, r *report.Report, k Known) *report.Capacity {
	if k.Zone == nil {
		k.Zone = time.UTC
	}
	known := t.Pools()
	if len(known) == 0 {
		return nil
	}
	work, stray := t.Workloads(known)
	pressure := t.Pressures(known)
	pools := make([]*pool, len(known))
	log := slices.ContainsFunc(t.Sources(), func(s *correlate.Source) bool { return s.Kind() == "php-fpm" && s.Records > 0 })
	for i := range known {
		p := &pool{Pool: known[i], settings: read(&known[i]), Pressure: pressure[i], listens: log}
		if p.children == 0 {
			p.children = p.Limit
		}
		pools[i] = p
	}
	concern(t, r, pools)
	for i, p := range pools {
		p.demand = measure(&work[i], p.hot, p.excused())
	}
	m := machine(k)
	for _, p := range pools {
		p.child = childSize(p, k)
		p.decide(k.Zone)
	}
	fit(pools, m)
	c := &report.Capacity{MemoryBytes: m.total, ReservedBytes: m.reserved, CPUs: m.cpus, From: append(m.from, told(pools)...), Pools: []report.PoolCapacity{}}
	for _, p := range pools {
		c.Children += p.children
	}
	sum(c, pools, m, stray)
	rows := map[*pool]*report.PoolCapacity{}
	for _, p := range worth(pools) {
		row := p.told(m, k.Zone)
		c.Pools = append(c.Pools, row)
		rows[p] = &row
	}
	if n := len(pools) - len(c.Pools); n > 0 {
		c.Text += fmt.Sprintf(" %s more pools, which are to be kept as they are or of which nothing is known, are left out.", thousands(n))
	}
	advise(r, pools, rows, m, k.Zone)
	return c
}

// maxPools bounds the pools that a report tells of: a hosting server may have thousands.
const maxPools = 500

// worth are the pools that a report tells of, in their order: where there are too many, those that say least are left out.
func worth(pools []*pool) []*pool {
	if len(pools) <= maxPools {
		return pools
	}
	rank := func(p *pool) int {
		switch {
		case p.verdict == Raise, p.verdict == Lower, p.verdict == Mend:
			return 0
		case len(p.incidents)+len(p.Full)+len(p.Queue) > 0:
			return 1
		case p.peak.requests > 0:
			return 2
		}
		return 3
	}
	sorted := slices.Clone(pools)
	slices.SortStableFunc(sorted, func(a, b *pool) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(b.peak.busy(), a.peak.busy())) })
	left := map[*pool]bool{}
	for _, p := range sorted[maxPools:] {
		left[p] = true
	}
	return slices.DeleteFunc(slices.Clone(pools), func(p *pool) bool { return left[p] })
}

// concern finds the incidents that concern each pool: by its socket, else its name, else the sites it serves.
func concern(t *correlate.Timeline, r *report.Report, pools []*pool) {
	listens, named := map[string]*pool{}, map[string][]*pool{}
	plain := make([]correlate.Pool, len(pools))
	for i, p := range pools {
		plain[i] = p.Pool
		named[p.Name] = append(named[p.Name], p)
		for _, b := range p.Listen {
			listens[b] = p
		}
	}
	ofSite := t.PoolOfSite(plain)
	for i := range r.Incidents {
		in := &r.Incidents[i]
		hit := map[*pool]bool{}
		for _, u := range in.Upstreams {
			if p := listens[u.Name]; p != nil {
				hit[p] = true
			}
		}
		for _, n := range in.Pools {
			if all := named[n.Name]; len(all) == 1 || len(hit) == 0 {
				for _, p := range all {
					hit[p] = true
				}
			}
		}
		for _, v := range in.Vhosts {
			if at := ofSite(v.Name); len(in.Upstreams) == 0 && len(in.Pools) == 0 && at >= 0 {
				hit[pools[at]] = true
			}
		}
		for p := range hit {
			p.incidents = append(p.incidents, in)
		}
	}
}

// told is the row of the report.
func (p *pool) told(m *memory, zone *time.Location) report.PoolCapacity {
	c := report.PoolCapacity{
		Name: p.Name, File: p.Place(), Manager: p.manager, Settings: []report.Setting{}, Full: len(p.Full) + len(p.Busy) + len(p.Queue),
		WorkerBytes: p.child.bytes, Bounds: p.bounds(m), Verdict: p.verdict, Text: p.text, Children: p.ask,
	}
	for _, name := range sizing {
		if s := p.Get(name); s.Value != "" {
			c.Settings = append(c.Settings, report.Setting{Name: name, Value: s.Value})
		}
	}
	if p.peak.requests > 0 {
		at := p.peak.at.In(zone)
		c.Peak, c.PeakTime, c.Rate, c.Seconds = round(p.peak.busy()), &at, round(p.peak.rate()), milli(p.peak.mean())
		c.Usual = milli(p.usual)
	}
	if p.verdict == Unknown {
		c.Children = 0
	}
	switch {
	case p.verdict == Raise || p.verdict == Lower:
		c.Config, c.Verify, c.Caution = p.block(), p.verify(), p.caution(m)
	case p.verdict == Keep && p.hasty() && !p.cpanel():
		c.Text += " It started children in haste: keep more of them ready."
		c.Config, c.Verify = p.block(), p.verify()
	}
	return c
}

// hasty says whether a pool had to start children in haste while nothing was wrong.
func (p *pool) hasty() bool {
	hot := p.hot(around)
	return p.manager == "dynamic" && slices.ContainsFunc(p.Busy, func(at time.Time) bool { return !hot.Meet(at, at) })
}
