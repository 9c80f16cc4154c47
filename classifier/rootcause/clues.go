package rootcause

import (
	"slices"
	"time"

	"why502/classifier"
)

type tags = []classifier.Tag

// naming is the weight of a line that names its cause by itself: "(13: Permission denied)" on the socket, "upstream sent
// too big header". It has to lift a rare cause over its low prior alone.
const naming = 5.0

func (c Clue) weighing(w float64) Clue {
	c.Weight = w
	return c
}

func (c Clue) within(l Lag) Clue {
	c.Lag = l
	return c
}

func (c Clue) saying(text string) Clue {
	c.Text = text
	return c
}

func clues(lists ...[]Clue) []Clue { return slices.Concat(lists...) }

// Lags of single daemons.
var (
	// FPM doubles its spawn rate each second and says so from 8 on: seconds before the limit, a minute at most.
	rising = Lag{-75 * time.Second, 2 * time.Second, 30 * time.Second}
	// The kernel is short of memory for minutes before it kills, and a killed database is missed only when it is asked.
	memory = Lag{-5 * time.Minute, 5 * time.Second, time.Minute}
	// A page that cannot reach its database fails in the moment it asks; a connect timeout takes some seconds.
	asked = Lag{-10 * time.Second, 5 * time.Second, 3 * time.Second}
	// A system package upgraded in the last day is worth a thought, not more.
	lately = Lag{-24 * time.Hour, 0, time.Hour}
)

// What daemons say of a full pool.
var (
	sawAtLimit = Clue{
		Tags: tags{"phpfpm/max-children"}, Weight: Strong, Lag: State,
		Text: "pool {pool} reached its limit of {number} children",
	}
	sawProcessMax = Clue{
		Tags: tags{"phpfpm/process-max"}, Weight: Strong, Lag: State, Host: true,
		Text: "PHP-FPM reached process.max, the limit over all its pools",
	}
	sawQueueFull = Clue{
		Tags: tags{"nginx/upstream-queue-full", "apache/uds-queue-full", "proxy/queue-full"}, Scheme: "fastcgi", Weight: Medium,
		Text: "{n} connections were turned away because PHP-FPM's listen queue was full",
	}
	sawLocalQueue = Clue{
		Tags: tags{LocalQueue}, Weight: Medium,
		Text: "connections to PHP-FPM's TCP port on this machine were not answered: its listen queue was full",
	}
	sawSeemsBusy = Clue{
		Tags: tags{"phpfpm/seems-busy"}, Weight: Medium, Lag: rising,
		Text: "PHP-FPM was starting children in large batches (seems busy)",
	}
	// sawNotReached speaks against all that fills a pool: a full one is there, it turns away with errno 11 and no other.
	sawNotReached = Clue{
		Tags:   tags{"nginx/upstream-missing", "nginx/upstream-denied", "nginx/upstream-refused", "apache/uds-missing", "apache/uds-refused", "apache/uds-denied", "apache/fcgi-connect-failed"},
		Weight: naming, Share: .5, Text: "most requests could not even reach PHP-FPM",
	}
	// sawBelowLimit does as well.
	sawBelowLimit = Clue{
		Tags: tags{BelowLimit}, Weight: naming,
		Text: "no pool was full, its listen queue was too short",
	}
	// sawLost speaks against them too: who waits in a queue is turned away or waits on, and is not cut off by a child that ends.
	sawLost = Clue{
		Tags: tags{"nginx/upstream-reset", "apache/backend-reset"}, Weight: Strong, Share: .5, Scheme: "fastcgi",
		Text: "most requests had reached a PHP child and lost it, which a full pool does not bring about",
	}
	sawTimedOut = Clue{
		Tags: tags{Timeouts}, Weight: Weak,
		Text: "the failed requests waited until a timeout ended them",
	}
	// sawSaturated is what every cause that fills a pool brings about.
	sawSaturated = []Clue{sawAtLimit.weighing(Medium), sawQueueFull, sawLocalQueue.weighing(Weak), sawProcessMax.weighing(Medium), sawSeemsBusy.weighing(Weak), sawTimedOut}
	// sawSlowHeaders hold a web server's slots without ever reaching PHP.
	sawSlowHeaders = Clue{
		Tags: tags{"http/408"}, Weight: Strong, Lag: Before, Min: 5,
		Text: "{n} clients held connections and never finished sending their request (408)",
	}
)

// full are the signs that a pool or its queue really was full.
var full = tags{"phpfpm/max-children", "phpfpm/process-max", "phpfpm/seems-busy", "nginx/upstream-queue-full", "apache/uds-queue-full", LocalQueue}

