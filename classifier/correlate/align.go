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
	Clients bool          // they are clients that it names when the access logs saw them
	Guess   bool          // it is the best reading there is, not a sure one
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
	for a.settleBest() || a.guess() {
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
	span    stretch    // of the settled sources that have a word in it
	web     stretch    // of all settled web servers' logs
	traffic []sighting // the clients of the access logs, by time
	ends    []sighting // of these, the first and the last entry
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

	guessed  bool
	clocks   []clock
	evidence []evidence // for each clock
}

// gather sorts the sources into those whose clock is known and groups of others.
func (a *aligner) gather() {
	a.marks = map[string][]*Mark{}
	for _, m := range a.t.Marks() {
		if !m.Last.Before(a.t.forgot) { // of what was before, the other side is forgotten
			a.marks[m.File] = append(a.marks[m.File], m)
		}
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
	sortSightings(a.settled)
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

// accept counts a source among those whose clock is settled. After the last of some, what was seen is to be sorted.
func (a *aligner) accept(s *Source, seen []sighting) {
	from := s.From
	if !from.IsZero() {
		from = later(from, a.t.forgot)
	}
	if isWeb(s) {
		a.web.from, a.web.to = earlier(a.web.from, from), later(a.web.to, s.To)
		a.ends = append(a.ends, s.ends()...)
		a.based = a.based || s.Records > 0
	}
	if len(seen) == 0 {
		return
	}
	a.settled = append(a.settled, seen...)
	a.span.from, a.span.to = earlier(a.span.from, from), later(a.span.to, s.To)
}

func isWeb(s *Source) bool {
	k := s.Kind()
	return strings.HasPrefix(k, "nginx-") || strings.HasPrefix(k, "apache-")
}

// settleBest settles the groups that can be best; false if none can. Those that fit as they are come first: what they
// show may explain the others. Then come those of the zone for which most speaks.
func (a *aligner) settleBest() bool {
	type settling struct {
		group *clockGroup
		verdict
	}
	var all []settling
	best := -1
	for _, g := range a.groups {
		if g.settled || g.guessed {
			continue
		}
		v := a.judge(g)
		if !v.ok {
			if c := a.byClients(g); c.ok {
				v = c
			} else if r := g.remembered(false); r.ok {
				v = r
			}
		}
		if g.doubt = v.doubt; !v.ok {
			continue
		}
		all = append(all, settling{g, v})
		if best < 0 || v.stays && !all[best].stays || v.stays == all[best].stays && v.matches > all[best].matches {
			best = len(all) - 1
		}
	}
	for i := range all {
		s, b := &all[i], &all[best]
		if i == best || s.stays && b.stays || s.zone != nil && b.zone != nil && s.skew == 0 && b.skew == 0 && s.zone.String() == b.zone.String() {
			a.settle(s.group, &s.verdict)
		}
	}
	if best >= 0 || a.based {
		return best >= 0
	}
	// No web server's log is on a clock that is known: the others go by the one it has.
	for _, g := range a.groups {
		if !g.settled && !g.guessed && len(g.seen) > 0 && isWeb(g.sources[0]) {
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
	}
	for _, s := range g.sources {
		if s.read = v.asRead(); !v.stays {
			a.move(s, v)
		}
	}
	for _, s := range g.sources {
		a.accept(s, a.t.sightings(s, a.marks[s.Path]))
	}
	sortSightings(a.settled)
}

func (a *aligner) move(s *Source, v *verdict) {
	zone := v.zone
	if zone == nil {
		zone = s.Loc
	}
	al := Alignment{Path: s.Path, From: s.Zone, Clock: s.Clock, Zone: s.Zone, Skew: v.skew, Matches: v.matches, Clients: v.clients, Guess: v.doubt}
	if zone != s.Loc {
		al.Zone = zone.String()
		s.Zone, s.Clock, s.Moved = al.Zone, "inferred", true
	}
	a.t.Rezone(s.Path, zone, v.skew)
	a.done = append(a.done, al)
	a.marks[s.Path] = nil
	for _, m := range a.t.Marks() {
		if m.File == s.Path && !m.Last.Before(a.t.forgot) {
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
		if r := g.remembered(true); r.ok && !g.guessed && len(g.seen) == 0 {
			g.guessed, g.doubt, g.moved = true, true, r.zone
			for _, s := range g.sources {
				a.move(s, &r)
			}
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
				v := verdict{zone: lead.moved}
				s.read = v.asRead()
				a.move(s, &v)
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
