package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// slowView is what the slow logs say.
type slowView struct {
	Entries string
	Flame   *flame
	Tables  []sharesView
}

// flame is a flame graph: the scripts that waited at the top, what they waited in at the bottom.
type flame struct {
	W, H        int
	Label, Note string
	Boxes       []box
}

type box struct {
	X, W, Fill, Title, Text, TextX string
	Y, TextY                       int
}

// node is a function below those that called it.
type node struct {
	name string
	n    int
	kids []*node
}

func (n *node) kid(name string) *node {
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	k := &node{name: name}
	n.kids = append(n.kids, k)
	return k
}

func newSlowView(p *SlowProfile) *slowView {
	if p.Entries == 0 {
		return nil
	}
	v := &slowView{Entries: thousands(p.Entries) + " times in the slow log", Flame: newFlame(p.Folded)}
	if p.Entries == 1 {
		v.Entries = "once in the slow log"
	}
	for _, t := range p.rankings() {
		s := sharesView{Title: t.title, Name: t.name, Of: "Entries"}
		for _, e := range firstOf(t.rows, maxTableRows) {
			s.Rows = append(s.Rows, shareView{clean(e.Name), fmt.Sprintf("%s (%s)", thousands(e.Count), percent(e.Share))})
		}
		v.Tables = append(v.Tables, s)
	}
	return v
}

const (
	flameWidth = 1100
	flameRow   = 17
	flameDepth = 60
	narrowest  = 1.5 // boxes below are not drawn: no eye sees them
)

// newFlame draws folded stacks, "outer a.php:1;inner b.php:2 17" a line.
func newFlame(folded string) *flame {
	root := &node{name: "all"}
	for line := range strings.Lines(folded) {
		line = strings.TrimSpace(line)
		i := strings.LastIndexByte(line, ' ')
		if i < 0 {
			continue
		}
		n, err := strconv.Atoi(line[i+1:])
		if err != nil || n <= 0 {
			continue
		}
		root.n += n
		at := root
		for depth, name := range strings.Split(line[:i], ";") {
			if depth == flameDepth {
				break
			}
			at = at.kid(name)
			at.n += n
		}
	}
	if root.n == 0 {
		return nil
	}
	f := &flame{W: flameWidth, Label: fmt.Sprintf("Flame graph of %s", count(root.n, "slow-log entry"))}
	f.draw(root, 0, 0, root.n)
	f.H += flameRow
	f.Note = "From the script at the top to the call that PHP waited in at the bottom; as wide as it was frequent."
	return f
}

func (f *flame) draw(n *node, x float64, depth, all int) {
	w := flameWidth * float64(n.n) / float64(all)
	if w < narrowest {
		return
	}
	y := depth * flameRow
	f.H = max(f.H, y)
	name := clean(n.name)
	b := box{
		X: num(x), W: num(max(w-.6, .8)), Y: y, Fill: flameColour(n.name),
		Title: fmt.Sprintf("%s: %s of %s (%s)", name, thousands(n.n), thousands(all), percent(float64(n.n)/float64(all))),
	}
	const letter = 6.7
	if room := int((w - 6) / letter); room >= 4 {
		b.Text, b.TextX, b.TextY = cut(name, room), num(x+3), y+12
	}
	f.Boxes = append(f.Boxes, b)
	slices.SortStableFunc(n.kids, func(a, b *node) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.name, b.name)) })
	for _, k := range n.kids {
		f.draw(k, x, depth+1, all)
		x += flameWidth * float64(k.n) / float64(all)
	}
}

// flameColour is a warm colour that a function keeps wherever it stands.
func flameColour(name string) string {
	h := uint32(2166136261)
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return fmt.Sprintf("hsl(%d,%d%%,%d%%)", 18+h%38, 70+h>>8%20, 62+h>>16%14)
}
