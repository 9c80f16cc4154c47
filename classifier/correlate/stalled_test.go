package correlate

import (
	"testing"

	"why502/classifier"
)

// nginx that does not start leaves no line of a failed request: its access log stops. A reload that it refuses hurts nobody.
func TestAWebServerThatDoesNotStart(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to int // without a request
		want     int
	}{
		{"it is away", 600, 900, 1},
		{"it goes on as it was", 0, 0, 0},
	} {
		tl := New()
		for sec := range 1500 {
			if sec < c.from || sec >= c.to {
				tl.Add(accessLine("shop.test", "/", 200, sec, -1), nil)
				tl.Add(accessLine("shop.test", "/cart/", 200, sec, -1), nil)
			}
		}
		for _, sec := range []int{1, 610, 700, 1499} {
			r := accessLine("", "", 0, sec, -1)
			r.File, r.Format, r.Client, r.Host, r.URI = "error.log", "nginx-error", nil, nil, nil
			rule := &classifier.Rule{Tag: "nginx/host-not-found-config", Signal: true, Family: classifier.Down}
			var events []classifier.Event
			if sec == 610 || sec == 700 {
				events = []classifier.Event{{Rule: rule, Record: r}}
			}
			tl.Add(r, events)
		}
		in := tl.Incidents()
		if len(in) == 0 != (c.want == 0) || c.want > 0 && !in[0].Unseen {
			t.Errorf("%s: %d incidents", c.name, len(in))
		}
	}
}

// On a quiet site one bucket without a request says nothing; a pause far beyond all others does.
func TestAQuietWebServerThatDoesNotStart(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to int // without a request
		want     bool
	}{
		{"it is away", 600, 900, true},
		{"a pause like others", 600, 640, false},
	} {
		tl := New()
		for sec := 0; sec < 1500; sec += 10 {
			if (sec < c.from || sec >= c.to) && (sec < 1200 || sec >= 1240) {
				tl.Add(accessLine("shop.test", "/", 200, sec, -1), nil)
			}
		}
		from, to, ok := tl.Stall(at(605), at(605))
		if ok != c.want || ok && (from.After(at(float64(c.from+10))) || to.Before(at(float64(c.to-10)))) {
			t.Errorf("%s: %v from %v to %v", c.name, ok, from, to)
		}
	}
}
