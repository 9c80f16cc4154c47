package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// thousands writes n as "1,192".
func thousands[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number with its noun: "1 file", "8 files".
func count[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ay") {
		noun = strings.TrimSuffix(noun, "y") + "ie"
	}
	return thousands(n) + " " + noun + "s"
}

// failureWords is "27×502, 20×504, 3 truncated", the most frequent first.
func failureWords(failures map[string]int) string {
	keys := make([]string, 0, len(failures))
	for k := range failures {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(failures[b], failures[a]), cmp.Compare(a, b))
	})
	for i, k := range keys {
		sign := "×"
		if _, err := strconv.Atoi(k); err != nil {
			sign = " "
		}
		keys[i] = thousands(failures[k]) + sign + clean(k)
	}
	return strings.Join(keys, ", ")
}

// Failed is how many requests failed, in whatever way.
func (in *Incident) Failed() int {
	sum := 0
	for _, n := range in.Failures {
		sum += n
	}
	return sum
}

// facts are the figures of an incident.
func facts(in *Incident, c clock) []string {
	out := []string{c.span(in.Start, in.End)}
	if d := length(in); d != "" {
		out[0] += " (" + d + ")"
	}
	if len(in.Failures) > 0 {
		out = append(out, failureWords(in.Failures))
	}
	if in.Harm == "unseen" {
		out = append(out, "no web log shows it: harm not counted")
	}
	return append(out, bearing(in)...)
}

// furtherFacts are those that the headline does not state: it says when in the zone of the analysis and
// how many failed.
func furtherFacts(in *Incident, c clock) []string {
	if in.Headline == "" || in.Start.IsZero() || c.in(in.Start).Format("-07") != in.Start.Format("-07") {
		return facts(in, c)
	}
	var out []string
	if d := length(in); d != "" {
		out = append(out, d)
	}
	return append(append(out, bearing(in)...), "times are "+in.Start.Format("-07:00"))
}

// length is how long it went on, "" for a moment.
func length(in *Incident) string {
	if d := in.End.Sub(in.Start); d >= time.Second && !in.Start.IsZero() {
		return duration(d)
	}
	return ""
}

// bearing says whom it hit and how.
func bearing(in *Incident) []string {
	var out []string
	if in.Clients > 0 {
		out = append(out, count(in.Clients, "client"))
	}
	for _, s := range []string{in.Scope, in.Persistence} {
		if s != "" {
			out = append(out, clean(s))
		}
	}
	return out
}

// headline is an incident's first sentence with the confidence, where the sentence does not state it itself.
func headline(in *Incident) string {
	s := clean(strings.TrimSpace(in.Headline))
	top := in.Verdict()
	if top == nil {
		return cmp.Or(s, strings.TrimSpace(failureWords(in.Failures)+" "+names(in.Vhosts))+": nothing in these logs says why.")
	}
	if s == "" {
		s = clean(cmp.Or(top.Summary, top.Title))
	}
	if !strings.Contains(strings.ToLower(s), "confidence") {
		s = strings.TrimRight(s, ". ") + ". Confidence: " + confidence(top) + "."
	}
	return s
}

// confidence is "high (91%)".
func confidence(c *Cause) string { return sureness(c.Confidence) + " (" + percent(c.Confidence) + ")" }

// culprits is "plugin acme-shipping-rates (96%), function curl_exec".
func culprits(cs []Culprit) string {
	var out []string
	for _, c := range cs {
		s := clean(cmp.Or(kindWords[c.Kind], c.Kind)) + " " + clean(c.Name)
		if c.Share > 0 {
			s += " (" + percent(c.Share) + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + "%" }

// place is the clickable "file:line".
func place(source string, line int) string {
	if source == "" || line <= 0 {
		return clean(source)
	}
	return clean(source) + ":" + strconv.Itoa(line)
}

// weight is "+3.0" or "−1.5".
func weight(w float64) string {
	if w < 0 {
		return fmt.Sprintf("−%.1f", -w)
	}
	return fmt.Sprintf("+%.1f", w)
}

// strongest returns e by falling weight for or against.
func strongest(e []Evidence) []Evidence {
	e = slices.Clone(e)
	slices.SortStableFunc(e, func(a, b Evidence) int { return cmp.Compare(max(b.Weight, -b.Weight), max(a.Weight, -a.Weight)) })
	return e
}

// grave parts the incidents into those to be told in full and the isolated ones that fold into a list.
// A lone isolated one is what the reader asked about: it is told.
func grave(r *Report) (tell, fold []*Incident) {
	for i := range r.Incidents {
		if in := &r.Incidents[i]; in.Isolated {
			fold = append(fold, in)
		} else {
			tell = append(tell, in)
		}
	}
	if len(tell) == 0 && len(fold) == 1 {
		return fold, nil
	}
	return tell, fold
}

// evidenceText is what a piece of evidence says. A fact says how often by itself, where that matters.
func evidenceText(e Evidence) string {
	if strings.HasPrefix(e.Tag, "fact/") {
		return clean(e.Text)
	}
	return times(e.Count, e.Text)
}

func momentText(m Moment) string { return times(m.Count, m.Text) }

func times(n int, s string) string {
	s = clean(s)
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == ',' })
	if n > 1 && !slices.Contains(words, strconv.Itoa(n)) { // most texts state it
		return thousands(n) + "× " + s
	}
	return s
}

func missingText(m Missing) string {
	s := clean(m.Log) + ": " + clean(m.Why)
	if m.How != "" {
		s += " → " + clean(m.How)
	}
	return s
}

// failures is the count of a share; none is given for what failures cannot be counted by.
func failures(s Share) string {
	if s.Failures == 0 {
		return ""
	}
	return thousands(s.Failures)
}

// names lists the first few names of shares.
func names(list []Share) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = clean(s.Name)
	}
	return enumerate(out)
}

// lines is "63", or "63, 3 not understood".
func lines(s Source) string {
	if s.Unparsed == 0 {
		return thousands(s.Lines)
	}
	return thousands(s.Lines) + ", " + thousands(s.Unparsed) + " not understood"
}

// zone is "Europe/Berlin (flag)": the zone of a file's stamps and how it is known.
func zone(s Source) string {
	z := clean(s.Timezone)
	if s.Clock != "" {
		z += " (" + clean(s.Clock) + ")"
	}
	return strings.TrimSpace(z)
}
