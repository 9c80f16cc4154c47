package report

import (
	"cmp"
	_ "embed" // the template
	"fmt"
	"slices"
	"strings"
	"time"
)

// Letter is a report as a mail has it: one line that carries the verdict, and the same facts as plain text and as HTML. The whole
// report goes with it as an attachment. Subject is one line of clean text, to be encoded by who sends it.
type Letter struct{ Subject, Text, HTML string }

// Bounds of a letter. Some mail programs cut what is longer than 102 KB, encoded; a subject is shown to about 100 characters.
const (
	letterBytes  = 80 << 10
	letterWidth  = 76 // columns of the text: no line of it is broken on its way
	subjectWidth = 150
	letterTells  = 8   // incidents that are told of; the others are listed
	letterText   = 600 // columns of any text in the HTML
	letterMoves  = 8
)

var (
	//go:embed html/letter.gohtml
	letterPage string

	letterTemplate = parsed("letter", letterPage)
)

// NewLetter writes the letter on r from host. It tells as many incidents as have room, the most harmful first.
func NewLetter(r *Report, host string, o Options) (*Letter, error) {
	o.Color, o.Verbose = false, false
	l := &Letter{Subject: subject(r, host)}
	for n := letterTells; ; n /= 2 {
		l.Text = strings.Join(drawLetter(r, o, n).lines, "\n") + "\n"
		var b strings.Builder
		if err := letterTemplate().Execute(&b, newLetterView(r, l.Subject, o, n)); err != nil {
			return nil, err
		}
		if l.HTML = b.String(); len(l.Text)+len(l.HTML) <= letterBytes || n == 0 {
			return l, nil
		}
	}
}

// subject is the verdict in one line:
//
//	[why502] web1: 2 incidents, 412 × 502/504: pool shop ran out of children (high)
func subject(r *Report, host string) string {
	s := "[why502] "
	if host != "" {
		s += cut(clean(host), 60) + ": "
	}
	ranked := byHarm(r)
	if len(ranked) == 0 {
		return s + nothing(r)
	}
	s += incidentCount(r)
	all := map[string]int{}
	for _, in := range ranked {
		for k, n := range in.Failures {
			all[clean(k)] += n
		}
	}
	if sum := sumOf(all); sum > 0 {
		kinds := make([]string, 0, len(all))
		for k := range all {
			kinds = append(kinds, k)
		}
		slices.Sort(kinds)
		s += ", " + thousands(sum) + " × " + cut(strings.Join(kinds, "/"), 40)
	} else {
		s += ", visitors probably hurt"
	}
	c := ranked[0].Verdict()
	if c == nil {
		return s + ": why is not visible"
	}
	sure := " (" + sureness(c.Confidence) + ")"
	why := strings.TrimRight(clean(cmp.Or(c.Summary, c.Title)), ". ")
	return s + ": " + cut(why, max(20, subjectWidth-width(s)-len(sure)-2)) + sure
}

// nothing says in a few words that there was no incident.
func nothing(r *Report) string {
	switch {
	case r.Coverage.Records == 0:
		return "nothing to judge by, no log entry could be read"
	case !r.Coverage.reached():
		return "nothing to judge by, no request on record in the time asked for"
	case r.Partial:
		return "no failure in what could be read"
	}
	return "no failure on record"
}

// incidentCount is "2 incidents and 3 isolated failures".
func incidentCount(r *Report) string {
	isolated := 0
	for i := range r.Incidents {
		if r.Incidents[i].Isolated {
			isolated++
		}
	}
	switch whole := len(r.Incidents) - isolated; {
	case whole == 0:
		return count(isolated, "isolated failure")
	case isolated > 0:
		return count(whole, "incident") + " and " + count(isolated, "isolated failure")
	default:
		return count(whole, "incident")
	}
}

// inLetter orders the incidents by harm and parts them: told of, listed, and how many are left.
func inLetter(r *Report, n int) (tell, list []*Incident, left int) {
	ranked := byHarm(r)
	tell = ranked
	if i := slices.IndexFunc(ranked, func(in *Incident) bool { return in.Isolated }); i >= 0 && len(ranked) > 1 {
		tell = ranked[:i]
	}
	tell = firstOf(tell, n)
	list = firstOf(ranked[len(tell):], 3*n)
	return tell, list, len(ranked) - len(tell) - len(list)
}

