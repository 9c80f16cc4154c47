package rootcause

import (
	"slices"
	"strings"

	"why502/classifier"
)

// wrongAddress holds if the connections to PHP-FPM were refused while it ran and pages were served, of other sites or of
// some that the access log does not name: then it does not listen where this one asks for it.
// A unix socket that refuses is there: its master was killed.
//
//	connect() failed (111: Connection refused) while connecting to upstream, … upstream: "fastcgi://127.0.0.1:9074"
func wrongAddress(s *scene) (Fact, bool) {
	if s.facts.of(FPMUp) == nil || s.facts.of(OthersServed) == nil && s.facts.of(Served) == nil {
		return Fact{}, false
	}
	f := Fact{}
	for _, m := range s.around("nginx/upstream-refused", Near) {
		if Near.fit(s.in, m) < minFit || s.t.Relation(m, s.in) == 0 || !sameScheme("fastcgi", m.Scheme) || strings.HasPrefix(m.Backend, "unix:") {
			continue
		}
		f.Count += weight(m)
		if f.Mark == nil {
			f.Mark = m
		}
	}
	if f.Mark == nil {
		return Fact{}, false
	}
	f.Text = "nobody listens on " + f.Mark.Backend + ", while PHP-FPM ran and served other requests"
	return f, true
}

// ownLimit holds if all visitors were turned away by a limit of the web server itself, and nothing tells that a pool of PHP
// was full.
func ownLimit(s *scene) (Fact, bool) {
	if !slices.Equal(s.in.Families, []classifier.Family{classifier.Limit}) {
		return Fact{}, false
	}
	for _, tag := range []classifier.Tag{"phpfpm/max-children", "phpfpm/process-max", "phpfpm/seems-busy"} {
		for _, m := range s.around(tag, State) {
			if State.fit(s.in, m) >= minFit {
				return Fact{}, false
			}
		}
	}
	return Fact{Text: "the web server's own limit turned visitors away; no pool of PHP was full"}, true
}
