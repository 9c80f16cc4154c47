package rootcause

import (
	"slices"
	"strings"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

const minute = time.Minute

// How long a restart may take, from the word to stop until PHP-FPM is ready again, and how long of that nobody is there:
// children may first finish their requests. A longer stop is an outage of its own.
const (
	restartTime = 10 * time.Second
	gapTime     = 5 * time.Second
)

// outage is a time in which a PHP-FPM master did not run, by its own log.
type outage struct {
	from, to time.Time // to is zero if it never came back
	failed   bool      // it tried to start and could not
	reload   bool
	silent   bool // no stop was logged: only the next start tells
	mark     *correlate.Mark
	refused  *correlate.Mark // the first start that failed
	gone     time.Time       // when its master left, if it said so
	begins   bool            // the log begins with the start that ended it: that it was down only the failures say
}

// known are outages as they look from the incident: what came long after it was not known to anybody who read the logs then.
func (s *scene) known(all []outage) (out []outage) {
	_, end := correlate.Context(s.in.Start, s.in.End)
	for _, o := range all {
		switch {
		case o.from.After(end), o.silent && o.to.After(end):
			continue
		case o.to.After(end):
			o.to = time.Time{}
		}
		if o.refused != nil && !o.refused.First.After(end) {
			o.failed, o.mark = true, o.refused
		}
		out = append(out, o)
	}
	return out
}

// series is the log a rotated file belongs to: php-fpm.log for php-fpm.log.2.gz and php-fpm.log-20261122.
func series(file string) string {
	for _, packed := range [...]string{".gz", ".xz", ".zst", ".bz2"} {
		file = strings.TrimSuffix(file, packed)
	}
	if stem := strings.TrimRight(file, "0123456789"); stem != file && (strings.HasSuffix(stem, ".") || strings.HasSuffix(stem, "-")) {
		return stem[:len(stem)-1]
	}
	return file
}

// life returns the marks of the tags in the order their daemon wrote them.
func (b *bench) life(tags ...classifier.Tag) []*correlate.Mark {
	var out []*correlate.Mark
	for _, tag := range tags {
		out = append(out, b.byTag[tag]...)
	}
	slices.SortStableFunc(out, func(x, y *correlate.Mark) int {
		if c := x.First.Compare(y.First); c != 0 {
			return c
		}
		return x.Sample.Line - y.Sample.Line
	})
	return out
}

// readLife reads the life of the PHP-FPM masters off their logs, one file a master.
func (b *bench) readLife() []outage {
	life := b.life("phpfpm/started", "phpfpm/ready", "phpfpm/stopping", "phpfpm/stopped", "phpfpm/reloading", "phpfpm/start-failed")
	var out []outage
	open := map[string]int{} // file → index of its open outage, plus one
	lived, spoke := map[string]bool{}, map[string]bool{}
	for _, m := range life {
		if b.adrift[m.File] {
			continue // it says that PHP-FPM stopped, and not when: all that follows would be an outage
		}
		file := series(m.File)
		i := open[file]
		switch m.Tag {
		case "phpfpm/ready":
			lived[file] = true
			if i > 0 {
				out[i-1].to = m.First
				open[file] = 0
			}
		case "phpfpm/started":
			// A start without a stop before it: the old master was killed. Since when is in no log but the visitors'.
			if i == 0 && (lived[file] || !spoke[file]) {
				out = append(out, outage{from: b.lastSeen(m), mark: m, silent: true, begins: !spoke[file]})
				open[file] = len(out)
			}
		default:
			if i == 0 {
				out = append(out, outage{from: m.First, mark: m, reload: m.Tag == "phpfpm/reloading"})
				i = len(out)
				open[file] = i
			}
			switch {
			case m.Tag == "phpfpm/start-failed" && out[i-1].refused == nil:
				out[i-1].refused = m
			case m.Tag == "phpfpm/stopped":
				out[i-1].gone = m.First
			}
		}
		spoke[file] = true
	}
	return out
}

// outages are those of PHP-FPM.
func (s *scene) outages() []outage {
	s.readLives()
	if s.fpm == nil {
		s.fpm = s.known(s.fpmLife)
	}
	return s.fpm
}

func (b *bench) readLives() {
	if !b.lives {
		b.lives, b.fpmLife, b.dbLife = true, b.readLife(), b.readDBLife()
	}
}

// diary is what one daemon wrote in one log: in a paste, or in syslog, others write there too.
func diary(m *correlate.Mark) string {
	daemon, _, _ := strings.Cut(string(m.Tag), "/")
	return daemon + " " + series(m.File)
}

// lastSeen is the last moment before m at which its daemon wrote anything that was recognised.
func (b *bench) lastSeen(m *correlate.Mark) time.Time {
	if b.seen == nil {
		b.seen = map[string][]time.Time{}
		for _, o := range b.all {
			name := diary(o)
			b.seen[name] = append(b.seen[name], o.Last)
		}
		for _, all := range b.seen {
			slices.SortFunc(all, time.Time.Compare)
		}
	}
	all := b.seen[diary(m)]
	if i, _ := slices.BinarySearchFunc(all, m.First, time.Time.Compare); i > 0 {
		return all[i-1]
	}
	return time.Time{}
}

func (o outage) length() time.Duration {
	if o.to.IsZero() {
		return 1<<63 - 1
	}
	return o.to.Sub(o.from)
}

// restart says whether it is no more than that.
func (o outage) restart() bool {
	return !o.failed && !o.silent && o.length() <= restartTime && (o.gone.IsZero() || o.to.Sub(o.gone) <= gapTime)
}

// covers says whether an incident lies within the outage: it does not begin before, and ends when it ends.
func (o outage) covers(in *correlate.Incident) bool {
	if o.silent && in.End.Before(o.to.Add(-minute)) || o.begins && (o.to.IsZero() || !slices.Equal(in.Families, []classifier.Family{classifier.Down})) {
		return false
	}
	return !o.from.After(in.Start.Add(3*time.Second)) && (o.to.IsZero() || (in.Start.Before(o.to.Add(2*time.Second)) && !in.End.After(o.to.Add(5*time.Second))))
}

func fpmDown(s *scene) (Fact, bool) {
	for _, o := range s.outages() {
		if o.covers(s.in) && !o.restart() && !o.failed {
			text := "PHP-FPM was stopped at " + s.clock(o.from) + " and did not come back while requests failed"
			if o.begins {
				text = "PHP-FPM's log begins with its start at " + s.clock(o.to) + ", and the failures end with that"
			} else if o.silent {
				text = "PHP-FPM was killed without a word in its log and started again at " + s.clock(o.to)
			} else if !o.to.IsZero() {
				text = "PHP-FPM was stopped from " + s.clock(o.from) + " to " + s.clock(o.to)
			}
			return Fact{Text: text, Mark: o.mark}, true
		}
	}
	return Fact{}, false
}

func fpmStartFailed(s *scene) (Fact, bool) {
	for _, o := range s.outages() {
		if o.failed && o.covers(s.in) && !s.accepted() {
			return Fact{Text: "PHP-FPM refused to start and did not run while requests failed", Mark: o.mark}, true
		}
	}
	return Fact{}, false
}

// accepted says whether every failure that the web server tells of was one of a request that PHP-FPM had taken: another master listens,
// and the one that could not start is none that anybody waits for.
//
//	[25-Jan-2019 22:44:40] ERROR: unable to bind listening socket for address '9000': Address in use (98)
func (s *scene) accepted() bool {
	return !slices.Contains(s.in.Families, classifier.Down) &&
		slices.ContainsFunc(s.in.Marks, func(m *correlate.Mark) bool {
			return m.Scheme == "fastcgi" && (m.Tag == "nginx/upstream-reset" || m.Tag == "nginx/upstream-closed")
		})
}

// fpmUp holds if FPM's log reaches back before the incident and shows no stop around it.
func fpmUp(s *scene) (Fact, bool) {
	if !s.logs.has(FPMLog) {
		return Fact{}, false
	}
	for _, o := range s.outages() {
		end := o.to
		if end.IsZero() {
			end = s.to.Add(minute)
		}
		// A stop at the very end of the failures is somebody's reaction, not the state they happened in; one before them is
		// that, however short they were.
		reaction := o.from.After(s.in.Start.Add(time.Second)) && !o.from.Before(s.in.End.Add(-5*time.Second))
		// One that they go on long after was the moment of a change: PHP-FPM came back, and not where it is asked for.
		change := o.restart() && !o.from.After(s.in.Start.Add(time.Second)) && s.in.End.After(o.to.Add(max(restartTime, 4*o.length())))
		if !reaction && !change && end.After(s.in.Start.Add(-2*time.Second)) {
			return Fact{}, false
		}
	}
	ready := between(s.byTag["phpfpm/ready"], time.Time{}, s.in.Start.Add(2*time.Second-1))
	if len(ready) == 0 {
		return Fact{}, false
	}
	last := ready[len(ready)-1]
	return Fact{Text: "PHP-FPM was running: ready since " + s.clock(last.First) + ", no stop while requests failed", Mark: last}, true
}

// cpanelDefault recognises an EA4 pool of the factory size: 5 children, started on demand, in a log below /opt/cpanel. A pool
// that was set to another manager was set up by somebody, and names its limit "pm.max_children".
//
//	[22-Nov-2026 20:58:19] WARNING: [pool shop_example] server reached max_children setting (5), consider raising it
func cpanelDefault(s *scene) (Fact, bool) {
	for _, m := range s.around("phpfpm/max-children", State) {
		if m.Number == 5 && strings.Contains(m.File, "ea-php") && !strings.Contains(m.Sample.Text, "pm.max_children") && State.fit(s.in, m) >= minFit && s.t.Relation(m, s.in) > 0 {
			return Fact{Text: "the pool has cPanel's factory size of 5 children", Number: 5, Mark: m}, true
		}
	}
	return Fact{}, false
}
