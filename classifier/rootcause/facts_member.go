package rootcause

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"why502/classifier/correlate"
)

// fewest is how many failures of one server of a group are no chance.
const fewest = 3

// oneMember holds if all failures are of one server, while others that serve the same sites had none. nginx asks the servers of
// a group in turn, so whatever hits the site, the page or the visitors hits all of them.
//
//	upstream app { server 10.20.0.11:8080; server 10.20.0.12:8080; }
//	… upstream timed out (110: …) while reading response header from upstream, …, upstream: "http://10.20.0.12:8080/p/7"
func oneMember(s *scene) (Fact, bool) {
	f := Fact{}
	bad := ""
	for _, m := range s.in.Marks {
		switch {
		case m.Backend == "" || m.Scheme == "": // "no live upstreams" names the group
		case sameScheme("fastcgi", m.Scheme), bad != "" && m.Backend != bad:
			return Fact{}, false
		default:
			bad = m.Backend
			f.Count += weight(m)
			if f.Mark == nil {
				f.Mark = m
			}
		}
	}
	if f.Count < fewest {
		return Fact{}, false
	}
	var good []string
	for _, v := range s.in.Vhosts {
		for _, b := range s.t.ServedBy(v.Name) {
			if b != bad && siblings(b, bad) && !slices.Contains(good, b) {
				good = append(good, b)
			}
		}
	}
	if len(good) == 0 {
		return Fact{}, false
	}
	slices.Sort(good)
	names := strings.Join(good[:min(3, len(good))], ", ")
	if more := len(good) - 3; more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	f.Text = fmt.Sprintf("all %d failures are of %s, none of its fellows (%s)", f.Count, bad, names)
	return f, true
}

// siblings says whether two addresses may be servers of one group: one program on many machines, or many times on one.
func siblings(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	return errA == nil && errB == nil && (hostA == hostB || portA == portB)
}

// httpOnly holds if the requests went to another program by HTTP, and neither their pages nor any log at hand are PHP's or of an
// Apache behind nginx: nothing then says that PHP-FPM is there at all. Where nginx itself speaks with PHP-FPM, PHP's logs are
// of other sites.
func httpOnly(s *scene) (Fact, bool) {
	if s.logs.has(BackendLog) || s.servers.apache || !s.nginxPHP && (s.logs.has(FPMLog) || s.logs.has(SlowLog) || s.logs.has(PHPError)) {
		return Fact{}, false
	}
	var first *correlate.Mark
	for _, m := range s.in.Marks {
		switch {
		case m.Scheme == "":
		case sameScheme("fastcgi", m.Scheme):
			return Fact{}, false
		case first == nil:
			first = m
		}
	}
	if first == nil || slices.ContainsFunc(s.in.URIs, func(u correlate.Share) bool {
		return strings.Contains(u.Name, ".php") || strings.Contains(u.Name, "/wp-")
	}) {
		return Fact{}, false
	}
	return Fact{Text: "what did not answer is a program of its own, behind proxy_pass", Mark: first}, true
}

// beside says whether the requests that failed were for another program than PHP-FPM, though the same web server passes PHP's pages to
// that: what takes PHP's children then takes nothing from these. Where nginx passes all to Apache, it never speaks FastCGI.
func (s *scene) beside() bool {
	return s.nginxPHP && schemeOf(s.in) == "http"
}

// schemeOf is what is spoken with the backends of an incident: "fastcgi", "http", or "" where no line says or lines differ.
func schemeOf(in *correlate.Incident) (scheme string) {
	for _, m := range in.Marks {
		spoken := "http"
		switch {
		case m.Scheme == "":
			continue
		case sameScheme("fastcgi", m.Scheme):
			spoken = "fastcgi"
		}
		if scheme != "" && scheme != spoken {
			return ""
		}
		scheme = spoken
	}
	return scheme
}
