package correlate

import (
	"math/rand/v2"
	"testing"
)

// A table holds what a map would.
func TestTable(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	want := map[pageKey]Pages{}
	var got table[pageKey, Pages]
	at := map[pageKey]*Pages{}
	for range 20_000 {
		k := pageKey{int64(rnd.IntN(50)), ID(rnd.IntN(5)), ID(rnd.IntN(50)), ID(rnd.IntN(2))}
		if _, there := want[k]; there != (got.get(k) != nil) {
			t.Fatalf("%v is there: %v", k, there)
		}
		p := got.put(k)
		if at[k] == nil {
			at[k] = p
		} else if at[k] != p {
			t.Fatalf("%v has moved", k)
		}
		p.Errors++
		n := want[k]
		n.Errors++
		want[k] = n
	}
	c := got.clone()
	for _, of := range []*table[pageKey, Pages]{&got, &c} {
		if of.len() != len(want) || len(want) < 10_000 {
			t.Errorf("%d entries, not %d", of.len(), len(want))
		}
		n := 0
		for k, p := range of.all() {
			if n++; *p != want[k] {
				t.Errorf("%v: %v, not %v", k, *p, want[k])
			}
		}
		if n != len(want) {
			t.Errorf("all are %d, not %d", n, len(want))
		}
	}
	for k := range got.all() {
		if *c.put(k) = (Pages{}); *got.get(k) == (Pages{}) {
			t.Fatal("a copy shares its entries")
		}
	}
}
