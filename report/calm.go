package report

import (
	"fmt"
	"strings"
	"time"
)

// send is what to ask for where there is too little to judge by; a few entries are.
const (
	send = "Send the lines from the minutes of the error: of the web server's error log (on cPanel Metrics > Errors), of PHP-FPM's log and of PHP's error_log."
	aFew = 20
)

// calm is the one sentence of a report without incidents. It claims no more than the logs can show.
func calm(r *Report, c clock) string {
	requests, web := int64(0), 0
	for _, s := range r.Coverage.Sources {
		if strings.HasSuffix(s.Format, "-access") && s.Records > 0 {
			requests += s.Records
			web++
		}
	}
	switch {
	case r.Coverage.Records == 0 && r.Coverage.asked() && r.Coverage.Lines > 0:
		return "Nothing to judge by: no log entry is of the time asked for" + asked(r, c) + "."
	case r.Coverage.Records == 0:
		return "Nothing to judge by: no log entry could be read. " + send
	case web > 0 && !r.Coverage.reached():
		return "Nothing to judge by: no request is on record in the time asked for" + asked(r, c) + "."
	case web == 0 && r.Coverage.asked():
		return "No failure is on record in the time asked for" + asked(r, c) + ". There is no access log that says how many requests were served."
	case r.Coverage.asked():
		return "No visitor was hurt in the time asked for" + asked(r, c) + closed(r) + "." + partly(r, c)
	case web == 0:
		when := during(r, c)
		if when != "" {
			when += ","
		}
		s := fmt.Sprintf("No failure is on record: %s%s show none. There is no access log among them that says how many requests were served.",
			count(r.Coverage.Records, "log entry"), when)
		if r.Coverage.Records <= aFew {
			s += " " + send
		}
		return s
	}
	return fmt.Sprintf("No visitor was hurt: %s%s, none of them failed%s.", count(requests, "request"), during(r, c), closed(r))
}

// closed is what a calm report leaves out of the failures.
func closed(r *Report) string {
	if r.Coverage.Closed == 0 {
		return ""
	}
	return fmt.Sprintf(", but for %s answered with 503 on purpose, as it seems", count(int64(r.Coverage.Closed), "request"))
}

func during(r *Report, c clock) string {
	if r.Coverage.From == nil || r.Coverage.To == nil {
		return ""
	}
	return ", " + c.span(*r.Coverage.From, *r.Coverage.To)
}

func (c *Coverage) asked() bool { return c.Since != nil || c.Until != nil }

// web is the time from the first to the last request that the access logs have.
func (c *Coverage) web() (from, to time.Time) {
	for i := range c.Sources {
		s := &c.Sources[i]
		if !strings.HasSuffix(s.Format, "-access") || s.From == nil || s.To == nil {
			continue
		}
		if from.IsZero() || s.From.Before(from) {
			from = *s.From
		}
		if s.To.After(to) {
			to = *s.To
		}
	}
	return from, to
}

// reached says whether the access logs have requests of the time asked for; what is around it was read as context.
func (c *Coverage) reached() bool {
	from, to := c.web()
	return from.IsZero() || (c.Since == nil || !to.Before(*c.Since)) && (c.Until == nil || from.Before(*c.Until))
}

// partlyFrom is how much of the time asked for the access logs may leave out unsaid: at night nobody comes for minutes.
const partlyFrom = 15 * time.Minute

// partly says which part of the time asked for the access logs cover, if they do not cover it all. Where the end is open nobody knows.
func partly(r *Report, c clock) string {
	from, to := r.Coverage.web()
	late := r.Coverage.Since != nil && from.Sub(*r.Coverage.Since) > partlyFrom
	early := r.Coverage.Until != nil && r.Coverage.Until.Sub(to) > partlyFrom
	if from.IsZero() || !late && !early {
		return ""
	}
	return " The access logs have only requests of " + c.span(from, to) + "."
}

// asked is " (from 2026-11-22 10:05:00 until 2026-11-23 00:00:00)".
func asked(r *Report, c clock) string {
	var s string
	if t := r.Coverage.Since; t != nil {
		s += " from " + c.stamp(*t)
	}
	if t := r.Coverage.Until; t != nil {
		s += " until " + c.stamp(*t)
	}
	return " (" + s[1:] + ")"
}
