package correlate

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

// A flood of names, as anybody can send it, must neither take memory without end nor make the result depend on the order
// of reading.
func TestFloodOfNames(t *testing.T) {
	rule := &classifier.Rule{Tag: "test/refused", Harm: "502", Family: classifier.Down}
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for name, fill := range map[string]func(r *parser.Record, n []byte){
		"clients":   func(r *parser.Record, n []byte) { r.Client = n },
		"sites":     func(r *parser.Record, n []byte) { r.Vhost = append(n, ".example"...) },
		"upstreams": func(r *parser.Record, n []byte) { r.Upstream = append([]byte("fastcgi://"), n...) },
		"scripts":   func(r *parser.Record, n []byte) { r.Script = append([]byte("/srv/plugins/"), n...) },
	} {
		t.Run(name, func(t *testing.T) {
			const lines = 3*maxMarks + 17
			whole, left, right := New(), New(), New()
			add := func(to *Timeline, i int) {
				n := fmt.Appendf(nil, "name%d", i)
				r := &parser.Record{
					Pos: parser.Pos{File: "error.log", Line: i + 1}, Format: "apache-error", Raw: n, Duration: -1,
					Time: start.Add(time.Duration(i/100) * time.Second),
				}
				fill(r, n)
				to.Add(r, []classifier.Event{{Rule: rule, Record: r}})
			}
			for i := range lines {
				add(whole, i)
			}
			for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(lines) {
				if i%3 == 0 {
					add(left, i)
				} else {
					add(right, i)
				}
			}
			left.Merge(right)
			marks := whole.Marks()
			if len(marks) >= maxMarks {
				t.Errorf("%d marks", len(marks))
			}
			count := 0
			for _, m := range marks {
				count += m.Count
			}
			if count != lines {
				t.Errorf("%d of %d lines are counted", count, lines)
			}
			if !reflect.DeepEqual(marks, left.Marks()) {
				t.Error("another order gives other marks")
			}
		})
	}
}
