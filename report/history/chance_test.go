package history

import (
	"math"
	"testing"
)

func TestAbove(t *testing.T) {
	for _, c := range []struct {
		b     int
		overB float64
		least int // that is above it
	}{
		{0, 1, 18},
		{0, 7, 5},
		{1, 1, 23},
		{12, 1, 61},
		{100, 1, 286},
		{1000, 1, 2250},
		{0, 0.5, 31}, // half the traffic then
	} {
		least := 1
		for !above(least, 1, c.b, c.overB) {
			least++
		}
		if d := math.Abs(float64(least - c.least)); d > 0.005*float64(c.least) {
			t.Errorf("above %d in %v days: %d, want %d", c.b, c.overB, least, c.least)
		}
	}
	if above(0, 1, 0, 1) || above(5, 0, 0, 1) || above(5, 1, 0, 0) {
		t.Error("nothing is above nothing")
	}
}
