package screen

import (
	"fmt"
	"strings"

	"why502/report"
)

func (m *model) feedTitle() string {
	f := &m.feed
	facts, paint := "as they come", m.faint
	if f.paused {
		facts, paint = "paused", m.warn
		if f.newer > 0 {
			facts += ", " + thousands(f.newer) + " newer"
		}
	}
	if !f.filter.off() {
		facts, paint = facts+", only "+f.filter.String(), m.warn
	}
	end := ""
	if f.unseen > 0 && m.w >= 60 {
		end = thousands(f.unseen) + " came too fast to be shown"
	}
	return m.section("Lines", facts, paint, end)
}

// feedRows shows the last lines, or those looked back to.
func (m *model) feedRows(rows []string, room int) []string {
	list := m.feed.shown()
	if len(list) == 0 {
		s := "   No tagged line yet."
		if len(m.feed.current()) > 0 {
			s = "   No line passes the filter; esc shows all."
		}
		return append(rows, m.faint(cut(s, m.w)))
	}
	end := max(len(list)-m.feed.back, 0)
	tag, site := m.feedColumns(list)
	var shown []string
	for i := end - 1; i >= 0 && len(shown) < room; i-- {
		block := m.feedRow(&list[i], tag, site)
		shown = append(block, shown...)
	}
	if over := len(shown) - room; over > 0 {
		shown = shown[over:]
	}
	return append(rows, shown...)
}

// feedColumns are how wide tags and sites are shown. They are those of all lines: text must not jump to and fro.
func (m *model) feedColumns(list []entry) (tag, site int) {
	for i := range list {
		e := &list[i]
		if e.change == "" {
			tag, site = max(tag, columns(m.tags(e))), max(site, columns(e.site()))
		}
	}
	switch {
	case m.w < 60:
		return min(tag, max(m.w/2-9, 8)), 0
	case m.w < 100:
		return min(tag, 20), min(site, 12)
	}
	return min(tag, 32), min(site, m.w/6)
}

// site is whom a line speaks of.
func (e *entry) site() string {
	if e.vhost == "" && e.pool != "" {
		return "pool " + e.pool
	}
	return e.vhost
}

// tags is the first tag, and how many more there are. Where there is little room, its area is left out.
func (m *model) tags(e *entry) string {
	if len(e.tags) == 0 {
		return ""
	}
	s := e.tags[0]
	if _, name, ok := strings.Cut(s, "/"); ok && m.w < 100 {
		s = name
	}
	if more := len(e.tags) - 1; more > 0 {
		s += fmt.Sprintf(" +%d", more)
	}
	return s
}

// row is a row that is being drawn.
type row struct {
	drawn string
	used  int
}

// put adds a column; one of no width is left out.
func (r *row) put(s string, cols int, paint func(string) string) {
	if cols > 0 {
		r.drawn += paint(left(s, cols)) + " "
		r.used += cols + 1
	}
}

// feedRow draws a line, or all the rows of it.
func (m *model) feedRow(e *entry, tag, site int) []string {
	var r row
	at := ""
	if !e.at.IsZero() {
		at = m.zoned(e.at).Format(" 15:04:05")
	}
	r.put(at, 9, m.faint)
	if e.change != "" {
		paint := m.warn
		switch e.change {
		case report.Opened:
			paint = m.bad
		case report.Closed, report.Withdrawn:
			paint = m.good
		}
		r.put(strings.ToUpper(string(e.change)), len(e.change), paint)
		return m.behind(r, e)
	}
	if m.w >= 60 {
		paint := m.faint
		if e.status != "" && failure(e.status) {
			paint = m.bad
		}
		r.put(e.status, 3, paint)
	}
	r.put(m.tags(e), tag, m.tag)
	r.put(e.site(), site, m.plain)
	return m.behind(r, e)
}

// behind sets the text of e behind what is drawn already, on one row or on as many as it needs.
func (m *model) behind(r row, e *entry) []string {
	room := max(m.w-r.used, 1)
	if !m.feed.whole {
		return []string{r.drawn + cut(e.text, room)}
	}
	text := e.text
	if e.source != "" {
		text += fmt.Sprintf("  (%s:%d)", e.source, e.line)
	}
	const hang = 10 // under the time there is more room
	head, tail := breakLine(text, room)
	rows := []string{r.drawn + head}
	for tail != "" {
		head, tail = breakLine(tail, max(m.w-hang, 2))
		rows = append(rows, strings.Repeat(" ", hang)+head)
	}
	return rows
}