// drawLetter draws the text of a letter in which n incidents are told of.
func drawLetter(r *Report, o Options, n int) *page {
	t := &text{page: page{ink: newInk(false), width: letterWidth}, clock: newClock(r, o), below: commonFolder(r.Coverage.Sources), rest: "in the attached report"}
	tell, list, left := inLetter(r, n)
	t.verdict(r, len(r.Incidents) != 1) // a lone incident is told right below
	if r.History != nil {
		t.against(r)
	}
	if len(tell) > 1 {
		t.blank()
		t.incidentTable(tell)
	}
	for i, in := range tell {
		t.blank()
		if len(r.Incidents) > 1 {
			t.title(fmt.Sprintf("%d of %s", i+1, thousands(len(r.Incidents))))
		}
		t.brief(in, several)
	}
	if len(list) > 0 {
		t.blank()
		t.title("Further ones")
		for _, in := range list {
			t.put("  - ", headline(in), nil, 3)
		}
	}
	if left > 0 {
		t.blank()
		t.put("", thousands(left)+" more are in the attached report.", nil, 0)
	}
	t.capacity(r.Capacity, toldPools)
	t.notRead(r.History, toldGaps)
	t.blank()
	t.coverage(r, 12, false)
	return &t.page
}

// differences say how the day went against those before.
func differences(r *Report) []string {
	h := r.History
	if h == nil {
		return nil
	}
	var out []string
	if s := h.compared(); s != "" {
		out = append(out, s)
	}
	told := h.told(letterMoves)
	for i := range told {
		out = append(out, changeSign(told[i].Change)+" "+clean(told[i].Change)+": "+moveText(r, &told[i]))
	}
	if n := len(h.Moves) - len(told); n > 0 {
		out = append(out, thousands(n)+" more changes are in the attached report.")
	}
	return out
}

// toMend are the pools with something to be done.
func toMend(c *Capacity) []letterPool {
	if c == nil {
		return nil
	}
	asks, _ := c.asking()
	var out []letterPool
	for _, p := range firstOf(asks, toldPools) {
		out = append(out, letterPool{
			Verdict: clip("Pool " + clean(p.Name) + ": " + p.advice() + "."), Text: clip(clean(p.Text)), Config: clipLines(p.Config), Caution: clip(clean(p.Caution)),
		})
	}
	return out
}

// letterView is what the template draws. All text in it is clean and of bounded length.
type letterView struct {
	Subject, Mood, Verdict, Why string
	Changes, Gaps               []string
	Incidents                   []letterIncident
	More                        []rowView
	MoreNote                    string
	Pools                       []letterPool
	Coverage                    []string
	Footer                      string
}

type letterPool struct{ Verdict, Text, Config, Caution string }

type letterIncident struct {
	Title, Headline, Facts string
	Again                  []string // it came before, or goes on
	Causes                 []letterCause
	Further                string // causes that are not told
	Advice                 *Advice
	MoreAdvice             int
	Missing                []string
}

type letterCause struct {
	Title, Role, Sure, Culprits string
	Evidence                    []evidenceView
}

func clip(s string) string { return cut(s, letterText) }

// clipLines is configuration, as much as is worth reading in a mail.
func clipLines(s string) string {
	lines := firstOf(cleanLines(s), plenty.config)
	for i := range lines {
		lines[i] = cut(lines[i], 200)
	}
	return strings.Join(lines, "\n")
}

