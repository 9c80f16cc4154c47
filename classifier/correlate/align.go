package correlate

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"
)

// Alignment says that the stamps of a source were read otherwise than first assumed, and why.
type Alignment struct {
	Path    string
	From    string        // the zone it was read in first
	Clock   string        // how that was known: flag | inferred | assumed
	Zone    string        // the zone it is read in now
	Skew    time.Duration // what its clock was behind (ahead if negative), beside the zone
	Matches int           // events that other logs show at the same second
}

// How much must speak for another reading of a source's stamps, and how little for the present one.
const (
	minMatches  = 3 // for another zone than the one assumed
	sureMatches = 5 // for another one than the flag says, with nothing at all for the flag; for a skew
	minSkew     = 3 // seconds; less is within what two logs of one host differ by
	maxSkew     = 120
	step        = 15 * 60
	farthest    = 14 * 3600
)

// Align puts sources whose stamps state no zone on the clock of those that do, by events that both write of: a child's
// death that nginx felt, a 502 in the error and the access log. A source that fits as it is stays; so does one for which
// two clocks are about as good. It is to be called when all is read.
func (t *Timeline) Align() []Alignment {
	a := aligner{t: t}
	a.gather()
	for a.settleOne() {
	}
	a.follow()
	for _, g := range a.groups {
		for _, s := range g.sources {
			s.Doubt = g.doubt
		}
	}
	slices.SortFunc(a.done, func(x, y Alignment) int { return cmp.Compare(x.Path, y.Path) })
	return a.done
}

type aligner struct {
	t       *Timeline
	marks   map[string][]*Mark
	settled []sighting
	from    time.Time // what the settled sources cover
	to      time.Time
	groups  []*clockGroup
	based   bool // some web server's log is settled
	done    []Alignment
}

// clockGroup is a log with its rotated pieces: one program wrote them by one clock.
type clockGroup struct {
	name    string
	sources []*Source
	seen    []sighting
	family  string
	settled bool
	doubt   bool
	moved   *time.Location
	skew    time.Duration
}

// gather sorts the sources into those whose clock is known and groups of others.
func (a *aligner) gather() {
	a.marks = map[string][]*Mark{}
	for _, m := range a.t.Marks() {
		a.marks[m.File] = append(a.marks[m.File], m)
	}
	byName := map[string]*clockGroup{}
	for _, s := range a.t.Sources() {
		kind := s.Kind()
		if s.Loc == nil || strings.HasSuffix(kind, "-access") {
			a.accept(s, a.t.sightings(s, a.marks[s.Path]))
			continue
		}
		name := kind + " " + stem(s.Path)
		g := byName[name]
		if g == nil {
			g = &clockGroup{name: name, family: path.Dir(s.Path) + " " + family4(kind)}
			byName[name] = g
			a.groups = append(a.groups, g)
		}
		g.sources = append(g.sources, s)
		g.seen = append(g.seen, a.t.sightings(s, a.marks[s.Path])...)
	}
	slices.SortFunc(a.groups, func(x, y *clockGroup) int { return cmp.Compare(x.name, y.name) })
}

// family4 joins the formats that one daemon writes.
func family4(kind string) string {
	program, _, _ := strings.Cut(kind, "-")
	return program
}

// stem is the name of a log without what rotation adds: error.log.2.gz, error.log-20261122.
func stem(p string) string {
	for _, suffix := range []string{".gz", ".xz", ".zst", ".bz2"} {
		p = strings.TrimSuffix(p, suffix)
	}
	return strings.TrimRight(p, "0123456789.-_")
}

// accept counts a source among those whose clock is settled.
func (a *aligner) accept(s *Source, seen []sighting) {
	if len(seen) == 0 {
		return
	}
	a.settled = append(a.settled, seen...)
	slices.SortStableFunc(a.settled, func(x, y sighting) int { return cmp.Compare(x.sec, y.sec) })
	a.from, a.to = earlier(a.from, s.From), later(a.to, s.To)
	a.based = a.based || isWeb(s)
}

func isWeb(s *Source) bool {
	k := s.Kind()
	return strings.HasPrefix(k, "nginx-") || strings.HasPrefix(k, "apache-")
}

// settleOne settles the group that can be best; false if none can.
func (a *aligner) settleOne() bool {
	type choice struct {
		*clockGroup
		verdict
	}
	var best *choice
	for _, g := range a.groups {
		if g.settled || len(g.seen) == 0 {
			continue
		}
		v := a.judge(g)
		g.doubt = v.doubt
		// Those that fit as they are come first: what they show may explain the others.
		if v.ok && (best == nil || v.stays && !best.stays || v.stays == best.stays && v.matches > best.matches) {
			best = &choice{g, v}
		}
	}
	if best != nil {
		a.settle(best.clockGroup, &best.verdict)
		return true
	}
	if a.based {
		return false
	}
	// No web server's log is on a clock that is known: the others go by the one it has.
	for _, g := range a.groups {
		if !g.settled && len(g.seen) > 0 && isWeb(g.sources[0]) {
			a.settle(g, &verdict{stays: true})
			return true
		}
	}
	return false
}

func (a *aligner) settle(g *clockGroup, v *verdict) {
	g.settled, g.doubt = true, false
	if !v.stays {
		g.moved, g.skew = v.zone, v.skew
		for _, s := range g.sources {
			a.move(s, v.zone, v.skew, v.matches)
		}
	}
	for _, s := range g.sources {
		a.accept(s, a.t.sightings(s, a.marks[s.Path]))
	}
}

func (a *aligner) move(s *Source, zone *time.Location, skew time.Duration, matches int) {
	if zone == nil {
		zone = s.Loc
	}
	al := Alignment{Path: s.Path, From: s.Zone, Clock: s.Clock, Zone: s.Zone, Skew: skew, Matches: matches}
	if zone != s.Loc {
		al.Zone = zone.String()
		s.Zone, s.Clock = al.Zone, "inferred"
	}
	a.t.Rezone(s.Path, zone, skew)
	a.done = append(a.done, al)
	a.marks[s.Path] = nil
	for _, m := range a.t.Marks() {
		if m.File == s.Path {
			a.marks[s.Path] = append(a.marks[s.Path], m)
		}
	}
}

// follow gives a log without events of its own to judge by the clock on which the others of the same daemon were put.
func (a *aligner) follow() {
	for _, g := range a.groups {
		if g.settled {
			continue
		}
		var lead *clockGroup
		agreed := true
		for _, o := range a.groups {
			switch {
			case !o.settled || o.family != g.family || o.sources[0].Clock == "flag" && o.moved == nil:
			case lead == nil:
				lead = o
			case zoneOf(o) != zoneOf(lead):
				agreed = false
			}
		}
		if lead == nil || !agreed || lead.moved == nil {
			continue
		}
		for _, s := range g.sources {
			if s.Records > 0 {
				a.move(s, lead.moved, 0, 0)
			}
		}
	}
}

func zoneOf(g *clockGroup) string {
	if g.moved == nil {
		return ""
	}
	return g.moved.String()
}
