package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Words for confidence.
const (
	High   = 0.80
	Medium = 0.55
	Low    = 0.35

	hardly = 0.05 // below it a cause is no answer: while the first line of an incident is all there is, any may come first
)

// sureness is the word for a confidence.
func sureness(c float64) string {
	switch {
	case c >= High:
		return "high"
	case c >= Medium:
		return "medium"
	case c >= Low:
		return "low"
	}
	return "very low"
}

// headline says in one or two sentences what happened, when, whom it hit, why, and how sure that is.
func (b *builder) headline(in *Incident) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s", when(in.Start, in.End), harm(in))
	switch names := shareNames(in.Vhosts); {
	case len(names) == 1:
		s.WriteString(" on " + names[0])
	case len(names) > 1 && len(names) <= 4:
		s.WriteString(" on " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1])
	case len(names) > 4:
		fmt.Fprintf(&s, " on %d sites (%s, …)", len(names), strings.Join(names[:3], ", "))
	}
	if in.Scope == "page-specific" && len(in.URIs) > 0 {
		fmt.Fprintf(&s, ", only some pages (%s)", strings.Join(shareNames(in.URIs[:min(3, len(in.URIs))]), ", "))
	}
	s.WriteString(". ")
	c := in.Verdict()
	if c == nil || c.Confidence < hardly {
		s.WriteString("Why is not visible in these logs.")
		return s.String()
	}
	why := c.Summary
	if why == "" {
		why = c.Title
	}
	s.WriteString(strings.TrimRight(why, ". "))
	switch {
	case c.Role == "consequence":
		s.WriteString(". This is a consequence; its trigger is not in the supplied logs")
	case c.Role == "mechanism":
		s.WriteString(". That is how it failed; why is not visible in these logs")
	}
	fmt.Fprintf(&s, ". Confidence: %s (%.0f%%).", sureness(c.Confidence), c.Confidence*100)
	return s.String()
}

func when(from, to time.Time) string {
	const day = "2006-01-02"
	switch d := to.Sub(from); {
	case d < time.Second:
		return from.Format(day + " 15:04:05")
	case from.Format(day) == to.Format(day):
		return from.Format(day+" 15:04:05") + " to " + to.Format("15:04:05")
	default:
		return from.Format(day+" 15:04:05") + " to " + to.Format(day+" 15:04:05")
	}
}

// harm says what visitors got: "47 requests failed (27 × 502, 20 × 504)".
func harm(in *Incident) string {
	total := 0
	var kinds []string
	for k, n := range in.Failures {
		total += n
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	if total == 0 {
		return "visitors were probably hurt, no web log shows their requests"
	}
	var parts []string
	for _, k := range kinds {
		name := k
		switch k {
		case "truncated":
			name = "cut off in the body"
		case "dropped":
			name = "dropped without an answer"
		}
		parts = append(parts, fmt.Sprintf("%s × %s", thousands(in.Failures[k]), name))
	}
	noun := "requests"
	if total == 1 {
		noun = "request"
	}
	if len(parts) == 1 {
		parts[0] = strings.TrimPrefix(parts[0], thousands(total)+" × ")
	}
	return fmt.Sprintf("%s %s failed (%s)", thousands(total), noun, strings.Join(parts, ", "))
}

func shareNames(s []Share) []string {
	out := make([]string, len(s))
	for i, x := range s {
		out[i] = x.Name
	}
	return out
}
