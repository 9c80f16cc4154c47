package screen

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"why502/report"
)

// entry is a row of the feed: a line, or a change of an incident. Its texts are harmless.
type entry struct {
	at                  time.Time
	tags                []string
	status, vhost, pool string
	text, source        string
	line                int
	change              report.ChangeKind
}

// said stands for a change where the program has something to say about itself.
const said report.ChangeKind = "note"

// filter is which lines are shown. Changes of incidents always are.
type filter struct {
	tag, vhost, pool string   // exactly this one; chosen by keys
	query            string   // as typed
	words            []string // all of them must stand somewhere
}

// typed sets what was typed: words, and tag:, vhost: or pool: before what is to stand there.
func (f *filter) typed(query string) {
	f.query = query
	f.words = strings.Fields(strings.ToLower(query))
}

func (f *filter) off() bool { return f.tag == "" && f.vhost == "" && f.pool == "" && len(f.words) == 0 }

func (f *filter) passes(e *entry) bool {
	switch {
	case e.change != "":
		return true
	case f.tag != "" && !slices.Contains(e.tags, f.tag), f.vhost != "" && e.vhost != f.vhost, f.pool != "" && e.pool != f.pool:
		return false
	}
	for _, w := range f.words {
		if !e.has(w) {
			return false
		}
	}
	return true
}

// has says whether w, in small letters, stands in e.
func (e *entry) has(w string) bool {
	in := func(s string, w string) bool { return strings.Contains(strings.ToLower(s), w) }
	tagged := func(w string) bool { return slices.ContainsFunc(e.tags, func(t string) bool { return in(t, w) }) }
	switch key, rest, _ := strings.Cut(w, ":"); key {
	case "tag":
		return tagged(rest)
	case "vhost":
		return in(e.vhost, rest)
	case "pool":
		return in(e.pool, rest)
	}
	return tagged(w) || in(e.vhost, w) || in(e.pool, w) || in(e.status, w) || in(e.text, w) || in(e.source, w)
}

// String says what is shown, for the title of the feed.
func (f *filter) String() string {
	var parts []string
	for _, p := range []struct{ name, value string }{{"tag", f.tag}, {"vhost", f.vhost}, {"pool", f.pool}, {"find", strings.TrimSpace(f.query)}} {
		if p.value != "" {
			parts = append(parts, p.name+" "+p.value)
		}
	}
	return strings.Join(parts, ", ")
}

// fewNames is how many values a key goes through. Further ones can be typed.
const fewNames = 9

// cycle returns the value after current among the most frequent ones that of finds in entries, by their names; "" is all.
func cycle(entries []entry, current string, by int, of func(*entry) []string) string {
	counts := map[string]int{}
	for i := range entries {
		for _, v := range of(&entries[i]) {
			if v != "" {
				counts[v]++
			}
		}
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	names = names[:min(len(names), fewNames)]
	slices.Sort(names)
	names = append([]string{""}, names...)
	at := max(slices.Index(names, current), 0)
	return names[(at+by+len(names))%len(names)]
}

// feed is the live list of lines.
type feed struct {
	entries ring[entry]
	filter  filter
	held    []entry // what is shown while it is paused
	paused  bool
	newer   int  // lines that came since
	unseen  int  // lines that came too fast to be shown
	back    int  // how many rows the view is scrolled back; only while it is paused
	whole   bool // long lines are wrapped
}

func (f *feed) add(lines []entry, unseen int) {
	for _, l := range lines {
		f.entries.push(l)
	}
	f.unseen += unseen
	if f.paused {
		f.newer += len(lines) + unseen
	}
}

func (f *feed) pause(on bool) {
	if on == f.paused {
		return
	}
	f.paused, f.newer, f.back, f.held = on, 0, 0, nil
	if on {
		f.held = f.entries.all()
	}
}

// current returns what may be shown, the oldest first.
func (f *feed) current() []entry {
	if f.paused {
		return f.held
	}
	return f.entries.all()
}

// shown returns those that pass the filter.
func (f *feed) shown() []entry {
	all := f.current()
	out := make([]entry, 0, len(all))
	for i := range all {
		if f.filter.passes(&all[i]) {
			out = append(out, all[i])
		}
	}
	return out
}

// scroll moves the view by rows, up if below 0. Who looks back does not want what he reads to move.
func (f *feed) scroll(rows, page int) {
	if rows < 0 {
		f.pause(true)
	}
	if !f.paused {
		return
	}
	f.back = min(max(f.back-rows, 0), max(len(f.shown())-page, 0))
}
