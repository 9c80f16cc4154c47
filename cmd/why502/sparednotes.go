package main

import (
	"fmt"
	"time"

	"why502/classifier/correlate"
)

// fewSpared is how many requests another server may have saved without a word in the report.
const fewSpared = 3

// sparedNotes say when backends failed and visitors were answered all the same, which is no incident unless it was by a page
// that says sorry with status 200: only somebody who knows the configuration can tell.
func sparedNotes(t *correlate.Timeline, w window, zone *time.Location) (notes []string) {
	for _, s := range t.Spared() {
		if s.Count < fewSpared || !w.meets(s.From, s.To) {
			continue
		}
		who := ""
		if s.Vhost != "" {
			who = " of " + s.Vhost
		}
		notes = append(notes, fmt.Sprintf("From %s to %s %d requests%s met a backend that failed, and the access log shows no error: another server or a cache answered, or error_page hides it (=200).",
			s.From.In(zone).Format(time.DateTime), s.To.In(zone).Format(time.DateTime), s.Count, who))
	}
	return notes
}
