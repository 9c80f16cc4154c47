package rootcause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"why502/classifier"
)

// Hypothesis is a cause weighed for one incident.
type Hypothesis struct {
	Cause      *Cause
	Role       Kind
	Score      float64 // log-odds
	Confidence float64
	For        []Finding
	Against    []Finding
	Culprits   []Culprit
	Requests   []Request // pages asked for while slow-log entries that speak for it were written
	Summary    string
	Fix        []Step // the cause's, with what is set now

	Hidden Log // the log that would show it, where none at hand can

	late    float64 // share of the failures that were there before the first of its necessary evidence
	base    float64 // score before explaining away
	parent  *Hypothesis
	culprit string // the first one's name, to compare
}

// strongEnough is the score a root must reach by its own evidence before it may take a mechanism's: one that stands
// on a coincidence explains nothing.
const strongEnough = -1.5

// explain weighs every cause of the catalogue for one incident and ranks those whose gate is open.
func (s *scene) explain() []*Hypothesis {
	var all []*Hypothesis
	for i := range s.causes {
		if h := s.weigh(&s.causes[i]); h != nil {
			all = append(all, h)
		}
	}
	explainAway(all)
	s.confide(all)
	return worthTelling(rank(all))
}

// worthTelling leaves out explanations behind the third that hardly anything speaks for.
func worthTelling(ranked []*Hypothesis) []*Hypothesis {
	out := ranked[:0]
	for i, h := range ranked {
		if i < 3 || h.Confidence >= 0.05 {
			out = append(out, h)
		}
	}
	return out
}

// weigh scores one cause; nil if none of its necessary evidence is there.
func (s *scene) weigh(c *liveCause) *Hypothesis {
	var speaks []Finding
	open := false
	for i := range c.needs {
		if f, ok := s.find(&c.needs[i]); ok {
			open = true
			if !cites(speaks, &f) {
				speaks = append(speaks, f)
			}
		}
	}
	if !open {
		return nil
	}
	late := 1.0
	for i := range speaks {
		late = min(late, speaks[i].late)
	}
	h := s.score(c, speaks)
	if h.late = late; late >= halfBefore {
		h.Against = append(h.Against, Finding{Weight: -Weak, Text: fmt.Sprintf("%.0f%% of the failures were there before it", 100*late)})
		h.base -= Weak
		h.Score = h.base
	}
	return h
}

// score adds up all that is there of a cause to what of its necessary evidence was found.
func (s *scene) score(c *liveCause, speaks []Finding) *Hypothesis {
	for i := range c.speaks {
		if f, ok := s.find(&c.speaks[i]); ok && !cites(speaks, &f) {
			speaks = append(speaks, f)
		}
	}
	h := &Hypothesis{Cause: c.Cause, Role: c.Kind, For: speaks}
	for i := range c.against {
		if f, ok := s.find(&c.against[i]); ok {
			f.Weight = -f.Clue.Weight * f.fit
			h.Against = append(h.Against, f)
		}
	}
	if w := notByItself[c.Group]; w > 0 && s.answered() && !h.has(answersItself) {
		h.Against = append(h.Against, Finding{Weight: -w, Text: "the application itself answered every failed request with 500: none was cut off or left waiting"})
	}
	h.base = math.Log(c.Prior / (1 - c.Prior))
	for _, f := range h.For {
		h.base += f.Weight
	}
	for _, f := range h.Against {
		h.base += f.Weight
	}
	h.Score = h.base
	byWeight := func(a, b Finding) int { return cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)) }
	slices.SortStableFunc(h.For, byWeight)
	slices.SortStableFunc(h.Against, byWeight)
	h.Culprits = s.culprits(h)
	for _, f := range h.For {
		if fact := s.facts.of(f.Tag); fact != nil {
			h.Requests = append(h.Requests, fact.Requests...)
		}
	}
	if c.Layer != Database {
		h.culprit = mainCulprit(h.Culprits)
	}
	return h
}

// mainCulprit is the piece of the site that most of what names one names; "" if none stands out. A function or page says
// too little to tell one fault from another.
func mainCulprit(all []Culprit) string {
	for _, c := range all {
		switch c.Kind {
		case "plugin", "theme", "package", "file", "module":
			if c.Share >= .5 {
				return c.Kind + ":" + c.Name
			}
		}
	}
	return ""
}

