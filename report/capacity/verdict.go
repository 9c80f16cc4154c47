package capacity

import (
	"fmt"
	"time"

	"why502/classifier/correlate"
	"why502/report"
)

// Verdicts on incidents that say that requests were slow, or a flood: more children would only have carried the wait to what they
// wait for, or let more of the flood in.
var (
	slow = map[string]bool{
		"slow_external_http": true, "slow_database_query": true, "session_lock_contention": true, "object_cache_down": true, "slow_php_code": true,
		"db_unavailable": true, "io_stall": true, "dns_resolver_failure": true, "host_memory_exhausted": true, "lve_limits": true,
	}
	flood = map[string]bool{"bot_or_bruteforce_flood": true, "admin_ajax_heartbeat_load": true, "cron_spike": true}
	full  = map[string]bool{
		"fpm_max_children_exhausted": true, "cpanel_pool_defaults": true, "fpm_listen_backlog_full": true, "fpm_pool_saturating": true,
		"ondemand_spawn_lag": true, "traffic_spike_uncached": true,
	}
	starved = map[string]bool{"oom_kill_global": true, "oom_kill_cgroup": true, "host_memory_exhausted": true}
)

// root is the verdict on an incident; "" if nothing is likely.
func root(in *report.Incident) string {
	if top := in.Verdict(); top != nil && top.Confidence >= report.Low {
		return top.ID
	}
	return ""
}

// worst is the incident of a kind with the most failures; nil if there is none.
func (p *pool) incident(kind map[string]bool) (worst *report.Incident) {
	for _, in := range p.incidents {
		if kind[root(in)] && (worst == nil || in.Failed() > worst.Failed()) {
			worst = in
		}
	}
	return worst
}

// How much slower than usual requests must be, and how little more of them there may be, to say that they were slow rather than many.
const (
	slower = 3.0
	more   = 1.5
)

// nearly is the part of its children that a pool may have busy before it is the pool that is too small; one that is static never says so.
const nearly = 0.8

