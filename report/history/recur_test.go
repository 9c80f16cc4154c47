package history

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// chronicle is facts of a host whose logs cover all days but some.
func chronicle(t *testing.T, zone *time.Location, first, last string, missing ...string) *Facts {
	t.Helper()
	f := New(zone)
	run := 0
	for date := first; date <= last; date = f.shift(date, 1) {
		if strings.Contains(strings.Join(missing, " "), date) {
			continue
		}
		run++
		x := f.bounds(date)
		from, to := time.Unix(x[0], 0), time.Unix(x[1]-1, 0)
		tags := map[string]int{"host/logrotate": 2, "nginx/reopen": 9, "host/cron": 1440, "nginx/reload": 3}
		f.Take(Run{Host: "web1", Number: run, Counts: Counts{date: {Read: 1, Tags: tags}}, Report: &report.Report{
			Coverage: report.Coverage{Sources: []report.Source{{Format: "nginx-error", From: &from, To: &to}}},
		}})
	}
	return f
}

// happened puts incidents on record; the last is the one that is asked about.
func (f *Facts) happened(t *testing.T, starts []string, shape func(i int, in *report.Incident)) *report.Recurrence {
	t.Helper()
	var r report.Report
	for i, s := range starts {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", s, f.zone)
		if err != nil {
			if at, err = time.ParseInLocation("2006-01-02 15:04", s, f.zone); err != nil {
				t.Fatal(err)
			}
		}
		in := incident(at, time.Minute, 20)
		if shape != nil {
			shape(i, &in)
		}
		r.Incidents = append(r.Incidents, in)
	}
	f.Take(Run{Host: "web1", Number: 1000, Report: &r})
	last := report.Report{Incidents: r.Incidents[len(starts)-1:]}
	f.Recur("web1", &last)
	return last.Incidents[0].Recurs
}

