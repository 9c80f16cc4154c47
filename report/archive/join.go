package archive

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"why502/report"
)

// join makes one report of those of the runs of a day, in their order. One alone stays as it is.
func join(runs []*report.Report) *report.Report {
	if len(runs) == 1 {
		return runs[0]
	}
	out := *runs[len(runs)-1]
	history := *out.History
	out.History = &history
	history.Since, history.Gaps = runs[0].History.Since, nil
	out.Incidents, out.Notes, out.Partial = nil, nil, false
	at := map[string]int{}
	for _, r := range runs {
		for _, in := range r.Incidents {
			if i, known := at[in.ID]; known { // the later run knows all of it
				in.Continues = in.Continues && out.Incidents[i].Continues
				out.Incidents[i] = in
				continue
			}
			at[in.ID] = len(out.Incidents)
			out.Incidents = append(out.Incidents, in)
		}
		for _, n := range r.Notes {
			if !slices.Contains(out.Notes, n) {
				out.Notes = append(out.Notes, n)
			}
		}
		history.Gaps = append(history.Gaps, r.History.Gaps...)
		out.Partial = out.Partial || r.Partial
		if r.Capacity != nil {
			out.Capacity = r.Capacity
		}
	}
	slices.SortStableFunc(out.Incidents, func(a, b report.Incident) int { return a.Start.Compare(b.Start) })
	out.Coverage, out.Tags, out.Profile.Slow = joinCoverage(runs), joinTags(runs), joinSlow(runs)
	return &out
}

func joinCoverage(runs []*report.Report) report.Coverage {
	var out report.Coverage
	type row struct{ path, format string }
	at := map[row]int{}
	for _, r := range runs {
		c := &r.Coverage
		out.Bytes, out.Lines, out.Records, out.Unparsed = out.Bytes+c.Bytes, out.Lines+c.Lines, out.Records+c.Records, out.Unparsed+c.Unparsed
		out.From, out.To = earlier(out.From, c.From), later(out.To, c.To)
		out.Folded = append(out.Folded, c.Folded...)
		for _, s := range c.Sources {
			k := row{path: s.Path}
			if s.Files > 0 { // a folder has one for each format
				k.format = s.Format
			}
			i, known := at[k]
			if !known {
				at[k] = len(out.Sources)
				out.Sources = append(out.Sources, s)
				continue
			}
			o := &out.Sources[i]
			s.Bytes, s.Lines, s.Records, s.Unparsed = s.Bytes+o.Bytes, s.Lines+o.Lines, s.Records+o.Records, s.Unparsed+o.Unparsed
			s.Files = max(s.Files, o.Files)
			s.From, s.To = earlier(o.From, s.From), later(o.To, s.To)
			if s.Format == report.FormatEmpty || s.Format == report.FormatUnknown {
				s.Format = o.Format
			}
			*o = s
		}
	}
	return out
}

func earlier(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

func later(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}

func joinTags(runs []*report.Report) []report.TagCount {
	sums := map[string]report.TagCount{}
	for _, r := range runs {
		for _, t := range r.Tags {
			s := sums[t.Tag]
			sums[t.Tag] = report.TagCount{Tag: t.Tag, Count: s.Count + t.Count, First: earlier(s.First, t.First), Last: later(s.Last, t.Last)}
		}
	}
	out := []report.TagCount{}
	for _, s := range sums {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b report.TagCount) int { return strings.Compare(a.Tag, b.Tag) })
	return out
}

// joinSlow adds up what each run tells of the slow log: its most frequent entries.
func joinSlow(runs []*report.Report) (out report.SlowProfile) {
	folded := map[string]int{}
	calls := map[report.OutCall]int{}
	for _, r := range runs {
		p := &r.Profile.Slow
		out.Entries += p.Entries
		for line := range strings.Lines(p.Folded) {
			stack, n, _ := cutLast(strings.TrimSpace(line))
			folded[stack] += n
		}
		for _, c := range p.Calls {
			calls[report.OutCall{Function: c.Function, By: c.By}] += c.Count
		}
	}
	for c, n := range calls {
		c.Count, c.Share = n, share(n, out.Entries)
		out.Calls = append(out.Calls, c)
	}
	slices.SortFunc(out.Calls, func(a, b report.OutCall) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Function, b.Function), strings.Compare(a.By, b.By))
	})
	list := func(of func(*report.SlowProfile) []report.TopEntry) []report.TopEntry {
		counts := map[string]int{}
		for _, r := range runs {
			for _, e := range of(&r.Profile.Slow) {
				counts[e.Name] += e.Count
			}
		}
		return top(counts, out.Entries)
	}
	out.Classes = list(func(p *report.SlowProfile) []report.TopEntry { return p.Classes })
	out.Functions = list(func(p *report.SlowProfile) []report.TopEntry { return p.Functions })
	out.Plugins = list(func(p *report.SlowProfile) []report.TopEntry { return p.Plugins })
	out.Packages = list(func(p *report.SlowProfile) []report.TopEntry { return p.Packages })
	out.Scripts = list(func(p *report.SlowProfile) []report.TopEntry { return p.Scripts })
	var b strings.Builder
	for _, e := range top(folded, out.Entries) {
		b.WriteString(e.Name + " " + strconv.Itoa(e.Count) + "\n")
	}
	out.Folded = b.String()
	return out
}

// cutLast parts "a;b 3".
func cutLast(line string) (stack string, n int, ok bool) {
	i := strings.LastIndexByte(line, ' ')
	if i < 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(line[i+1:])
	return line[:i], n, err == nil
}

func top(counts map[string]int, all int) []report.TopEntry {
	out := []report.TopEntry{}
	for name, n := range counts {
		if n > 0 {
			out = append(out, report.TopEntry{Name: name, Count: n, Share: share(n, all)})
		}
	}
	slices.SortFunc(out, func(a, b report.TopEntry) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Name, b.Name))
	})
	return out
}

// share is a part in thousandths.
func share(n, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(1000*n/all) / 1000
}
