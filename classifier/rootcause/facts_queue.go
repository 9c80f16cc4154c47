package rootcause

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// turnedAway is how a web server tells that a unix socket's listen queue was full.
var turnedAway = tags{"nginx/upstream-queue-full", "apache/uds-queue-full", "proxy/queue-full"}

// belowLimit holds if requests were turned away for a full listen queue, while PHP-FPM, whose log covers the time, never said that
// its children were all there are: then it was the queue that was short, not the children. PHP-FPM says so once, when a pool that is
// dynamic or on demand reaches its limit (fpm_pctl_perform_idle_server_maintenance); a static pool has all its children from the start
// and never does. So it takes a sign that the pool is none, or bursts too short for a full pool: that one turns visitors away for
// as long as they come.
func belowLimit(s *scene) (Fact, bool) {
	if s.facts.of(FPMUp) == nil {
		return Fact{}, false
	}
	f, mine := Fact{}, 0
	var moments []time.Time
	for _, m := range s.in.Marks {
		if slices.Contains(turnedAway, m.Tag) {
			mine += weight(m)
			moments = append(moments, m.First)
			if f.Mark == nil {
				f.Mark = m
			}
		}
	}
	if f.Mark == nil || mine*2 < s.lines || s.says("phpfpm/max-children") || s.says("phpfpm/process-max") {
		return Fact{}, false
	}
	pools := s.t.PoolsOf(s.in)
	static := slices.ContainsFunc(pools, func(p *correlate.Pool) bool { return p.Get("pm").Value == "static" })
	grows := len(pools) > 0 && !static || s.says("phpfpm/seems-busy")
	if static || !grows && !bursts(moments) {
		return Fact{}, false
	}
	f.Text = "PHP-FPM's log covers the time and does not say that a pool was full: children could be added, the queue was too short"
	return f, true
}

// burstTime is how long a burst may last at most.
const burstTime = 3 * time.Second

// bursts says whether moments, in order, form groups of a few seconds each with nothing for as long or longer in between.
func bursts(all []time.Time) bool {
	slices.SortFunc(all, time.Time.Compare)
	start := 0
	for i := range all {
		if i > 0 && all[i].Sub(all[i-1]) >= burstTime {
			start = i
		}
		if all[i].Sub(all[start]) > burstTime {
			return false
		}
	}
	return len(all) > 0
}

// says says whether a pool of the incident, or one that is not named, said so in the time its word holds for.
func (s *scene) says(tag classifier.Tag) bool {
	return slices.ContainsFunc(s.around(tag, State), func(m *correlate.Mark) bool {
		return State.fit(s.in, m) >= minFit && s.t.Relation(m, s.in) > 0
	})
}

// floodedPort holds if the kernel found the listen queue of the very port full that the failed requests were sent to, on this
// machine. It drops the last packet of the handshake as well (tcp_conn_request, tcp_v4_syn_recv_sock): the web server then takes itself for
// connected and waits for an answer until its read timeout, though no child ever saw the request.
//
//	kernel: TCP: request_sock_TCP: Possible SYN flooding on port 9000. Sending cookies.  Check SNMP counters.
func floodedPort(s *scene) (Fact, bool) {
	for _, flood := range s.around("kernel/syn-flood", flooded) {
		port := portOf(flood.Sample.Text)
		if port == "" || flooded.fit(s.in, flood) < minFit {
			continue
		}
		n := 0
		for _, m := range s.in.Marks {
			if sameScheme("fastcgi", m.Scheme) && strings.HasSuffix(m.Backend, ":"+port) && s.t.Local(m.Backend) {
				n += weight(m)
			}
		}
		if n > 0 && n*2 >= s.lines {
			return Fact{Text: fmt.Sprintf("the kernel found the listen queue of port %s full, where PHP-FPM listens", port), Count: n, Mark: flood}, true
		}
	}
	return Fact{}, false
}

// flooded: the kernel says so once a minute at most, and requests fail when their timeout ends.
var flooded = Lag{-90 * time.Second, 2 * time.Second, 15 * time.Second}

// portOf finds the port in the kernel's words: "on port 9000.", since 6.x also "on port 127.0.0.1:9000." and "on port [::]:443.".
func portOf(line string) string {
	const before = "flooding on port "
	i := strings.Index(line, before)
	if i < 0 {
		return ""
	}
	at, _, _ := strings.Cut(line[i+len(before):], ". ")
	return at[strings.LastIndexByte(at, ':')+1:]
}

// startLoop holds if far more children left with an error code than requests could have brought down: a child that dies of what it
// does takes its request with it, one that dies as it starts takes none.
//
//	[22-Nov-2026 10:00:00] WARNING: [pool shop] child 1845 exited with code 70 after 0.002064 seconds from start
func startLoop(s *scene) (Fact, bool) {
	f := Fact{}
	var inside span
	for _, m := range s.around("phpfpm/child-exit-code", Near) {
		if Near.fit(s.in, m) < minFit || s.t.Relation(m, s.in) == 0 {
			continue
		}
		f.Count += m.Count
		inside = widen(inside, span{m.First, m.Last})
		if f.Mark == nil {
			f.Mark = m
		}
	}
	took := inside.to.Sub(inside.from).Seconds() + 1
	served, _ := s.inside()
	if f.Count < 20 || float64(f.Count) < took || f.Count < 3*s.in.Total()+served {
		return Fact{}, false
	}
	f.Text = fmt.Sprintf("%d children left with an error code while %d requests failed: they died before they had one", f.Count, s.in.Total())
	return f, true
}
