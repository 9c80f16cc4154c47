package correlate

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A mark keeps the smallest process numbers, each once, in whatever order they come.
func TestMarkKeepsTheSmallestPIDs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var m Mark
		var all []int
		for range r.IntN(4 * maxPIDs) {
			pid := 1 + r.IntN(3*maxPIDs)
			m.addPID(pid)
			all = append(all, pid)
		}
		slices.Sort(all)
		all = slices.Compact(all)
		if want := all[:min(len(all), maxPIDs)]; !slices.Equal(m.PIDs, want) {
			t.Fatalf("%v, want %v", m.PIDs, want)
		}
	}
}
