package correlate

import (
	"time"

	"why502/classifier"
	"why502/parser"
)

// dateless stands for the time of entries that state none until Settle gives them one.
var dateless = time.Unix(0, 0).UTC()

// addUndated keeps apart what an entry without a time says.
func (t *Timeline) addUndated(r *parser.Record, events []classifier.Event) {
	if len(events) == 0 {
		return
	}
	if t.undated == nil {
		t.undated = New()
		t.undated.wiring = t.wiring
	}
	t.undated.folding = folding{file: t.folding.file, source: t.folding.source}
	dated := *r
	dated.Time = dateless
	t.undated.Add(&dated, events)
}

// Settle decides what becomes of entries that state no time, when all is read. If nothing in the logs has a time (a few
// pasted lines) they are taken to have happened together, at the given moment; beside dated logs nobody knows where they belong,
// and they are left out. It returns how many entries there were, and whether they were used.
func (t *Timeline) Settle(at time.Time) (n int64, used bool) {
	t.settleUptime()
	u := t.undated
	if u == nil {
		return 0, false
	}
	t.undated = nil
	for _, s := range u.sources {
		n += s.Records
	}
	for _, s := range t.sources {
		if !s.From.IsZero() {
			return n, false
		}
	}
	for path := range u.sources {
		t.sources[path].From, t.sources[path].To = at, at
	}
	u.sources, u.long = map[string]*Source{}, long{}
	marks := u.marks
	u.marks = make(map[key]*Mark, len(marks))
	for k, m := range marks {
		k.sec = floor(at.Unix(), grains[u.grain[k.class]].width)
		m.First, m.Last, m.Sample.Time = at, at, at
		u.marks[k] = m
	}
	for _, total := range u.totals {
		total.First, total.Last = at, at
	}
	pages := u.traffic.pages
	u.traffic.pages = table[pageKey, Pages]{}
	for k, p := range pages.all() {
		k.sec = floor(at.Unix(), u.traffic.pageWidth())
		*u.traffic.pages.put(k) = *p
	}
	t.Merge(u)
	return n, true
}
