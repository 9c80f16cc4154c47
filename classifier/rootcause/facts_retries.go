package rootcause

import (
	"fmt"

	"why502/classifier/correlate"
)

// eachAsked is how many pages a visitor asked for in a bucket of time, before requests failed and since. Few visitors are a
// proxy in front, which hides who asks.
func (s *scene) eachAsked() (before, since float64, pages int, ok bool) {
	w := s.t.LoadWidth()
	start, end := s.in.Start.Unix(), s.in.End.Unix()
	type part struct{ pages, clients float64 } // clients: of each bucket
	var quiet, during part
	const several = 3
	var who correlate.Set
	for l := range s.t.LoadsOf(s.in, start-3600, end) {
		switch {
		case l.Sec+w <= start:
			quiet.pages += float64(l.Pages)
			quiet.clients += float64(l.Clients.Len())
		case l.Sec >= start:
			during.pages += float64(l.Pages)
			during.clients += float64(l.Clients.Len())
			if who.Len() < several {
				who.Merge(&l.Clients)
			}
		}
	}
	if who.Len() < several || during.pages < 20 || quiet.clients < 5 {
		return 0, 0, 0, false
	}
	return quiet.pages / quiet.clients, during.pages / during.clients, int(during.pages), true
}

// retries holds if the same visitors asked more often once requests failed: the requests of a client in a bucket of time at
// least doubled, and with them the rate. More visitors who ask as often as ever are a crowd; a rise before the first
// failure is no answer to it.
func retries(s *scene) (Fact, bool) {
	each, now, pages, ok := s.eachAsked()
	if !ok {
		return Fact{}, false
	}
	if before, rate, ok := s.rates(); !ok || now < 2*each || now < 2 || rate < 1.5*before {
		return Fact{}, false
	}
	return Fact{
		Text:  fmt.Sprintf("each visitor asked for %.1f pages in %d seconds once requests failed, %.1f before", now, s.t.LoadWidth(), each),
		Count: pages,
	}, true
}