func TestRecur(t *testing.T) {
	after := func(tag string, d time.Duration) func(int, *report.Incident) {
		return func(_ int, in *report.Incident) {
			in.Timeline = append(in.Timeline, report.Moment{Tag: tag, Time: in.Start.Add(-d)})
		}
	}
	for _, c := range []struct {
		name    string
		starts  []string
		shape   func(int, *report.Incident)
		missing []string
		every   string
		text    string // "" where it has not come before
	}{
		{name: "once", starts: []string{"2026-11-20 03:00"}},
		{name: "twice", starts: []string{"2026-11-18 14:30", "2026-11-20 03:00"}, text: "second time, before on 2026-11-18 at 14:30"},
		{name: "two nights", starts: []string{"2026-11-19 03:00", "2026-11-20 03:00"}, text: "second time, before on 2026-11-19 at 03:00"},
		{
			name: "three nights", starts: []string{"2026-11-18 03:00:10", "2026-11-19 03:00:20", "2026-11-20 03:01:05"}, every: "day",
			text: "third night in a row at 03:00",
		},
		{
			name: "after logrotate", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"}, shape: after("host/logrotate", 5*time.Second),
			every: "day", text: "third night in a row at 03:00, after logrotate",
		},
		{
			name: "logrotate long before", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"}, shape: after("host/logrotate", 6*time.Minute),
			every: "day", text: "third night in a row at 03:00",
		},
		{
			name: "logrotate afterwards", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"}, shape: after("host/logrotate", -3*time.Second),
			every: "day", text: "third night in a row at 03:00",
		},
		{
			name: "logrotate before two of three", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"}, every: "day",
			shape: func(i int, in *report.Incident) {
				if i != 1 {
					after("host/logrotate", 5*time.Second)(i, in)
				}
			},
			text: "third night in a row at 03:00",
		},
		{
			name: "after cron, which runs each minute", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"}, shape: after("host/cron", 5*time.Second),
			every: "day", text: "third night in a row at 03:00",
		},
		{
			name: "after a reload", starts: []string{"2026-11-03 15:10", "2026-11-20 03:00"}, shape: after("nginx/reload", time.Second),
			text: "second time, before on 2026-11-03 at 15:10, after a reload each time",
		},
		{
			name: "a few minutes off", starts: []string{"2026-11-17 14:58", "2026-11-18 15:06", "2026-11-19 15:01", "2026-11-20 14:59"}, every: "day",
			text: "fourth day in a row around 15:00",
		},
		{
			name: "too far off", starts: []string{"2026-11-18 03:12", "2026-11-19 03:00", "2026-11-20 03:00"},
			text: "third time since 2026-11-18, last on 2026-11-19 at 03:00",
		},
		{
			name: "a night missed", starts: []string{"2026-11-15 03:00", "2026-11-16 03:00", "2026-11-17 03:00", "2026-11-18 03:00", "2026-11-20 03:00"}, every: "day",
			text: "5 of the last 6 nights at 03:00",
		},
		{
			name: "every other night", starts: []string{"2026-11-12 03:00", "2026-11-14 03:00", "2026-11-16 03:00", "2026-11-18 03:00", "2026-11-20 03:00"},
			text: "fifth time since 2026-11-12, last on 2026-11-18 at 03:00",
		},
		{
			name: "a night not on record", starts: []string{"2026-11-16 03:00", "2026-11-17 03:00", "2026-11-18 03:00", "2026-11-20 03:00"}, missing: []string{"2026-11-19"}, every: "day",
			text: "fourth night at 03:00 (of some between nothing is known)",
		},
		{
			name: "around midnight", starts: []string{"2026-11-18 00:01", "2026-11-18 23:58", "2026-11-19 23:59"}, every: "day",
			text: "third night in a row around 00:00",
		},
		{
			name: "several in one night", starts: []string{"2026-11-18 03:00", "2026-11-18 03:09", "2026-11-19 03:00", "2026-11-20 03:00", "2026-11-20 03:08"}, every: "day",
			text: "third night in a row at 03:00",
		},
		{name: "several in one night only", starts: []string{"2026-11-20 03:00", "2026-11-20 03:08", "2026-11-20 03:20"}},
		{
			name: "each hour", starts: []string{"2026-11-20 08:15", "2026-11-20 09:15", "2026-11-20 10:15", "2026-11-20 11:15"}, every: "hour",
			text: "fourth hour in a row at minute 15",
		},
		{
			name: "three hours are not enough", starts: []string{"2026-11-20 09:15", "2026-11-20 10:15", "2026-11-20 11:15"},
			text: "third time since 2026-11-20, last on 2026-11-20 at 10:15",
		},
		{
			name: "working days", starts: []string{"2026-11-12 09:00", "2026-11-13 09:00", "2026-11-16 09:00", "2026-11-17 09:00"}, every: "weekday",
			text: "fourth working day in a row at 09:00",
		},
		{
			name: "working days, the weekend is not on record", starts: []string{"2026-11-12 09:00", "2026-11-13 09:00", "2026-11-16 09:00", "2026-11-17 09:00"},
			missing: []string{"2026-11-14", "2026-11-15"}, every: "day", text: "fourth day at 09:00 (of some between nothing is known)",
		},
		{
			name: "Sundays", starts: []string{"2026-11-08 04:10", "2026-11-15 04:20", "2026-11-22 04:05"}, every: "week",
			text: "third Sunday in a row around 04:10",
		},
		{
			name: "two Sundays and a Monday", starts: []string{"2026-11-08 04:10", "2026-11-16 04:20", "2026-11-22 04:05"},
			text: "third time since 2026-11-08, last on 2026-11-16 at 04:20",
		},
		{
			name: "now and then, three times at one time", starts: []string{
				"2026-11-18 01:00", "2026-11-18 03:00", "2026-11-18 11:00", "2026-11-18 19:40", "2026-11-19 03:00", "2026-11-19 08:20", "2026-11-19 16:00", "2026-11-20 03:00",
			},
			text: "eighth time since 2026-11-18, last on 2026-11-19 at 16:00",
		},
		{
			name: "by another plugin", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"},
			shape: func(i int, in *report.Incident) {
				in.Causes[0].Culprits = []report.Culprit{{Kind: "plugin", Name: fmt.Sprintf("acme-%d", i)}}
			},
		},
		{
			name: "no slow log in one night", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"},
			shape: func(i int, in *report.Incident) {
				if i == 1 {
					in.Causes[0].Culprits = nil
				}
			},
			every: "day", text: "third night in a row at 03:00",
		},
		{
			name: "nobody named, other sites and pools", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"},
			shape: func(i int, in *report.Incident) {
				in.Causes[0].Culprits, in.Pools, in.Vhosts = nil, nil, []report.Share{{Name: fmt.Sprintf("site%d.test", i)}}
			},
		},
		{
			name: "by another cause", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"},
			shape: func(i int, in *report.Incident) {
				if i == 1 {
					in.Causes[0].ID = "oom_kill_global"
				}
			},
			text: "second time, before on 2026-11-18 at 03:00",
		},
		{
			name: "the cause is a guess", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"},
			shape: func(_ int, in *report.Incident) { in.Causes[0].Confidence = report.Low - 0.01 },
			every: "day", text: "third night in a row at 03:00",
		},
		{
			name: "nothing names a cause", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"},
			shape: func(_ int, in *report.Incident) { in.Causes = nil },
			every: "day", text: "third night in a row at 03:00",
		},
		{
			name: "nothing names a cause, and it showed another way", starts: []string{"2026-11-18 03:00", "2026-11-19 03:00", "2026-11-20 03:00"},
			shape: func(i int, in *report.Incident) {
				in.Causes, in.Failures = nil, map[string]int{[]string{"502", "504", "502"}[i]: 20}
			},
			text: "second time, before on 2026-11-18 at 03:00",
		},
	} {
		f := chronicle(t, berlin, "2026-11-01", "2026-11-22", c.missing...)
		rec := f.happened(t, c.starts, c.shape)
		if rec == nil {
			rec = &report.Recurrence{}
		}
		if rec.Text != c.text || rec.Every != c.every {
			t.Errorf("%s: %q %q, want %q %q", c.name, rec.Every, rec.Text, c.every, c.text)
		}
	}
}

