package correlate

import (
	"slices"
	"testing"
	"time"

	"why502/classifier"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// uneven are seconds in no regular order, as failures come.
var uneven = []int{0, 7, 19, 20, 44, 61, 95, 130}

// clocks is a timeline of a web server's log whose clock is known and others that were read in UTC.
type clocks struct{ *Timeline }

func newClocks() clocks { return clocks{New()} }

// log puts events of one tag into a source, at seconds from start. A known clock cannot be moved.
func (c clocks) log(file, format, tag, clock string, start time.Time, seconds []int) {
	s := c.Source(file)
	s.Format, s.Clock, s.Zone = format, clock, "UTC"
	if clock != "stated" {
		s.Loc = time.UTC
	}
	for i, sec := range seconds {
		at := start.Add(time.Duration(sec) * time.Second)
		s.From, s.To = earlier(s.From, at), later(s.To, at)
		s.Records++
		m := c.newMark(key{sec: at.Unix(), tag: c.names.idString(fixed, tag), src: c.names.idString(fixed, file)}, &classifier.Rule{Tag: classifier.Tag(tag)})
		m.merge(&Mark{Count: 1, First: at, Last: at, Span: -1, PIDs: []int{1000 + i}, Sample: Sample{Time: at}})
		m.Sample.File = file
		if c.totals[m.Tag] == nil {
			c.totals[m.Tag] = &Total{}
		}
		n := c.totals[m.Tag]
		n.Count++
		n.First, n.Last = earlier(n.First, at), later(n.Last, at)
	}
}

func (c clocks) web(seconds []int) {
	c.log("error.log", "nginx-error", "nginx/upstream-reset", "stated", noon, seconds)
}

func (c clocks) fpm(clock string, late time.Duration, seconds []int) {
	c.log("fpm.log", "php-fpm", "phpfpm/child-segv", clock, noon.Add(late), seconds)
}

func TestAlign(t *testing.T) {
	const tokyo = 9 * time.Hour
	for _, c := range []struct {
		name string
		make func(clocks)
		zone string // of PHP-FPM's log in the end
		at   time.Duration
		how  string
	}{
		{"fits", func(c clocks) { c.web(uneven); c.fpm("assumed", 0, uneven) }, "UTC", 0, "assumed"},
		{"another zone", func(c clocks) { c.web(uneven); c.fpm("assumed", tokyo, uneven) }, "+09:00", 0, "inferred"},
		{"another zone, a second late", func(c clocks) { c.web(uneven); c.fpm("assumed", tokyo+time.Second, uneven) }, "+09:00", time.Second, "inferred"},
		{"west, half an hour", func(c clocks) { c.web(uneven); c.fpm("assumed", -210*time.Minute, uneven) }, "-03:30", 0, "inferred"},
		{"no such zone", func(c clocks) { c.web(uneven); c.fpm("assumed", 255*time.Minute, uneven) }, "UTC", 255 * time.Minute, "assumed"},
		{"two are enough if nothing speaks against", func(c clocks) { c.web(uneven[:2]); c.fpm("assumed", tokyo, uneven[:2]) }, "+09:00", 0, "inferred"},
		{"one that no zone fits", func(c clocks) { c.web(uneven[:1]); c.fpm("assumed", tokyo+7*time.Minute, uneven[:1]) }, "UTC", tokyo + 7*time.Minute, "assumed"},
		{"three seconds are enough", func(c clocks) { c.web(uneven[:3]); c.fpm("assumed", tokyo, uneven[:3]) }, "+09:00", 0, "inferred"},
		{"two zones are as good", func(c clocks) {
			c.web(slices.Concat(uneven, after(uneven, time.Hour)))
			c.fpm("assumed", tokyo, uneven)
		}, "UTC", tokyo, "assumed"},
		{"fits as well as another", func(c clocks) {
			c.web(slices.Concat(uneven, after(uneven, -tokyo)))
			c.fpm("assumed", 0, uneven)
		}, "UTC", 0, "assumed"},
		{"most of it without a partner", func(c clocks) {
			c.web(slices.Concat(uneven[:3], []int{900}))
			c.fpm("assumed", tokyo, slices.Concat(uneven[:3], []int{200, 230, 270, 310, 400}))
		}, "UTC", tokyo, "assumed"},
		{"the flag holds against one in one of two zones", func(c clocks) { c.web([]int{0, 3600}); c.fpm("flag", tokyo, []int{0}) }, "UTC", tokyo, "flag"},
		{"the flag yields to several", func(c clocks) { c.web(uneven[:5]); c.fpm("flag", tokyo, uneven[:5]) }, "+09:00", 0, "inferred"},
		{"one that fits keeps the flag", func(c clocks) {
			c.web(slices.Concat(uneven, []int{32400}))
			c.fpm("flag", tokyo, uneven)
		}, "UTC", tokyo, "flag"},
		{"a clock seven seconds ahead", func(c clocks) { c.web(uneven); c.fpm("flag", 7*time.Second, uneven) }, "UTC", 0, "flag"},
		{"a minute and a half behind", func(c clocks) { c.web(uneven); c.fpm("assumed", -90*time.Second, uneven) }, "UTC", 0, "assumed"},
		{"seven seconds, too few to say", func(c clocks) { c.web(uneven[:2]); c.fpm("assumed", 7*time.Second, uneven[:2]) }, "UTC", 7 * time.Second, "assumed"},
		{"two seconds are no skew", func(c clocks) { c.web(uneven); c.fpm("assumed", 2*time.Second, uneven) }, "UTC", 2 * time.Second, "assumed"},
		{"the web server's clock counts where none is stated", func(c clocks) {
			c.log("error.log", "nginx-error", "nginx/upstream-reset", "assumed", noon, uneven)
			c.fpm("assumed", tokyo, uneven)
		}, "+09:00", 0, "inferred"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newClocks()
			c.make(l)
			l.Align()
			s := l.Source("fpm.log")
			if s.Zone != c.zone || s.Clock != c.how {
				t.Errorf("read as %s (%s), want %s (%s)", s.Zone, s.Clock, c.zone, c.how)
			}
			if want := l.totals["phpfpm/child-segv"].First; !s.From.Equal(want) {
				t.Errorf("the source begins at %s, its tag at %s", s.From, want)
			}
			first := time.Duration(1<<63 - 1)
			for _, m := range l.Marks() {
				if m.File == "fpm.log" {
					first = min(first, m.First.Sub(noon))
				}
				if m.File == "error.log" && m.First.Before(noon) && c.name != "fits as well as another" {
					t.Errorf("the web server's log was moved to %s", m.First)
				}
			}
			if want := c.at; first != want {
				t.Errorf("its first event is %s after noon, want %s", first, want)
			}
		})
	}
}