func newLetterView(r *Report, subject string, o Options, n int) *letterView {
	c := newClock(r, o)
	v := &letterView{Subject: subject, Footer: clip(fmt.Sprintf("%s %s, %s", clean(r.Tool.Name), clean(r.Tool.Version), c.stamp(r.Generated)))}
	v.Verdict, v.Why, v.Mood = verdictStrip(r, c)
	v.Verdict, v.Why = clip(v.Verdict), clip(v.Why)
	for _, s := range differences(r) {
		v.Changes = append(v.Changes, clip(s))
	}
	if r.History != nil {
		for _, s := range firstOf(r.History.gaps(c), toldGaps) {
			v.Gaps = append(v.Gaps, clip(s))
		}
	}
	v.Pools = toMend(r.Capacity)
	tell, list, left := inLetter(r, n)
	for i, in := range tell {
		title := ""
		if len(r.Incidents) > 1 {
			title = fmt.Sprintf("%d of %s", i+1, thousands(len(r.Incidents)))
		}
		v.Incidents = append(v.Incidents, newLetterIncident(in, title, c))
	}
	for _, in := range list {
		row := rowView{When: c.period(in.Start, in.End), Failures: cut(failureWords(in.Failures), 80), Sites: cut(names(in.Vhosts), 120), Cause: "unknown"}
		if top := in.Verdict(); top != nil {
			row.Cause, row.Sure = cut(clean(top.Title), 120), confidence(top)
		}
		v.More = append(v.More, row)
	}
	if left > 0 {
		v.MoreNote = thousands(left) + " more are in the attached report."
	}
	for _, s := range firstOf(coverage(r, c, commonFolder(r.Coverage.Sources)), 12) {
		v.Coverage = append(v.Coverage, clip(s))
	}
	return v
}

// newLetterIncident tells of an incident what the text brief does.
func newLetterIncident(in *Incident, title string, c clock) letterIncident {
	v := letterIncident{Title: title, Headline: clip(headline(in)), Facts: clip(strings.Join(furtherFacts(in, c), " · "))}
	for _, s := range again(in) {
		v.Again = append(v.Again, clip(s))
	}
	told := firstOf(likely(in.Causes), several.causes)
	for i := range told {
		x := &told[i]
		l := letterCause{Title: clip(clean(x.Title)), Role: clip(roleOf(x)), Sure: confidence(x), Culprits: clip(culprits(unsaid(x.Culprits, in.Headline)))}
		evidence := firstOf(strongest(x.Evidence), several.others)
		if i == 0 {
			evidence = slices.Concat(firstOf(strongest(x.Evidence), several.evidence), firstOf(strongest(x.Against), several.against))
		}
		for j, e := range evidence {
			w := evidenceView{Minus: e.Weight < 0, Weight: weight(e.Weight), Text: clip(evidenceText(e)), Where: clip(place(e.Source, e.Line))}
			if i == 0 && j < several.excerpts {
				w.Excerpt = clip(strings.Join(strings.Fields(strings.Join(cleanLines(e.Excerpt), " ")), " "))
			}
			l.Evidence = append(l.Evidence, w)
		}
		v.Causes = append(v.Causes, l)
	}
	if n := len(in.Causes) - len(told); n > 0 {
		v.Further = count(n, "more cause") + " weighed: see the attached report."
	}
	if may := unseen(in); may != "" {
		v.Further = strings.TrimSpace(clip(may) + ". " + v.Further)
	}
	if len(told) > 0 && len(told[0].Advice) > 0 {
		a := told[0].Advice[0]
		v.Advice = &Advice{Text: clip(clean(a.Text)), Config: clipLines(a.Config), Caution: clip(clean(a.Caution))}
		v.MoreAdvice = len(told[0].Advice) - 1
	}
	for _, m := range firstOf(in.Missing, several.missing) {
		v.Missing = append(v.Missing, clip(missingText(m)))
	}
	return v
}

// Day is the day that a report is about, as "2026-11-22": the one it compares, else that of its last entry.
func (r *Report) Day(zone *time.Location) string {
	c := newClock(r, Options{Zone: zone})
	switch {
	case r.History != nil && len(r.History.Date) == len(time.DateOnly) && strings.Trim(r.History.Date, "0123456789-") == "":
		return r.History.Date
	case r.Coverage.To != nil:
		return c.in(*r.Coverage.To).Format(time.DateOnly)
	}
	return c.in(r.Generated).Format(time.DateOnly)
}
