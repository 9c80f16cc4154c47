package capacity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"why502/report"
)

// maxAdvised bounds the pools whose size one cause speaks of.
const maxAdvised = 3

// first lists the causes whose remedy is the size of the pool, or not: it is what to read first. For others it stands where the
// catalogue has it.
var first = map[string]bool{
	"fpm_max_children_exhausted": true, "cpanel_pool_defaults": true, "fpm_pool_saturating": true,
}

// advise puts the sizes found in the place of advice that sets the size of pools by example, so that a report gives one number for
// each.
func advise(r *report.Report, pools []*pool, rows map[*pool]*report.PoolCapacity, m *memory, zone *time.Location) {
	concerned := map[*report.Incident][]*pool{}
	for _, p := range pools {
		for _, in := range p.incidents {
			concerned[in] = append(concerned[in], p)
		}
	}
	for i := range r.Incidents {
		in := &r.Incidents[i]
		var sizes []report.Advice
		for _, p := range concerned[in][:min(maxAdvised, len(concerned[in]))] {
			row := rows[p]
			if row == nil { // left out of the report
				told := p.told(m, zone)
				row = &told
			}
			sizes = append(sizes, p.advice(row))
		}
		for j := range in.Causes {
			settle(&in.Causes[j], sizes)
		}
	}
}

// settle leaves no example of a size in the advice on a cause. Causes of several incidents share theirs: it is made anew.
func settle(cause *report.Cause, sizes []report.Advice) {
	at := slices.IndexFunc(cause.Advice, func(a report.Advice) bool { return a.Sizes })
	if at < 0 {
		return
	}
	if first[cause.ID] {
		// A limit that the log names is not the pool's size.
		at = slices.IndexFunc(cause.Advice, func(a report.Advice) bool { return !a.Told })
	}
	var out []report.Advice
	for i, a := range cause.Advice {
		if i == at {
			out = append(out, sizes...)
		}
		if a.Sizes {
			a.Config = without(a.Config)
			if len(sizes) > 0 && (a.Config == "" || first[cause.ID]) {
				continue // it said nothing else
			}
		}
		out = append(out, a)
	}
	cause.Advice = out
}

// without leaves out the lines of a piece of configuration that size a pool; nothing is left if there are but comments and commands
// then.
func without(config string) string {
	var kept []string
	told := false
	for line := range strings.Lines(config) {
		line = strings.TrimSuffix(line, "\n")
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case name == "pm", strings.HasPrefix(name, "pm.") && name != "pm.max_requests", strings.HasPrefix(name, "pm_max_children"), line == "; pool", line == "; or":
			continue
		case strings.Contains(line, "=") || strings.Contains(name, ":"):
			told = true
		}
		kept = append(kept, line)
	}
	if !told {
		return ""
	}
	return strings.Join(kept, "\n")
}

// advice is what to do about the size of a pool.
func (p *pool) advice(c *report.PoolCapacity) report.Advice {
	name := "pool " + p.Name
	if place := p.Place(); place != "" {
		name += " (" + place + ")"
	}
	var do string
	switch p.verdict {
	case Raise:
		do = fmt.Sprintf("Raise pm.max_children of %s from %d to %d.", name, p.children, p.ask)
	case Lower:
		do = fmt.Sprintf("Lower pm.max_children of %s from %d to %d.", name, p.children, p.ask)
	case Mend:
		do = fmt.Sprintf("Do not raise pm.max_children of %s, which is %d.", name, p.children)
	case Keep:
		do = fmt.Sprintf("Leave pm.max_children of %s at %d.", name, p.children)
	default:
		do = fmt.Sprintf("Find out first whether %s needs more children", name)
		if p.children > 0 {
			do += fmt.Sprintf(" than its %d", p.children)
		}
		do += "."
	}
	return report.Advice{Text: do + " " + c.Text, Config: c.Config, Caution: c.Caution}
}
