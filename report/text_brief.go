package report

import (
	"fmt"
	"slices"
	"strings"
)

// detail is how much of an incident is told. Where 0 lines are allowed, all are.
type detail struct {
	airy     bool // blank lines between the sections
	headline int  // lines of the first sentence
	causes   int
	evidence int // of the first cause
	others   int // pieces of evidence of each further cause
	against  int // of the first cause
	excerpts int // how many of these show their log line
	text     int // lines any other text may take
	config   int // lines of configuration shown
	missing  int
	coverage int // lines
}

var plenty = detail{airy: true, causes: 4, evidence: 4, others: 2, against: 2, excerpts: 3, config: 12, missing: 3}

// several is what is told of each of several incidents.
var several = detail{airy: true, causes: 3, evidence: 3, others: 1, against: 1, excerpts: 3, text: 3, config: 8, missing: 2}

// shorter are the steps from plenty to what surely fits a screen, the least missed first.
var shorter = []func(*detail){
	func(d *detail) { d.causes, d.evidence, d.others, d.against = 3, 3, 1, 1 },
	func(d *detail) { d.airy = false },
	func(d *detail) { d.missing, d.config, d.excerpts = 2, 6, 2 },
	func(d *detail) { d.coverage = 2 },
	func(d *detail) { d.others = 0 },
	func(d *detail) { d.missing = 1 },
	func(d *detail) { d.text = 3 },
	func(d *detail) { d.evidence, d.config = 2, 4 },
	func(d *detail) { d.coverage = 1 },
	func(d *detail) { d.excerpts = 1 },
	func(d *detail) { d.text = 2 },
	func(d *detail) { d.causes = 2 },
	func(d *detail) { d.headline, d.config = 7, 3 },
	func(d *detail) { d.text = 1 },
	func(d *detail) { d.headline, d.excerpts = 6, 0 },
}

// brief tells an incident in a few lines.
func (t *text) brief(in *Incident, d detail) {
	section := func(title string, untold int) {
		if d.airy {
			t.blank()
		}
		more := ""
		if untold > 0 {
			more = fmt.Sprintf(" (%d more%s)", untold, t.elsewhere())
		}
		t.lines = append(t.lines, t.bold(title)+t.faint(more))
	}
	t.put("", headline(in), t.bad, d.headline)
	t.put("", strings.Join(furtherFacts(in, t.clock), " · "), t.faint, 2)
	t.again(in)

	told := firstOf(likely(in.Causes), d.causes)
	section("Why", len(in.Causes)-len(told))
	shown := map[string]bool{} // log lines: several kinds of evidence may have one for sample
	for i := range told {
		c := &told[i]
		t.cause(c, i+1, unsaid(c.Culprits, in.Headline), d.text)
		n := d.others
		if i == 0 {
			n = d.evidence
		}
		for j, e := range firstOf(strongest(c.Evidence), n) {
			at := place(e.Source, e.Line)
			t.evidenceBrief(e, i == 0 && j < d.excerpts && !shown[at])
			shown[at] = true
		}
		if i == 0 {
			for _, e := range firstOf(strongest(c.Against), d.against) {
				t.evidenceBrief(e, false)
			}
		}
	}
	may, indent := unseen(in), "   " // below the verdict
	if in.Verdict() == nil {
		indent = "  "
		t.put(indent, "No cause has enough in these logs to speak for it.", nil, 0)
	}
	if may != "" {
		t.put(indent, may+".", nil, d.text)
	}

	if len(in.Causes) > 0 && len(in.Causes[0].Advice) > 0 {
		advice := in.Causes[0].Advice
		section("What to do", len(advice)-1)
		t.advice("  ", advice[0], d.text, d.config)
	}
	if len(in.Missing) > 0 {
		section("What would tell more", len(in.Missing)-d.missing)
		for _, m := range firstOf(in.Missing, d.missing) {
			t.missing(m, d.text)
		}
	}
}

// likely leaves out causes that are in the list only to show that they were weighed, and those that no log at hand can show.
func likely(causes []Cause) (out []Cause) {
	for i := range causes {
		switch {
		case causes[i].Unseen != "":
		case i > 0 && causes[i].Confidence < Low:
			return out
		default:
			out = append(out, causes[i])
		}
	}
	return out
}

