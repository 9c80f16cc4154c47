package history

import (
	"slices"
	"time"

	"why502/report"
)

// maxTimes bounds how many earlier incidents are told.
const maxTimes = 100

// Recur tells of the incidents of a host's report which have come before in the same way. It is to be called after Take.
func (f *Facts) Recur(host string, r *report.Report) {
	for i := range r.Incidents {
		in := &r.Incidents[i]
		s := f.stubOf(in, 0)
		if s.Cause == "" {
			continue
		}
		var times []time.Time
		for k, o := range f.incidents {
			if k.host == name(host) && o.Start < s.Start && o.alike(s) {
				times = append(times, time.Unix(o.Start, 0).In(f.zone))
			}
		}
		slices.SortFunc(times, time.Time.Compare)
		if len(times) > 0 {
			in.Recurs = &report.Recurrence{Times: times[max(0, len(times)-maxTimes):], Text: ordinal(len(times)+1) + " time"}
		}
	}
}

// alike says whether two incidents came in the same way: for the same reason, by the same culprit where one is known, else in
// the same pool or on the same site.
func (s *stub) alike(o *stub) bool {
	if s.Gone || o.Gone || s.Cause != o.Cause || s.Culprit != o.Culprit {
		return false
	}
	return s.Culprit != "" || meet(s.Pools, o.Pools) || meet(s.Vhosts, o.Vhosts)
}

func meet(a, b map[string]int) bool {
	for name := range a {
		if _, both := b[name]; both && name != Other {
			return true
		}
	}
	return false
}
