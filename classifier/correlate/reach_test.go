package correlate

import (
	"testing"

	"why502/classifier"
)

// Apache stamps when a request came: the error line of one that ran into a timeout, or whose child was killed, stands as
// much later as it had worked. A refused connection is told at once.
func TestErrorLinesStandLaterThanApachesAccessLines(t *testing.T) {
	for _, c := range []struct {
		family classifier.Family
		harm   string
		status int
		after  int
		own    bool
	}{
		{classifier.Saturated, "504", 504, 60, true},
		{classifier.Saturated, "504", 504, 301, true}, // Timeout 300, and the part of a second that the access log cuts off
		{classifier.Saturated, "504", 504, 600, true},
		{classifier.Saturated, "504", 504, 700, false},
		{classifier.Saturated, "500", 500, 310, false},
		{classifier.Saturated, "500", 500, 40, true}, // mod_fcgid: read data timeout in 40 seconds
		{classifier.Died, "503", 503, 30, true},
		{classifier.Died, "503", 503, 90, false},
		{classifier.Down, "503", 503, 5, true},
		{classifier.Down, "503", 503, 30, false},
	} {
		tl := New()
		for i := range 4 {
			r := accessLine("shop.test", "/", c.status, i*2, -1)
			r.File, r.Format, r.Duration = "/var/log/apache2/access.log", "apache-access", -1
			tl.Add(r, nil)
			r = accessLine("shop.test", "/", 0, i*2+c.after, -1)
			r.File, r.Format, r.Duration = "/var/log/apache2/error.log", "apache-error", -1
			tl.Add(r, []classifier.Event{{Rule: &classifier.Rule{Tag: "apache/x", Harm: c.harm, Family: c.family}, Record: r}})
		}
		joined := false
		for _, in := range tl.Incidents() {
			joined = joined || len(in.Marks) > 0 && len(in.HTTP) > 0
		}
		if joined != c.own {
			t.Errorf("%s after %d s, %s: joined %v", c.harm, c.after, c.family, joined)
		}
	}
}
