package rootcause

import (
	"fmt"
	"time"

	"why502/classifier/correlate"
)

// cutAtLimit holds if the requests that lost their child had all lasted as long: then a limit ended them. A crash comes when it comes.
// PHP-FPM looks three times in each request_terminate_timeout for requests that are over it (fpm_request.c, fpm_pctl_heartbeat), so they
// last up to a third longer. Where its log covers the time it says itself what it ended.
func cutAtLimit(s *scene) (Fact, bool) {
	cut := 0
	for _, m := range s.in.Marks {
		switch m.Tag {
		case "nginx/upstream-reset", "nginx/upstream-closed", "apache/backend-reset", "apache/read-header-failed":
			cut += weight(m)
		}
	}
	if cut < 3 || cut*10 < s.in.Total()*8 || s.logs.has(FPMLog) {
		return Fact{}, false
	}
	took, n := s.t.Lasted(s.in)
	least, most := time.Hour, time.Duration(0)
	for d := range took {
		least, most = min(least, d), max(most, d)
	}
	// They are known in whole seconds, a fraction more or less.
	if n*10 < cut*8 || least < 2*time.Second || most > least*4/3+2*time.Second {
		return Fact{}, false
	}
	span := seconds(least)
	if most > least {
		span += " to " + seconds(most)
	}
	f := Fact{Count: n, Strength: .6, Text: fmt.Sprintf("%d requests lost their child after about %s each, as a limit ends them", n, span)}
	for _, p := range s.t.PoolsOf(s.in) {
		limit := p.Get("request_terminate_timeout")
		switch d := correlate.Span(limit.Value); {
		case limit.Value == "":
		case d == 0, least < d-time.Second, most > d*4/3+2*time.Second:
			return Fact{}, false
		default:
			f.Strength = 1
			f.Text += fmt.Sprintf("; request_terminate_timeout is %s in pool %s", limit.Value, p.Name)
			return f, true
		}
	}
	return f, true
}
