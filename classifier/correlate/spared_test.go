package correlate

import (
	"testing"

	"why502/classifier"
)

// Error lines of requests that the access log shows answered are no incident, and not passed over.
func TestSpared(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		family classifier.Family
		spared int
	}{
		{"another server answered", 200, classifier.Down, 4},
		{"a visitor felt it", 502, classifier.Down, 0},
		{"no backend's failure", 200, classifier.App, 0},
	} {
		tl := New()
		for i := range 4 {
			tl.Add(accessLine("shop.test", "/", c.status, 10+i, -1), nil)
			r := accessLine("shop.test", "/", 0, 10+i, -1)
			r.File, r.Format, r.Conn = "error.log", "nginx-error", int64(i+1)
			tl.Add(r, []classifier.Event{{Rule: &classifier.Rule{Tag: "nginx/upstream-refused", Harm: "502", Family: c.family}, Record: r}})
		}
		in, n := tl.Incidents(), 0
		for _, s := range tl.Spared() {
			n += s.Count
		}
		if n != c.spared || len(in) == 0 != (c.status == 200) {
			t.Errorf("%s: %d incidents, %d spared, want %d", c.name, len(in), n, c.spared)
		}
	}
}
