package correlate

import (
	"iter"
	"time"
)

// Settled says what of a Timeline is done with, and what must be known of it later. It is found by an analysis and handed to the
// Timeline that goes on (Release), so that analyses of what comes piece by piece tell what one of all would tell.
type Settled struct {
	// Final is the moment before which incidents are final: all that bears on those that ended before it has been read.
	// Those that began later are not, and none that is known goes on over it, unless it has gone on for longer than mostOpen.
	Final time.Time

	before   time.Time // what happened earlier bears on nothing that is to come
	failures time.Time // but for failures from here on: of incidents that have gone on for so long
	clocks   map[string]clockRead
}

// needed is how far before an incident may lie what bears on it, and late how long after its end something may come that does;
// see Context. There is some to spare, for lines that are written late.
const (
	needed = contextBefore + 2*contextStep
	late   = contextAfter + contextStep
)

// mostOpen bounds how long an incident may go on with everything kept that happened since it began. Of those that go on for
// longer, the failures are kept; their causes and scope are judged by what there was lately.
const mostOpen = 48 * time.Hour

// spell is the time of a session of failures, in seconds, whether or not it makes an incident.
type spell struct{ from, to int64 }

// Settled finds what is settled if all logs have been read as they were at a moment. Incidents are the beginnings and ends of
// those that were found. It comes after them, on the Timeline that was aligned.
func (t *Timeline) Settled(now time.Time, incidents iter.Seq2[time.Time, time.Time]) *Settled {
	now = earlier(now, t.end()) // as long as nothing more is written nobody knows how it went on
	s := &Settled{Final: now.Add(-late), clocks: map[string]clockRead{}}
	over := func(from, to time.Time) bool { return from.Before(s.Final) && !to.Before(s.Final) }
	for again := true; again; {
		again = false
		for _, p := range t.sessions {
			if from := time.Unix(p.from, 0); over(from, time.Unix(p.to+1, 0)) {
				s.Final, again = from, true
			}
		}
		for from, to := range incidents {
			if over(from, to) {
				s.Final, again = from, true
			}
		}
	}
	s.failures = s.Final
	if first := now.Add(-mostOpen); s.Final.Before(first) {
		s.Final, s.failures = first, first
		for from, to := range incidents {
			if !to.Before(s.Final) {
				s.failures = earlier(s.failures, from)
			}
		}
	}
	s.Final, s.failures = later(t.final, s.Final), earlier(later(t.final, s.Final), s.failures)
	s.before = s.Final.Add(-needed)
	for path, src := range t.sources {
		if src.read.known {
			s.clocks[path] = src.read
		}
	}
	return s
}

// Remember keeps in mind how Align read the clocks of an aligned copy of t: what told it may be forgotten.
func (t *Timeline) Remember(aligned *Timeline) {
	for path, src := range aligned.sources {
		t.remember(path, src.read)
	}
}

func (t *Timeline) remember(path string, read clockRead) {
	if src := t.sources[path]; src != nil && read.known {
		src.read = read
	}
}

// Release drops what is settled, and remembers how clocks were read.
func (t *Timeline) Release(s *Settled) {
	for path, read := range s.clocks {
		t.remember(path, read)
	}
	t.forget(s.before, earlier(s.before, s.failures))
	t.final = s.Final
}

// Final is the moment before which all incidents are settled: what is left of them is there for what comes after, and they are
// found no more.
func (t *Timeline) Final() time.Time { return t.final }
