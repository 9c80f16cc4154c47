package rootcause

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"why502/classifier/correlate"
)

// rates returns page requests per second of the sites hit (all sites if none is known) before the incident, at the median
// bucket, and at their highest around its start.
func (s *scene) rates() (before, during float64, ok bool) {
	loads := s.t.Loads()
	if len(loads) == 0 {
		return 0, 0, false
	}
	w := s.t.LoadWidth()
	from, to := s.in.Start.Unix(), s.in.End.Unix()
	lo, hi := s.t.LoadsSince(), loads[len(loads)-1].Sec
	if w > 1 {
		lo += w // a bucket the log begins in is not whole
	}
	if early := from - 3600 - lo; early > 0 {
		lo += (early + w - 1) / w * w
	}
	hi = min(hi, max(from, min(to, from+60)))
	if hi < lo {
		return 0, 0, false
	}
	pages := make([]int, (hi-lo)/w+1)
	for l := range s.t.LoadsOf(s.in, lo, hi) {
		pages[(l.Sec-lo)/w] += l.Pages - l.Cron // wp-cron.php is asked for by the site itself
	}
	var quiet []float64
	for i, n := range pages {
		sec, rate := lo+int64(i)*w, float64(n)/float64(w)
		switch {
		case sec+w <= from:
			quiet = append(quiet, rate)
		case sec <= to && sec <= from+60:
			during = max(during, rate)
		}
	}
	if len(quiet) == 0 {
		return 0, during, false
	}
	slices.Sort(quiet)
	before = quiet[len(quiet)/2]
	if least := quiet[0]; len(quiet) == 2 && during >= 5*least {
		before = least // a crowd is there for some time before the first of it gives up
	}
	return before, during, true
}

// surge holds if page requests rose to three times or more, by more than chance.
func surge(s *scene) (Fact, bool) {
	before, during, ok := s.rates()
	if !ok || during < 3*before {
		return Fact{}, false
	}
	crowd := during // what there would be if each asked as often as ever: those who try again are no more visitors
	if each, now, _, known := s.eachAsked(); known && now > each {
		crowd *= each / now
	}
	if crowd < 3*before || crowd-before < 1 {
		return Fact{}, false
	}
	w := float64(s.t.LoadWidth())
	if z := (crowd - before) * w / math.Sqrt(max(before*w, 0.5)); z < 3.3 {
		return Fact{}, false
	}
	return Fact{
		Text:     fmt.Sprintf("page requests rose from %.1f to %.1f a second", before, during),
		Strength: min(1, crowd/max(before, 0.1)/6),
	}, true
}

func flatTraffic(s *scene) (Fact, bool) {
	before, during, ok := s.rates()
	if !ok || during > 1.8*before {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("traffic was ordinary: %.1f page requests a second before, %.1f at most during", before, during)}, true
}

// slowerNotMore holds if no more pages were asked for in the incident than before it: then requests that fill a pool have become slow, or
// come to PHP that a cache answered before. Where there is a slow log it tells itself.
func slowerNotMore(s *scene) (Fact, bool) {
	const least = 20 // pages
	w := s.t.LoadWidth()
	from, to := s.in.Start.Unix()-10, s.in.End.Unix() // those that waited came before the first failed
	lo := max(s.t.LoadsSince(), from-3600)
	if w > 1 {
		lo += w
	}
	if s.logs.has(SlowLog) || from-lo < 10 || to-from < 2*w {
		return Fact{}, false
	}
	before, during := 0.0, 0.0
	for l := range s.t.LoadsOf(s.in, lo, to) {
		if l.Sec+w <= from {
			before += float64(l.Pages)
		} else {
			during += float64(l.Pages)
		}
	}
	span := float64(to - from + w)
	usual := before / float64(from-lo)
	if expected := usual * span; before < least || expected < least || during > 1.2*expected+math.Sqrt(expected) {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("no more pages were asked for than before (%.1f a second, %.1f before): PHP took longer for them, or a cache in front no longer answered", during/span, usual)}, true
}

// window sums what was asked for while the incident went on.
func (s *scene) window() correlate.Load {
	all, _ := s.t.LoadIn(s.in.Start.Unix()-s.t.LoadWidth()+1, s.in.End.Unix())
	return all
}

