package report

import "fmt"

// What a card shows of the long lists.
const (
	maxTableRows = 15
	maxCourse    = 40
)

// incidentView is the card of an incident.
type incidentView struct {
	ID, Number, Headline string
	Again                []string // it came before, or goes on
	Earlier              string   // when
	Facts                []string
	Chart                *chart
	Causes               []causeView
	Missing              []string
	Tables               []sharesView
	Course               []momentView
}

type causeView struct {
	ID, Title, Role, Sure, Summary, Culprits string
	Confidence                               string
	Open                                     bool
	Evidence, Against                        []evidenceView
	Advice                                   []Advice
	Verify                                   []string
}

type evidenceView struct {
	Minus                        bool
	Weight, Text, Where, Excerpt string
}

type sharesView struct {
	Title, Name, Of, Note string
	Rows                  []shareView
}

type shareView struct{ Name, N string }

type momentView struct{ Time, Text, Where string }

func newIncidentView(in *Incident, number int, c clock) incidentView {
	v := incidentView{
		ID: clean(in.ID), Number: fmt.Sprintf("No. %d", number), Headline: headline(in), Again: again(in), Earlier: earlier(in, c), Facts: furtherFacts(in, c), Chart: ownChart(in, c),
	}
	for i := range in.Causes {
		v.Causes = append(v.Causes, newCauseView(&in.Causes[i], i == 0, c))
	}
	for _, m := range in.Missing {
		v.Missing = append(v.Missing, missingText(m))
	}
	for _, t := range []struct {
		title, name string
		list        []Share
	}{
		{"Sites hit", "Site", in.Vhosts},
		{"Pages hit", "Page", in.URIs},
		{"Upstreams", "Upstream", in.Upstreams},
		{"Pools", "Pool", in.Pools},
	} {
		if len(t.list) == 0 {
			continue
		}
		s := sharesView{Title: t.title, Name: t.name, Of: "Failures"}
		for _, x := range firstOf(t.list, maxTableRows) {
			s.Rows = append(s.Rows, shareView{clean(x.Name), failures(x)})
		}
		if n := len(t.list) - len(s.Rows); n > 0 {
			s.Note = thousands(n) + " more"
		}
		v.Tables = append(v.Tables, s)
	}
	for _, m := range firstOf(in.Timeline, maxCourse) {
		v.Course = append(v.Course, momentView{c.stamp(m.Time), momentText(m), place(m.Source, m.Line)})
	}
	return v
}

func newCauseView(x *Cause, open bool, c clock) causeView {
	v := causeView{
		ID: clean(x.ID), Title: clean(x.Title), Role: roleOf(x), Sure: confidence(x), Confidence: fmt.Sprintf("%.2f", x.Confidence),
		Culprits: culprits(x.Culprits), Open: open,
		Evidence: evidenceViews(x.Evidence, c), Against: evidenceViews(x.Against, c),
	}
	if x.Summary != x.Title {
		v.Summary = clean(x.Summary)
	}
	for _, a := range x.Advice {
		v.Advice = append(v.Advice, Advice{Text: clean(a.Text), Config: joinClean(a.Config), Caution: clean(a.Caution)})
	}
	for _, s := range x.Verify {
		v.Verify = append(v.Verify, clean(s))
	}
	return v
}

func evidenceViews(list []Evidence, c clock) []evidenceView {
	var out []evidenceView
	for _, e := range strongest(list) {
		v := evidenceView{Minus: e.Weight < 0, Weight: weight(e.Weight), Text: evidenceText(e), Where: place(e.Source, e.Line), Excerpt: joinClean(e.Excerpt)}
		if e.Time != nil && v.Excerpt == "" {
			v.Where += " " + c.stamp(*e.Time)
		}
		out = append(out, v)
	}
	return out
}

// joinClean is text whose lines stay lines.
func joinClean(s string) string {
	if s == "" {
		return ""
	}
	out := ""
	for i, l := range cleanLines(s) {
		if i > 0 {
			out += "\n"
		}
		out += l
	}
	return out
}
