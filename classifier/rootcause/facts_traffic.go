package rootcause

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"why502/classifier/correlate"
)

// onePage holds if one page family has most of the failures.
func onePage(s *scene) (Fact, bool) {
	n, all := topShare(s.in.URIs)
	if all < 3 || n*5 < all*4 {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d of %d failures are of the page %s", n, all, s.in.URIs[0].Name), Count: n, Culprits: []Culprit{{"uri", s.in.URIs[0].Name, round2(float64(n) / float64(all))}}}, true
}

func manyPages(s *scene) (Fact, bool) {
	n, all := topShare(s.in.URIs)
	if len(s.in.URIs) < 4 || n*10 > all*6 {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("the failures are spread over %d kinds of pages", len(s.in.URIs))}, true
}

func topShare(s []correlate.Share) (n, all int) {
	for _, x := range s {
		all += x.Failures
	}
	if len(s) > 0 {
		n = s[0].Failures
	}
	return n, all
}

func manySites(s *scene) (Fact, bool) {
	if len(s.in.Vhosts) < 2 {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d sites failed together", len(s.in.Vhosts))}, true
}

// inside counts pages served and failed in buckets that lie wholly within the incident.
func (s *scene) inside() (served, failed int) {
	for l := range s.t.LoadsOf(s.in, s.in.Start.Unix(), s.in.End.Unix()-s.t.LoadWidth()) {
		served += l.Pages - l.Failed - l.Gone
		failed += l.Failed
	}
	return max(served, 0), failed
}

func served(s *scene) (Fact, bool) {
	ok, failed := s.inside()
	if ok < 5 || ok*5 < failed {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d page requests of the same sites were served all the while", ok), Count: ok}, true
}

func othersServed(s *scene) (Fact, bool) {
	if len(s.in.Vhosts) == 0 {
		return Fact{}, false
	}
	from, to := s.in.Start.Unix(), s.in.End.Unix()-s.t.LoadWidth()
	_, named := s.t.LoadIn(from, to)
	served, failed := named.Pages-named.Failed-named.Gone, named.Failed
	for l := range s.t.LoadsOf(s.in, from, to) {
		if l.Vhost != "" {
			served -= l.Pages - l.Failed - l.Gone
			failed -= l.Failed
		}
	}
	return Fact{Text: fmt.Sprintf("%d page requests of other sites were served all the while", served), Count: served}, served >= 10 && (failed == 0 || s.tookElsewhere()*5 >= failed*4)
}

func noneServed(s *scene) (Fact, bool) {
	ok, failed := s.inside()
	if failed < 5 || ok*20 > failed {
		return Fact{}, false
	}
	return Fact{Text: "hardly a page of these sites was served", Count: failed}, true
}

func recovered(s *scene) (Fact, bool) {
	if s.in.Persistence == correlate.Persistent || s.to.Sub(s.in.End) < 10*time.Second {
		return Fact{}, false
	}
	return Fact{Text: "the failures ended by themselves at " + s.clock(s.in.End)}, true
}

func lasting(s *scene) (Fact, bool) {
	return Fact{Text: "the failures go on without a pause"}, s.in.Persistence == correlate.Persistent
}

func brief(s *scene) (Fact, bool) {
	return Fact{Text: "it lasted less than ten seconds"}, s.in.End.Sub(s.in.Start) < 10*time.Second && !s.in.Isolated
}

// sporadic holds for single failures among many requests that were served.
func sporadic(s *scene) (Fact, bool) {
	n := s.in.Total()
	if n == 0 || n > 20 && pause(s.in) < minute {
		return Fact{}, false
	}
	l := s.window()
	switch {
	case l.Requests >= 100*n:
	case !s.in.Isolated:
		return Fact{}, false
	case l.Requests <= 2*n: // most of what is known failed, however little it is
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d failures among %d requests", n, l.Requests), Count: n}, true
}

// refusals are how a TCP address that nobody listens on shows.
var refusals = tags{"nginx/upstream-refused", "apache/connect-failed", "apache/fcgi-connect-failed"}

func localhost6(s *scene) (Fact, bool) {
	f := Fact{}
	refused6, refused4 := 0, 0
	for _, m := range s.in.Marks {
		if slices.Contains(refusals, m.Tag) && strings.HasPrefix(m.Backend, "127.") {
			refused4 += m.Count
		}
		switch loopback := strings.HasPrefix(m.Backend, "[::1]"); {
		case m.Tag == "nginx/upstream-no-ports" && !loopback:
			return Fact{}, false // it is ports that are short
		case !loopback:
		case slices.Contains(refusals, m.Tag):
			refused6 += m.Count
			if f.Mark == nil {
				f = Fact{Text: "[::1] refused: \"localhost\" was resolved to IPv6, where nothing listens", Mark: m}
			}
		case m.Tag == "nginx/upstream-no-ports" && f.Mark == nil:
			f = Fact{Text: "[::1] is no address of this machine (99): \"localhost\" was resolved to IPv6, which is off", Mark: m}
		}
	}
	// Each request that finds both addresses closed leaves a line for either. A backend that was only restarted meanwhile leaves few.
	if refused6 > 0 && 2*refused4 >= refused6 {
		return Fact{}, false
	}
	return f, f.Mark != nil
}

func stalled(s *scene) (Fact, bool) {
	from, to, ok := s.t.Stall(s.in.Start, s.in.End)
	if !ok {
		return Fact{}, false
	}
	return Fact{Text: "next to no request was answered from " + s.clock(from) + " to " + s.clock(to)}, true
}

func edgeStatus(s *scene) (Fact, bool) {
	n := 0
	for status, k := range s.in.Failures {
		if len(status) == 3 && status >= "520" && status <= "530" {
			n += k
		}
	}
	return Fact{Text: fmt.Sprintf("%d visitors got a status only a CDN answers", n), Count: n}, n > 0
}

func originStatus(s *scene) (Fact, bool) {
	n := s.in.Failures["502"] + s.in.Failures["504"] + s.in.Failures["503"] + s.in.Failures["500"]
	for _, m := range s.around("edge/generated", Near) {
		if !m.Last.Before(s.in.Start) && !m.First.After(s.in.End) {
			return Fact{}, false // a CDN's 502 looks like the origin's
		}
	}
	return Fact{Text: "the origin itself answered the errors", Count: n}, n > 0 && n == s.in.Total()
}

func timeouts(s *scene) (Fact, bool) {
	n := s.in.Failures["504"]
	for _, m := range s.in.Marks {
		if n == 0 && (m.Tag == "nginx/upstream-timeout" || m.Tag == "apache/read-timeout") {
			n += weight(m)
		}
	}
	return Fact{Text: fmt.Sprintf("%d requests waited until the web server's timeout", n), Count: n}, n > 0 && n*2 >= s.in.Total()
}

func round2(f float64) float64 { return math.Round(f*100) / 100 }
