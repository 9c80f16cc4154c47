package history

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// book fills facts day by day, the last of them 2026-11-22, a Sunday.
type book struct {
	*Facts
	run int
}

const theDay = "2026-11-22"

// whole is a day that the logs cover from end to end.
func (b *book) whole(date string, requests int, fill func(*page)) {
	b.covered(date, 0, 24, requests, fill)
}

// covered is one that they cover from one hour to another.
func (b *book) covered(date string, from, to float64, requests int, fill func(*page)) {
	x := b.bounds(date)
	start, end := time.Unix(x[0]+int64(from*3600), 0), time.Unix(min(x[1], x[0]+int64(to*3600))-1, 0)
	p := &page{start: start.In(berlin), sums: &sums{Read: 1, Requests: map[string]int{"nginx-access": requests}, Tags: map[string]int{}, Culprits: map[string]int{}}}
	if fill != nil {
		fill(p)
	}
	b.run++
	b.Take(Run{Host: "web1", Number: b.run, Counts: Counts{date: p.sums}, Report: &report.Report{
		Incidents: p.incidents, Coverage: report.Coverage{Sources: []report.Source{{Format: "nginx-access", From: &start, To: &end}}},
	}})
}

// page is one day of it.
type page struct {
	start time.Time
	*sums
	incidents []report.Incident
}

// fails puts an incident in in which only one page failed.
func (p *page) fails(uri, status string, n int) {
	if n == 0 {
		return
	}
	in := incident(p.start.Add(time.Duration(len(p.incidents)+1)*time.Minute), 30*time.Second, n)
	in.URIs[0].Name, in.Failures = uri, map[string]int{status: n}
	p.incidents = append(p.incidents, in)
}

// week makes the day's counts of a tag: -1 is a day without any record, which a number below it is in part.
func week(counts [7]int, now int, requests [8]int) *Facts {
	b := book{Facts: New(berlin)}
	for i, n := range append(counts[:], now) {
		date := b.shift(theDay, i-7)
		fill := func(p *page) { p.Tags["nginx/open-files"] = n }
		switch {
		case n >= 0:
			b.whole(date, requests[i], fill)
		case n < -1:
			n = -n
			b.covered(date, 0, 6.4, requests[i], fill)
		}
	}
	return b.Facts
}

func same(n int) (all [8]int) {
	for i := range all {
		all[i] = n
	}
	return all
}

