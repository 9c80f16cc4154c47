package rootcause

import (
	"fmt"
	"time"
)

// fpmRestart holds if the failures begin with a stop or reload and end when FPM is ready again, or if each of several did that.
func fpmRestart(s *scene) (Fact, bool) {
	for _, o := range s.outages() {
		if !o.restart() {
			continue
		}
		if d := s.in.Start.Sub(o.from); d >= -3*time.Second && d <= o.length()+3*time.Second && !s.in.End.After(o.to.Add(5*time.Second)) {
			verb := "restarted"
			if o.reload {
				verb = "reloaded"
			}
			return Fact{Text: "PHP-FPM was " + verb + " at " + s.clock(o.from) + "; the failures end when it is ready again", Mark: o.mark}, true
		}
	}
	return s.fpmRestarts()
}

// fpmRestarts holds if PHP-FPM was restarted again and again and nearly all failures stand beside one of these: a logrotate
// that reloads for each log, a panel that rebuilds pool after pool.
func (s *scene) fpmRestarts() (Fact, bool) {
	var all []outage
	for _, o := range s.outages() {
		if o.restart() && o.to.After(s.in.Start.Add(-5*time.Second)) && o.from.Before(s.in.End.Add(3*time.Second)) {
			all = append(all, o)
		}
	}
	if len(all) < 2 || s.in.Start.Before(all[0].from.Add(-3*time.Second)) {
		return Fact{}, false
	}
	beside, failed := 0, 0
	used := make([]bool, len(all))
	for m, n := range s.in.Moments() {
		failed += n
		for i, o := range all {
			if !m.First.Before(o.from.Add(-3*time.Second)) && !m.First.After(o.to.Add(5*time.Second)) {
				beside += n
				used[i] = true
				break
			}
		}
	}
	times := 0
	for _, u := range used {
		if u {
			times++
		}
	}
	if times < 2 || beside*10 < failed*9 {
		return Fact{}, false
	}
	last := all[len(all)-1]
	text := fmt.Sprintf("PHP-FPM was restarted or reloaded %d times from %s to %s; the failures stand beside these", len(all), s.clock(all[0].from), s.clock(last.from))
	return Fact{Text: text, Count: len(all), Mark: all[0].mark}, true
}

// stopAfter holds if PHP-FPM was stopped while requests had been failing for a while. The second of several restarts, each
// with failures of its own, is no reaction.
func stopAfter(s *scene) (Fact, bool) {
	if s.facts.of(FPMRestart) != nil {
		return Fact{}, false
	}
	for _, o := range s.outages() {
		if d := o.from.Sub(s.in.Start); d > 10*time.Second && o.from.Before(s.in.End.Add(2*time.Second)) {
			return Fact{Text: "PHP-FPM was stopped only " + seconds(d) + " after the failures began: that is a reaction", Mark: o.mark}, true
		}
	}
	return Fact{}, false
}