// sawOneMember speaks for a server that is ill by itself.
var sawOneMember = Clue{
	Tags: tags{OneMember}, Weight: Weak,
	Text: "all failures are of one server of the group",
}

// How the web server fails to reach PHP-FPM or loses it.
var (
	sawFPMRefused = Clue{
		Tags: tags{"nginx/upstream-refused", "proxy/refused"}, Scheme: "fastcgi", Weight: Medium,
		Text: "{n} connections to PHP-FPM were refused: nobody listens",
	}
	sawFPMMissing = Clue{
		Tags: tags{"nginx/upstream-missing", "proxy/missing"}, Scheme: "fastcgi", Weight: Medium,
		Text: "{n} connections found no socket of PHP-FPM",
	}
	sawUDSRefused = Clue{
		Tags: tags{"apache/uds-refused"}, Weight: Medium,
		Text: "{n} connections to PHP-FPM's socket were refused: nobody listens",
	}
	sawUDSMissing = Clue{
		Tags: tags{"apache/uds-missing"}, Weight: Medium,
		Text: "{n} connections found no socket of PHP-FPM",
	}
	sawFPMReset = Clue{
		Tags: tags{"nginx/upstream-reset", "nginx/upstream-reset-body", "proxy/reset"}, Scheme: "fastcgi", Weight: Medium,
		Text: "{n} requests lost their PHP-FPM child in the middle",
	}
	sawFPMClosed = Clue{
		Tags: tags{"nginx/upstream-closed", "nginx/upstream-broken-pipe"}, Scheme: "fastcgi", Weight: Medium,
		Text: "PHP-FPM closed {n} connections without an answer",
	}
	sawUDSReset = Clue{
		Tags: tags{"apache/backend-reset"}, Weight: Medium,
		Text: "{n} requests lost their PHP-FPM child in the middle (AH01075)",
	}
	sawHeaderUnread = Clue{
		Tags: tags{"apache/read-header-failed"}, Weight: Medium,
		Text: "PHP-FPM closed {n} connections without an answer (AH01067)",
	}
	// sawCutOff is how a child that vanished looks from outside.
	sawCutOff = []Clue{sawFPMReset, sawFPMClosed, sawUDSReset, sawHeaderUnread}
)

// Deaths of children.
var (
	sawCrashed = Clue{
		Tags: tags{"phpfpm/child-segv"}, Weight: Strong,
		Text: "{n} children crashed (signal {number})",
	}
	sawCrashedUnpaired = Clue{
		Tags: tags{CrashUnpaired}, Weight: Medium,
		Text: "far more requests were cut off than children crashed",
	}
	sawKilled = Clue{
		Tags: tags{"phpfpm/child-sigkill"}, Weight: Strong,
		Text: "{n} children were killed (SIGKILL)",
	}
	sawTerminated = Clue{
		Tags: tags{"phpfpm/terminate"}, Weight: Strong,
		Text: "PHP-FPM ended {n} requests that ran longer than request_terminate_timeout",
	}
	sawCutAtLimit = Clue{
		Tags: tags{CutAtLimit}, Weight: Strong,
		Text: "the requests that lost their child had all lasted as long, as a limit ends them",
	}
	sawExited = Clue{
		Tags: tags{"phpfpm/child-exit-code"}, Weight: Strong,
		Text: "{n} children left with exit code {number}",
	}
	sawOOMGlobal = Clue{
		Tags: tags{OOMGlobal}, Weight: Strong, Lag: memory, Host: true,
		Text: "the kernel killed {n} processes because the machine was out of memory",
	}
	sawOOMCgroup = Clue{
		Tags: tags{OOMCgroup}, Weight: Strong, Lag: memory, Host: true,
		Text: "the kernel killed {n} processes because their memory cgroup was full",
	}
	sawKillPaired = Clue{
		Tags: tags{KillPaired}, Weight: Strong,
		Text: "the child that vanished is the very process the OOM killer took",
	}
)

// The life of PHP-FPM, as read off its log.
var (
	sawFPMDown = Clue{
		Tags: tags{FPMDown}, Weight: Strong,
		Text: "PHP-FPM was not running while requests failed",
	}
	sawFPMStartFailed = Clue{
		Tags: tags{FPMStartFailed}, Weight: Strong,
		Text: "PHP-FPM refused to start",
	}
	sawFPMRestarted = Clue{
		Tags: tags{FPMRestart}, Weight: Strong,
		Text: "PHP-FPM was stopped or reloaded as the failures began, and they ended when it was ready",
	}
	sawFPMUp = Clue{
		Tags: tags{FPMUp}, Weight: Strong,
		Text: "PHP-FPM's log covers the time and shows no stop",
	}
)

