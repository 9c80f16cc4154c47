package rootcause

import (
	"iter"
	"slices"
	"strings"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// Diagnosis is an incident with its ranked explanations; Causes[0] is the verdict.
type Diagnosis struct {
	*correlate.Incident
	Causes  []*Hypothesis
	Missing []Missing
	Course  []Moment // what happened around it, in order

	scene *scene

	sessions  int                   // it is made of
	explained int                   // of these, when it was explained
	late      []*correlate.Incident // joined since
}

// Moment is one entry of an incident's course: the first line of its kind.
type Moment struct {
	Tag   classifier.Tag
	Text  string
	Count int
	Mark  *correlate.Mark
}

// Diagnose explains every incident of a Timeline, in the order of time. Sessions of failures that one explanation covers become
// one incident: the same fault on two sites, the timeouts and the full queue of one slow plugin. zone is the one times in
// texts are shown in.
//
// The incidents are found at once, and explained as they are asked for, which can be done once: what led to an explanation
// takes more room than the explanation itself. Those that ended before all was settled (Timeline.Final) are left out.
func Diagnose(t *correlate.Timeline, zone *time.Location) iter.Seq[*Diagnosis] {
	if zone == nil {
		zone = time.UTC
	}
	parts := t.Incidents()
	return newBench(t, zone, parts).join(parts)
}

// conclude writes what an explanation says, and lets go of what led to it.
func (d *Diagnosis) conclude() {
	d.Missing = d.scene.missing(d.Causes)
	d.Course = d.scene.course()
	d.Causes = d.scene.possible(d.Causes)
	for _, h := range d.Causes {
		if h.Hidden != "" {
			h.Summary = h.hiddenSummary()
			continue
		}
		h.Summary = d.scene.fill(h)
		h.Fix = d.scene.remedies(h)
	}
	d.scene = nil
}

// diagnose explains an incident made of so many sessions.
func (b *bench) diagnose(in *correlate.Incident, sessions int) *Diagnosis {
	s := b.scene(in)
	return &Diagnosis{Incident: in, Causes: s.explain(), scene: s, sessions: sessions, explained: sessions}
}

func compareDiagnoses(x, y *Diagnosis) int { return correlate.CompareIncidents(x.Incident, y.Incident) }

// How far apart two sessions of one explanation may lie and still be one incident.
const (
	sameFault   = 2 * time.Minute  // the same cause
	sameTrouble = 10 * time.Minute // the same cause on the same site, in drops
	sameMoment  = 10 * time.Second
)

// together says whether two sessions are one incident.
func together(x, y *Diagnosis) bool {
	if x.Unseen != y.Unseen {
		return false
	}
	apart := distance(x.Incident, y.Incident)
	if apart > sameTrouble {
		return false
	}
	site := shareSite(x.Incident, y.Incident)
	meets := site && apart <= sameMoment || overlap(x.Incident, y.Incident)
	a, b := verdict(x), verdict(y)
	switch {
	case a == nil && b == nil:
		// Nobody knows why either failed: only the same way of failing makes them one.
		return meets && slices.Equal(x.Families, y.Families)
	case a == nil || b == nil:
		return meets && site
	case a.Cause == b.Cause:
		if a.culprit != "" && b.culprit != "" && a.culprit != b.culprit && !site {
			return false
		}
		if apart > sameMoment && !slices.Equal(x.Families, y.Families) && x.scene.healthyBetween(x.Incident, y.Incident) {
			return false
		}
		if site && apart > sameFault && (x.scene.sameOutage(x.Incident, y.Incident) || x.scene.noneServedBetween(x.Incident, y.Incident) ||
			trickle(x.Incident, y.Incident, apart)) {
			return true
		}
		return meets || apart <= sameFault && (site || overlapOrSoon(x.Incident, y.Incident)) || site && x.Isolated && y.Isolated
	case explains(a, b, site) && atOnce(a) && over(y, x), explains(b, a, site) && atOnce(b) && over(x, y):
		return false
	case !site && (notLetIn(a) || notLetIn(b)), !site && (withinPHP(a) || withinPHP(b)) && strangers(x.Incident, y.Incident):
		return false
	case explains(a, b, site) || explains(b, a, site) || kin(a, b):
		return meets || site && (straggler(x, y) || straggler(y, x) || slices.Equal(x.Families, y.Families) && trickle(x.Incident, y.Incident, apart))
	case aftermath(x, y) || aftermath(y, x):
		return apart <= sameMoment
	case reaction(x, y) || reaction(y, x):
		return true
	case weak(a) || weak(b):
		// A session that nothing explains well belongs to the one it happened in, or that followed from what it had begun.
		return meets && site && !(weak(a) && over(x, y)) && !(weak(b) && over(y, x))
	}
	return false
}

// pause is how far apart the failures of an incident lie on average, where they trickle: some come every minute for hours.
// Those of a burst are none.
func pause(in *correlate.Incident) time.Duration {
	n := in.Total()
	if n < 3 {
		return 0
	}
	if p := in.End.Sub(in.Start) / time.Duration(n-1); p >= sameMoment {
		return p
	}
	return 0
}

// trickle says whether failures trickle in two incidents, and the time between them is no more than such a pause now and then. Of one
// or two failures nobody knows how often they come.
func trickle(a, b *correlate.Incident, apart time.Duration) bool {
	p, q := pause(a), pause(b)
	return max(p, q) > 0 && (p > 0 || a.Isolated) && (q > 0 || b.Isolated) && apart <= 6*max(p, q)
}

// sameOutage says whether two incidents lie within one time in which PHP-FPM or the database was down. Where few visitors
// come, minutes may pass between two that fail.
func (s *scene) sameOutage(a, b *correlate.Incident) bool {
	return slices.ContainsFunc(slices.Concat(s.outages(), s.dbOutages()), func(o outage) bool { return o.covers(a) && o.covers(b) })
}

// noneServedBetween says whether an access log shows that nobody got a page of the sites of two incidents between them.
func (s *scene) noneServedBetween(a, b *correlate.Incident) bool {
	from, to := a.End, b.Start
	if b.End.Before(a.Start) {
		from, to = b.End, a.Start
	}
	if !slices.ContainsFunc(s.t.Sources(), func(o *correlate.Source) bool {
		return strings.HasSuffix(o.Kind(), "-access") && o.From.Before(from) && o.To.After(to)
	}) {
		return false
	}
	for l := range s.t.LoadsOf(a, from.Unix()+1, to.Unix()-s.t.LoadWidth()) {
		if (l.Vhost == "" || a.Has(l.Vhost) && b.Has(l.Vhost)) && l.Pages > l.Failed {
			return false
		}
	}
	return true
}

// healthyBetween says whether the sites of two incidents were served well between them: then the first was over, and what
// fails in another way afterwards is another trouble.
func (s *scene) healthyBetween(a, b *correlate.Incident) bool {
	from, to := a.End, b.Start
	if b.End.Before(a.Start) {
		from, to = b.End, a.Start
	}
	served, failed := 0, 0
	for l := range s.t.LoadsOf(a, from.Unix(), to.Unix()-s.t.LoadWidth()) {
		if l.Vhost == "" || a.Has(l.Vhost) && b.Has(l.Vhost) {
			served += l.Pages
			failed += l.Failed
		}
	}
	return served >= 5 && failed == 0
}

// explains says whether a's cause explains b's. One that can stand alone, like a fatal error, is taken for another's effect
// on the same site only.
func explains(a, b *Hypothesis, site bool) bool {
	return slices.Contains(a.Cause.Explains, b.Cause.ID) && (site || b.Cause.Kind != Root)
}

// kin says whether two causes are names of one trouble.
func kin(a, b *Hypothesis) bool {
	return a.Cause.Group != "" && a.Cause.Group == b.Cause.Group && a.culprit == b.culprit
}

// straggler says whether y is a failure or two of the very page of x, in the same way, minutes before or after: what that few would be by
// themselves says nothing.
func straggler(x, y *Diagnosis) bool {
	strange := func(among []correlate.Share) func(correlate.Share) bool {
		return func(s correlate.Share) bool {
			return !slices.ContainsFunc(among, func(o correlate.Share) bool { return o.Name == s.Name })
		}
	}
	return !x.Isolated && y.Isolated && x.scene.facts.of(OnePage) != nil && slices.Equal(x.Families, y.Families) &&
		!slices.ContainsFunc(y.URIs, strange(x.URIs)) && !slices.ContainsFunc(y.Backends, strange(x.Backends))
}

// aftermath says whether y is the few requests that somebody's restart cost who wanted to end x.
func aftermath(x, y *Diagnosis) bool {
	return x.scene.facts.of(StopAfter) != nil && !x.Isolated && y.Isolated && verdict(y).Cause.Group == "fpm-lifecycle"
}

// reaction says whether y is what a restart in the midst of x cost, on other sites too: x began seconds before the stop and
// goes on for reasons of its own, so somebody tried to end it.
func reaction(x, y *Diagnosis) bool {
	return y.scene.facts.of(FPMRestart) != nil && verdict(y).Cause.Group == "fpm-lifecycle" && x.Total() > y.Total() &&
		y.Start.Sub(x.Start) >= 3*time.Second && x.End.Sub(y.End) >= 3*time.Second
}

// withinPHP says whether a cause wears out PHP's children and nothing else on the machine.
func withinPHP(h *Hypothesis) bool {
	return h.Cause.Kind == Root && (h.Cause.Layer == Client || h.Cause.Layer == PHPApp || h.Cause.Layer == FPM)
}

// notLetIn says whether a database runs and refuses what one site gives for its user: other sites log in as others do.
func notLetIn(h *Hypothesis) bool {
	return h.Cause == dbUnavailable && h.has(tags{"db/access-denied"}) && !h.has(dbGone) && !h.has(tags{"db/too-many-connections", "mysql/too-many", "mysql/limit"})
}

// strangers says whether the requests of one incident went to PHP-FPM and those of the other to a program behind proxy_pass.
func strangers(x, y *correlate.Incident) bool {
	a, b := schemeOf(x), schemeOf(y)
	return a != "" && b != "" && a != b
}

// over says whether x was over before y began.
func over(x, y *Diagnosis) bool { return x.End.Add(2 * time.Second).Before(y.Start) }

// atOnce says whether a cause fails requests from the moment it is there, so that none that failed before are its effect. Who
// waits for a database may wait for long until he is told that it is gone.
func atOnce(h *Hypothesis) bool {
	return h.Cause.Group == "backend" || h.Cause.Group == "fpm-lifecycle"
}

func weak(h *Hypothesis) bool { return h.Score < 0 || h.Cause.Kind != Root }

func verdict(d *Diagnosis) *Hypothesis {
	if len(d.Causes) == 0 {
		return nil
	}
	return d.Causes[0]
}

// distance is the time between two incidents; 0 if they overlap.
func distance(a, b *correlate.Incident) time.Duration {
	return max(0, b.Start.Sub(a.End), a.Start.Sub(b.End))
}

// overlap says whether two incidents went on together: half of the shorter one, or they began together.
func overlap(a, b *correlate.Incident) bool {
	if d := a.Start.Sub(b.Start); d >= -sameMoment && d <= sameMoment {
		return true
	}
	from, to := a.Start, a.End
	if b.Start.After(from) {
		from = b.Start
	}
	if b.End.Before(to) {
		to = b.End
	}
	shorter := min(a.End.Sub(a.Start), b.End.Sub(b.Start))
	return to.Sub(from) >= 0 && 2*to.Sub(from) >= shorter
}

func overlapOrSoon(a, b *correlate.Incident) bool { return distance(a, b) <= sameMoment }

func shareSite(a, b *correlate.Incident) bool {
	if len(a.Vhosts) == 0 || len(b.Vhosts) == 0 {
		return true
	}
	if len(a.Vhosts) > len(b.Vhosts) {
		a, b = b, a
	}
	return slices.ContainsFunc(a.Vhosts, func(s correlate.Share) bool { return b.Has(s.Name) })
}
