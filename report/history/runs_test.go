package history

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"why502/report"
)

var berlin = func() *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return time.FixedZone("Europe/Berlin", 3600)
	}
	return z
}()

// server is a host whose logs are read by runs; it knows what they must come to.
type server struct {
	host      string
	facts     *Facts
	now       time.Time
	tail      time.Time
	run       int
	incidents []report.Incident
	tags      map[string]int // by day
	requests  map[string]int
}

func newServer(host string) *server {
	start := time.Date(2026, 11, 1, 7, 0, 0, 0, berlin)
	return &server{host: host, facts: New(berlin), now: start, tail: start, tags: map[string]int{}, requests: map[string]int{}}
}

// step reads what came in some hours, in a run that may crash before its marks are on disk.
func (s *server) step(rnd *rand.Rand) {
	s.run++
	before := s.now
	if rnd.IntN(3) == 0 {
		s.now = s.now.Add(time.Duration(1+rnd.IntN(3)) * time.Hour)
		partial := s.read(rnd, before)
		if rnd.IntN(2) == 0 { // its facts were written
			s.facts.Take(partial)
		}
		s.now = s.now.Add(time.Duration(1+rnd.IntN(5)) * time.Hour)
		r := s.read(rnd, before)
		for date, c := range partial.Counts { // the same lines once more, and others
			if r.Counts[date] == nil {
				r.Counts[date] = &sums{}
			}
			n := r.Counts[date].Read
			r.Counts[date].add(c)
			r.Counts[date].Read = n
		}
		s.take(r)
		return
	}
	s.now = s.now.Add(time.Duration(2+rnd.IntN(20)) * time.Hour)
	s.take(s.read(rnd, before))
}

func (s *server) take(r Run) {
	for date, c := range r.Counts {
		s.tags[date] += c.Tags["nginx/upstream-timeout"]
		s.requests[date] += c.Requests["nginx-access"]
	}
	s.facts.Settle(s.host, s.run-1)
	s.facts.Take(r)
	s.tail = r.Open
}

func (f *Facts) clone() *Facts {
	var b bytes.Buffer
	if err := f.Encode(&b); err != nil {
		panic(err)
	}
	c, err := Decode(&b, f.zone)
	if err != nil {
		panic(err)
	}
	return c
}

// read makes what a run finds: incidents of the tail go on, turn out to be none, or have ended; others are new.
func (s *server) read(rnd *rand.Rand, from time.Time) Run {
	var open []report.Incident
	for _, in := range s.incidents {
		if in.Start.Before(s.tail) {
			continue
		}
		if rnd.IntN(3) == 0 {
			in.End = in.End.Add(time.Duration(rnd.IntN(1000)) * time.Second)
			in.Failures = map[string]int{"502": in.Failures["502"] + rnd.IntN(10)}
		}
		if rnd.IntN(6) > 0 {
			open = append(open, in)
		}
	}
	counts := Counts{}
	for at := from; at.Before(s.now); at = at.Add(time.Hour) {
		date := at.In(berlin).Format(time.DateOnly)
		if counts[date] == nil {
			counts[date] = &sums{Tags: map[string]int{}, Requests: map[string]int{}}
		}
		counts[date].Tags["nginx/upstream-timeout"] += rnd.IntN(5)
		counts[date].Requests["nginx-access"] += rnd.IntN(500)
		if rnd.IntN(4) == 0 {
			start := at.Add(time.Duration(rnd.IntN(3600)) * time.Second)
			open = append(open, incident(start, time.Duration(rnd.IntN(7200))*time.Second, 1+rnd.IntN(40)))
		}
	}
	for _, c := range counts {
		c.Read = int64(s.now.Sub(from) / time.Second)
	}
	s.incidents = open
	r := &report.Report{Incidents: open, Coverage: report.Coverage{Sources: []report.Source{{Format: "nginx-access", From: &from, To: &s.now}}}}
	return Run{Host: s.host, Number: s.run, Counts: counts, Report: r, Tail: s.tail, Open: s.now.Add(-2 * time.Hour)}
}

// incident is one as a report has it.
func incident(start time.Time, d time.Duration, failures int) report.Incident {
	return report.Incident{
		ID: start.UTC().Format("20060102-150405-") + "41ac", Start: start, End: start.Add(d), Failures: map[string]int{"502": failures}, Clients: 3,
		Isolated: failures < 3, Vhosts: []report.Share{{Name: "shop.test", Failures: failures}}, URIs: []report.Share{{Name: "/cart/", Failures: failures}},
		Pools:  []report.Share{{Name: "shop", Failures: failures}},
		Causes: []report.Cause{{ID: "slow_external_http", Title: "Slow calls to another service", Confidence: 0.9, Culprits: []report.Culprit{{Kind: "plugin", Name: "acme"}}}},
	}
}

