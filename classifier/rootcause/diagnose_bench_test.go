package rootcause

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
)

// stage fills a Timeline as a parser and the rules would.
type stage struct {
	*correlate.Timeline
	rules *classifier.Rules
	line  int
}

func newStage(tb testing.TB) *stage {
	tb.Helper()
	rules := classifier.Load()
	return &stage{Timeline: correlate.New(), rules: rules}
}

func (s *stage) add(r *parser.Record) {
	s.line++
	r.Line, r.Duration = s.line, -1
	r.Client = fmt.Appendf(nil, "203.0.%d.%d", s.line/200%200, s.line%200)
	r.Raw = fmt.Appendf(nil, "line %d of %s", s.line, r.File)
	s.Add(r, s.rules.Classify(nil, r))
}

// fail is an nginx error line for a request that its upstream failed.
func (s *stage) fail(sec int, site, message string) {
	s.add(&parser.Record{
		Pos: parser.Pos{File: "error.log"}, Format: "nginx-error", Time: at(sec), Message: []byte(message), Errno: 111,
		Phase: []byte("connecting to upstream"), Server: []byte(site), Host: []byte(site), URI: []byte("/cart/"),
		Request: []byte("GET /cart/ HTTP/1.1"), Upstream: []byte("fastcgi://unix:/run/php/" + site + ".sock:"),
	})
}

// answer is an access line of a site in a log of its own.
func (s *stage) answer(sec int, site string, status int) {
	s.add(&parser.Record{
		Pos: parser.Pos{File: "domlogs/" + site}, Format: "apache-access", Time: at(sec), URI: []byte("/cart/"), Status: status,
		Request: []byte("GET /cart/ HTTP/1.1"),
	})
}

const (
	refused = "connect() to unix:/run/php.sock failed (111: Connection refused)"
	tooBig  = "upstream sent too big header"
)

// scenes are what makes diagnosing dear.
var scenes = []struct {
	name string
	play func(*stage)
}{
	{"sources", func(s *stage) { // of some thousand sites with a log each many fail in the same minutes
		for i := range 5000 {
			site := fmt.Sprintf("shop%d.example", i)
			for j := range 3 {
				s.answer(i%600+j, site, 200)
			}
			if i%5 == 0 {
				s.answer(i%600+3, site, 502)
			}
		}
	}},
	{"incidents", func(s *stage) { // half an hour apart, of two kinds
		for i := range 8000 {
			s.fail(i*1800, fmt.Sprintf("shop%d.example", i%40), [...]string{refused, tooBig}[i%2])
		}
	}},
	{"crowd", func(s *stage) { // as many within some hours, of which none knows of the other
		for i := range 8000 {
			s.fail(i, fmt.Sprintf("shop%d.example", i%400), [...]string{refused, tooBig, "upstream prematurely closed connection"}[i%3])
		}
	}},
	{"long", func(s *stage) { // one that goes on for days
		for i := range 8000 {
			s.fail(i*50, "shop.example", refused)
		}
	}},
}

func BenchmarkDiagnose(b *testing.B) {
	for _, c := range scenes {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			s := newStage(b)
			c.play(s)
			for b.Loop() {
				for range Diagnose(s.Timeline, time.UTC) {
				}
			}
		})
	}
}

// Sessions of one fault are one incident, however many, with all that failed in them.
func TestManySessionsAreOneIncident(t *testing.T) {
	for _, sessions := range []int{2, many, 5 * many} {
		s := newStage(t)
		for i := range sessions {
			s.fail(i*60, "shop.example", refused)
			s.fail(i*60+1, "mug.example", refused)
		}
		all := slices.Collect(Diagnose(s.Timeline, time.UTC))
		if len(all) != 1 {
			t.Fatalf("%d sessions of two sites are %d incidents", sessions, len(all))
		}
		d := all[0]
		if end := at(sessions*60 - 59); !d.Start.Equal(at(0)) || !d.End.Equal(end) || d.Total() != 2*sessions || len(d.Vhosts) != 2 {
			t.Errorf("%d sessions: %d failures of %v from %v to %v", sessions, d.Total(), d.Vhosts, d.Start, d.End)
		}
		if d.Causes[0].Summary == "" || len(d.Marks) != 2*sessions {
			t.Errorf("%d sessions: %d marks explained by %q", sessions, len(d.Marks), d.Causes[0].Summary)
		}
	}
}

// What fails in another way far from a large incident stays by itself, however often the large one takes something in.
func TestLargeIncidentLeavesOthers(t *testing.T) {
	s := newStage(t)
	for i := range 4 * many {
		s.fail(i*60, "shop.example", refused)
	}
	s.fail(4*many*60+1200, "mug.example", tooBig)
	if all := slices.Collect(Diagnose(s.Timeline, time.UTC)); len(all) != 2 || all[0].Total() != 4*many || all[1].Total() != 1 {
		t.Errorf("%d incidents", len(all))
	}
}
