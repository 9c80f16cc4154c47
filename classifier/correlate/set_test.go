package correlate

import (
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"testing"
)

func numbered(n int) uint64 {
	return hash(binary.LittleEndian.AppendUint32(nil, uint32(n)))
}

func TestSetCountsExactlyWhileSmall(t *testing.T) {
	var s Set
	for i := range setSize - 1 {
		s.Add(numbered(i))
		s.Add(numbered(i / 2))
	}
	if s.Len() != setSize-1 {
		t.Errorf("Len = %d, want %d", s.Len(), setSize-1)
	}
}

func TestSetEstimatesWhenLarge(t *testing.T) {
	var s Set
	const n = 50_000
	for i := range n {
		s.Add(numbered(i))
	}
	if got := s.Len(); got < n*8/10 || got > n*12/10 {
		t.Errorf("Len = %d, want about %d", got, n)
	}
	if len(s.h) != setSize {
		t.Errorf("keeps %d hashes, want %d", len(s.h), setSize)
	}
}

// Adding in any order, and merging in any grouping, gives the same set.
func TestSetOrderMakesNoDifference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := r.IntN(3 * setSize)
		var whole, left, right Set
		for _, i := range r.Perm(n) {
			whole.Add(numbered(i))
		}
		for _, i := range r.Perm(n) {
			if i%3 == 0 {
				left.Add(numbered(i))
			} else {
				right.Add(numbered(i))
			}
		}
		right.Merge(&left)
		if n > 0 && !reflect.DeepEqual(whole.h, right.h) {
			t.Fatalf("n = %d: merged set differs", n)
		}
	}
}

func TestSetMeets(t *testing.T) {
	var a, b Set
	for i := range 10 {
		a.Add(numbered(i))
		b.Add(numbered(i + 10))
	}
	if a.Meets(&b) {
		t.Error("disjoint sets meet")
	}
	b.Add(numbered(3))
	if !a.Meets(&b) {
		t.Error("sets with a common member do not meet")
	}
}
