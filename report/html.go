package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the template, the style and the script
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// The page loads nothing, works without its script and under a policy that forbids scripts; it carries the strictest policy that
// lets its own script run, so that what a log line might smuggle past the escaping stays dead.
var (
	//go:embed html/page.gohtml
	pageText string
	//go:embed html/daily.gohtml
	dailyText string
	//go:embed html/style.css
	pageStyle string
	//go:embed html/script.js
	pageScript string

	pageTemplate = parsed("page", pageText, dailyText)
)

// parsed is a template of texts, which is parsed when it is needed first: most runs write no page.
func parsed(name string, texts ...string) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		t := template.New(name)
		for _, text := range texts {
			template.Must(t.Parse(text))
		}
		return t
	})
}

// pagePolicy lets nothing in but the style and the one script.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageScript))
	return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}()

// What a page shows in full and what in a line: 50,000 incidents must still open in a browser.
const (
	maxCards   = 50
	maxRows    = 2000
	maxSources = 500
	someFiles  = 40 // more are folded: they would fill most of what is printed
)

// view is what the template draws. All text in it is clean.
type view struct {
	Policy, Title, Period string
	Style                 template.CSS
	Script                template.JS
	Mood                  string // "", "warn", "bad"
	Verdict, Why          string
	Tiles                 []tile
	History               *historyView
	Chart                 *chart
	Incidents             []incidentView
	More                  []rowView
	MoreTitle, MoreNote   string
	Capacity              *capacityView
	Slow                  *slowView
	Jumps                 []jump
	Coverage              []string
	Sources               []sourceView
	SourcesNote           string
	SourcesFolded         bool
	Tags                  []tagView
	Footer                string
}

type rowView struct{ ID, Sort, When, Failed, Failures, Sites, Cause, Sure string }

type sourceView struct{ Path, Format, Lines, Covers, Zone string }

type tagView struct{ Tag, Count, First, Last string }

