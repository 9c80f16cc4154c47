package history

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"why502/report"
)

// sentence tells a change of what was seen on some days: "504 on /cart/: 420, the day before 12, median 9".
func (c *comparison) sentence(m *report.Move, seen []string) string {
	var s strings.Builder
	s.WriteString(c.subject(m) + ": ")
	switch m.Change {
	case gone:
		s.WriteString("none")
	default:
		s.WriteString(c.amount(m))
	}
	if m.Change == fresh {
		s.WriteString(c.never(m, seen))
		return s.String()
	}
	if n, ok := m.Was[yesterday]; ok {
		s.WriteString(", the day before " + thousands(n))
	}
	if n, ok := m.Was[median]; ok {
		s.WriteString(", median " + thousands(n))
	} else if n, ok := m.Was[weekday]; ok {
		s.WriteString(", a week before " + thousands(n))
	} else if len(m.Was) == 0 {
		d := c.week[len(c.week)-1]
		s.WriteString(", on " + d.Date + " " + thousands(d.counts[m.Kind][m.Name]))
	}
	s.WriteString(c.traffic(m))
	return s.String()
}

// subject is what the change is of: "504 on /cart/" where all its failures were of one status.
func (c *comparison) subject(m *report.Move) string {
	switch m.Kind {
	case byCause:
		title := c.today.titles[m.Name]
		for i := len(c.week) - 1; title == "" && i >= 0; i-- {
			title = c.week[i].titles[m.Name]
		}
		title = cmp.Or(title, m.Name)
		if m.Now > 0 && 2*c.today.sure[m.Name] < m.Now {
			title += " (unsure)"
		}
		return title
	case byVhost, byURI:
		return c.statuses(m) + " on " + m.Name
	case byPool:
		return c.statuses(m) + " from pool " + m.Name
	case byPlugin, byTheme:
		return m.Kind + " " + m.Name
	}
	return m.Name
}

// statuses is "504", or "failures" where there were several statuses.
func (c *comparison) statuses(m *report.Move) string {
	found := ""
	for _, d := range append(c.week[:len(c.week):len(c.week)], c.today) {
		if d == c.today || m.Change == gone {
			for status, n := range d.status[m.Kind+" "+m.Name] {
				switch {
				case n == 0 || status == found:
				case status == "" || found != "":
					return "failures"
				default:
					found = status
				}
			}
		}
	}
	if found == "truncated" {
		return "answers cut off"
	}
	if found == "dropped" {
		return "connections dropped"
	}
	return cmp.Or(found, "failures")
}

// amount is the number, with what is counted where the subject does not say it.
func (c *comparison) amount(m *report.Move) string {
	switch m.Kind {
	case byTag:
		return count(m.Now, "line")
	case byPlugin, byTheme:
		switch slow := c.today.slow[m.Kind+":"+m.Name]; slow {
		case m.Now:
			return count(slow, "slow-log entry")
		case 0:
			return count(m.Now, "failure") + " laid to it"
		default:
			return count(slow, "slow-log entry") + " and " + count(m.Now-slow, "failure") + " laid to it"
		}
	case byCause:
		for _, x := range c.today.Causes {
			if x.ID == m.Name && x.Failures == 0 {
				return count(x.Incidents, "incident")
			}
		}
		return count(m.Now, "failure")
	}
	return thousands(m.Now)
}

// never says since when there was none of it.
func (c *comparison) never(m *report.Move, seen []string) string {
	s := ", none in the 7 days before"
	switch n := len(c.week); {
	case n > 1 && n < weekDays:
		s = ", none on the " + strconv.Itoa(n) + " days of the week before that are on record"
	case n == 1:
		s = ", none on " + c.week[0].Date
		if _, ok := m.Was[yesterday]; ok {
			s = ", none the day before"
		}
	}
	if i, _ := slices.BinarySearch(seen, c.today.Date); i > 0 {
		s += ", last on " + seen[i-1]
	}
	return s
}

// traffic says how much more or less was asked for, where that matters for what to think of a change.
func (c *comparison) traffic(m *report.Move) string {
	for _, b := range []struct {
		name string
		days []*day
	}{{median, c.week}, {yesterday, c.week[len(c.week)-1:]}} {
		if _, ok := m.Was[b.name]; !ok {
			continue
		}
		was := middle(b.days, func(d *day) int { return int(d.Requests) })
		if was < leastRequests || c.today.Requests < leastRequests {
			return ""
		}
		of := map[string]string{median: "the median", yesterday: "the day before"}[b.name]
		switch r := float64(c.today.Requests) / float64(was); {
		case r >= 1.5 || r <= 0.67:
			return fmt.Sprintf("; %.1f times the requests of %s", r, of)
		}
		return ""
	}
	return ""
}

// thousands writes n as "1,192".
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number with its noun: "1 line", "2 entries".
func count(n int, noun string) string {
	if n != 1 {
		if base, y := strings.CutSuffix(noun, "y"); y && !strings.HasSuffix(base, "a") { // days, entries
			noun = base + "ie"
		}
		noun += "s"
	}
	return thousands(n) + " " + noun
}

// ordinal is "second", "third", … "11th".
func ordinal(n int) string {
	words := []string{"", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
	if n < len(words) {
		return words[n]
	}
	suffix := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
