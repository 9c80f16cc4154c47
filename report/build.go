package report

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"why502/classifier/correlate"
	"why502/classifier/rootcause"
)

// Input is what an analysis hands over to make a report of.
type Input struct {
	Timeline  *correlate.Timeline
	Diagnoses iter.Seq[*rootcause.Diagnosis]
	Zone      *time.Location // of the times in the report
	Version   string
	Generated time.Time
	Partial   bool
	Notes     []string
	Stacks    bool // of the slow logs are wanted whole
}

// Build makes the report of an analysis. Apart from Generated it depends on the logs only.
func Build(in Input) *Report {
	b := builder{zone: in.Zone, shelf: newShelf()}
	if b.zone == nil {
		b.zone = time.UTC
	}
	r := &Report{
		Schema: Schema, Tool: Tool{"why502", in.Version}, Generated: in.Generated.In(b.zone), Zone: b.zone.String(),
		Partial: in.Partial, Notes: in.Notes,
		Coverage: b.coverage(in.Timeline), Incidents: []Incident{}, Profile: Profile{slowProfile(in.Timeline, in.Stacks)}, Tags: b.tags(in.Timeline),
	}
	for d := range in.Diagnoses {
		r.Incidents = append(r.Incidents, b.incident(in.Timeline, d))
	}
	return r
}

type builder struct {
	zone *time.Location
	shelf
}

func (b *builder) at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(b.zone)
	return &t
}

func (b *builder) tags(t *correlate.Timeline) []TagCount {
	out := []TagCount{}
	for tag, n := range t.Totals() {
		out = append(out, TagCount{string(tag), n.Count, b.at(n.First), b.at(n.Last)})
	}
	slices.SortFunc(out, func(x, y TagCount) int { return strings.Compare(x.Tag, y.Tag) })
	return out
}

func (b *builder) incident(t *correlate.Timeline, d *rootcause.Diagnosis) Incident {
	in := Incident{
		Start: d.Start.In(b.zone), End: d.End.In(b.zone), Failures: b.failures(d.Failures), Clients: d.Clients,
		Isolated: d.Isolated, Scope: d.Scope, Persistence: d.Persistence,
		Vhosts: list(d.Vhosts), URIs: list(d.URIs), Pools: list(d.Pools), Upstreams: list(d.Backends),
		Causes: make([]Cause, 0, len(d.Causes)), Timeline: make([]Moment, 0, len(d.Course)),
	}
	if d.Unseen {
		in.Harm = "unseen"
	}
	in.ID = incidentID(d)
	for i, h := range d.Causes {
		c := b.cause(h)
		if i == 0 || c.Confidence >= Low { // the others are there to show that they were weighed: nobody is to act on them
			b.advise(&c, h)
		}
		in.Causes = append(in.Causes, c)
	}
	for _, m := range d.Course {
		in.Timeline = append(in.Timeline, Moment{
			Time: m.Mark.First.In(b.zone), Tag: string(m.Tag), Text: b.text(m.Text), Count: m.Count,
			Source: m.Mark.Sample.File, Line: m.Mark.Sample.Line,
		})
	}
	missing := make([]Missing, 0, len(d.Missing))
	for _, m := range d.Missing {
		missing = append(missing, Missing{string(m.Log), m.Why, m.How})
	}
	verdict := ""
	if len(in.Causes) > 0 {
		verdict = in.Causes[0].ID
	}
	in.Missing = same(b.missing, verdict, missing)
	in.Pace = b.pace(t, d)
	php := packageOf(t.PoolsOf(d.Incident), &in)
	for i := range in.Causes {
		b.fill(&in, &in.Causes[i], php)
	}
	in.Headline = b.headline(&in)
	return in
}

// incidentID names an incident by how it began, so that it keeps its name while it grows.
func incidentID(d *rootcause.Diagnosis) string {
	h := uint32(2166136261)
	mix := func(s string) {
		for i := range len(s) {
			h = (h ^ uint32(s[i])) * 16777619
		}
	}
	mix(d.Start.UTC().Format(time.RFC3339))
	mix(string(d.First.Family))
	mix(d.First.Vhost)
	return d.Start.UTC().Format("20060102-150405-") + fmt.Sprintf("%04x", h&0xffff)
}

// paceSteps bounds the steps of an incident's pace.
const paceSteps = 60

func (b *builder) pace(t *correlate.Timeline, d *rootcause.Diagnosis) *Pace {
	width, steps := t.Pace(d.Incident, paceSteps)
	if len(steps) == 0 {
		return nil
	}
	p := &Pace{int(width / time.Second), make([]Step, 0, len(steps))}
	for _, s := range steps {
		p.Steps = append(p.Steps, Step{s.Start.In(b.zone), b.failures(s.Failures)})
	}
	return p
}

func list(s []correlate.Share) []Share {
	out := make([]Share, 0, len(s))
	for _, x := range s {
		out = append(out, Share{x.Name, x.Failures})
	}
	return out
}

func (b *builder) cause(h *rootcause.Hypothesis) Cause {
	c := Cause{
		ID: h.Cause.ID, Title: h.Cause.Title, Role: string(h.Role), Layer: string(h.Cause.Layer), Confidence: h.Confidence,
		Summary: b.text(h.Summary), Unseen: string(h.Hidden), Culprits: []Culprit{}, Evidence: make([]Evidence, 0, len(h.For)), Against: make([]Evidence, 0, len(h.Against)),
		Advice: []Advice{}, Verify: []string{},
	}
	for _, x := range h.Culprits {
		c.Culprits = append(c.Culprits, Culprit{x.Kind, x.Name, x.Share})
	}
	for _, x := range h.Requests {
		r := Request{URI: x.URI, Traces: x.Traces, Sure: x.Sure, Of: x.Of}
		if x.Culprit.Kind != "" {
			r.Culprit = &Culprit{x.Culprit.Kind, x.Culprit.Name, x.Culprit.Share}
		}
		c.Requests = append(c.Requests, r)
	}
	for _, f := range h.For {
		c.Evidence = append(c.Evidence, b.evidence(f))
	}
	for _, f := range h.Against {
		c.Against = append(c.Against, b.evidence(f))
	}
	return c
}

// advise says what to do about a cause. Two remedies at once may contradict each other: a pool that is full because of a slow service is
// not to be raised.
func (b *builder) advise(c *Cause, h *rootcause.Hypothesis) {
	if root := h.Root(); root != h {
		c.Advice = append(c.Advice, Advice{Text: "Mend " + root.Cause.ID + " first: this is how it showed. Leave the settings behind this one alone until then."})
		return
	}
	for _, s := range h.Fix {
		c.Advice = append(c.Advice, Advice{Text: s.Text, Config: s.Config, Caution: s.Caution, Sizes: s.Sizes, Told: s.Where != nil, CPanel: s.CPanel})
	}
	c.Advice = same(b.advice, c.ID, c.Advice)
	if h.Cause.Verify != nil && c.Unseen == "" {
		c.Verify = slices.Clip(h.Cause.Verify)
	}
}

func (b *builder) evidence(f rootcause.Finding) Evidence {
	e := Evidence{Tag: string(f.Tag), Text: b.text(f.Text), Weight: float64(int(f.Weight*10+sign(f.Weight)*.5)) / 10, Count: f.Count}
	if f.Mark != nil {
		e.Time, e.Source, e.Line, e.Excerpt = b.at(f.Mark.Sample.Time), f.Mark.Sample.File, f.Mark.Sample.Line, f.Mark.Sample.Excerpt()
	}
	return e
}

func sign(f float64) float64 {
	if f < 0 {
		return -1
	}
	return 1
}