// renderHTML draws one page: verdict, figures, course, incidents by harm, what PHP waited for, what was read.
func renderHTML(w io.Writer, r *Report, o Options) error {
	c := newClock(r, o)
	v := view{
		Policy: pagePolicy,
		Style:  template.CSS(pageStyle),
		Script: template.JS(pageScript),
		Period: strings.TrimPrefix(during(r, c), ", "), Tiles: tiles(r, c), Coverage: coverage(r, c, ""),
		Footer: fmt.Sprintf("%s %s, %s", clean(r.Tool.Name), clean(r.Tool.Version), c.stamp(r.Generated)),
	}
	v.Verdict, v.Why, v.Mood = verdictStrip(r, c)
	v.Title = "why502: " + v.Verdict
	if h := r.History; h != nil && h.Host != "" {
		v.Period = clean(h.Host) + " · " + v.Period
	}
	ranked := byHarm(r)
	colours := causeColours(ranked)
	addColours(colours, r.History)
	v.Chart = wholeChart(r, ranked, colours, c)
	full := ranked
	if cards := slices.IndexFunc(ranked, func(in *Incident) bool { return in.Isolated }); cards >= 0 && len(ranked) > 1 {
		full = ranked[:max(cards, 1)]
	}
	full = firstOf(full, maxCards)
	for i, in := range full {
		v.Incidents = append(v.Incidents, newIncidentView(in, i+1, c))
	}
	v.more(ranked[len(full):], len(full) > 0, c)
	v.History, v.Capacity, v.Slow = newHistoryView(r, colours, c), newCapacityView(r.Capacity, c), newSlowView(&r.Profile.Slow)
	v.sources(r, c)
	for _, t := range r.Tags {
		v.Tags = append(v.Tags, tagView{clean(t.Tag), thousands(t.Count), c.optional(t.First), c.optional(t.Last)})
	}
	v.jumps()
	var b bytes.Buffer // a page is written whole or not at all
	if err := pageTemplate().Execute(&b, &v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// jump is a link to a section.
type jump struct{ To, Name string }

// jumps link to the sections that there are, where they are many.
func (v *view) jumps() {
	for _, s := range []struct {
		there bool
		jump
	}{
		{len(v.Incidents)+len(v.More) > 0, jump{"incidents", "Incidents"}},
		{v.History != nil && len(v.History.Moves)+len(v.History.Figures) > 0, jump{"changes", "What changed"}},
		{v.History != nil && v.History.Trend != nil, jump{"trend", "Last days"}},
		{v.Capacity != nil, jump{"capacity", "Capacity"}},
		{v.Slow != nil, jump{"slow", "Slow requests"}},
		{true, jump{"read", "What was read"}},
	} {
		if s.there {
			v.Jumps = append(v.Jumps, s.jump)
		}
	}
	if len(v.Jumps) < 3 {
		v.Jumps = nil
	}
}

// byHarm orders the incidents by how many requests failed; isolated ones come last.
func byHarm(r *Report) []*Incident {
	all := make([]*Incident, len(r.Incidents))
	for i := range r.Incidents {
		all[i] = &r.Incidents[i]
	}
	isolated := func(in *Incident) int {
		if in.Isolated {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b *Incident) int {
		return cmp.Or(cmp.Compare(isolated(a), isolated(b)), cmp.Compare(b.Failed(), a.Failed()), cmp.Compare(b.End.Sub(b.Start), a.End.Sub(a.Start)))
	})
	return all
}

// verdictStrip is the report in one sentence, why in another, and how bad it is.
func verdictStrip(r *Report, c clock) (what, why, mood string) {
	if len(r.Incidents) == 0 {
		if r.Partial || r.Coverage.Records == 0 {
			mood = "warn"
		}
		return calm(r, c), "", mood
	}
	all := map[string]int{}
	var hurt time.Duration
	isolated := 0
	for i := range r.Incidents {
		in := &r.Incidents[i]
		for k, n := range in.Failures {
			all[k] += n
		}
		if in.Isolated {
			isolated++
			continue
		}
		hurt += max(in.End.Sub(in.Start), time.Second)
	}
	if n := len(r.Incidents) - isolated; n > 0 {
		what = count(n, "incident")
		if len(all) > 0 {
			what += " in " + duration(hurt)
		}
	}
	if isolated > 0 {
		if what != "" {
			what += " and "
		}
		what += count(isolated, "isolated failure")
	}
	if words := failureWords(all); words != "" {
		what += ": " + words
	}
	ranked := byHarm(r)
	mood = "bad"
	if ranked[0].Isolated {
		mood = "warn"
	}
	worst := ""
	if len(ranked) > 1 {
		worst = " of the worst"
	}
	top := ranked[0]
	cause := top.Verdict()
	if cause == nil {
		return what, "Why is not visible in these logs.", mood
	}
	return what, fmt.Sprintf("Most likely cause%s: %s. Confidence: %s.", worst, strings.TrimRight(clean(cmp.Or(cause.Summary, cause.Title)), ". "), confidence(cause)), mood
}

// more lists what gets no card.
func (v *view) more(rest []*Incident, cards bool, c clock) {
	v.MoreTitle = "Isolated failures"
	if !cards || slices.ContainsFunc(rest, func(in *Incident) bool { return !in.Isolated }) {
		v.MoreTitle = "Further incidents"
	}
	for _, in := range firstOf(rest, maxRows) {
		row := rowView{
			ID: clean(in.ID), Sort: in.Start.UTC().Format(time.RFC3339), When: c.period(in.Start, in.End), Failed: fmt.Sprint(in.Failed()),
			Failures: failureWords(in.Failures), Sites: names(in.Vhosts), Cause: "unknown",
		}
		if cause := in.Verdict(); cause != nil {
			row.Cause, row.Sure = clean(cause.Title), confidence(cause)
		}
		v.More = append(v.More, row)
	}
	if n := len(rest) - len(v.More); n > 0 {
		v.MoreNote = thousands(n) + " more are in the report as JSON (--format json)."
	}
}

func (v *view) sources(r *Report, c clock) {
	for i := range firstOf(r.Coverage.Sources, maxSources) {
		s := r.Coverage.Sources[i]
		v.Sources = append(v.Sources, sourceView{s.name(), clean(s.Format), lines(s), c.covers(s), zone(s)})
	}
	v.SourcesFolded = len(v.Sources) > someFiles
	if n := len(r.Coverage.Sources) - len(v.Sources); n > 0 {
		v.SourcesNote = thousands(n) + " more files are in the report as JSON (--format json)."
	}
}