func topClient(s *scene) (Fact, bool) {
	name, n, all := s.t.TopClient(s.in.Start.Add(-minute), s.in.End)
	// WordPress asks itself for wp-cron.php: that client is the server.
	if own := s.window().Cron; n-own < 20 || (n-own)*10 < all*3 {
		return Fact{}, false
	}
	if s.usual(name, n, all) {
		return Fact{}, false
	}
	if crawler, ok := strings.CutPrefix(name, correlate.CrawlerMark); ok {
		return Fact{
			Text: fmt.Sprintf("the crawler %s made %d of %d page requests, by what it calls itself", crawler, n, all), Count: n,
			Culprits: []Culprit{{"client", crawler, round2(float64(n) / float64(all))}},
		}, true
	}
	if n*10 > all*9 || name == "127.0.0.1" || name == "::1" || strings.HasPrefix(name, "unix:") {
		return Fact{}, false // one client for all is a proxy in front
	}
	return Fact{
		Text: fmt.Sprintf("client %s made %d of %d page requests", name, n, all), Count: n,
		Culprits: []Culprit{{"client", name, round2(float64(n) / float64(all))}},
	}, true
}

// usual says whether a client asked for about as many pages in the hour before, or for about as much of all: one that comes all day
// is no flood, be it a crawler or a monitor, and where a CDN or a proxy stands in front, its few addresses ask for everything.
func (s *scene) usual(name string, n, all int) bool {
	to := s.in.Start.Add(-5 * minute)
	from := s.in.Start.Add(-time.Hour)
	if since := time.Unix(s.t.LoadsSince(), 0); since.After(from) {
		from = since
	}
	before, allBefore := s.t.PagesOf(name, from, to)
	if before < 5 || to.Sub(from) < minute {
		return false
	}
	rate := float64(n) / (s.in.End.Sub(s.in.Start) + minute).Minutes()
	return rate < 2*float64(before)/to.Sub(from).Minutes() || 2*n*allBefore < 3*before*all
}

// crawler holds if the client that stands out is known by what it calls itself: such a one comes from many addresses.
func crawler(s *scene) (Fact, bool) {
	top := s.facts.of(TopClient)
	if top == nil {
		return Fact{}, false
	}
	name, _, _ := s.t.TopClient(s.in.Start.Add(-minute), s.in.End)
	return Fact{Text: "it says itself that it is a crawler", Count: top.Count}, strings.HasPrefix(name, correlate.CrawlerMark)
}

func loginFlood(s *scene) (Fact, bool) {
	l := s.window()
	length := max(s.in.End.Sub(s.in.Start), 20*time.Second)
	if l.Logins < 20 || (l.Logins*5 < l.Pages && float64(l.Logins)/length.Minutes() < 60) || s.beside() {
		return Fact{}, false
	}
	// Guessing that went on at that rate while all was well did not bring the failures about.
	from, to := max(s.t.LoadsSince(), s.in.Start.Unix()-3600), s.in.Start.Unix()-20
	if base, _ := s.t.LoadIn(from, to-1); to-from >= 30 && float64(base.Logins)/float64(to-from) >= 0.8*float64(l.Logins)/length.Seconds() {
		return Fact{}, false
	}
	return Fact{Text: fmt.Sprintf("%d POSTs to wp-login.php or xmlrpc.php of %d page requests", l.Logins, l.Pages), Count: l.Logins}, true
}

// failedOf counts the failures of a script, and all whose page is known.
func (s *scene) failedOf(script string) (n, all int) {
	for _, u := range s.in.URIs {
		if all += u.Failures; strings.HasSuffix(u.Name, script) {
			n += u.Failures
		}
	}
	return n, all
}

func polling(s *scene) (Fact, bool) {
	l := s.window()
	if l.Polls < 20 || l.Polls*10 < l.Pages*3 || s.beside() {
		return Fact{}, false
	}
	share := float64(l.Polls) / float64(l.Pages)
	f := Fact{Text: fmt.Sprintf("%d of %d page requests are admin-ajax.php", l.Polls, l.Pages), Count: l.Polls, Strength: min(1, .2+share)}
	failed, all := s.failedOf("/admin-ajax.php")
	if failed*2 > all { // it takes longer than other pages too
		f.Strength = 1
		f.Text += fmt.Sprintf(", and %d of %d failures", failed, all)
	}
	return f, true
}
