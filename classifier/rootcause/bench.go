package rootcause

import (
	"slices"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// bench holds what all incidents of one Timeline share.
type bench struct {
	t       *correlate.Timeline
	all     []*correlate.Mark
	byTag   map[classifier.Tag][]*correlate.Mark
	fromPHP []*correlate.Mark // what PHP itself said, in whatever log
	busy    correlate.Spans   // times of all incidents: what stands outside of them is background
	supply
	to   time.Time // the end of all logs
	zone *time.Location

	doubtful correlate.Spans // of the marks of logs whose clock is unverified
	alarming bool            // some of them normally hurt visitors
	adrift   map[string]bool // such logs that no other clock is likely for either
	nginxPHP bool            // nginx itself speaks with PHP-FPM

	causes  []liveCause
	looks   map[manner]*look
	longest time.Duration // of a mark, from its first line to its last

	closed map[*Cause]*liveCause // what these logs can hold about causes whose gate is closed

	found facts // room for those of one scene

	// Made when first asked for.
	byPID       map[int][]*correlate.Mark
	backgrounds map[classifier.Tag]*background
	seen        map[string][]time.Time
	fpmLife     []outage
	dbLife      []outage
	lives       bool
	joins       map[*correlate.Mark]*joined
	tooSlow     lines // PHP-FPM's lines about requests that ran too slow
	terminated  lines // … and about those it ended
}

type span struct{ from, to time.Time }

func newBench(t *correlate.Timeline, zone *time.Location, incidents []*correlate.Incident) *bench {
	b := &bench{
		t: t, all: t.Ordered(), byTag: map[classifier.Tag][]*correlate.Mark{}, zone: zone, supply: newSupply(t.Sources()),
		backgrounds: map[classifier.Tag]*background{}, adrift: map[string]bool{}, looks: map[manner]*look{},
	}
	unsure := map[string]bool{}
	for _, s := range t.Sources() {
		unsure[s.Path], b.adrift[s.Path] = s.Doubt, s.Doubt && !s.Moved
	}
	for _, m := range b.all {
		if unsure[m.File] {
			b.doubtful.Add(m.First, m.Last)
			b.alarming = b.alarming || m.Rule != nil && (m.Rule.Signal || m.Rule.Harm != "")
		}
		b.nginxPHP = b.nginxPHP || m.Scheme == "fastcgi" && m.Format == "nginx-error"
		b.byTag[m.Tag] = append(b.byTag[m.Tag], m)
		if m.Rule != nil && slices.Contains(m.Rule.Formats, "php-error") {
			b.fromPHP = append(b.fromPHP, m)
		}
		b.longest = max(b.longest, m.Last.Sub(m.First))
	}
	b.causes = b.liveCauses()
	for _, in := range incidents {
		b.busy.Add(in.Start, in.End)
	}
	for _, s := range t.Sources() {
		if s.To.After(b.to) {
			b.to = s.To
		}
	}
	return b
}

// between are those of marks in the order of time that begin from one moment to another.
func between(all []*correlate.Mark, from, to time.Time) []*correlate.Mark {
	begins := func(m *correlate.Mark, t time.Time) int { return m.First.Compare(t) }
	first, _ := slices.BinarySearchFunc(all, from, begins)
	all = all[first:]
	n, _ := slices.BinarySearchFunc(all, to.Add(1), begins)
	return all[:n]
}

// children are the marks of PHP-FPM about its children, by process number.
func (b *bench) children() map[int][]*correlate.Mark {
	if b.byPID == nil {
		b.byPID = map[int][]*correlate.Mark{}
		for _, m := range b.life(crashTags...) {
			for _, pid := range m.PIDs {
				b.byPID[pid] = append(b.byPID[pid], m)
			}
		}
	}
	return b.byPID
}

// background is what stands in the logs of a tag outside of all incidents in some time, and what these logs cover of it.
type background struct {
	around span
	span
	quiet []quiet
}

// quiet counts what is said about one subject.
type quiet struct {
	*correlate.Mark
	count int
}

// background returns that of a tag around an incident; nil if it does not stand in the logs there.
func (b *bench) background(tag classifier.Tag, in *correlate.Incident) *background {
	var around span
	around.from, around.to = correlate.Context(in.Start, in.End)
	marks := between(b.byTag[tag], around.from, around.to)
	if len(marks) == 0 {
		return nil
	}
	if have := b.backgrounds[tag]; have != nil && have.around == around { // incidents are asked about in order
		return have
	}
	out := &background{around: around}
	at := map[int32]int{}
	for _, m := range marks {
		src := b.t.Source(m.File)
		if out.from.IsZero() || src.From.Before(out.from) {
			out.from = src.From
		}
		if src.To.After(out.to) {
			out.to = src.To
		}
		if b.busy.Meet(m.First.Add(-time.Minute), m.Last.Add(2*time.Minute)) {
			continue
		}
		i, known := at[m.Subject]
		if !known {
			i = len(out.quiet)
			at[m.Subject] = i
			out.quiet = append(out.quiet, quiet{Mark: m})
		}
		out.quiet[i].count += m.Count
	}
	if out.from.Before(around.from) {
		out.from = around.from
	}
	if out.to.After(around.to) {
		out.to = around.to
	}
	b.backgrounds[tag] = out
	return out
}