// notByItself weighs, by group of causes, how little a 500 that the application answers by itself fits: who crashed, was
// stopped or never took the request cannot answer.
var notByItself = map[string]float64{"crash": 6, "fpm-lifecycle": 6, "capacity": 6, "backend": 6, "slow": 4}

// answersItself lists what makes a program answer 500 by itself all the same: the kernel killed something else that it needs, or the
// database gave up a query that waited for a lock, with an error.
var answersItself = []classifier.Tag{OOMService, "db/lock-wait", "db/deadlock"}

// answered says whether all failures are 500s that no web server's error line claims.
func (s *scene) answered() bool {
	return len(s.in.Families) == 1 && s.in.Families[0] == classifier.App && s.in.Failures["500"] == s.in.Total()
}

// cites says whether the same evidence is already among what speaks for a cause: each kind counts once. Slow-log entries stand both as
// such and as the fact what most of them wait for.
func cites(speaks []Finding, f *Finding) bool {
	for i := range speaks {
		o := &speaks[i]
		if o.Tag == f.Tag || strings.HasPrefix(string(f.Tag), "phpslow/") && o.Mark != nil && o.Mark.Tag == f.Tag {
			return true
		}
	}
	return false
}

// explainAway lets roots take over the mechanisms and consequences that they explain: half the evidence that spoke for the
// child speaks for the parent, and the child ranks below it.
func explainAway(all []*Hypothesis) {
	for _, child := range all {
		for _, h := range all {
			if h == child || !slices.Contains(h.Cause.Explains, child.Cause.ID) || h.base < strongEnough || !h.firm() || h.base < child.base-6 && !h.named() {
				continue
			}
			if child.parent == nil || better(h, child.parent) {
				child.parent = h
			}
		}
	}
	for _, child := range all {
		if child.parent == nil {
			continue
		}
		if child.Role == Root {
			child.Role = Mechanism
		}
		if gain := child.base - math.Log(child.Cause.Prior/(1-child.Cause.Prior)); gain > 0 {
			child.Root().Score += 0.5 * gain
		}
	}
}

// firm says whether at least one piece of medium evidence speaks for the cause.
func (h *Hypothesis) firm() bool {
	return slices.ContainsFunc(h.For, func(f Finding) bool { return f.Weight >= 0.8*Medium })
}

// named says whether near-specific evidence speaks for the cause: then it explains a child however loud that is.
func (h *Hypothesis) named() bool {
	return slices.ContainsFunc(h.For, func(f Finding) bool { return f.Weight >= 0.9*Strong })
}

// Root is the hypothesis that explains this one; itself if none does.
func (h *Hypothesis) Root() *Hypothesis {
	for range 8 { // the catalogue has no cycles; a test says so
		if h.parent == nil {
			break
		}
		h = h.parent
	}
	return h
}

// better orders two parents: a root before a mechanism, then by evidence.
func better(a, b *Hypothesis) bool {
	if (a.Cause.Kind == Root) != (b.Cause.Kind == Root) {
		return a.Cause.Kind == Root
	}
	if a.base != b.base {
		return a.base > b.base
	}
	return a.Cause.ID < b.Cause.ID
}

// rank puts the roots first by score, and right behind each what it explains. The first three places go to different
// explanations as far as there are any.
func rank(all []*Hypothesis) []*Hypothesis {
	slices.SortStableFunc(all, func(a, b *Hypothesis) int {
		if d := b.Score - a.Score; math.Abs(d) >= 0.2 {
			return cmp.Compare(d, 0)
		}
		return cmp.Or(
			cmp.Compare(len(b.For), len(a.For)),
			cmp.Compare(slices.Index(layers, a.Cause.Layer), slices.Index(layers, b.Cause.Layer)),
			strings.Compare(a.Cause.ID, b.Cause.ID),
		)
	})
	var out []*Hypothesis
	for _, h := range all {
		if h.parent != nil {
			continue
		}
		out = append(out, h)
		for _, child := range all {
			if child.parent != nil && child.Root() == h {
				out = append(out, child)
			}
		}
	}
	return out
}
