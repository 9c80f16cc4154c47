package correlate

import "time"

// clockRead is how Align read the stamps of a source. It is remembered: what told it may be forgotten when more of the log comes.
type clockRead struct {
	known   bool
	zone    *time.Location // nil: the zone stays
	skew    time.Duration
	matches int
	clients bool
	guess   bool
}

func (v *verdict) asRead() clockRead {
	return clockRead{known: true, zone: v.zone, skew: v.skew, matches: v.matches, clients: v.clients, guess: v.doubt}
}

// remembered is how the stamps of a group were read in an earlier run, if that was sure or, if asked for, a guess.
func (g *clockGroup) remembered(guess bool) (v verdict) {
	for _, s := range g.sources {
		if r := s.read; r.known && r.matches > 0 && r.guess == guess {
			return verdict{ok: true, stays: r.zone == nil && r.skew == 0, zone: r.zone, skew: r.skew, matches: r.matches, clients: r.clients, doubt: r.guess}
		}
	}
	return v
}

// readings turn the stamps of sources, as they are before Align, into those that it will make of them.
type readings map[ID]func(time.Time) time.Time

func (t *Timeline) readings() readings {
	all := readings{}
	for path, s := range t.sources {
		if s.Loc != nil && s.read.known && (s.read.zone != nil || s.read.skew != 0) {
			id, _ := t.names.known(path)
			all[id] = mover(s.Loc, s.read.zone, s.read.skew)
		}
	}
	return all
}

func (c readings) of(src ID, at time.Time) time.Time {
	if move := c[src]; move != nil {
		return move(at)
	}
	return at
}

// mover reads stamps of one zone as if they were of another (nil: of the same), and moves them by a skew.
func mover(from, to *time.Location, skew time.Duration) func(time.Time) time.Time {
	return func(at time.Time) time.Time {
		switch {
		case at.IsZero():
			return at
		case to == nil || to == from: // a stamp of a repeated hour keeps the pass it was given
			return at.Add(skew)
		}
		w := at.In(from)
		return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), to).Add(skew)
	}
}
