package correlate

import (
	"math/rand/v2"
	"testing"
)

// Clients of all sites' buckets put together are met where one of these buckets knows them.
func TestMetIsWhatSomeLoadMeets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tl := New()
	some := func(n int) (s Set) {
		for range n {
			s.Add(hash([]byte{byte(r.IntN(250))}))
		}
		return s
	}
	for i := range 300 {
		tl.traffic.loads[loadKey{sec: int64(r.IntN(40)) * span, vhost: ID(i % 2)}] = &Load{Requests: 1, Clients: some(r.IntN(4))}
	}
	c := &coverage{t: tl}
	yes := 0
	for range 2000 {
		from := int64(r.IntN(45)*span) - 2*span
		to, clients := from+int64(r.IntN(4)*span), some(r.IntN(3))
		want := false
		for _, l := range tl.Loads() {
			want = want || l.Sec >= from && l.Sec <= to && l.Clients.Meets(&clients)
		}
		if got := c.met(from, to, &clients); got != want {
			t.Fatalf("met from %d to %d: %v", from, to, got)
		}
		if want {
			yes++
		}
	}
	if yes < 50 || yes > 1950 {
		t.Errorf("%d of 2000 are met: the test tells nothing", yes)
	}
}
