package history

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
	"why502/report"
)

// TestCount: however lines are parted into runs, a day counts each of them once.
func TestCount(t *testing.T) {
	rnd := rand.New(rand.NewPCG(21, 22))
	rule := &classifier.Rule{Tag: "nginx/upstream-timeout", Harm: "504", Family: "saturated"}
	start := time.Date(2026, 10, 24, 12, 0, 0, 0, berlin) // 25 October has 25 hours
	const runs = 5
	parts := make([]*correlate.Timeline, runs)
	for i := range parts {
		parts[i] = correlate.New()
	}
	tags, requests, slow, lines := map[string]int{}, map[string]int64{}, map[string]int{}, 0
	for range 4000 {
		at := start.Add(time.Duration(rnd.IntN(3*24*3600)) * time.Second)
		date := at.Format(time.DateOnly)
		part := parts[rnd.IntN(runs)]
		r := &parser.Record{Time: at, Raw: []byte("x"), Duration: -1, Client: []byte("198.51.100.7"), Vhost: []byte("shop.test"), URI: []byte("/cart/")}
		switch r.Line = 1; rnd.IntN(3) {
		case 0:
			r.Format, r.File = "nginx-error", "error.log"
			part.Add(r, []classifier.Event{{Rule: rule, Record: r}})
			tags[date]++
		case 1:
			r.Format, r.File, r.Status = "nginx-access", "access.log", 200
			part.Add(r, nil)
			requests[date]++
		case 2:
			r.Format, r.File = "php-slow", "slow.log"
			r.Frames = []parser.Frame{{Func: []byte("curl_exec"), File: []byte("/srv/wp-content/plugins/acme/api.php"), Line: 7}}
			part.Add(r, nil)
			slow[date]++
		}
		part.Source(r.File).Lines++
		lines++
	}
	f := New(berlin)
	for i, part := range parts {
		f.Settle("web1", i)
		f.Take(Run{Host: "web1", Number: i + 1, Counts: Count(part, berlin), Report: &report.Report{}})
	}
	read := int64(0)
	for _, date := range f.Dates() {
		d := f.day(date)
		if d.counts[byTag]["nginx/upstream-timeout"] != tags[date] || d.Requests != requests[date] || d.counts[byPlugin]["acme"] != slow[date] {
			t.Errorf("%s: %v, %d requests; want %d lines, %d requests, %d slow entries", date, d.counts, d.Requests, tags[date], requests[date], slow[date])
		}
		for k, h := range f.days {
			if k.date == date {
				h.parts(func(s *sums) { read += s.Lines })
			}
		}
	}
	if int(read) != lines {
		t.Errorf("%d lines on all days, want %d", read, lines)
	}
}

// TestManyNames: of more names than are kept the rest is counted together.
func TestManyNames(t *testing.T) {
	m := map[string]int{}
	for i := range 3 * maxNames {
		m[fmt.Sprintf("/page-%d/", i)] = i
	}
	all := total(m)
	kept := names(m)
	if len(kept) != maxNames || total(kept) != all || kept["/page-599/"] != 599 || kept["/page-3/"] != 0 {
		t.Errorf("%d names, %d of %d counted", len(kept), total(kept), all)
	}
	if again := names(maps.Clone(kept)); !maps.Equal(again, kept) {
		t.Error("kept names are not kept")
	}
}

// TestReread: logs that are read again from a day on count once.
func TestReread(t *testing.T) {
	lines := func(n int) *sums { return &sums{Read: 1, Tags: map[string]int{"nginx/upstream-timeout": n}} }
	f := New(berlin)
	f.Take(Run{Host: "web1", Number: 1, Counts: Counts{"2026-11-18": lines(10), "2026-11-20": lines(5)}, Report: &report.Report{}})
	f.Take(Run{Host: "web1", Number: 2, Counts: Counts{"2026-11-20": lines(2), "2026-11-21": lines(7)}, Report: &report.Report{}})
	f.Settle("web1", 2)
	again := Counts{"2026-11-17": lines(1), "2026-11-19": lines(4), "2026-11-20": lines(7), "2026-11-21": lines(7)}
	f.Reread("web1", "2026-11-19", again)
	f.Take(Run{Host: "web1", Number: 3, Counts: again, Report: &report.Report{}})
	for date, want := range map[string]int{"2026-11-17": 1, "2026-11-18": 10, "2026-11-19": 4, "2026-11-20": 7, "2026-11-21": 7} {
		if got := f.day(date).counts[byTag]["nginx/upstream-timeout"]; got != want {
			t.Errorf("%s: %d lines, want %d", date, got, want)
		}
	}
}
