package alert

import (
	"fmt"
	"strings"

	"why502/report"
)

// Title is one line of plain text: "why502 web1: opened: 47 requests failed (502) on shop.test …".
func (m *Message) Title() string {
	return report.Clean(fmt.Sprintf("why502 %s: %s: %s", m.Host, m.Kind, m.Text))
}

// Lines are further lines of plain text: what is known, what to do.
func (m *Message) Lines() []string {
	in := m.Incident
	var out []string
	if in.Headline != "" && !strings.Contains(m.Text, in.Headline) {
		out = append(out, in.Headline)
	}
	if c := in.Verdict(); c != nil {
		for i := range c.Evidence[:min(3, len(c.Evidence))] {
			e := &c.Evidence[i]
			line := "- " + e.Text
			if e.Source != "" {
				line += fmt.Sprintf(" (%s:%d)", e.Source, e.Line)
			}
			out = append(out, line)
		}
		if len(c.Advice) > 0 && c.Confidence >= report.Low {
			out = append(out, "What to do: "+c.Advice[0].Text)
			if c.Advice[0].Caution != "" {
				out = append(out, "Caution: "+c.Advice[0].Caution)
			}
		}
	}
	out = append(out, "Incident "+in.ID)
	if m.Folded > 0 {
		out = append(out, fmt.Sprintf("%d more changes were not told one by one.", m.Folded))
	}
	for i := range out {
		out[i] = report.Clean(out[i])
	}
	return out
}

// shorten cuts s to at most n bytes, at the end of a character.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n -= len("…"); n > 0 && s[n]&0xc0 == 0x80; n-- {
	}
	return s[:n] + "…"
}