func TestChange(t *testing.T) {
	const none = -1
	for _, c := range []struct {
		name     string
		days     [7]int
		now      int
		requests [8]int
		want     string
	}{
		{"nothing at all", [7]int{}, 0, same(0), ""},
		{"new", [7]int{}, 5, same(0), "new"},
		{"too few to be new", [7]int{}, 4, same(0), ""},
		{"new after one day on record", [7]int{none, none, none, none, none, none, 0}, 18, same(0), "new"},
		{"too few for one day on record", [7]int{none, none, none, none, none, none, 0}, 17, same(0), ""},
		{"no day on record", [7]int{none, none, none, none, none, none, none}, 500, same(0), ""},
		{"only days in part", [7]int{-50, -50, -50, -50, -50, -50, -50}, 500, same(0), ""},
		{"worse", [7]int{9, 8, 12, 9, 7, 10, 12}, 61, same(0), "worse"},
		{"nearly worse", [7]int{9, 8, 12, 9, 7, 12, 12}, 50, same(0), ""},
		{"hardly twice", [7]int{1000, 1000, 1000, 1000, 1000, 1000, 1000}, 2100, same(0), ""},
		{"more than twice", [7]int{1000, 1000, 1000, 1000, 1000, 1000, 1000}, 2260, same(0), "worse"},
		{"worse as yesterday already", [7]int{9, 8, 12, 9, 7, 10, 400}, 420, same(0), "worse"},
		{"usual since two days", [7]int{9, 8, 12, 9, 7, 410, 400}, 420, same(0), ""},
		{"comes on Sundays", [7]int{400, 0, 0, 0, 0, 0, 0}, 420, same(0), ""},
		{"came on Monday", [7]int{0, 400, 0, 0, 0, 0, 0}, 420, same(0), "worse"},
		{"as much more as the traffic", [7]int{100, 100, 100, 100, 100, 100, 100}, 400, [8]int{10000, 10000, 10000, 10000, 10000, 10000, 10000, 40000}, ""},
		{"more than the traffic", [7]int{100, 100, 100, 100, 100, 100, 100}, 1100, [8]int{10000, 10000, 10000, 10000, 10000, 10000, 10000, 40000}, "worse"},
		{"as much of less traffic", [7]int{100, 100, 100, 100, 100, 100, 100}, 100, [8]int{40000, 40000, 40000, 40000, 40000, 40000, 40000, 10000}, ""},
		{"too little traffic to go by", [7]int{100, 100, 100, 100, 100, 100, 100}, 400, [8]int{100, 100, 100, 100, 100, 100, 100, 400}, "worse"},
		{"better", [7]int{400, 400, 400, 400, 400, 400, 400}, 100, same(0), "better"},
		{"hardly half", [7]int{400, 400, 400, 400, 400, 400, 400}, 190, same(0), ""},
		{"less as on Sundays", [7]int{100, 400, 400, 400, 400, 400, 400}, 100, same(0), ""},
		{"as usual after a bad day", [7]int{9, 8, 12, 9, 7, 10, 400}, 12, same(0), "better"},
		{"less of less traffic", [7]int{400, 400, 400, 400, 400, 400, 400}, 100, [8]int{40000, 40000, 40000, 40000, 40000, 40000, 40000, 10000}, ""},
		{"gone", [7]int{40, 40, 40, 40, 40, 40, 40}, 0, same(0), "gone"},
		{"gone after one bad day", [7]int{0, 0, 0, 0, 0, 0, 18}, 0, same(0), "gone"},
		{"one small day", [7]int{0, 0, 0, 0, 0, 0, 17}, 0, same(0), ""},
		{"a few each day", [7]int{10, 10, 11, 10, 10, 10, 10}, 0, same(0), ""},
		{"some each day", [7]int{15, 16, 14, 15, 16, 14, 15}, 0, same(0), "gone"},
		{"gone since yesterday", [7]int{40, 40, 40, 40, 40, 40, 0}, 0, same(0), ""},
		{"gone, yesterday is not on record", [7]int{40, 40, 40, 40, 40, 40, none}, 0, same(0), "gone"},
		{"never on weekends", [7]int{0, 40, 40, 40, 40, 40, 0}, 0, same(0), ""},
		{"less on weekends", [7]int{100, 400, 400, 400, 400, 400, 100}, 100, same(0), ""},
		{"never on Sundays", [7]int{0, 40, 40, 40, 40, 40, 40}, 0, same(0), ""},
		{"worse on a day in part", [7]int{9, 8, 12, 9, 7, 10, 12}, -61, same(0), "worse"},
		{"less on a day in part", [7]int{400, 400, 400, 400, 400, 400, 400}, -50, same(0), ""},
		{"yesterday is not on record", [7]int{9, 8, 12, 9, 7, 10, none}, 420, same(0), "worse"},
		{"a day in part is no zero", [7]int{9, 8, 12, 9, 7, 10, -400}, 420, same(0), "worse"},
	} {
		h := week(c.days, c.now, c.requests).Compare(theDay)
		got := ""
		for _, m := range h.Moves {
			got += m.Change
		}
		if got != c.want {
			t.Errorf("%s: %v, then %d: %q, want %q", c.name, c.days, c.now, got, c.want)
		}
	}
}

