package screen

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// layout shares the rows of the overview.
type layout struct {
	small            bool // no room for more than the needed
	heads            bool // the columns of the incidents are named
	incidents, lines int
}

func (m *model) layout() layout {
	l := layout{small: m.h < 14 || m.w < 50, heads: m.h >= 20 && m.w >= 70}
	room := m.h - 1 - 3 - 2 // the keys, the header, two titles
	if l.small {
		room++ // a header of two rows
	}
	if l.heads {
		room--
	}
	l.incidents = min(max(len(m.now.Open)+len(m.now.closed), 1), max(room/3, 2), max(room-1, 1))
	l.lines = max(room-l.incidents, 0)
	return l
}

func (m *model) feedRoom() int { return max(m.layout().lines, 1) }

func (m *model) overview(rows []string) []string {
	l := m.layout()
	rows = append(rows, m.header())
	if l.small {
		rows = append(rows, m.course(false))
	} else {
		rows = append(rows, m.rates(), m.course(true))
	}
	title := "none"
	if open, closed := len(m.now.Open), len(m.now.closed); open+closed > 0 {
		title = fmt.Sprintf("%d open, %d over", open, closed)
	}
	rows = append(rows, m.section("Incidents", title, m.plain, ""))
	rows = m.incidentRows(rows, l)
	rows = append(rows, m.feedTitle())
	return m.feedRows(rows, l.lines)
}

// section is a title across the screen.
func (m *model) section(title, facts string, paint func(string) string, end string) string {
	facts = cut(facts, m.w-columns(title)-columns(end)-8)
	n := m.w - 4 - columns(title) - 2
	s := m.faint(strings.Repeat(m.rule, 2)) + " " + m.heading(title) + " "
	if facts != "" {
		s += paint(facts) + " "
		n -= columns(facts) + 1
	}
	if end != "" {
		n -= columns(end) + 2
		end = " " + m.faint(end) + " "
	}
	return s + m.faint(strings.Repeat(m.rule, max(n, 0))) + end + m.faint(m.rule)
}

// header says in one row how things are.
func (m *model) header() string {
	title := " why502"
	clock := ""
	if !m.now.Now.IsZero() {
		clock = m.zoned(m.now.Now).Format("15:04:05 -07:00 ")
		if m.w < 60 {
			clock = clock[:9]
		}
	}
	state, paint := "nothing fails", m.good
	switch n := len(m.now.Open); {
	case m.now.Now.IsZero():
		state, paint = "reading the logs", m.faint
	case n > 0:
		state, paint = many(n, "incident")+" open", m.bad
	}
	read, bad := 0, 0
	for i := range m.now.Files {
		if m.now.Files[i].OK {
			read++
		} else {
			bad++
		}
	}
	room := m.w - columns(title) - columns(state) - columns(clock) - 4
	s := m.bold(title) + "  " + paint(state)
	used := columns(title) + 2 + columns(state)
	put := func(text string, paint func(string) string) {
		if len(m.now.Files) > 0 && columns(text)+3 <= room {
			s += m.faint(" · ") + paint(text)
			used, room = used+3+columns(text), room-3-columns(text)
		}
	}
	put(many(read, "log"), m.faint)
	if bad > 0 {
		put(fmt.Sprintf("%d not read", bad), m.warn)
	}
	put(many(m.now.Lines, "line"), m.faint)
	if m.now.Unparsed > 0 {
		put(thousands(m.now.Unparsed)+" not understood", m.faint)
	}
	return s + strings.Repeat(" ", max(m.w-used-columns(clock), 1)) + m.faint(clock)
}

// rates is how often each status was given in the last minute, failures first.
func (m *model) rates() string {
	lead := " per minute  "
	s, room := m.faint(lead), m.w-columns(lead)
	if len(m.now.rates) == 0 {
		return s + m.faint(cut("no request", room))
	}
	failed := false
	for i, r := range m.now.rates {
		figure := thousands(r.count)
		need := len(r.name) + 1 + columns(figure) + 3
		if i > 0 && need > room {
			break
		}
		room -= need
		paint := m.faint
		if r.failed {
			paint, failed = m.bad, true
		} else if !failed {
			s, failed = s+m.good("0 failed")+"   ", true
			room -= 11
		}
		s += paint(name(r.name)) + " " + m.bold(figure) + "   "
	}
	return s
}

// course is how many requests failed in each minute of the last hour.
func (m *model) course(long bool) string {
	lead := " last hour  "
	if !long {
		lead = " "
	}
	peak, at, sum := 0, 0, 0
	for i, n := range m.now.hour {
		sum += n
		if n >= peak {
			peak, at = n, i
		}
	}
	tail := ""
	switch {
	case sum == 0:
		tail = "none failed"
	case long && m.w >= 106:
		when := m.zoned(m.now.Now).Add(-time.Duration(len(m.now.hour)-1-at) * time.Minute)
		tail = fmt.Sprintf("%s failed, most %s at %s", thousands(sum), thousands(peak), when.Format("15:04"))
	case long && m.w >= 88:
		tail = thousands(sum) + " failed"
	default:
		tail = "max " + compact(peak)
	}
	group := 1
	for len(m.now.hour)/group+columns(lead)+columns(tail)+1 > m.w && group < 6 {
		group++
	}
	var s strings.Builder
	s.WriteString(m.faint(lead))
	top := 0
	var bars []int
	for i := 0; i < len(m.now.hour); i += group {
		n := 0
		for _, v := range m.now.hour[i:min(i+group, len(m.now.hour))] {
			n += v
		}
		bars, top = append(bars, n), max(top, n)
	}
	if group > 1 && tail != "none failed" {
		tail = "max " + compact(top)
	}
	for _, n := range bars {
		if n == 0 {
			s.WriteString(m.faint(m.bars[0]))
			continue
		}
		level := 1 + (n*(len(m.bars)-1)-1)/top // nothing is the lowest one; anything is more
		s.WriteString(m.bad(m.bars[min(level, len(m.bars)-1)]))
	}
	paint := m.faint
	if sum > 0 {
		paint = m.bold
	}
	return s.String() + " " + paint(cut(tail, m.w-columns(lead)-len(bars)-1))
}

// compact is a number in four columns.
func compact(n int) string {
	switch {
	case n < 10000:
		return strconv.Itoa(n)
	case n < 1000000:
		return strconv.Itoa(n/1000) + "k"
	}
	return strconv.Itoa(n/1000000) + "M"
}

func (m *model) zoned(t time.Time) time.Time {
	if z := m.screen.options.Zone; z != nil {
		return t.In(z)
	}
	return t
}
