package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// screen is how many lines a terminal shows that nobody resized, less one for the prompt.
const screen = 23

// renderText draws for a terminal: the verdict first, the evidence under it, what was read last.
func renderText(w io.Writer, r *Report, o Options) error {
	return drawText(r, o, textWidth(w, o.Width)).write(w)
}

func drawText(r *Report, o Options, width int) *page {
	t := &text{page: page{ink: newInk(o.Color), width: width}, clock: newClock(r, o)}
	tell, fold := grave(r)
	if !o.Verbose && len(r.Incidents) > 0 {
		t.below = commonFolder(r.Coverage.Sources)
	}
	switch {
	case o.Verbose:
		all := append(tell, fold...)
		if r.History == nil {
			t.overview(r, all)
		} else if t.verdict(r, len(all) > 1); len(all) > 1 {
			t.blank()
			t.incidentTable(all)
		}
		for i, in := range all {
			t.full(in, i+1, len(all))
		}
		t.historyFull(r)
		t.capacityFull(r.Capacity)
		t.appendix(r)
		return &t.page
	case r.History != nil:
		t.daily(r)
		return &t.page
	case len(tell) == 1 && len(fold) == 0:
		// One incident fits one screen: say less and less until it does.
		d := plenty
		for step := 0; ; step++ {
			t.lines, t.over = nil, 0
			t.brief(tell[0], d)
			t.coverage(r, d.coverage, d.airy)
			if t.rows() <= screen || step == len(shorter) {
				break
			}
			shorter[step](&d)
		}
		return &t.page
	}
	t.overview(r, tell)
	for i, in := range tell {
		t.blank()
		if len(tell) > 1 {
			t.title(fmt.Sprintf("%d of %d", i+1, len(tell)))
		}
		t.brief(in, several)
	}
	if len(fold) > 0 && len(r.Incidents) > 1 {
		t.isolated(fold)
	}
	t.capacity(r.Capacity, toldPools)
	t.coverage(r, 0, true)
	return &t.page
}

// text draws a report on a page.
type text struct {
	page
	clock
	below string // the folder that places are given from
	rest  string // where that is told which is not told here; "" if by --verbose
}

// elsewhere follows a count of what is left out.
func (t *text) elsewhere() string {
	if t.rest != "" {
		return " " + t.rest
	}
	return ": --verbose"
}

// overview is what comes before the incidents: one sentence if there is none, a table of list if
// there are several.
func (t *text) overview(r *Report, list []*Incident) {
	if len(r.Incidents) == 0 {
		t.put("", calm(r, t.clock), t.good, 0)
		return
	}
	if len(r.Incidents) == 1 {
		return
	}
	sum, isolated := 0, 0
	for i := range r.Incidents {
		sum += r.Incidents[i].Failed()
		if r.Incidents[i].Isolated {
			isolated++
		}
	}
	s := count(len(r.Incidents)-isolated, "incident")
	if isolated > 0 {
		s += fmt.Sprintf(" and %s", count(isolated, "isolated failure"))
	}
	t.put("", fmt.Sprintf("%s, %s failed.", s, count(sum, "request")), t.bad, 0)
	if len(list) > 1 {
		t.blank()
		t.incidentTable(list)
	}
}

func (t *text) incidentTable(list []*Incident) {
	var rows [][]string
	for i, in := range list {
		cause := "unknown"
		if top := in.Verdict(); top != nil {
			cause = clean(top.ID) + ", " + confidence(top)
		}
		rows = append(rows, []string{
			strconv.Itoa(i + 1), t.period(in.Start, in.End), cmp.Or(failureWords(in.Failures), "unseen"), names(in.Vhosts), cause,
		})
	}
	t.table([]string{"#", "When", "Failures", "Vhosts", "Cause"}, rows, 0)
}

// isolated lists failures too few to be an incident of their own.
func (t *text) isolated(list []*Incident) {
	t.blank()
	t.title("Isolated failures")
	for _, in := range list {
		t.put("  - ", headline(in), nil, 3)
	}
	t.put("  ", "--verbose tells each of them.", t.faint, 0)
}

// folder is the one that places are given from, without its first parts where there is but one line to name it in.
func (t *text) folder(r *Report, most int) string {
	below := t.below
	for most == 1 && below != "" {
		s := strings.Join(coverage(r, t.clock, below), " ")
		i := strings.Index(s, below)
		_, rest, more := strings.Cut(strings.TrimPrefix(below, ellipsis+"/"), "/")
		if i < 0 || !more || width(s[:i+len(below)])+len(", …") <= t.width {
			break
		}
		below = ellipsis + "/" + rest
	}
	return below
}

// coverage ends the report with what was read; most bounds its lines (0: all).
func (t *text) coverage(r *Report, most int, airy bool) {
	if airy {
		t.blank()
	}
	sentences := coverage(r, t.clock, t.folder(r, most))
	if most > 0 {
		t.put("", strings.Join(sentences, " "), t.faint, most)
		return
	}
	for _, s := range sentences {
		t.put("", s, t.faint, 0)
	}
}
