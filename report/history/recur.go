package history

import (
	"cmp"
	"slices"
	"time"

	"why502/report"
)

const (
	maxTimes = 100  // earlier ones that are told
	maxAlike = 1000 // those that are looked at, the latest
)

// Recur tells of the incidents of a host's report which have come before in the same way: of the same cause, or for want of one with
// the same status, by the same culprit or in the same pool or site. It is to be called after Take.
func (f *Facts) Recur(host string, r *report.Report) {
	host = name(host)
	ways := map[string][]*stub{}
	for k, s := range f.incidents {
		if k.host == host && !s.Gone {
			ways[s.way()] = append(ways[s.way()], s)
		}
	}
	for _, list := range ways {
		slices.SortFunc(list, func(a, b *stub) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.ID, b.ID)) })
	}
	for i := range r.Incidents {
		in := &r.Incidents[i]
		s := f.stubOf(in, 0)
		list := ways[s.way()]
		n, _ := slices.BinarySearchFunc(list, s.Start, func(o *stub, start int64) int { return cmp.Compare(o.Start, start) })
		list = slices.DeleteFunc(slices.Clone(list[max(0, n-maxAlike):n]), func(o *stub) bool { return !o.alike(s) })
		in.Recurs = f.recurrence(host, occasions(append(list, s)))
	}
}

// way is the cause; where nothing names one, what most visitors got.
func (s *stub) way() string {
	if s.Cause != "" {
		return s.Cause
	}
	sum, most := map[string]int{}, ""
	for _, p := range s.Days {
		sumUp(sum, p.Failures)
	}
	for status, n := range sum {
		if n > sum[most] || n == sum[most] && status > most {
			most = status
		}
	}
	return "status " + most
}

// alike says whether two incidents that came the same way hit the same. A slow log that names the culprit is not always at hand.
func (s *stub) alike(o *stub) bool {
	if s.Culprit != "" && o.Culprit != "" {
		return s.Culprit == o.Culprit
	}
	return meet(s.Pools, o.Pools) || meet(s.Vhosts, o.Vhosts)
}

func meet(a, b map[string]int) bool {
	for name := range a {
		if _, both := b[name]; both && name != Other {
			return true
		}
	}
	return false
}

// occasion is a time at which it came, be it as several incidents.
type occasion struct {
	start int64
	after []string // what came before each, or before the first of several
}

// together is how long after the first incident others belong to the same occasion.
const together = 30 * 60

// occasions joins incidents, which are in order, that belong together.
func occasions(all []*stub) (out []occasion) {
	for _, s := range all {
		if n := len(out); n == 0 || s.Start-out[n-1].start >= together {
			out = append(out, occasion{s.Start, s.After})
		}
	}
	return out
}

// recurrence tells of occasions, of which the last is the one at hand; nil if there is no other.
func (f *Facts) recurrence(host string, all []occasion) *report.Recurrence {
	before := all[:len(all)-1]
	if len(before) == 0 {
		return nil
	}
	rec := &report.Recurrence{}
	for _, o := range before[max(0, len(before)-maxTimes):] {
		rec.Times = append(rec.Times, time.Unix(o.start, 0).In(f.zone))
	}
	if b := f.beat(host, all); b != nil {
		rec.Every = b.name
		rec.After = f.trigger(host, b.met)
		rec.Text = b.words()
	} else {
		rec.After = f.trigger(host, all)
		last := rec.Times[len(rec.Times)-1]
		rec.Text = ordinal(len(all)) + " time, before on " + last.Format("2006-01-02 at 15:04")
		if len(all) > 2 {
			rec.Text = ordinal(len(all)) + " time since " + rec.Times[0].Format(time.DateOnly) + ", last on " + last.Format("2006-01-02 at 15:04")
		}
	}
	if rec.After != "" {
		rec.Text += ", after " + rec.After
		if rec.Every == "" {
			rec.Text += " each time"
		}
	}
	return rec
}

// trigger names what came shortly before each of some occasions, "" if nothing did, or what did comes so often that it may have
// been there by chance, as cron's jobs of every minute are.
func (f *Facts) trigger(host string, all []occasion) string {
	best, least := "", unlikely
	for _, what := range all[0].after {
		chance := 1.0
		for _, o := range all {
			if !slices.Contains(o.after, what) {
				chance = 1
				break
			}
			chance *= min(1, float64(f.lines(host, what, o.start))*(triggerBefore+triggerAfter).Hours()/24)
		}
		if chance < least {
			best, least = what, chance
		}
	}
	return best
}

// lines is how often a thing happened on the day of a moment: as often as the rarest of its tags was logged. Where nothing was
// counted it may have been at any time.
func (f *Facts) lines(host, what string, sec int64) int {
	counts := map[string]int{}
	for _, date := range slices.Compact([]string{f.date(sec - int64(triggerBefore/time.Second)), f.date(sec)}) {
		if d := f.days[dayKey{date, host}]; d != nil {
			d.parts(func(s *sums) {
				for tag, n := range s.Tags {
					if trigger[tag] == what {
						counts[tag] += n
					}
				}
			})
		}
	}
	rarest := 0
	for _, n := range counts {
		if n > 0 && (rarest == 0 || n < rarest) {
			rarest = n
		}
	}
	if rarest == 0 {
		return int(24 * time.Hour / triggerBefore)
	}
	return rarest
}