// decide says what a pool should have as far as it alone is asked.
func (p *pool) decide(zone *time.Location) {
	wants := p.worst.children()
	p.ask = p.children
	is := func(verdict, format string, args ...any) { p.verdict, p.text = verdict, fmt.Sprintf(format, args...) }
	slowly, flooded, crowded := p.incident(slow), p.incident(flood), p.incident(full)
	pressed := len(p.Full)+len(p.Queue) > 0 || crowded != nil
	late := p.rush.requests >= enough && p.usual > 0 && p.rush.mean() >= slower*p.usual
	switch {
	case p.children == 0:
		is(Unknown, "How many children it may have is not known: its pool file (pm.max_children) would tell.")
	case pressed && slowly != nil && !p.elsewhere(p.excused()):
		is(Mend, "It was full because requests were slow (%s, %s), not because there were many: more children would only carry the queue on to what they wait for.",
			root(slowly), clock(slowly.Start, zone))
	case pressed && flooded != nil && !p.elsewhere(p.excused()):
		is(Keep, "It was full because of a flood (%s, %s): that is to be kept out, not to be served.", root(flooded), clock(flooded.Start, zone))
	case pressed && late && p.most <= more*p.crowd && p.most*p.usual < nearly*float64(p.children):
		is(Mend, "It was full because requests were slow: they took %s s instead of %s s, while there were no more than %s a second (usually up to %s). More children would only carry the queue on to what they wait for.",
			figure(p.rush.mean()), figure(p.usual), figure(p.most), figure(p.crowd))
	case pressed && p.usual > 0 && wants > p.children:
		p.ask = wants
		is(Raise, "%s and there were more requests than its %s can serve: %s.", p.signs(), count(p.children, "child"), p.worst.sum(zone))
		if late && p.pure {
			p.text += fmt.Sprintf(" PHP was slower then, too (%s s, usually %s s): mend that first.", figure(p.rush.mean()), figure(p.usual))
		}
	case pressed && late && p.traced() && p.held(p.children) > 0:
		took := p.held(p.children)
		p.worst = need{at: p.rush.at, rate: p.busiest, seconds: took, once: p.busiest * took, held: true, brief: true}
		p.ask = max(p.worst.children(), p.children+1)
		is(Raise, "%s and there were more requests than its %s can serve: %s. The slow log is on and shows none that waited for something.", p.signs(), count(p.children, "child"), p.worst.sum(zone))
	case pressed && late:
		is(Unknown, "%s and requests were both more (%s a second, usually up to %s) and slower (%s s, usually %s s) then. The slow log would tell whether they waited for something: then that is to be mended; else the pool is too small.",
			p.signs(), figure(p.most), figure(p.crowd), figure(p.rush.mean()), figure(p.usual))
	case pressed && p.usual > 0:
		is(Keep, "%s but by rate and time of its requests %s is enough for its worst minute: %s. Look for what makes single requests slow, or for bursts of seconds, which a longer listen.backlog takes.",
			p.signs(), count(p.children, "child"), p.worst.sum(zone))
	case pressed && p.timed():
		is(Unknown, "%s and the logs hold no calm time before or after: whether requests were many or slow cannot be told. Logs of an hour more would tell.", p.signs())
	case pressed:
		is(Unknown, "%s but no access log says how long requests take, so nothing tells whether they were many or slow. In the log format, $request_time and $upstream_response_time (nginx) or %%D (Apache) would tell.", p.signs())
	case p.manager == "static" && p.usual > 0 && wants > p.children && p.worst.once >= nearly*float64(p.children):
		p.ask = wants
		is(Raise, "A pool with pm = static never says that it is full. By rate and time of its requests it is, or nearly: %s.", p.worst.sum(zone))
	case p.usual > 0:
		is(Keep, "It was not full: %s.", p.worst.sum(zone))
	case p.manager == "static":
		is(Unknown, "A pool with pm = static never says that it is full, and no access log says how long requests take: $request_time and $upstream_response_time in nginx' log format, or %%D in Apache's, would tell.")
	case p.listens:
		is(Keep, "It never said that it was full.")
	default:
		is(Unknown, "Neither PHP-FPM's log, which says when a pool is full, nor an access log with the time of requests ($request_time, %%D) is there.")
	}
}

// traced says whether the slow log is on: requests that wait for something would stand in it.
func (p *pool) traced() bool {
	return correlate.Span(p.Get("request_slowlog_timeout").Value) > 0
}

// elsewhere says whether the pool was full at other times than those, too.
func (p *pool) elsewhere(spans *correlate.Spans) bool {
	for _, times := range [...][]time.Time{p.Full, p.Queue} {
		for _, at := range times {
			if !spans.Meet(at, at) {
				return true
			}
		}
	}
	for _, in := range p.incidents {
		if full[root(in)] && !spans.Meet(in.Start, in.End) {
			return true
		}
	}
	return false
}

// signs is how the logs say that it was full, as the beginning of a sentence.
func (p *pool) signs() string {
	switch {
	case len(p.Full) == 1:
		return "It said once that it was full,"
	case len(p.Full) > 1:
		return fmt.Sprintf("It said %s times that it was full,", thousands(len(p.Full)))
	case len(p.Queue) > 0:
		return "Its listen queue was full,"
	}
	return "Requests failed because it was full,"
}

// sum is rate × time in words.
func (n need) sum(zone *time.Location) string {
	if n.rate == 0 {
		return "it had next to nothing to do"
	}
	when, took := "in the worst minute", "s"
	if n.brief {
		when = "in the worst moments"
	}
	switch {
	case n.held:
		took = "s that one held a child"
	case n.usual:
		took = "s that one usually takes"
	}
	s := fmt.Sprintf("%s (%s) %s requests a second × %s %s = %s at once", when, clock(n.at, zone), figure(n.rate), figure(n.seconds), took, figure(n.once))
	if n.brief || n.children() == 2 {
		return s + fmt.Sprintf(", for which %s are enough", count(n.children(), "child"))
	}
	return s + fmt.Sprintf("; + 2 × √%s for chance = %s", figure(n.once), count(n.children(), "child"))
}