// TestTexts holds the sentences.
func TestTexts(t *testing.T) {
	var out strings.Builder
	show := func(title string, f *Facts) {
		h := f.Compare(theDay)
		fmt.Fprintf(&out, "# %s\n", title)
		for _, b := range h.Against {
			fmt.Fprintf(&out, "against %s %s (%d): %d requests, %v, %d incidents, %d s, %d clients\n", b.Name, b.Date, b.Days, b.Requests, b.Failures, b.Incidents, b.Seconds, b.Clients)
		}
		for _, m := range h.Moves {
			fmt.Fprintf(&out, "%-6s %-6s %s  [%s … %s]\n", m.Kind, m.Change, m.Text, m.First, m.Last)
		}
		for _, n := range h.Notes {
			fmt.Fprintf(&out, "note: %s\n", n)
		}
		out.WriteByte('\n')
	}
	each := func(b *book, from, to int, fill func(p *page)) {
		for n := from; n <= to; n++ {
			b.whole(b.shift(theDay, n), 20000, fill)
		}
	}

	b := &book{Facts: New(berlin)}
	each(b, -7, -2, func(p *page) { p.fails("/cart/", "504", 9) })
	each(b, -1, -1, func(p *page) { p.fails("/cart/", "504", 12) })
	each(b, 0, 0, func(p *page) { p.fails("/cart/", "504", 420) })
	show("worse", b.Facts)

	b = &book{Facts: New(berlin)}
	each(b, -12, -12, func(p *page) { p.fails("/checkout/", "502", 3); p.Tags["nginx/upstream-refused"] = 7 })
	each(b, -7, -1, nil)
	each(b, 0, 0, func(p *page) {
		p.fails("/checkout/", "502", 40)
		p.fails("/", "504", 8)
		p.Tags["nginx/upstream-refused"], p.Tags["phpfpm/max-children"] = 1_204, 12
		p.Slow, p.Culprits["plugin:acme"], p.Culprits["theme:big"] = 40, 33, 7
	})
	show("new, some of it seen before", b.Facts)

	b = &book{Facts: New(berlin)}
	each(b, -7, -1, func(p *page) { p.fails("/cart/", "truncated", 50); p.Culprits["plugin:acme"] = 70 })
	each(b, 0, 0, nil)
	show("gone", b.Facts)

	b = &book{Facts: New(berlin)}
	b.covered("2026-11-15", 14, 24, 9000, nil)
	each(b, -6, -4, func(p *page) { p.Tags["nginx/limit-req"] = 10 })
	b.covered("2026-11-21", 0, 6.5, 5000, nil)
	b.covered(theDay, 3, 18, 60000, func(p *page) { p.Tags["nginx/limit-req"] = 900 })
	show("days in part", b.Facts)

	b = &book{Facts: New(berlin)}
	b.whole("2026-11-21", 20000, func(p *page) { p.Tags["nginx/limit-req"] = 10 })
	b.whole(theDay, 50000, func(p *page) { p.Tags["nginx/limit-req"], p.Tags["nginx/reload"] = 900, 60 })
	show("two days on record", b.Facts)

	b = &book{Facts: New(berlin)}
	b.whole("2026-11-19", 20000, func(p *page) { p.Tags["nginx/limit-req"] = 10 })
	b.whole(theDay, 20000, func(p *page) { p.Tags["nginx/limit-req"] = 900 })
	show("no day to go by but one", b.Facts)

	b = &book{Facts: New(berlin)}
	b.whole(theDay, 20000, func(p *page) { p.fails("/cart/", "504", 420) })
	show("the first day", b.Facts)

	b = &book{Facts: New(berlin)}
	each(b, -7, -1, nil)
	each(b, 0, 0, func(p *page) {
		for i := range 40 {
			p.fails(fmt.Sprintf("/page-%d/", i), "502", 20+i)
		}
		for i := range 40 {
			p.Tags[fmt.Sprintf("own/tag-%d", i)] = 100 + i
		}
	})
	h := b.Compare(theDay)
	fmt.Fprintf(&out, "# more than can be told\n%d moves, the last %s\nnote: %s\n", len(h.Moves), h.Moves[len(h.Moves)-1].Text, h.Notes)

	const file = "testdata/compare.golden"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("%s\nwant\n%s", out.String(), want)
	}
}

// TestFolded: a page that may be among those that were too many to be told apart is neither new nor gone.
func TestFolded(t *testing.T) {
	hurt := func(b *book, n, pages int, also string) {
		b.whole(b.shift(theDay, n), 20000, func(p *page) {
			p.fails("/", "502", 20*pages)
			in := &p.incidents[0]
			in.URIs = nil
			for i := range pages {
				in.URIs = append(in.URIs, report.Share{Name: fmt.Sprintf("/page-%d/", i), Failures: 20})
			}
			if also != "" {
				in.URIs = append(in.URIs, report.Share{Name: also, Failures: 19})
			}
		})
	}
	for _, pages := range []int{maxShares - 2, maxShares + 5} {
		for _, c := range []struct{ before, now, change string }{{"", "/rare/", "new"}, {"/rare/", "", "gone"}} {
			b := &book{Facts: New(berlin)}
			for n := -7; n < 0; n++ {
				hurt(b, n, pages, c.before)
			}
			hurt(b, 0, pages, c.now)
			got := ""
			for _, m := range b.Compare(theDay).Moves {
				if m.Kind == byURI && m.Name == "/rare/" {
					got = m.Change
				} else if m.Kind == byURI {
					t.Errorf("%d pages: %s", pages, m.Text)
				}
			}
			if pages > maxShares {
				c.change = ""
			}
			if got != c.change {
				t.Errorf("%d pages, %q, then %q: %q, want %q", pages, c.before, c.now, got, c.change)
			}
		}
	}
}

