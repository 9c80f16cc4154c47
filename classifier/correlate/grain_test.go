package correlate

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"why502/parser"
)

// A flood of names must not make the result depend on the order of reading, nor on what is read together.
func TestFloodInAnyOrder(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for _, f := range floods {
		t.Run(f.name, func(t *testing.T) {
			const lines = 36_000 // more than there is room for, of any kind
			whole, left, right, taken := New(), New(), New(), New()
			room, message := make([]byte, 0, 64), make([]byte, 20)
			add := func(to *Timeline, i int) {
				r := &parser.Record{
					Pos: parser.Pos{File: "a.log", Line: i + 1, Offset: int64(i) * 20}, Format: f.format, Raw: message, Duration: -1,
					Time: start.Add(time.Duration(i/9) * time.Second), Client: []byte("192.0.2.1"),
				}
				if i%3 == 1 {
					r.Duration = time.Duration(i%5) * time.Second
				}
				if i%7 == 0 { // some of what is common among what is rare
					f.fill(r, named(room, i%70))
				} else {
					f.fill(r, named(room, i))
				}
				r.Stack = stackID(r)
				to.Add(r, f.events)
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
				if right.Full() {
					taken.Take(right)
				}
			}
			left.Merge(right)
			left.Merge(taken)
			want, got := contents(whole), contents(left)
			for i, name := range []string{"marks", "loads", "pages", "profile", "what was folded", "links", "what lasted"} {
				if !reflect.DeepEqual(want[i], got[i]) {
					t.Errorf("%s: another order gives another result", name)
				}
			}
			count := 0
			for _, m := range whole.Marks() {
				count += m.Count
			}
			if f.format != "nginx-access" && count != lines {
				t.Errorf("%d of %d lines are counted", count, lines)
			}
			for c := range classes {
				if whole.kept[c] >= maxMarks[c] {
					t.Errorf("%d marks", whole.kept[c])
				}
			}
		})
	}
}

// contents are all that a Timeline tells, without its IDs.
func contents(t *Timeline) []any {
	type row struct {
		sec        int64
		vhost, uri string
		Pages
	}
	var pages []row
	for k, p := range t.traffic.pages.all() {
		pages = append(pages, row{k.sec, t.names.name(k.vhost), t.names.name(k.uri), *p})
	}
	slices.SortFunc(pages, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.sec, b.sec), cmp.Compare(a.vhost, b.vhost), cmp.Compare(a.uri, b.uri), cmp.Compare(a.Errors, b.Errors))
	})
	lasted := map[string]int{}
	for k, n := range t.long.n.all() {
		lasted[fmt.Sprint(k.start, k.end, k.left, t.names.name(k.vhost), t.names.name(k.uri), t.names.name(k.src))] += *n
	}
	return []any{t.Marks(), t.Loads(), pages, []any{t.Slow(), slices.Collect(t.Stacks())}, t.Folded(), []any{t.links.backends, t.links.pools, t.links.accounts}, lasted}
}
