package screen

import (
	"fmt"
	"time"

	"why502/report"
)

// incidentRows lists the incidents around the selected one.
func (m *model) incidentRows(rows []string, l layout) []string {
	list := m.incidents()
	site := 0
	if m.w >= 70 {
		for _, in := range list {
			site = max(site, columns(sites(in)))
		}
		site = min(site, max(14, m.w/6))
	}
	if l.heads {
		head := ""
		if len(list) > 0 {
			head = "    " + m.incidentColumns(site, "Since", "Failed", "Sure", "Site") + "Cause"
		}
		rows = append(rows, m.faint(cut(head, m.w)))
	}
	if len(list) == 0 {
		return append(rows, m.faint(cut("   Nothing failed since the start.", m.w)))
	}
	_, at := m.chosen()
	top := min(max(at-l.incidents+1, 0), len(list)-l.incidents)
	for i := top; i < top+l.incidents; i++ {
		rows = append(rows, m.incidentRow(list[i], i == at, i < len(m.now.Open), site))
	}
	return rows
}

// incidentColumns sets what stands before the cause. site is how wide names of sites are; 0 where there is no room for them.
func (m *model) incidentColumns(site int, since, failed, sure, who string) string {
	if m.w < 50 {
		return left(since, 5) + right(failed, 6) + "  "
	}
	s := left(since, 8) + right(failed, 8) + "  "
	if site > 0 {
		s += right(sure, 4) + "  " + left(who, site) + "  "
	}
	return s
}

// incidentRow draws one of the list.
func (m *model) incidentRow(in *report.Incident, chosen, open bool, site int) string {
	clock := "15:04:05"
	switch {
	case m.w < 50:
		clock = "15:04"
	case m.now.Now.Sub(in.Start) > 20*time.Hour:
		clock = "02 15:04"
	}
	failed := in.Failed()
	count := thousands(failed)
	if failed == 0 {
		count = "?" // no web log covers it
	}
	sure := ""
	if top := in.Verdict(); top != nil {
		sure = fmt.Sprintf("%.0f%%", 100*top.Confidence)
	}
	mark, sign := " ", m.past
	if chosen {
		mark = m.mark
	}
	if open {
		sign = m.live
	}
	facts := m.incidentColumns(site, m.zoned(in.Start).Format(clock), count, sure, sites(in))
	cause := cut(verdict(in), m.w-4-columns(facts))
	switch {
	case chosen:
		return m.inverse(left(mark+" "+sign+" "+facts+cause, m.w))
	case !open:
		return m.faint(mark + " " + sign + " " + facts + cause)
	}
	return mark + " " + m.bad(sign) + " " + facts + cause
}

// sites names whom it hit.
func sites(in *report.Incident) string {
	switch len(in.Vhosts) {
	case 0:
		return "unknown"
	case 1:
		return name(in.Vhosts[0].Name)
	}
	return many(len(in.Vhosts), "site")
}

// verdict is the first cause and whom it blames.
func verdict(in *report.Incident) string {
	c := in.Verdict()
	if c == nil {
		return "no cause visible yet"
	}
	s := harmless(c.Title, textBytes)
	if len(c.Culprits) > 0 {
		s += ": " + name(c.Culprits[0].Kind) + " " + name(c.Culprits[0].Name)
	}
	return s
}
