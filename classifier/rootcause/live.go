package rootcause

import (
	"slices"
	"strings"

	"why502/classifier"
	"why502/classifier/correlate"
)

// liveCause is a cause with those of its clues that these logs can hold at all: few, and every incident asks for each.
type liveCause struct {
	*Cause
	needs, speaks, against []liveClue
}

type liveClue struct {
	Clue
	tags []liveTag
}

// liveTag is a tag that stands in the logs, or a fact.
type liveTag struct {
	classifier.Tag
	fact  bool
	marks []*correlate.Mark
	look  *look // nil for a fact
}

// look is what the marks of a tag come to for an incident, to clues that look at them alike. Those of one catalogue do mostly: each mark
// is weighed once for all of them.
type look struct {
	scene    *scene // of the incident
	count    int
	byFormat map[string]int // access lines: nginx before Apache logs a request twice
	sight
	best *correlate.Mark // nil: none fits
	fit  float64
}

// manner is how a clue looks at a tag.
type manner struct {
	classifier.Tag
	Lag
	host   bool
	scheme string
}

// lookOf is the one of a clue at a tag.
func (b *bench) lookOf(c *Clue, tag classifier.Tag) *look {
	m := manner{tag, c.Lag, c.Host, c.Scheme}
	if b.looks[m] == nil {
		b.looks[m] = &look{}
	}
	return b.looks[m]
}

// liveCauses are those of which something necessary may be found.
func (b *bench) liveCauses() (out []liveCause) {
	for _, c := range Catalogue {
		if c.Kind == Benign {
			continue
		}
		if l := (liveCause{c, b.live(c.Needs), b.live(c.For), b.live(c.Against)}); len(l.needs) > 0 {
			out = append(out, l)
		}
	}
	return slices.Clip(out)
}

func (b *bench) live(clues []Clue) (out []liveClue) {
	for _, c := range clues {
		l := liveClue{Clue: c}
		for _, tag := range c.Tags {
			switch marks := b.byTag[tag]; {
			case strings.HasPrefix(string(tag), "fact/"):
				l.tags = append(l.tags, liveTag{Tag: tag, fact: true})
			case len(marks) > 0:
				l.tags = append(l.tags, liveTag{Tag: tag, marks: marks, look: b.lookOf(&c, tag)})
			}
		}
		if len(l.tags) > 0 {
			out = append(out, l)
		}
	}
	return out
}
