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

// tookElsewhere counts the requests of other sites that failed although PHP-FPM had taken them, or had them in its queue: it
// ran then, and something else is wrong there. None count once one of those sites did not reach it either.
//
//	upstream timed out (110: …) while reading response header from upstream, … upstream: "fastcgi://unix:/run/php/php8.2-fpm-shop.sock:"
func (s *scene) tookElsewhere() int {
	n := 0
	others := func(all tags) {
		for _, tag := range all {
			for _, m := range s.around(tag, Near) {
				if Near.fit(s.in, m) >= minFit && s.t.Relation(m, s.in) == 0 && sameScheme("fastcgi", m.Scheme) {
					n += weight(m)
				}
			}
		}
	}
	if others(notThere); n > 0 {
		return 0
	}
	others(taken)
	return n
}

// notThere is how a web server says that nobody listens for it; taken that somebody does, whatever became of the request.
var (
	notThere = tags{"nginx/upstream-missing", "nginx/upstream-refused", "apache/uds-missing", "apache/uds-refused", "apache/fcgi-connect-failed"}
	taken    = tags{"nginx/upstream-timeout", "nginx/upstream-timeout-body", "nginx/upstream-queue-full", "apache/read-timeout"}
)

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
