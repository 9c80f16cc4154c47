package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// What the text of a daily report tells, as a mail that is read before breakfast; --verbose and the page tell the rest.
const (
	toldMoves     = 4
	toldIncidents = 5
	toldPools     = 5
	toldGaps      = 3
)

// daily is the verdict, what is different from the days before, incidents by harm, and what the pools need if that is something.
func (t *text) daily(r *Report) {
	ranked := byHarm(r)
	t.verdict(r, len(ranked) != 1) // a lone incident is told right below
	t.against(r)
	full := ranked
	if i := slices.IndexFunc(ranked, func(in *Incident) bool { return in.Isolated }); i >= 0 && len(ranked) > 1 {
		full = ranked[:i]
	}
	more := len(full) - toldIncidents
	full = firstOf(full, toldIncidents)
	if len(full)+max(more, 0) > 1 {
		t.blank()
		t.incidentTable(firstOf(ranked, 4*toldIncidents))
	}
	for i, in := range full {
		t.blank()
		if len(full) > 1 {
			t.title(fmt.Sprintf("Incident %d", i+1))
		}
		t.brief(in, several)
	}
	if more > 0 {
		t.blank()
		t.put("", count(more, "further incident")+": --verbose or the page tells them.", t.faint, 0)
	}
	if fold := firstOf(ranked[len(full)+max(more, 0):], toldIncidents); len(fold) > 0 {
		t.isolated(fold)
	}
	t.capacity(r.Capacity, toldPools)
	t.notRead(r.History, toldGaps)
	t.coverage(r, 0, true)
}

func (t *text) verdict(r *Report, reason bool) {
	what, why, mood := verdictStrip(r, t.clock)
	paint := map[string]func(string) string{"bad": t.bad, "warn": t.warn}[mood]
	if paint == nil {
		paint = t.good
	}
	if h := r.History; h != nil && h.Host != "" {
		what = clean(h.Host) + ": " + what
	}
	t.put("", what, paint, 0)
	if reason && why != "" {
		t.put("", why, nil, 0)
	}
}

// against are a few lines on what is different.
func (t *text) against(r *Report) {
	s := r.History.compared()
	told := r.History.told(toldMoves)
	if s == "" && len(told) == 0 {
		return
	}
	t.blank()
	if s != "" {
		t.put("", s, nil, 0)
	}
	for _, m := range told {
		paint := t.good
		if m.Change == "new" || m.Change == "worse" {
			paint = t.warn
		}
		t.put(changeSign(m.Change)+" "+paint(fmt.Sprintf("%-6s", cut(clean(m.Change), 6)))+" ", moveText(r, &m), nil, 3)
	}
	if n := len(r.History.Moves) - len(told); n > 0 {
		t.put("  ", fmt.Sprintf("%d more%s", n, t.elsewhere()), t.faint, 0)
	}
}

// told are the moves worth a line of a mail: those of causes first, as they say most.
func (h *History) told(most int) []Move {
	rank := map[string]int{"cause": 0, "plugin": 1, "pool": 2, "vhost": 2, "uri": 3, "tag": 4}
	all := slices.Clone(h.Moves)
	slices.SortStableFunc(all, func(a, b Move) int { return cmp.Compare(rank[a.Kind], rank[b.Kind]) })
	return firstOf(all, most)
}

// moveText is what a move says of itself.
func moveText(r *Report, m *Move) string {
	if s := clean(m.Text); s != "" {
		return s
	}
	s := fmt.Sprintf("%s %s: %s", cmp.Or(kindWords[m.Kind], clean(m.Kind)), moveName(r, m), thousands(m.Now))
	if was, ok := m.Was["yesterday"]; ok {
		s += ", the day before " + thousands(was)
	}
	return s
}

// again says that an incident came before.
func (t *text) again(in *Incident) {
	for _, s := range again(in) {
		t.put("", s, t.warn, 2)
	}
}

