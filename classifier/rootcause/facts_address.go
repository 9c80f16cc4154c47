package rootcause

import (
	"slices"

	"why502/classifier"
)

// wrongAddress holds if the connections to PHP-FPM were refused while it ran and served other sites: then it does not listen
// where this one asks for it.
//
//	connect() failed (111: Connection refused) while connecting to upstream, … upstream: "fastcgi://127.0.0.1:9074"
func wrongAddress(s *scene) (Fact, bool) {
	if s.facts.of(FPMUp) == nil || s.facts.of(OthersServed) == nil {
		return Fact{}, false
	}
	f := Fact{}
	for _, m := range s.around("nginx/upstream-refused", Near) {
		if Near.fit(s.in, m) < minFit || s.t.Relation(m, s.in) == 0 || !sameScheme("fastcgi", m.Scheme) {
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
	f.Text = "nobody listens on " + f.Mark.Backend + ", while PHP-FPM ran and served other sites"
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
