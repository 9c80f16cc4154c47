package report

import (
	"slices"
	"time"
)

// Watch tells what changed between reports on the same logs, as the logs grow. It judges nothing: what an incident is and
// why it came is in the reports, and the last of them is the same that one analysis of the whole logs makes.
type Watch struct {
	Quiet time.Duration // an incident is over when nothing of it was seen for so long

	known []*watched
}

// watched is an incident and what was told of it. It keeps the id under which it was told first: whoever listens would take
// another for another incident, and wait for the end of the first.
type watched struct {
	Incident
	told
	latest string // its id in the last report, which changes when an earlier line comes late
	closed bool
}

// told is what those who listen know of an incident.
type told struct {
	failures         int
	isolated         bool
	vhosts, statuses map[string]bool
	verdict          verdict
	earlier          map[verdict]bool // what was told before, too
	other            verdict          // what it looks like now, if that is another
	since            time.Time        // since when it does; zero if it does not
}

// verdict is what the cause of an incident is held to be: its id and the first that it blames.
type verdict struct{ cause, title, culprit string }

// firm is how long the verdict must have been another before one that was told and replaced is told again: evidence that comes
// line by line may sway to and fro.
const firm = 10 * time.Second

// slack is how far apart, in time, two readings of one incident may lie: its beginning moves when an earlier line comes late.
const slack = 5 * time.Second

// Look compares r with the report before and tells what is new, in the order of the incidents. now is the time that log lines
// would carry which were written just now.
func (w *Watch) Look(r *Report, now time.Time) []Change {
	var changes []Change
	say := func(kind ChangeKind, k *watched, text, was string) {
		copied := k.Incident
		changes = append(changes, Change{Kind: kind, Time: now, Text: text, Was: was, Incident: &copied})
	}
	pairs, paired := w.pair(r)
	for _, k := range w.known {
		if !paired[k] && !k.closed {
			say(Withdrawn, k, whither(r, k, pairs), "")
		}
	}
	w.known = w.known[:0]
	for i := range r.Incidents {
		in := &r.Incidents[i]
		over := now.Sub(in.End) >= w.Quiet
		k := pairs[i]
		first := k == nil
		if first {
			k = &watched{}
			k.ID = in.ID
		}
		id := k.ID
		k.Incident, k.latest = *in, in.ID
		k.ID = id
		switch {
		case first:
			k.tell(in)
			if !over {
				say(Opened, k, in.Headline, "")
			}
		case k.closed && !over:
			k.closed = false
			k.tell(in)
			say(Opened, k, in.Headline+reopened, "")
		case !k.closed:
			if before, changed := k.turn(in, now); changed {
				say(CauseChanged, k, turned(in, before.words()), before.cause)
			}
			if text := grown(in, &k.told); text != "" {
				k.tell(in)
				say(Grew, k, text, "")
			}
		}
		if over && !k.closed {
			k.closed = true
			say(Closed, k, summary(in), "")
		}
		w.known = append(w.known, k)
	}
	return changes
}

// End closes what is still open: nothing more will come.
func (w *Watch) End(now time.Time) []Change {
	var changes []Change
	for _, k := range w.known {
		if !k.closed {
			k.closed = true
			changes = append(changes, Change{Kind: Closed, Time: now, Text: summary(&k.Incident), Incident: &k.Incident})
		}
	}
	return changes
}

// Open returns the incidents that go on.
func (w *Watch) Open() []*Incident {
	var open []*Incident
	for _, k := range w.known {
		if !k.closed {
			open = append(open, &k.Incident)
		}
	}
	return open
}

// pair finds for each incident of r the one that it was: by the id it was told under, so that no two are told under one, by
// its id in the last report, else the one on the same sites that it shares most time with. nil where it is new.
func (w *Watch) pair(r *Report) (pairs []*watched, paired map[*watched]bool) {
	pairs, paired = make([]*watched, len(r.Incidents)), map[*watched]bool{}
	for _, id := range []func(*watched) string{
		func(k *watched) string { return k.ID },
		func(k *watched) string { return k.latest },
	} {
		byID := map[string]*watched{}
		for _, k := range w.known {
			byID[id(k)] = k
		}
		for i := range r.Incidents {
			if k := byID[r.Incidents[i].ID]; k != nil && pairs[i] == nil && !paired[k] {
				pairs[i], paired[k] = k, true
			}
		}
	}
	for i := range r.Incidents {
		if pairs[i] != nil {
			continue
		}
		best := -slack
		for _, k := range w.known {
			if d := k.Overlap(&r.Incidents[i]); d >= best && k.SameSites(&r.Incidents[i]) && !paired[k] {
				best, pairs[i] = d, k
			}
		}
		if pairs[i] != nil {
			paired[pairs[i]] = true
		}
	}
	return pairs, paired
}

// Overlap is how long both went on at once; below zero, how far they lie apart.
func (in *Incident) Overlap(with *Incident) time.Duration {
	start, end := in.Start, in.End
	if with.Start.After(start) {
		start = with.Start
	}
	if with.End.Before(end) {
		end = with.End
	}
	return end.Sub(start)
}

// SameSites says whether both may have hit one site.
func (in *Incident) SameSites(as *Incident) bool {
	if len(in.Vhosts) == 0 || len(as.Vhosts) == 0 {
		return true
	}
	names := shareNames(as.Vhosts)
	return slices.ContainsFunc(in.Vhosts, func(s Share) bool { return slices.Contains(names, s.Name) })
}

// whither says what became of an incident that is no longer in the report.
func whither(r *Report, k *watched, pairs []*watched) string {
	for i := range r.Incidents {
		in := &r.Incidents[i]
		if k.Overlap(in) < 0 || !k.SameSites(in) {
			continue
		}
		if pairs[i] != nil {
			return "Part of incident " + pairs[i].ID + " now."
		}
		return "Part of incident " + in.ID + " now."
	}
	return "Lines that came since show that visitors were served."
}

// tell notes what those who listen know now.
func (t *told) tell(in *Incident) {
	t.failures, t.isolated = in.Failed(), in.Isolated
	if t.vhosts == nil {
		t.vhosts, t.statuses, t.earlier = map[string]bool{}, map[string]bool{}, map[verdict]bool{}
		t.verdict = verdictOn(in)
	}
	for _, s := range in.Vhosts {
		t.vhosts[s.Name] = true
	}
	for k := range in.Failures {
		t.statuses[k] = true
	}
}

// turn says whether another verdict is to be told, and which was.
func (t *told) turn(in *Incident, now time.Time) (before verdict, changed bool) {
	v := verdictOn(in)
	if v == t.verdict {
		t.since = time.Time{}
		return v, false
	}
	if v != t.other || t.since.IsZero() {
		t.other, t.since = v, now
	}
	if (t.earlier[v] || v.cause == "") && now.Sub(t.since) < firm {
		return v, false
	}
	before = t.verdict
	t.earlier[before] = true
	t.verdict, t.since = v, time.Time{}
	return before, true
}

// verdictOn is the verdict on in, none if nothing is likely enough.
func verdictOn(in *Incident) (v verdict) {
	c := in.Verdict()
	if c == nil || c.Confidence < Low {
		return v
	}
	v.cause, v.title = c.ID, c.Title
	if len(c.Culprits) > 0 {
		v.culprit = c.Culprits[0].Name
	}
	return v
}

func (v verdict) words() string {
	if v.cause == "" || v.culprit == "" {
		return v.title
	}
	return v.title + " (" + v.culprit + ")"
}
