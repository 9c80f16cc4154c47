package rootcause

import "time"

// readDBLife reads the life of the database server off its log. It is as readLife is for PHP-FPM; a start that begins with
// a crash recovery had no stop before it.
func (b *bench) readDBLife() []outage {
	var out []outage
	open, lived := false, false
	for _, m := range b.life("mysql/stopped", "mysql/crashed", "mysql/started") {
		switch {
		case m.Tag != "mysql/started":
			if !open {
				out = append(out, outage{from: m.First, mark: m, failed: m.Tag == "mysql/crashed"})
				open = true
			}
		case open:
			out[len(out)-1].to = m.First
			open, lived = false, true
		case lived:
			out = append(out, outage{from: b.lastSeen(m), to: m.First, mark: m, silent: true})
		default:
			lived = true
		}
	}
	return out
}

// dbOutages are those of the database server.
func (s *scene) dbOutages() []outage {
	s.readLives()
	return s.known(s.dbLife)
}

// dbDown holds if the database went away before the failures or as they began, and they end when it is back.
func dbDown(s *scene) (Fact, bool) {
	for _, o := range s.dbOutages() {
		// A stop that visitors felt nothing of for so long was another database's, or by another clock.
		if o.to.IsZero() && s.in.Start.Sub(o.from) > 30*minute {
			continue
		}
		if o.from.After(s.in.Start.Add(5*time.Second)) || !o.to.IsZero() && s.in.End.After(o.to.Add(15*time.Second)) ||
			!o.to.IsZero() && o.to.Before(s.in.Start) || o.silent && s.in.End.Before(o.to.Add(-2*minute)) {
			continue
		}
		text := "the database server was stopped at " + s.clock(o.from)
		switch {
		case o.silent:
			text = "the database server was killed without a word in its log and started again at " + s.clock(o.to)
		case o.failed:
			text = "the database server crashed at " + s.clock(o.from)
		}
		if !o.to.IsZero() && !o.silent {
			text += " and was back at " + s.clock(o.to)
		}
		return Fact{Text: text, Mark: o.mark}, true
	}
	return Fact{}, false
}
