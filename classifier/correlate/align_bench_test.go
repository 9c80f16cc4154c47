package correlate

import (
	"testing"
	"time"
)

// As many marks as a Timeline keeps, by clocks that nothing brings together.
func BenchmarkAlign(b *testing.B) {
	var odd, even []int
	for i := range 9_000 {
		odd = append(odd, i*41)
		even = append(even, i*37)
	}
	for b.Loop() {
		b.StopTimer()
		l := newClocks()
		l.web(odd)
		l.fpm("assumed", 9*time.Hour, even)
		b.StartTimer()
		l.Align()
	}
}
