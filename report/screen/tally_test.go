package screen

import (
	"fmt"
	"testing"
	"time"
)

func TestTally(t *testing.T) {
	var y tally
	y.now = noon
	add := func(n int, ago time.Duration, log, status string) {
		for range n {
			y.add(noon.Add(-ago), log, status)
		}
	}
	add(5, 10*time.Second, "nginx-access", "502")
	add(5, 10*time.Second, "nginx-error", "502") // the same requests
	add(2, 20*time.Second, "nginx-error", "dropped")
	add(7, 0, "nginx-access", "200")
	add(3, 59*time.Second, "nginx-access", "404")
	add(1, 59*time.Second, "nginx-access", "499")
	add(9, 61*time.Second, "nginx-access", "502") // longer ago than a minute
	add(4, 30*time.Minute, "nginx-access", "504")
	add(4, 2*time.Hour, "nginx-access", "504") // longer ago than an hour
	add(1, -24*time.Hour, "nginx-access", "500")
	add(1, 0, "nginx-access", "")
	want := "[{500 1 true} {502 5 true} {dropped 2 true} {4xx 3 false} {499 1 false} {2xx 7 false}]"
	if got := fmt.Sprint(y.rates()); got != want {
		t.Errorf("rates: %s, want %s", got, want)
	}
	h := y.hour()
	if h[59] != 1 || h[58] != 7 || h[57] != 9 || h[29] != 4 {
		t.Errorf("hour: %v", h)
	}
	sum := 0
	for _, n := range h {
		sum += n
	}
	if sum != 21 {
		t.Errorf("%d failures in an hour, want 21", sum)
	}
}

// TestTallyForgets holds that time alone empties it.
func TestTallyForgets(t *testing.T) {
	var y tally
	y.now = noon
	y.add(noon, "a", "502")
	y.now = noon.Add(61 * time.Minute)
	if len(y.rates()) > 0 || y.hour() != [60]int{} {
		t.Errorf("%v %v", y.rates(), y.hour())
	}
}

func TestRing(t *testing.T) {
	r := newRing[int](3)
	for i := range 5 {
		r.push(i)
	}
	if got := fmt.Sprint(r.all(), r.lost); got != "[2 3 4] 2" {
		t.Error(got)
	}
	kept, lost := r.take()
	r.push(9)
	if got := fmt.Sprint(kept, lost, r.all(), r.lost); got != "[2 3 4] 2 [9] 0" {
		t.Error(got)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s          string
		cols       int
		cut, fromL string
	}{
		{"short", 5, "short", "short"},
		{"longer", 5, "long…", "…nger"},
		{"漢字漢字", 5, "漢字…", "…漢字"},
		{"漢字漢字", 4, "漢…", "…字"},
		{"x", 0, "", ""},
		{"xy", 1, "…", "…"},
	} {
		if got := cut(c.s, c.cols); got != c.cut {
			t.Errorf("cut(%q, %d) = %q", c.s, c.cols, got)
		}
		if got := cutLeft(c.s, c.cols); got != c.fromL {
			t.Errorf("cutLeft(%q, %d) = %q", c.s, c.cols, got)
		}
	}
}

func TestWords(t *testing.T) {
	for want, got := range map[string]string{
		"0 B": size(0), "1023 B": size(1023), "1.0 KB": size(1024), "69 KB": size(70321), "1.0 MB": size(1 << 20), "1.0 GB": size(1<<30 - 1),
		"0 s": span(-time.Second), "59 s": span(59 * time.Second), "2 min": span(150 * time.Second), "5 h": span(5 * time.Hour), "3 days": span(80 * time.Hour),
		"1,234,567": thousands(1234567), "1 log": many(1, "log"), "2,000 logs": many(2000, "log"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