// TestRecurDST: it is the clock on the wall that jobs go by.
func TestRecurDST(t *testing.T) {
	for _, c := range []struct {
		name, zone, first, last string
		starts                  []string
		text                    string
	}{
		{"clocks go on", "Europe/Berlin", "2026-03-20", "2026-04-05", []string{"2026-03-28 04:00", "2026-03-29 04:00", "2026-03-30 04:00"}, "third night in a row at 04:00"},
		{"clocks go back", "Europe/Berlin", "2026-10-20", "2026-11-05", []string{"2026-10-24 04:00", "2026-10-25 04:00", "2026-10-26 04:00"}, "third night in a row at 04:00"},
		{"half past two is left out", "Europe/Berlin", "2026-03-20", "2026-04-05", []string{"2026-03-27 02:30", "2026-03-28 02:30", "2026-03-30 02:30"}, "third night at 02:30 (of some between nothing is known)"},
		{"half past two comes twice", "Europe/Berlin", "2026-10-20", "2026-11-05", []string{"2026-10-24 02:30", "2026-10-25 02:30", "2026-10-26 02:30"}, "third night in a row at 02:30"},
		{"an hour late by the clock", "Europe/Berlin", "2026-10-20", "2026-11-05", []string{"2026-10-24 04:00", "2026-10-25 03:00", "2026-10-26 03:00"}, "third time since 2026-10-24, last on 2026-10-25 at 03:00"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Skip(err)
		}
		rec := chronicle(t, zone, c.first, c.last).happened(t, c.starts, nil)
		if rec == nil || rec.Text != c.text {
			t.Errorf("%s: %+v, want %q", c.name, rec, c.text)
		}
	}
}

// TestNoBeatByChance: what comes at random keeps no beat, however often it comes; one of some thousands may seem to.
func TestNoBeatByChance(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 13))
	f := chronicle(t, berlin, "2026-11-01", "2026-11-22")
	start := f.bounds("2026-11-01")[0]
	seen, of := 0, 0
	for range 2000 {
		var all []occasion
		rate := 1 + rnd.IntN(60)
		for at := start; at < start+21*24*3600; {
			at += int64(rnd.ExpFloat64() * 21 * 24 * 3600 / float64(rate))
			if n := len(all); n == 0 || at-all[n-1].start > together {
				all = append(all, occasion{start: at})
			}
		}
		of++
		if f.beat("web1", all) != nil {
			seen++
		}
	}
	if seen > of/200 {
		t.Errorf("%d of %d random courses seemed to keep a beat", seen, of)
	}
}
