package correlate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

var midday = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// accessLine is a request that ended at a second after midday and took so long.
func accessLine(host, uri string, status, end int, took float64) *parser.Record {
	return &parser.Record{
		Pos: parser.Pos{File: "access.log", Line: 1}, Format: "nginx-access", Time: midday.Add(time.Duration(end) * time.Second),
		Client: []byte("192.0.2.1"), Host: []byte(host), URI: []byte(uri), Method: []byte("GET"),
		Status: status, Duration: time.Duration(took * float64(time.Second)),
	}
}

// failedLine is an error line of nginx about a request.
func failedLine(host, uri string, at int, family classifier.Family) (*parser.Record, []classifier.Event) {
	r := accessLine(host, uri, 0, at, 0)
	r.File, r.Format, r.Duration = "error.log", "nginx-error", -1
	rule := &classifier.Rule{Tag: "nginx/upstream-timeout", Harm: "504", Family: family}
	return r, []classifier.Event{{Rule: rule, Record: r}}
}

func at(sec float64) time.Time { return midday.Add(time.Duration(sec * float64(time.Second))) }

func TestUnder(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []*parser.Record
		trace Trace
		want  string
		sure  bool
	}{
		{"the only one under way", []*parser.Record{accessLine("a.test", "/cart/", 200, 30, 12)}, Trace{At: at(23), Begun: at(18)}, "/cart/", true},
		{"too short, and over before", []*parser.Record{accessLine("a.test", "/cart/", 200, 22, .4), accessLine("a.test", "/x/", 200, 20, 15)}, Trace{At: at(23), Begun: at(18)}, "", false},
		{"began later", []*parser.Record{accessLine("a.test", "/cart/", 200, 40, 19)}, Trace{At: at(23), Begun: at(18)}, "", false},
		{
			"that of the same start comes first, but may be another",
			[]*parser.Record{accessLine("a.test", "/cart/", 200, 30, 12), accessLine("a.test", "/shop/x", 200, 31, 25)},
			Trace{At: at(23), Begun: at(18)},
			"/cart/", false,
		},
		{
			"both fit",
			[]*parser.Record{accessLine("a.test", "/cart/", 200, 30, 20), accessLine("a.test", "/shop/x", 200, 31, 25)},
			Trace{At: at(23), Begun: at(18)},
			"/cart/ /shop/", false,
		},
		{"another site's", []*parser.Record{accessLine("b.test", "/cart/", 200, 30, 12)}, Trace{At: at(23), Begun: at(18), Vhost: "a.test"}, "", false},
		{"another site's pool", []*parser.Record{accessLine("b.test", "/cart/", 200, 30, 12), accessLine("a.test", "/x/", 200, 30, 12)}, Trace{At: at(23), Begun: at(18), Pool: "a_test"}, "/x/", true},
		{"given up, and PHP goes on", []*parser.Record{accessLine("a.test", "/cart/", 504, 22, 10)}, Trace{At: at(25), Begun: at(14)}, "/cart/", true},
		{
			"a visitor who left the queue may be the one",
			[]*parser.Record{accessLine("a.test", "/cart/", 200, 30, 12), accessLine("a.test", "/shop/x", 499, 10, 1)},
			Trace{At: at(23), Begun: at(18)},
			"/cart/", false,
		},
		{
			"ended by PHP-FPM in the same second",
			[]*parser.Record{accessLine("a.test", "/cart/", 502, 48, 30), accessLine("a.test", "/shop/x", 200, 60, 43)},
			Trace{At: at(23), Begun: at(18), Ended: at(48)},
			"/cart/", true,
		},
		{"nothing known of the start", []*parser.Record{accessLine("a.test", "/cart/", 200, 30, 12)}, Trace{At: at(23), Least: 5 * time.Second}, "/cart/", true},
	} {
		tl := New()
		for _, r := range c.lines {
			tl.Add(r, nil)
		}
		pages, sure := tl.Under(c.trace)
		if got := names0(pages); got != c.want || sure != c.sure {
			t.Errorf("%s: %q, sure %v; want %q, %v", c.name, got, sure, c.want, c.sure)
		}
	}
}

// Without request times in an access log, error lines say which pages failed, but never surely.
func TestUnderByErrorLines(t *testing.T) {
	tl := New()
	tl.Configure(&Config{Sites: []Site{{Names: []string{"a.test"}, Settings: []Setting{{Name: "fastcgi_read_timeout", Value: "20s"}}}}})
	for _, f := range []struct {
		uri string
		at  int
	}{{"/cart/", 38}, {"/late/x", 60}, {"/early/x", 10}} {
		tl.Add(failedLine("a.test", f.uri, f.at, classifier.Saturated))
	}
	tl.Add(failedLine("a.test", "/down/x", 30, classifier.Down))
	pages, sure := tl.Under(Trace{At: at(23), Begun: at(18)})
	if got := names0(pages); got != "/cart/" || sure {
		t.Errorf("%q, sure %v", got, sure)
	}
}

func names0(pages map[string]int) string {
	var out []string
	for _, p := range []string{"/cart/", "/shop/", "/x/", "/late/", "/early/", "/down/"} {
		if pages[p] > 0 {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// However the lines come, and however they are spread, the same requests are kept; also beyond the bound.
func TestLongRequestsInAnyOrder(t *testing.T) {
	for _, n := range []int{300, maxLong + maxLong/2} {
		rnd := rand.New(rand.NewPCG(1, uint64(n)))
		all := make([]*parser.Record, n)
		for i := range all {
			all[i] = accessLine("a.test", fmt.Sprintf("/p%d/", i%7), 200, i, 1+float64(rnd.IntN(80))/10)
		}
		var want map[string]int
		for range 3 {
			rnd.Shuffle(n, func(i, j int) { all[i], all[j] = all[j], all[i] })
			parts := []*Timeline{New(), New(), New()}
			for _, r := range all {
				parts[rnd.IntN(len(parts))].Add(r, nil)
			}
			parts[2].Merge(parts[0])
			parts[2].Merge(parts[1])
			got := map[string]int{}
			for k, c := range parts[2].long.n.all() {
				got[fmt.Sprint(k.start, k.end, parts[2].names.name(k.uri))] += *c
			}
			if want == nil {
				want = got
			}
			if parts[2].long.n.len() > maxLong || len(got) == 0 || !maps.Equal(got, want) {
				t.Fatalf("%d lines: %d kept, %d at first", n, len(got), len(want))
			}
		}
	}
}

func TestSpan(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"10s": 10 * time.Second, "60": time.Minute, "2m": 2 * time.Minute, "500ms": 500 * time.Millisecond, "1d": 24 * time.Hour, "0": 0, "": 0, "off": 0, "d": 0, "-3s": 0,
	} {
		if got := Span(value); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

// Where an access line states the time of the upstream alone, a request took about as long; beyond a minute that is not known.
func TestStatedTime(t *testing.T) {
	for _, c := range []struct {
		took     time.Duration
		upstream string
		want     time.Duration
	}{
		{3 * time.Second, "2.000", 3 * time.Second},
		{-1, "31.250", 31*time.Second + 250*time.Millisecond},
		{-1, "10.000, 21.000", 31 * time.Second},
		{-1, "90.000", -1},
		{-1, "-", -1},
		{-1, "", -1},
	} {
		r := &parser.Record{Duration: c.took}
		if c.upstream != "" {
			r.Add("upstream_time", []byte(c.upstream))
		}
		if got := statedTime(r); got != c.want {
			t.Errorf("%v, %q: %v", c.took, c.upstream, got)
		}
	}
}
