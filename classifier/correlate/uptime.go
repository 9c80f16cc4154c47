package correlate

import (
	"strconv"
	"time"

	"why502/classifier"
	"why502/parser"
)

// boot is when a host was started, as a line tells that states both the time and the time since:
//
//	Nov 22 18:04:50 web01 kernel: [ 3973.409974] php-fpm8.2[9661]: segfault at 0 …
type boot struct{ seen, at time.Time }

// noteBoot learns the boot time from such a line; of several the last one tells: that boot is dmesg's.
func (t *Timeline) noteBoot(r *parser.Record, up time.Duration) {
	t.addBoot(r.File, boot{r.Time, r.Time.Add(-up)})
}

func (t *Timeline) addBoot(path string, b boot) {
	if old, ok := t.boots[path]; !ok || b.after(old) {
		t.boots[path] = b
	}
}

func (b boot) after(o boot) bool {
	return b.seen.After(o.seen) || b.seen.Equal(o.seen) && b.at.After(o.at)
}

// uptime reads the seconds since boot that a kernel's line states.
func uptime(r *parser.Record) (time.Duration, bool) {
	if r.Format != "kernel" {
		return 0, false
	}
	sec, err := strconv.ParseFloat(string(r.Field("uptime")), 64)
	if err != nil || sec < 0 || sec > 1e9 {
		return 0, false
	}
	return time.Duration(sec * float64(time.Second)), true
}

// addUptime keeps apart what a line says that states only the time since boot, as dmesg prints it.
func (t *Timeline) addUptime(r *parser.Record, up time.Duration, events []classifier.Event) {
	if len(events) == 0 {
		return
	}
	if t.booted == nil {
		t.booted = New()
	}
	dated := *r
	dated.Time = dateless.Add(up)
	t.booted.Add(&dated, events)
}

// settleUptime gives lines that state the time since boot their moments, if a boot time is known: stated by a line of
// syslog, else told by processes whose end another log dates. What it cannot date it leaves to the entries without a time.
func (t *Timeline) settleUptime() {
	b := t.booted
	if b == nil {
		return
	}
	t.booted = nil
	var known boot
	for _, o := range t.boots {
		if known.at.IsZero() || o.after(known) {
			known = o
		}
	}
	if known.at.IsZero() {
		known.at = t.bootByProcesses(b)
	}
	if known.at.IsZero() {
		b.moveAll(func(time.Time) time.Time { return dateless })
		t.undated = together(t.undated, b)
		return
	}
	b.moveAll(func(at time.Time) time.Time { return known.at.Add(at.Sub(dateless)) })
	for path, s := range b.sources {
		to := t.sources[path]
		to.From, to.To = earlier(to.From, s.From), later(to.To, s.To)
		to.Clock = "inferred"
	}
	b.sources = map[string]*Source{}
	t.Merge(b)
}

// moveAll moves everything on a Timeline.
func (t *Timeline) moveAll(move func(time.Time) time.Time) {
	for _, s := range t.sources {
		s.From, s.To = move(s.From), move(s.To)
		id := t.names.idString(fixed, s.Path)
		t.redate(t.moveMarks(id, move))
		t.traffic.movePages(id, move)
	}
}

// bootByProcesses finds the boot time at which most processes that the kernel speaks of end when another log says they
// did; zero unless they agree.
func (t *Timeline) bootByProcesses(b *Timeline) time.Time {
	ends := map[int][]time.Time{}
	for _, m := range t.Marks() {
		if kindsOfTag[string(m.Tag)]&childDied != 0 {
			for _, pid := range m.PIDs {
				ends[pid] = append(ends[pid], m.First)
			}
		}
	}
	votes := map[int64]int{}
	var first []time.Time
	for _, m := range b.Marks() {
		if kindsOfTag[string(m.Tag)]&kernelDied == 0 {
			continue
		}
		for _, pid := range m.PIDs {
			for _, end := range ends[pid] {
				at := dateless.Add(end.Sub(m.First))
				first = append(first, at)
				for s := at.Unix() - near; s <= at.Unix()+near; s++ {
					votes[s]++
				}
			}
		}
	}
	for _, at := range first {
		if 2*votes[at.Unix()] > len(first) {
			return at
		}
	}
	return time.Time{}
}
