package correlate

import "time"

// hints are pairings of events that come with each other now and then. They tell where too little pairs surely.
var hints = []pairing{
	{a: burst, b: fpmFull, often: 0.6, lag: 30},
	{a: webFull, b: fpmFull, often: 0.5, lag: 30},
	{a: fpmFull, b: webFull, often: 0.5, lag: 30},
	{a: burst, b: fpmStop, often: 0.3, lag: 10},
	{a: fpmReady, b: burstEnd, often: 0.3, lag: 10},
	{a: burst, b: dbTrouble | kernelDied, often: 0.5, loose: true, lag: 15},
	{a: failures, b: fpmSlow | slowEntry, often: 0.5, loose: true, lag: 60},
	{a: slowEntry, b: webBegin, often: 0.3, lag: 60},
	{a: daemonUp, b: daemonUp, often: 0.2, lag: 15},     // the host starts
	{a: daemonDown, b: daemonDown, often: 0.2, lag: 15}, // the host stops
	{a: reopened, b: reopened, often: 0.5, lag: 10},     // logs are rotated
	{a: logBegin, b: logBegin, often: 0.1, lag: near},   // a container starts
	{a: logEnd, b: logEnd, often: 0.1, lag: near},       // and ends, or somebody copies its logs
}

// hintOfTag are the kinds of events that only hints speak of.
var hintOfTag = map[string]kinds{
	"phpfpm/stopping": fpmStop | daemonDown, "phpfpm/ready": fpmReady | daemonUp, "phpfpm/log-reopened": reopened,
	"nginx/start": daemonUp, "nginx/stop": daemonDown, "nginx/reopen": reopened,
	"nginx/worker-connections": webFull, "apache/max-request-workers": webFull,
	"apache/started": daemonUp, "apache/stopped": daemonDown,
	"mysql/started": daemonUp, "mysql/stopped": daemonDown | dbTrouble, "mysql/disk-full": dbTrouble, "mysql/crashed": dbTrouble, "mysql/limit": dbTrouble,
}

// failures are the kinds that say that a visitor got no page.
const failures = webError | webStatus | webStart | webDied | queueFull | web500

// lull is the silence, in seconds, that parts two bursts of failures.
const lull = 20

// bursts are where failures set in and where they cease. all are in order.
func bursts(all []sighting) (out []sighting) {
	last := -1
	for i := range all {
		if all[i].kinds&failures == 0 {
			continue
		}
		if last < 0 || all[i].sec-all[last].sec > lull {
			if last >= 0 {
				out = append(out, asEdge(&all[last], burstEnd))
			}
			out = append(out, asEdge(&all[i], burst))
		}
		last = i
	}
	if last >= 0 {
		out = append(out, asEdge(&all[last], burstEnd))
	}
	return out
}

func asEdge(s *sighting, k kinds) sighting {
	e := *s
	e.kinds = k
	return e
}

// atOnce is how long the jobs take, in seconds, that cron starts at the quarters of an hour. Logs that they make begin and end
// at such times by any clock.
const atOnce = 60

// ends are the first and the last entry of a log, unless cron may have set them.
func (s *Source) ends() (out []sighting) {
	for k, at := range map[kinds]time.Time{logBegin: s.From, logEnd: s.To} {
		if sec := at.Unix(); !at.IsZero() && floorMod(sec, step) >= atOnce {
			out = append(out, s.sighting(k, at, &Mark{}))
		}
	}
	return out
}
