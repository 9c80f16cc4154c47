package report

import (
	"fmt"
	"time"
)

// foldFrom is from how many gaps of one kind on they are told together: a host that empties the logs of all its sites at once would
// fill the mail with them.
const foldFrom = 4

// FoldGaps joins gaps of one kind, if there are many, to one, whose path names the first and counts the others, and which reaches
// from where the first begins to where the last ends.
func FoldGaps(gaps []Gap) []Gap {
	kinds, told := map[string][]Gap{}, map[string]bool{}
	for _, g := range gaps {
		kinds[g.Text] = append(kinds[g.Text], g)
	}
	var out []Gap
	for _, g := range gaps {
		like := kinds[g.Text]
		if len(like) < foldFrom {
			out = append(out, g)
			continue
		}
		if told[g.Text] {
			continue
		}
		told[g.Text] = true
		g.Path = fmt.Sprintf("%s (%s and %s more)", count(len(like), "log"), g.Path, thousands(len(like)-1))
		for _, o := range like[1:] {
			g.From = pick(g.From, o.From, time.Time.Before)
			g.To = pick(g.To, o.To, time.Time.After)
		}
		out = append(out, g)
	}
	return out
}

// pick is the one of two moments that is better; nil, which is none, never is.
func pick(a, b *time.Time, better func(time.Time, time.Time) bool) *time.Time {
	if a == nil || b != nil && better(*b, *a) {
		return b
	}
	return a
}
