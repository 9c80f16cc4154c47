package rootcause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// How much is said of what may lie behind a verdict and shows in no log at hand.
const (
	mostPossible  = 3
	possibleShare = .6 // of the belief that the verdict leaves; the rest is for what nobody thought of
	leastPossible = .03
)

// possible adds to an explanation that stops short of a root those that would look the same: what may lie behind it (Cause.Behind) and
// would show in a log that was not supplied. Requests that nobody answered in time may have waited for a remote service or for the database,
// and only the slow log tells which.
//
// They are weighed like others, but for their gate: what would open it stands in the missing log. They stand right behind the
// verdict, with little confidence, and without remedies: what to mend is not known yet.
func (s *scene) possible(ranked []*Hypothesis) []*Hypothesis {
	if len(ranked) == 0 {
		return s.guesses()
	}
	if !s.open(ranked[0]) {
		return ranked
	}
	first := ranked[0]
	if first.has(tags{HTTPOnly}) {
		return ranked // what PHP may wait for is no matter there
	}
	if first.slower() {
		first.Role = Mechanism
	}
	app, _ := s.app() // which has no logs of PHP-FPM
	var may []*Hypothesis
	for _, id := range first.Cause.Behind {
		c := Lookup(id)
		log := s.untold(c)
		if log == "" || app && (log == SlowLog || log == FPMLog) || slices.ContainsFunc(ranked, func(h *Hypothesis) bool { return h.Cause == c }) {
			continue
		}
		h := s.score(s.hidden(c), nil)
		h.Hidden = log
		may = append(may, h)
	}
	slices.SortStableFunc(may, func(a, b *Hypothesis) int { return cmp.Compare(b.Score, a.Score) })
	sum := 0.0
	for _, h := range may {
		sum += math.Exp(h.Score)
	}
	n := 0
	for n < len(may) && n < mostPossible {
		h := may[n]
		h.Confidence = math.Round((1-first.Confidence)*possibleShare*math.Exp(h.Score)/sum*100) / 100
		if h.Confidence < leastPossible || h.Confidence >= first.Confidence {
			break
		}
		n++
	}
	return slices.Insert(ranked, 1, may[:n]...)
}

// slower says whether requests are known to have become slow rather than many: then a full pool is no root, whatever the root is.
func (h *Hypothesis) slower() bool {
	return slices.ContainsFunc(h.Against, func(f Finding) bool { return f.Tag == SlowerNotMore })
}

// open says whether a verdict is no root, or one that a log which was not supplied may unseat.
func (s *scene) open(h *Hypothesis) bool {
	return h.Role != Root || slices.ContainsFunc(h.Cause.Blind, func(b Blind) bool { return !s.logs.has(b.Log) && !h.has(b.Unless) })
}

// untold is the log that tells most about a cause, if it was not supplied; "" if it was, and shows nothing.
func (s *scene) untold(c *Cause) Log {
	wants := c.wants()
	most := slices.MaxFunc(wants, func(a, b Want) int { return cmp.Compare(a.Weight, b.Weight) })
	for _, w := range wants {
		if w.Weight == most.Weight && !s.logs.has(w.Log) {
			return w.Log
		}
	}
	return ""
}

// hidden is a cause with what these logs can hold about it, though its gate may be closed.
func (b *bench) hidden(c *Cause) *liveCause {
	l := b.closed[c]
	if l == nil {
		l = &liveCause{c, nil, b.live(c.For), b.live(c.Against)}
		if b.closed == nil {
			b.closed = map[*Cause]*liveCause{}
		}
		b.closed[c] = l
	}
	return l
}

// hiddenSummary says of a cause that may lie behind the verdict where to look.
func (h *Hypothesis) hiddenSummary() string {
	return fmt.Sprintf("It would look the same if %s; only the %s would tell. Until it does, change nothing for this one.", strings.TrimSuffix(lowerFirst(h.Cause.Title), "."), h.Hidden)
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] == ' ' || s[1] >= 'a' && s[1] <= 'z') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}
