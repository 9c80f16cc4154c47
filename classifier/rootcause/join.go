package rootcause

import (
	"iter"
	"slices"
	"sort"
	"time"

	"why502/classifier/correlate"
)

// many is how many sessions make an incident that changes its explanation slowly: it is explained anew when it has grown by
// a quarter, and when nothing more joins it. Thousands of sessions would else be gone over thousands of times.
const many = 16

// joining explains sessions and merges them as long as two of them have one explanation, the first two in the order of time
// each time. It holds those only that may still be one with another: there may be tens of thousands, minutes apart.
type joining struct {
	*bench
	parts []*correlate.Incident // not explained yet, in order
	all   []*Diagnosis          // in order
	ends  []time.Time           // of the settled ones, of which none is one with any other: the latest up to each
}

func (b *bench) join(parts []*correlate.Incident) iter.Seq[*Diagnosis] {
	return func(yield func(*Diagnosis) bool) {
		j := &joining{bench: b, parts: parts}
		made := -1 // explained just now: it may be one with a settled one
		next := 0  // after the first one that is not settled, the first that was not compared with it
		for len(j.ends) < len(j.all) || j.more() {
			at := len(j.ends)
			if made >= 0 {
				if i := j.before(made); i >= 0 {
					made, next = j.unite(i, made)
					continue
				}
				made = -1
			}
			switch i := j.after(at, max(next, at+1)); {
			case i > 0:
				made, next = j.unite(at, i)
			case j.all[at].late != nil:
				made, next = j.renew(at), 0
			default:
				j.settle(at)
				next = 0
				if !j.release(yield) {
					return
				}
			}
		}
	}
}

// more explains the next session; false if there is none.
func (j *joining) more() bool {
	if len(j.parts) == 0 {
		return false
	}
	j.all = append(j.all, j.diagnose(j.parts[0], 1))
	j.parts[0] = nil
	j.parts = j.parts[1:]
	return true
}

// release yields the settled ones that all others, explained or not, are too far from.
func (j *joining) release(yield func(*Diagnosis) bool) bool {
	n := len(j.ends)
	var start time.Time
	switch {
	case n < len(j.all):
		start = j.all[n].Start
	case len(j.parts) > 0:
		start = j.parts[0].Start
	}
	if !start.IsZero() {
		n = sort.Search(n, func(i int) bool { return start.Sub(j.ends[i]) <= sameTrouble })
	}
	for i, d := range j.all[:n] {
		j.all[i] = nil
		if d.End.Before(j.t.Final()) {
			continue // it is there for those after it
		}
		if d.conclude(); !yield(d) {
			return false
		}
	}
	j.all, j.ends = slices.Delete(j.all, 0, n), slices.Delete(j.ends, 0, n)
	return true
}

func (j *joining) settle(at int) {
	end := j.all[at].End
	if at > 0 && j.ends[at-1].After(end) {
		end = j.ends[at-1]
	}
	j.ends = append(j.ends, end)
}

// before finds the first of the settled ones that is one with what was made; -1 if there is none.
func (j *joining) before(made int) int {
	first := -1
	for i := len(j.ends) - 1; i >= 0 && j.all[made].Start.Sub(j.ends[i]) <= sameTrouble; i-- {
		if together(j.all[i], j.all[made]) {
			first = i
		}
	}
	return first
}

// after finds the first, from one on, that is one with the one at a place; 0 if there is none.
func (j *joining) after(at, from int) int {
	for i := from; ; i++ {
		if i == len(j.all) && (len(j.parts) == 0 || j.parts[0].Start.Sub(j.all[at].End) > sameTrouble || !j.more()) {
			return 0
		}
		if j.all[i].Start.Sub(j.all[at].End) > sameTrouble {
			return 0
		}
		if together(j.all[at], j.all[i]) {
			return i
		}
	}
}

// unite makes one of two. It returns where that stands if it was explained, else -1 and from where on others are still to be
// compared with it.
func (j *joining) unite(first, second int) (made, next int) {
	x, y := j.all[first], j.all[second]
	j.all = slices.Delete(j.all, second, second+1)
	sessions := x.sessions + y.sessions
	if y.explained >= many && y.explained > x.explained {
		x, y = y, x
	}
	j.all[first] = x
	x.late = append(append(x.late, y.Incident), y.late...)
	x.sessions = sessions
	if x.explained < many || 4*(sessions-x.explained) >= x.explained {
		return j.renew(first), 0
	}
	x.Widen(y.Incident)
	if j.place(first) != first {
		return -1, 0
	}
	return -1, second
}

// renew explains one with all that has joined it, and returns where it stands then.
func (j *joining) renew(at int) int {
	d := j.all[at]
	j.all[at] = j.diagnose(j.t.Join(d.Incident, d.late...), d.sessions)
	return j.place(at)
}

// place brings one that has changed to its place. It and those that now come behind it are no longer settled.
func (j *joining) place(at int) int {
	i := at
	for ; i > 0 && compareDiagnoses(j.all[i], j.all[i-1]) < 0; i-- {
		j.all[i], j.all[i-1] = j.all[i-1], j.all[i]
	}
	for len(j.parts) > 0 && correlate.CompareIncidents(j.parts[0], j.all[i].Incident) < 0 {
		j.more()
	}
	for ; i+1 < len(j.all) && compareDiagnoses(j.all[i+1], j.all[i]) < 0; i++ {
		j.all[i], j.all[i+1] = j.all[i+1], j.all[i]
	}
	j.ends = j.ends[:min(len(j.ends), at, i)]
	return i
}