// capacity tells of the pools with something to be done, at most most of them.
func (t *text) capacity(c *Capacity, most int) {
	if c == nil {
		return
	}
	asks, _ := c.asking()
	if len(asks) == 0 {
		return
	}
	t.blank()
	t.title("Capacity")
	for _, p := range firstOf(asks, most) {
		t.pool(p, false)
	}
	if n := len(asks) - most; n > 0 {
		t.put("  ", fmt.Sprintf("%d more%s", n, t.elsewhere()), t.faint, 0)
	}
	if c.Text != "" {
		t.put("  ", clean(c.Text), nil, 3)
	}
}

// pool is the verdict on a pool, why, and the block for its file; all of it with the sums.
func (t *text) pool(p *PoolCapacity, all bool) {
	paint := t.good
	if p.asks() {
		paint = t.warn
	}
	t.put("  ", "Pool "+clean(p.Name)+": "+p.advice()+".", paint, 0)
	lines := 4
	if all {
		lines = 0
		if s := strings.Join(append([]string{p.setup()}, p.load(t.clock)...), " · "); s != "" {
			t.put("    ", s, t.faint, 0)
		}
	}
	if p.Text != "" {
		t.put("    ", clean(p.Text), nil, lines)
	}
	if all {
		for _, b := range p.Bounds {
			t.put("    - ", boundText(b), nil, 0)
		}
	}
	if p.Config != "" {
		for _, l := range cleanLines(p.Config) {
			t.code("        ", l, t.bold)
		}
	}
	if p.Caution != "" {
		t.put("    Caution: ", clean(p.Caution), t.warn, lines)
	}
	if p.Verify != "" {
		t.put("    Then check: ", clean(p.Verify), nil, lines)
	}
}

// notRead are the gaps.
func (t *text) notRead(h *History, most int) {
	if h == nil || len(h.Gaps) == 0 {
		return
	}
	t.blank()
	gaps := h.gaps(t.clock)
	for _, s := range firstOf(gaps, most) {
		t.put("Not read: ", s, t.warn, 0)
	}
	if n := len(gaps) - most; n > 0 {
		t.put("  ", fmt.Sprintf("%d more%s", n, t.elsewhere()), t.faint, 0)
	}
}

// historyFull is all that is known of the days before.
func (t *text) historyFull(r *Report) {
	v := newHistoryView(r, nil, t.clock)
	if v == nil {
		return
	}
	t.blank()
	if v.Compared != "" {
		t.put("", v.Compared, nil, 0)
	}
	var numbers []int
	for i := range v.Heads {
		numbers = append(numbers, i+1)
	}
	t.historyTable(append([]string{""}, v.Heads...), len(v.Figures), func(i int) []string {
		return append([]string{v.Figures[i].Name}, v.Figures[i].Cells...)
	}, numbers...)
	t.historyTable([]string{"Change", "What", "Now", "Day before", "Median", "First seen"}, len(v.Moves), func(i int) []string {
		m := v.Moves[i]
		return []string{m.Change, m.Kind + " " + m.Name, m.Now.Text, m.Yesterday.Text, m.Median.Text, m.First}
	}, 2, 3, 4)
	if v.MovesNote != "" {
		t.put("", v.MovesNote, t.faint, 0)
	}
	if v.Trend != nil {
		t.historyTable(trendHead, len(v.Trend.Rows), func(i int) []string { return v.Trend.Rows[i].cells() }, 1, 3, 4)
	}
	t.notRead(r.History, math.MaxInt)
}

func (t *text) historyTable(head []string, n int, row func(int) []string, right ...int) {
	if n == 0 {
		return
	}
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = row(i)
	}
	t.blank()
	t.table(head, rows, right...)
}

// capacityFull is all that is known of the pools.
func (t *text) capacityFull(c *Capacity) {
	if c == nil || len(c.Pools) == 0 {
		return
	}
	t.blank()
	t.title("Capacity")
	if c.Text != "" {
		t.put("  ", clean(c.Text), nil, 0)
	}
	if s := strings.Join(c.server(), " · "); s != "" {
		t.put("  ", s, t.faint, 0)
	}
	asks, rest := c.asking()
	for _, p := range append(asks, rest...) {
		t.pool(p, true)
	}
	for _, s := range c.From {
		t.put("  ", clean(s), t.faint, 0)
	}
}