// unseen says what may lie behind the verdict, or be the cause where there is none, and which logs would tell.
//
//	Behind it may lie slow_external_http, slow_database_query (the PHP-FPM slow log would tell)
func unseen(in *Incident) string {
	causes := in.Causes
	var parts []string
	for i := 0; i < len(causes); {
		log := causes[i].Unseen
		var ids []string
		for ; i < len(causes) && causes[i].Unseen == log; i++ {
			ids = append(ids, clean(causes[i].ID))
		}
		if log != "" {
			parts = append(parts, strings.Join(ids, ", ")+" (the "+clean(log)+" would tell)")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	if in.Verdict() == nil {
		return "It may be " + strings.Join(parts, ", ")
	}
	return "Behind it may lie " + strings.Join(parts, ", ")
}

// roleOf is what a cause has to do with an incident: "root", "mechanism"; "possible root" if no log at hand can show it.
func roleOf(c *Cause) string {
	if c.Unseen != "" {
		return "possible " + clean(c.Role)
	}
	return clean(c.Role)
}

func firstOf[T any](s []T, n int) []T { return s[:min(n, len(s))] }

// cause is the line a cause's evidence stands under:
//
//  1. root slow_external_http, high (0.91): PHP waits for a slow remote service; plugin acme-shipping-rates
func (t *text) cause(c *Cause, rank int, who []Culprit, most int) {
	paint := t.ink.faint
	switch sureness(c.Confidence) {
	case "high":
		paint = t.bad
	case "medium":
		paint = t.warn
	}
	s := fmt.Sprintf("%s %s, %s: %s", roleOf(c), clean(c.ID), confidence(c), clean(c.Title))
	if names := culprits(who); names != "" {
		s += "; " + names
	}
	t.put(fmt.Sprintf("%d. ", rank), s, paint, most)
}

// unsaid leaves the culprits that the sentence does not name already.
func unsaid(list []Culprit, sentence string) []Culprit {
	return slices.DeleteFunc(slices.Clone(list), func(c Culprit) bool { return strings.Contains(sentence, c.Name) })
}

// evidenceBrief is one line with the place, and the log line under it, both cut to fit:
//
//	+3.0 18× the slow log shows curl_exec on top  var/log/php-fpm/shop-slow.log:2
//	     [22-Nov-2026 18:03:02]  [pool shop] pid 8504
func (t *text) evidenceBrief(e Evidence, excerpt bool) {
	lead := "   " + weight(e.Weight) + " "
	room := t.width - width(lead)
	s, at := evidenceText(e), t.place(e)
	line := ""
	if excerpt && e.Excerpt != "" {
		line = strings.Join(strings.Fields(strings.Join(cleanLines(e.Excerpt), " ")), " ")
	}
	beside := at != "" && width(s)+2+width(at) <= room
	switch {
	case beside:
		s += "  " + at
	case at != "" && line == "" && width(at) <= room/2:
		s = cut(s, room-2-width(at)) + "  " + at
	case at != "" && line != "": // a place of no room beside the text leads the log line
		line = at + ": " + line
	}
	t.lines = append(t.lines, t.signed(e.Weight, lead)+cut(s, room))
	if line != "" {
		t.lines = append(t.lines, strings.Repeat(" ", width(lead))+t.faint(cut(line, room)))
	}
}

// place is where the evidence stands, seen from the folder that the report names once.
func (t *text) place(e Evidence) string {
	if t.below != "" {
		return place(strings.TrimPrefix(e.Source, t.below+"/"), e.Line)
	}
	return place(e.Source, e.Line)
}

func (t *text) signed(w float64, s string) string {
	if w < 0 {
		return t.warn(s)
	}
	return t.good(s)
}

// advice is one remedy. Its configuration and commands are not wrapped, but where a screen of its own holds the page: half a command is
// another one to the shell it is copied to.
func (t *text) advice(indent string, a Advice, most, config int) {
	t.put(indent, clean(a.Text), nil, most)
	if a.Config != "" {
		lines := cleanLines(a.Config)
		for i, l := range firstOf(lines, config) {
			if i == config-1 && len(lines) > config {
				l = ellipsis
			}
			t.code(indent+"    ", l, t.bold)
		}
	}
	if a.Caution != "" {
		t.put(indent+"Caution: ", clean(a.Caution), t.warn, most)
	}
}

func (t *text) missing(m Missing, most int) { t.put("  ", missingText(m), nil, most) }