func encoded(t *testing.T, f *Facts) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRuns: whatever runs there are, of which some crash and read their lines again, each line counts once.
func TestRuns(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		s := newServer("web1")
		for range 2 + rnd.IntN(8) {
			s.step(rnd)
		}
		for _, date := range s.facts.Dates() {
			d := s.facts.day(date)
			if d.counts[byTag]["nginx/upstream-timeout"] != s.tags[date] || int(d.Requests) != s.requests[date] {
				t.Errorf("seed %d, %s: %d lines and %d requests, want %d and %d", seed, date, d.counts[byTag]["nginx/upstream-timeout"], d.Requests, s.tags[date], s.requests[date])
			}
		}
	}
}

// TestRunAgain: a run that is made again counts once, whether it was settled or not.
func TestRunAgain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	s := newServer("web1")
	s.run = 1
	from := s.now
	s.now = s.now.Add(30 * time.Hour)
	r := s.read(rnd, from)
	s.facts.Take(r)
	once := encoded(t, s.facts)
	s.facts.Take(r)
	if again := encoded(t, s.facts); again != once {
		t.Errorf("taken twice:\n%s\nonce:\n%s", again, once)
	}
	s.facts.Settle("web1", 1)
	settled := encoded(t, s.facts)
	s.facts.Take(r)
	if again := encoded(t, s.facts); again != settled {
		t.Errorf("taken after it was settled:\n%s\nbefore:\n%s", again, settled)
	}
}

// TestMidnight: an incident's failures lie on the days on which its pace has them.
func TestMidnight(t *testing.T) {
	start := time.Date(2026, 11, 22, 23, 30, 0, 0, berlin)
	in := incident(start, time.Hour, 100)
	in.Failures["504"] = 10
	in.Pace = &report.Pace{Seconds: 600}
	for i, n := range []int{5, 5, 10, 60, 10, 10} {
		in.Pace.Steps = append(in.Pace.Steps, report.Step{Time: start.Add(time.Duration(i) * 10 * time.Minute), Failures: map[string]int{"502": n}})
	}
	f := New(berlin)
	f.Take(Run{Host: "web1", Number: 1, Report: &report.Report{Incidents: []report.Incident{in}}})
	first, second := f.day("2026-11-22"), f.day("2026-11-23")
	if !maps.Equal(first.Failures, map[string]int{"502": 20, "504": 10}) || !maps.Equal(second.Failures, map[string]int{"502": 80}) {
		t.Errorf("failures %v and %v", first.Failures, second.Failures)
	}
	if first.Seconds != 1800 || second.Seconds != 1800 {
		t.Errorf("%d and %d seconds", first.Seconds, second.Seconds)
	}
	a, b := first.counts[byURI]["/cart/"], second.counts[byURI]["/cart/"]
	if a+b != 100 || a != 27 {
		t.Errorf("%d and %d failures of the page", a, b)
	}
}

// TestFold: a day with more incidents than are kept keeps its sums, also on disk.
func TestFold(t *testing.T) {
	f := New(berlin)
	r := &report.Report{}
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, berlin)
	for i := range 3 * maxStubs {
		r.Incidents = append(r.Incidents, incident(start.Add(time.Duration(i)*20*time.Second), time.Second, 1+i%7))
	}
	early := New(berlin)
	early.Take(Run{Host: "web1", Number: 1, Report: r})
	if n := len(early.incidents); n != 3*maxStubs {
		t.Fatalf("%d incidents kept while they may be told again", n)
	}
	run := Run{Host: "web1", Number: 2, Report: r, Open: start.Add(24 * time.Hour)}
	f.Take(run)
	f.Take(run)
	if n := len(f.incidents); n != maxStubs {
		t.Errorf("%d incidents are kept one by one", n)
	}
	want := early.day("2026-11-22")
	for _, d := range []*day{f.day("2026-11-22"), f.clone().day("2026-11-22")} {
		if d.Incidents != want.Incidents || d.Isolated != want.Isolated || !maps.Equal(d.Failures, want.Failures) || d.Clients != want.Clients ||
			d.counts[byCause]["slow_external_http"] != want.counts[byCause]["slow_external_http"] || d.counts[byURI]["/cart/"] != want.counts[byURI]["/cart/"] {
			t.Errorf("%+v, want %+v", d.Day, want.Day)
		}
	}
}

// TestKeep drops days before the last.
func TestKeep(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	s := newServer("web1")
	for range 20 {
		s.step(rnd)
	}
	all := s.facts.Dates()
	last := all[len(all)-1]
	day, _ := time.ParseInLocation(time.DateOnly, last, berlin)
	s.facts.Keep(3, day.Add(5*time.Hour))
	left := s.facts.Dates()
	if left[0] < s.facts.shift(last, -3) || len(left) < 3 || left[len(left)-1] != last {
		t.Errorf("%v are left of %v", left, all)
	}
}
