package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// historyView is what the page tells of the days before.
type historyView struct {
	Day, Compared, Since string
	Figured              string   // what the tiles are of, where that is not all that the page tells
	Heads                []string // of the figures: the day and its baselines
	Figures              []figureView
	Moves                []moveView
	MovesNote            string
	Trend                *trend
	Gaps                 []string
}

type figureView struct {
	Name  string
	Cells []string
}

type moveView struct {
	Change, Sign, Kind, Name, ID, Text, First, Seen string
	Now, Yesterday, Median                          numberView
}

// numberView is a cell of a table; V sorts it.
type numberView struct{ Text, V string }

// maxMoves is how many changes the page lists.
const maxMoves = 60

func newHistoryView(r *Report, of map[string]int, c clock) *historyView {
	h := r.History
	if h == nil {
		return nil
	}
	v := &historyView{Day: dayWords(h.Date), Compared: h.compared(), Gaps: firstOf(h.gaps(c), maxMoves), Trend: newTrend(h, of)}
	if !onlyOf(r, c) {
		v.Figured = "Of " + v.Day + " alone:"
	}
	if h.Since != nil {
		v.Since = "What came since the run of " + c.stamp(*h.Since) + " is told here."
	}
	if len(h.Against) > 0 {
		v.Heads = []string{"This day"}
		for i := range h.Against {
			v.Heads = append(v.Heads, capital(h.baselineWords(&h.Against[i])))
		}
		for _, f := range h.figures() {
			row := figureView{Name: f.name, Cells: []string{f.say(f.now)}}
			for _, n := range f.was {
				row.Cells = append(row.Cells, f.say(n))
			}
			v.Figures = append(v.Figures, row)
		}
	}
	number := func(m *Move, name string) numberView {
		if n, ok := m.Was[name]; ok {
			return numberView{thousands(n), fmt.Sprint(n)}
		}
		return numberView{"not known", "-1"}
	}
	for i := range firstOf(h.Moves, maxMoves) {
		m := &h.Moves[i]
		w := moveView{
			Change: clean(m.Change), Sign: changeSign(m.Change), Kind: cmp.Or(kindWords[m.Kind], clean(m.Kind)), Name: moveName(r, m), Text: moveText(r, m), First: clean(m.First),
			Now: numberView{thousands(m.Now), fmt.Sprint(m.Now)}, Yesterday: number(m, "yesterday"), Median: number(m, "median"),
		}
		if id := clean(m.Name); id != w.Name {
			w.ID = id
		}
		if w.Seen = clean(m.Last); w.First != "" && w.First != w.Seen {
			w.Seen = w.First + " – " + w.Seen
		}
		v.Moves = append(v.Moves, w)
	}
	if n := len(h.Moves) - len(v.Moves); n > 0 {
		v.MovesNote = thousands(n) + " more are in the report as JSON (--format json)."
	}
	return v
}

// dayTiles are the figures of the day with how they moved; nil where nothing is kept of it.
func dayTiles(h *History) []tile {
	if h == nil || h.today() == nil {
		return nil
	}
	var out []tile
	for i, s := range statusOrder {
		f := h.status(s.key, s.name)
		if by, _ := f.moved(h.yesterday()); i < 2 || *f.now > 0 || by != 0 {
			out = append(out, h.tile(f, "bad"))
		}
	}
	for i, f := range h.figures()[1:] {
		if f.now == nil {
			continue
		}
		mood := ""
		if i == 0 {
			mood = "bad"
		}
		out = append(out, h.tile(f, mood))
	}
	return out
}

// yesterday is the place of that baseline, -1 if there is none.
func (h *History) yesterday() int {
	return slices.IndexFunc(h.Against, func(b Baseline) bool { return b.Name == "yesterday" })
}

// tile is a figure with how it moved since the day before; all baselines stand in its title.
func (h *History) tile(f figure, mood string) tile {
	t := tile{Figure: f.say(f.now), Name: f.name}
	if *f.now == 1 {
		t.Name = strings.TrimSuffix(t.Name, "s")
		if f.name == "clients hit" {
			t.Name = "client hit"
		}
	}
	if *f.now > 0 {
		t.Mood = mood
	}
	if len(h.Against) == 0 {
		t.Was = "before: not known"
		return t
	}
	var all []string
	for i := range h.Against {
		all = append(all, h.baselineWords(&h.Against[i])+" "+f.say(f.was[i]))
	}
	t.Title = strings.Join(all, ", ")
	i := h.yesterday()
	by, known := f.moved(i)
	switch {
	case !known:
		t.Was = "day before: not known"
		return t
	case by > 0:
		t.Sign, t.Words, t.Trend = "▲ "+f.words(by), f.words(by)+" more,", "worse"
	case by < 0:
		t.Sign, t.Words, t.Trend = "▼ "+f.words(-by), f.words(-by)+" less,", "better"
	default:
		t.Was = "as " + h.baselineWords(&h.Against[i])
		return t
	}
	if f.calm {
		t.Trend = ""
	}
	t.Was = strings.TrimPrefix(h.baselineWords(&h.Against[i]), "the ") + " " + f.say(f.was[i])
	return t
}

// addColours gives the causes of the days before what colours are left, the heaviest first.
func addColours(of map[string]int, h *History) {
	if h == nil {
		return
	}
	weight := map[string]int{}
	for _, d := range h.Days {
		for _, c := range d.Causes {
			weight[c.ID] += c.Failures
		}
	}
	ids := slices.SortedFunc(maps.Keys(weight), func(a, b string) int { return cmp.Or(cmp.Compare(weight[b], weight[a]), cmp.Compare(a, b)) })
	for _, id := range ids {
		if _, has := of[id]; !has && id != "" && len(of) < colours-1 {
			of[id] = len(of)
		}
	}
}
