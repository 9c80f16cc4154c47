package rootcause

import (
	"slices"
	"strings"

	"why502/classifier/correlate"
)

// servers are the web servers whose logs are at hand: a remedy in the words of another one helps nobody.
type servers struct{ nginx, apache bool }

// serversOf goes by error logs. Access logs of both look alike, so these count only where there is no error log.
func serversOf(sources []*correlate.Source) (by servers) {
	for _, suffix := range []string{"-error", "-access"} {
		for _, src := range sources {
			kind := src.Kind()
			by.nginx = by.nginx || kind == "nginx"+suffix && src.Records > 0
			by.apache = by.apache || kind == "apache"+suffix && src.Records > 0
		}
		if by != (servers{}) {
			return by
		}
	}
	return by
}

// say puts remedies into the words of the servers: those of nginx where nothing is known of either, and both where nginx stands in
// front of Apache.
func (by servers) say(steps []Step) []Step {
	if !by.apache {
		return steps
	}
	if !by.nginx {
		steps = slices.DeleteFunc(steps, func(s Step) bool { return s.NginxOnly })
	}
	for i := range steps {
		switch s := &steps[i]; {
		case s.Apache == "":
		case by.nginx:
			s.Config += "\n# or, in Apache's configuration\n" + unsaid(s.Apache, s.Config)
		default:
			s.Config = s.Apache
		}
	}
	return steps
}

// unsaid leaves out the lines that were said already.
func unsaid(config, said string) string {
	lines := strings.Split(said, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(config, "\n"), func(l string) bool { return slices.Contains(lines, l) }), "\n")
}
