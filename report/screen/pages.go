package screen

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"why502/report"
)

// pageTitle is the first row of a page.
func (m *model) pageTitle() string {
	end := ""
	if m.room() < len(m.body) {
		top := m.here().top
		end = fmt.Sprintf("%d-%d of %d", top+1, min(top+m.room(), len(m.body)), len(m.body))
	}
	switch m.at() {
	case files:
		return m.section("Logs", m.fileFacts(), m.plain, end)
	case advice:
		return m.section("What to do", "", m.plain, end)
	case help:
		return m.section("Keys", "", m.plain, end)
	}
	facts := "no longer an incident of its own"
	if i := slices.Index(m.incidents(), m.shown); i >= 0 {
		facts = fmt.Sprintf("%d of %d, over", i+1, len(m.incidents()))
		if i < len(m.now.Open) {
			facts = fmt.Sprintf("%d of %d, goes on", i+1, len(m.incidents()))
		}
	}
	return m.section("Incident", facts, m.plain, end)
}

func (m *model) fileFacts() string {
	bad, behind := 0, int64(0)
	for i := range m.now.Files {
		f := &m.now.Files[i]
		behind += f.Lag
		if !f.OK {
			bad++
		}
	}
	s := many(len(m.now.Files)-bad, "log") + " followed"
	if bad > 0 {
		s += fmt.Sprintf(", %d not read", bad)
	}
	if behind > 0 {
		s += ", " + size(behind) + " behind"
	}
	return s
}

// fileRows lists the logs, those that are not read first.
func (m *model) fileRows() []string {
	if len(m.now.Files) == 0 {
		return []string{"", m.faint("   No log is followed yet.")}
	}
	list := slices.Clone(m.now.Files)
	slices.SortStableFunc(list, func(a, b File) int {
		if a.OK != b.OK {
			if b.OK {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Path, b.Path)
	})
	wide := m.w >= 60
	head := "   " + left("Status", 10)
	if wide {
		head += right("Lines", 11) + right("Behind", 9) + right("Last", 9) + right("Gaps", 6)
	}
	rows := []string{m.faint(cut(head+"  Log", m.w))}
	for i := range list {
		f := &list[i]
		sign, paint := m.live, m.good
		if !f.OK {
			sign, paint = m.past, m.warn
		}
		row := " " + paint(sign) + " " + paint(left(name(f.Status), 10))
		used := 13
		if wide {
			last := ""
			if f.Idle >= 0 {
				last = span(f.Idle)
			}
			row += right(thousands(f.Lines), 11) + right(size(f.Lag), 9) + right(last, 9)
			gaps := right(thousands(f.Gaps), 6)
			if f.Gaps > 0 {
				gaps = m.bad(gaps)
			}
			row += gaps
			used += 35
		}
		path, why := harmless(f.Path, pathBytes), harmless(f.Why, pathBytes)
		room := m.w - used - 2
		if why != "" && columns(path)+2+columns(why) <= room {
			rows = append(rows, row+"  "+path+m.warn("  "+why))
			continue
		}
		rows = append(rows, row+"  "+cutLeft(path, room))
		if why != "" {
			rows = append(rows, "   "+m.warn(cut(why, m.w-4)))
		}
	}
	return rows
}

// copyAdvice copies what to do about an incident. Not every terminal takes it, so it is shown, too, with nothing around it.
func (m *model) copyAdvice() tea.Cmd {
	if m.at() == overview {
		m.shown, _ = m.chosen()
	}
	if m.shown == nil {
		m.note = "no incident, no advice"
		return nil
	}
	text := adviceText(m.shown)
	if text == "" {
		m.note = "no advice: nothing tells the cause yet"
		return nil
	}
	m.open(advice)
	m.note = "Copied, if your terminal lets programs copy; else select it here."
	return tea.SetClipboard(text)
}

// adviceText is the advice for the first cause. It may end up in a shell or in a configuration: what is not a directive or a
// command is a comment.
func adviceText(in *report.Incident) string {
	top := in.Verdict()
	if top == nil {
		return ""
	}
	var b strings.Builder
	comment := func(lead, s string) {
		if s != "" {
			b.WriteString("# " + lead + report.Clean(s) + "\n")
		}
	}
	for i, a := range top.Advice {
		if i > 0 {
			b.WriteByte('\n')
		}
		comment("", a.Text)
		comment("Caution: ", a.Caution)
		for l := range strings.Lines(a.Config) {
			b.WriteString(report.Clean(strings.TrimRight(l, "\r\n")) + "\n")
		}
	}
	return b.String()
}

func (m *model) adviceRows() []string {
	if m.shown == nil {
		return nil
	}
	var rows []string
	for l := range strings.Lines(adviceText(m.shown)) {
		l = strings.TrimRight(l, "\n")
		if text, ok := strings.CutPrefix(l, "# "); ok {
			for _, l := range wrap(text, m.w-3) {
				rows = append(rows, "# "+l)
			}
			continue
		}
		row, rest := part(l, max(m.w, 2)) // broken anywhere, as terminals do: nothing is lost when it is selected
		for rows = append(rows, row); rest != ""; rows = append(rows, row) {
			row, rest = part(rest, max(m.w, 2))
		}
	}
	return rows
}

// wrap breaks text between words.
func wrap(text string, cols int) []string {
	return strings.Split(lipgloss.Wrap(text, max(cols, 8), ""), "\n")
}