func after(seconds []int, d time.Duration) (out []int) {
	for _, s := range seconds {
		out = append(out, s+int(d/time.Second))
	}
	return out
}

// A log that contradicts the others and fits nowhere surely leaves a doubt.
func TestAlignDoubts(t *testing.T) {
	l := newClocks()
	l.web(uneven[:1])
	l.fpm("assumed", 9*time.Hour, []int{0, 0, 0})
	if a := l.Align(); len(a) != 1 || a[0].Zone != "+09:00" || !a[0].Guess || !l.Source("fpm.log").Doubt {
		t.Errorf("one second that fits one zone only is no guess: %+v", a)
	}
	l = newClocks()
	l.web(slices.Concat(uneven, after(uneven, time.Hour)))
	l.fpm("assumed", 9*time.Hour, uneven)
	l.Align()
	if !l.Source("fpm.log").Doubt {
		t.Error("no doubt about a clock that fits two zones equally and not the one assumed")
	}
	l = newClocks()
	l.web(uneven)
	l.fpm("assumed", 9*time.Hour, nil)
	l.Align()
	if l.Source("fpm.log").Doubt {
		t.Error("doubt about a log that says nothing")
	}
}

// Rotated pieces share a clock, and a slow log without a word in common with others goes by its daemon's.
func TestAlignMovesWhatBelongsTogether(t *testing.T) {
	l := newClocks()
	l.web(uneven)
	l.log("log/fpm.log.1", "php-fpm", "phpfpm/child-segv", "assumed", noon.Add(9*time.Hour), uneven[:4])
	l.log("log/fpm.log", "php-fpm", "phpfpm/child-segv", "assumed", noon.Add(9*time.Hour), uneven[4:])
	l.log("log/slow.log", "php-slow", "phpslow/http", "assumed", noon.Add(9*time.Hour), []int{3})
	l.log("log/error.log", "mysql-error", "mysql/started", "assumed", noon, []int{3})
	got := map[string]string{}
	for _, a := range l.Align() {
		got[a.Path] = a.Zone
	}
	for path, zone := range map[string]string{"log/fpm.log": "+09:00", "log/fpm.log.1": "+09:00", "log/slow.log": "+09:00", "log/error.log": ""} {
		if got[path] != zone {
			t.Errorf("%s was moved to %q, want %q", path, got[path], zone)
		}
	}
}
