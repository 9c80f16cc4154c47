package main

import (
	"fmt"
	"time"

	"why502/classifier/correlate"
)

// closedNotes say when a site was closed on purpose, and how many requests met that. It is no incident, and not to be passed over either.
func closedNotes(t *correlate.Timeline, w window, zone *time.Location) (notes []string, requests int) {
	for _, c := range t.Closed() {
		if !w.meets(c.From, c.To) {
			continue
		}
		who := ""
		if c.Vhost != "" {
			who = " of " + c.Vhost
		}
		why := "nginx asked no backend and its error log is silent: return 503, or a rate limit that does not log"
		switch {
		case c.Program:
			why = "by the site itself, and no log tells of a fault: maintenance mode, R=503, or a limit of its own; if nobody meant it, see whether its database was there"
		case c.Limited:
			why = "limit_req or limit_conn refused them, as nginx' error log says; if they were visitors or editors of the site, raise burst= or exempt them"
		case c.Place != "":
			why = "return 503 in " + c.Place
		}
		requests += c.Count
		verb := "were"
		if c.Count == 1 {
			verb = "was"
		}
		notes = append(notes, fmt.Sprintf("%s%s %s answered 503, on purpose as it seems, from %s to %s (%s).",
			many(c.Count, "request", "requests"), who, verb, c.From.In(zone).Format(time.DateTime), c.To.In(zone).Format(time.DateTime), why))
	}
	return notes, requests
}