// TestTrend leaves out days without a record and says which are covered from end to end.
func TestTrend(t *testing.T) {
	b := book{Facts: New(berlin)}
	b.whole("2026-10-23", 1, nil) // 31 days, too old
	b.whole("2026-10-25", 1, nil) // of 25 hours
	b.covered("2026-10-26", 0, 22.9, 1, nil)
	b.covered("2026-10-27", 0, 23.1, 1, nil)
	b.covered("2026-10-28", 0, 10, 1, nil)
	b.covered("2026-10-28", 10.9, 24, 1, nil)
	b.covered("2026-10-29", 0, 10, 1, nil)
	b.covered("2026-10-29", 11.1, 24, 1, nil)
	b.whole(theDay, 5, func(p *page) { p.fails("/", "502", 2) })
	var got []string
	for _, d := range b.Compare(theDay).Days {
		got = append(got, fmt.Sprintf("%s %v %d %d", d.Date, d.Whole, d.Incidents, d.Isolated))
	}
	want := "2026-10-25 true 0 0|2026-10-26 false 0 0|2026-10-27 true 0 0|2026-10-28 true 0 0|2026-10-29 false 0 0|2026-11-22 true 0 1"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("%s, want %s", s, want)
	}
	if d := b.Date(time.Date(2026, 10, 29, 5, 0, 0, 0, berlin)); d != "2026-10-28" {
		t.Errorf("a report up to 29 October, 5:00, is about %s", d)
	}
	if d := b.Date(time.Date(2026, 10, 29, 23, 50, 0, 0, berlin)); d != "2026-10-29" {
		t.Errorf("a report up to 29 October, 23:50, which logs of an hour are missing of, is about %s", d)
	}
	if d := b.Date(time.Date(2026, 10, 28, 5, 0, 0, 0, berlin)); d != "2026-10-28" {
		t.Errorf("a report up to 28 October, which is covered, is about %s", d)
	}
}

// TestSilent: a day on which a busy host logged no request is no day without failures.
func TestSilent(t *testing.T) {
	b := book{Facts: New(berlin)}
	for n := -7; n <= 0; n++ {
		requests := 20000
		if n == -1 || n == -3 {
			requests = 0
		}
		b.whole(b.shift(theDay, n), requests, func(p *page) {
			if n == -3 {
				p.fails("/", "502", 5)
			}
		})
	}
	h := b.Compare(theDay)
	if len(h.Days) != 7 || len(h.Notes) != 1 || h.Notes[0] != "Of 2026-11-21 there is no record: it is not compared." || h.Against[1].Days != 5 {
		t.Errorf("%d days, %q, against %+v", len(h.Days), h.Notes, h.Against)
	}
	for _, d := range h.Days {
		if d.Date == "2026-11-19" && (d.Whole || d.Isolated+d.Incidents != 1) {
			t.Errorf("%+v", d)
		}
	}

	// Where there is no access log, or next to no traffic, a quiet day is one.
	b = book{Facts: New(berlin)}
	for n := -7; n <= 0; n++ {
		b.whole(b.shift(theDay, n), 10*(n&1), nil)
	}
	if h := b.Compare(theDay); len(h.Notes) != 0 || h.Against[2].Days != 7 {
		t.Errorf("%q, against %+v", h.Notes, h.Against)
	}
}

// TestUnsure: a cause that is a guess is told as one.
func TestUnsure(t *testing.T) {
	b := book{Facts: New(berlin)}
	for n := -7; n <= 0; n++ {
		b.whole(b.shift(theDay, n), 20000, func(p *page) {
			p.fails("/cart/", "502", 30)
			p.incidents[0].Causes[0].Confidence = 0.3
			if n == 0 {
				p.fails("/shop/", "502", 200)
				p.incidents[1].Causes[0].Confidence = 0.3
			}
		})
	}
	if m := b.Compare(theDay).Moves; len(m) == 0 || m[0].Text != "Slow calls to another service (unsure): 230 failures, the day before 30, median 30" {
		t.Errorf("%+v", m)
	}
}

// TestHosts: a day is covered only if it is on every host that is there.
func TestHosts(t *testing.T) {
	b := book{Facts: New(berlin)}
	b.whole("2026-11-20", 1, nil)
	b.whole(theDay, 1, nil)
	from, to := time.Date(2026, 11, 20, 0, 0, 0, 0, berlin), time.Date(2026, 11, 20, 23, 59, 0, 0, berlin)
	b.Take(Run{Host: "web2", Number: 1, Report: &report.Report{Coverage: report.Coverage{Sources: []report.Source{{Format: "apache-access", From: &from, To: &to}}}}})
	if !b.day("2026-11-20").Whole || b.day(theDay).Whole {
		t.Error("web2 said nothing on the second day")
	}
	later := from.AddDate(0, 0, 8)
	b.whole(later.Format(time.DateOnly), 1, nil)
	if !b.day(later.Format(time.DateOnly)).Whole {
		t.Error("web2 said nothing for a week: it is no more")
	}
}
