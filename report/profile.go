package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"why502/classifier/correlate"
)

// What a report tells of the slow logs.
const (
	maxTop    = 20
	maxFolded = 200
)

// slowProfile is what the slow logs say.
func slowProfile(t *correlate.Timeline, stacks bool) SlowProfile {
	s := t.Slow()
	var folded strings.Builder
	for _, e := range top(s.Stacks, s.Entries, maxFolded) {
		folded.WriteString(e.Name + " " + strconv.Itoa(e.Count) + "\n")
	}
	p := SlowProfile{
		Entries: s.Entries, Functions: top(s.Functions, s.Entries, maxTop), Plugins: top(s.Culprits, s.Entries, maxTop),
		Classes: top(s.Classes, s.Entries, maxTop), Packages: top(s.Pieces, s.Entries, maxTop), Scripts: top(s.Scripts, s.Entries, maxTop),
		Calls: topCalls(s), Folded: folded.String(),
	}
	if stacks {
		for x := range t.Stacks() {
			stack := Stack{Pool: x.Pool, Script: x.Script, Vhost: x.Vhost, Frames: make([]Frame, len(x.Frames)), Count: x.Count}
			for i, f := range x.Frames {
				stack.Frames[i] = Frame(f)
			}
			p.Stacks = append(p.Stacks, stack)
		}
	}
	return p
}

func top(count map[string]int, all, most int) []TopEntry {
	out := make([]TopEntry, 0, len(count))
	for name, n := range count {
		out = append(out, TopEntry{name, n, part(n, all)})
	}
	slices.SortFunc(out, func(x, y TopEntry) int { return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Name, y.Name)) })
	return out[:min(most, len(out))]
}

func topCalls(s *correlate.Slow) []OutCall {
	out := make([]OutCall, 0, len(s.Calls))
	for call, n := range s.Calls {
		out = append(out, OutCall{call.Function, call.By, n, part(n, s.Entries)})
	}
	slices.SortFunc(out, func(x, y OutCall) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Function, y.Function), cmp.Compare(x.By, y.By))
	})
	return out[:min(maxTop, len(out))]
}

// part is a share in thousandths.
func part(n, all int) float64 { return float64(int(1000*float64(n)/float64(all))) / 1000 }

// ranking is a table of the profile.
type ranking struct {
	title, name string
	rows        []TopEntry
}

// classWords say what the classes of waiting are.
var classWords = map[string]string{
	"http": "remote service (http)", "db": "database (db)", "session": "session lock (session)", "cache": "object cache (cache)",
	"file": "file or lock on a file (file)", "code": "PHP's own work (code)",
}

// rankings are the tables of the profile that have rows, in the order in which they are shown. Their names are as the logs had them.
func (p *SlowProfile) rankings() []ranking {
	classes := slices.Clone(p.Classes)
	for i := range classes {
		classes[i].Name = cmp.Or(classWords[classes[i].Name], classes[i].Name)
	}
	calls := make([]TopEntry, len(p.Calls))
	for i, c := range p.Calls {
		calls[i] = TopEntry{c.Function, c.Count, c.Share}
		if c.By != "" {
			calls[i].Name += ", " + c.By
		}
	}
	all := []ranking{
		{"Waiting for", "What", classes},
		{"Waiting in", "Function", p.Functions},
		{"Called by", "Plugin", p.Plugins},
		{"Calls to the outside", "Call", calls},
		{"Scripts", "Script", p.Scripts},
		{"Code under way", "Package", p.Packages},
	}
	return slices.DeleteFunc(all, func(r ranking) bool { return len(r.rows) == 0 })
}
