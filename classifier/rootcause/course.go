package rootcause

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// courseBefore and courseAfter bound what counts as the course of an incident.
const (
	courseBefore = 5 * time.Minute
	courseAfter  = time.Minute
)

// course lists what happened around the incident: the first line of each kind and subject that concerns it.
func (s *scene) course() []Moment {
	type what struct {
		tag           classifier.Tag
		pool, backend string
	}
	at := map[what]int{}
	var out []Moment
	for _, m := range between(s.all, s.in.Start.Add(-courseBefore-s.longest), s.in.End.Add(courseAfter)) {
		if m.Last.Before(s.in.Start.Add(-courseBefore)) || m.First.After(s.in.End.Add(courseAfter)) {
			continue
		}
		if (m.Rule == nil || m.Rule.Benign) && !strings.HasPrefix(string(m.Tag), "phpslow/") || s.t.Relation(m, s.in) == correlate.Alien {
			continue
		}
		k := what{m.Tag, m.Pool, m.Backend}
		if i, ok := at[k]; ok {
			out[i].Count += m.Count
			continue
		}
		at[k] = len(out)
		out = append(out, Moment{Tag: m.Tag, Text: s.text(m), Count: m.Count, Mark: m})
	}
	return out
}

func (s *scene) text(m *correlate.Mark) string {
	var b strings.Builder
	switch {
	case m.Rule != nil:
		b.WriteString(m.Rule.Why)
	default:
		b.WriteString("PHP was slow")
		if m.Function != "" {
			b.WriteString(": it waited in " + m.Function + "()")
		}
		if _, name, ok := strings.Cut(m.Culprit, ":"); ok {
			b.WriteString(", called from " + name)
		}
	}
	switch {
	case m.Pool != "":
		b.WriteString(" (pool " + m.Pool + ")")
	case m.Backend != "":
		b.WriteString(" (" + m.Backend + ")")
	}
	return b.String()
}

// fill writes the cause's sentence with the names of this incident.
func (s *scene) fill(h *Hypothesis) string {
	culprit := ""
	if len(h.Culprits) > 0 {
		switch c := h.Culprits[0]; c.Kind {
		case "function":
			culprit = c.Name + "()"
		case "uri":
			culprit = "page " + c.Name
		default:
			culprit = c.Kind + " " + c.Name
		}
	}
	number := ""
	for _, f := range h.For {
		if f.Mark != nil && f.Mark.Number > 0 && strings.Contains(f.Clue.Text, "{number}") {
			number = strconv.Itoa(f.Mark.Number)
			break
		}
	}
	n := ""
	if k := s.in.Total(); k > 0 {
		n = strconv.Itoa(k)
	}
	summary := h.Cause.Summary
	if i := slices.IndexFunc(h.Cause.Told, func(t Told) bool { return h.has(t.Where) }); i >= 0 {
		summary = h.Cause.Told[i].Summary
	}
	return template(summary, map[string]string{
		"culprit": culprit, "pools": names(s.in.Pools), "vhosts": names(s.in.Vhosts), "upstreams": names(s.in.Backends),
		"pages": names(s.in.URIs), "n": n, "number": number,
	})
}

// names joins the first three names of a list.
func names(list []correlate.Share) string {
	var n []string
	for _, s := range list[:min(3, len(list))] {
		n = append(n, s.Name)
	}
	text := strings.Join(n, ", ")
	if more := len(list) - 3; more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// template fills {name}s in; a clause in [ ] with a name that is unknown is left out.
func template(text string, values map[string]string) string {
	var b strings.Builder
	for text != "" {
		open := strings.IndexByte(text, '[')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], ']')
		if end < 0 {
			break
		}
		b.WriteString(substitute(text[:open], values))
		clause := text[open+1 : open+end]
		if !slices.ContainsFunc(placeholders(clause), func(p string) bool { return values[p] == "" }) {
			b.WriteString(substitute(clause, values))
		}
		text = text[open+end+1:]
	}
	b.WriteString(substitute(text, values))
	return b.String()
}

func placeholders(text string) (out []string) {
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			return out
		}
		name, rest, ok := strings.Cut(rest, "}")
		if !ok {
			return out
		}
		out = append(out, name)
		text = rest
	}
}

func substitute(text string, values map[string]string) string {
	for _, p := range placeholders(text) {
		text = strings.ReplaceAll(text, "{"+p+"}", values[p])
	}
	return text
}
