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
			marks, fact := b.byTag[tag], strings.HasPrefix(string(tag), "fact/")
			if fact || len(marks) > 0 {
				l.tags = append(l.tags, liveTag{tag, fact, marks})
			}
		}
		if len(l.tags) > 0 {
			out = append(out, l)
		}
	}
	return out
}