// What slow requests waited for.
var (
	sawSlowHTTP    = Clue{Tags: tags{SlowHTTP}, Weight: Strong, Text: "most slow requests were caught waiting for a remote service"}
	sawSlowDB      = Clue{Tags: tags{SlowDB}, Weight: Strong, Text: "most slow requests were caught waiting for the database"}
	sawSlowSession = Clue{Tags: tags{SlowSession}, Weight: Strong, Text: "most slow requests were caught waiting for a session lock"}
	sawSlowCache   = Clue{Tags: tags{SlowCache}, Weight: Strong, Text: "most slow requests were caught waiting for Redis or Memcached"}
	sawSlowEither  = Clue{Tags: tags{SlowEither}, Weight: Medium, Text: "most slow requests were caught in what may be a query as well as PHP's own work"}
	sawSlowCode    = Clue{Tags: tags{SlowCode}, Weight: Strong, Text: "most slow requests were caught at work in PHP itself"}
	// sawSlowAny says that latency rose, whatever the traffic did.
	sawSlowAny = Clue{
		Tags: tags{SlowHTTP, SlowDB, SlowSession, SlowCache}, Weight: Strong,
		Text: "slow requests were waiting for something outside PHP, so it was latency that rose",
	}
)

// The shape of the incident.
var (
	sawSurge       = Clue{Tags: tags{Surge}, Weight: Medium, Text: "page requests rose to three times their usual rate or more before the failures"}
	sawFlat        = Clue{Tags: tags{FlatTraffic}, Weight: Strong, Text: "page requests did not rise"}
	sawSlower      = Clue{Tags: tags{SlowerNotMore}, Weight: Weak, Text: "no more pages were asked for than before: PHP took longer for them, or a cache in front no longer answered"}
	sawTopClient   = Clue{Tags: tags{TopClient}, Weight: Medium, Text: "one client made a third of the page requests or more"}
	sawOnePage     = Clue{Tags: tags{OnePage}, Weight: Weak, Text: "one kind of page has most of the failures"}
	sawManyPages   = Clue{Tags: tags{ManyPages}, Weight: Weak, Text: "all kinds of pages failed"}
	sawManySites   = Clue{Tags: tags{ManySites}, Weight: Weak, Text: "several sites failed together"}
	sawServed      = Clue{Tags: tags{Served}, Weight: Strong, Text: "pages of the same sites were served all the while"}
	sawNoneServed  = Clue{Tags: tags{NoneServed}, Weight: Medium, Text: "not one page was served meanwhile"}
	sawRecovered   = Clue{Tags: tags{Recovered}, Weight: Weak, Text: "the failures ended by themselves"}
	sawLasting     = Clue{Tags: tags{Lasting}, Weight: Weak, Text: "the failures went on without end"}
	sawBrief       = Clue{Tags: tags{Brief}, Weight: Weak, Text: "it was over within seconds"}
	sawSporadic    = Clue{Tags: tags{Sporadic}, Weight: Strong, Text: "single failures far apart, under one per cent of the requests"}
	sawStopAfter   = Clue{Tags: tags{StopAfter}, Weight: Strong, Text: "PHP-FPM was stopped well after the failures began: somebody reacted to them"}
	sawLockGivenUp = Clue{Tags: tags{"db/lock-wait", "db/deadlock"}, Weight: Strong, Lag: SlowLag, Share: .5, Text: "{n} requests waited for a lock in the database until it gave up"}
	sawAnswered500 = Clue{Tags: tags{"http/500"}, Weight: Weak, Text: "the application answered {n} requests with 500 by itself"}
)

// slowness is what requests may wait for; only the slow log tells.
var slowness = []string{"slow_external_http", "slow_database_query", "slow_php_code", "session_lock_contention"}

// saturation is what follows when requests take all of a limited number of workers, whoever is to blame.
var saturation = []string{
	"cpanel_pool_defaults", "fpm_max_children_exhausted", "fpm_listen_backlog_full", "fpm_pool_saturating", "ondemand_spawn_lag",
	"fastcgi_read_timeout", "request_terminate_timeout_kill", "nginx_worker_connections", "apache_max_request_workers", "client_abort_499", "operator_restart", "retry_storm",
}

// unreachable is what proxies do after failed connections.
var unreachable = []string{"no_live_upstreams", "apache_proxy_worker_disabled", "retry_storm"}

func ids(lists ...[]string) []string { return slices.Concat(lists...) }
