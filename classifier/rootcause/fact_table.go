package rootcause

import (
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
)

// factTable lists the facts and how each is found. Adding one is a function and a line here.
var factTable = []struct {
	tag  classifier.Tag
	find func(*scene) (Fact, bool)
}{
	{FPMDown, fpmDown},
	{FPMStartFailed, fpmStartFailed},
	{FPMRestart, fpmRestart},
	{FPMUp, fpmUp},
	{StopAfter, stopAfter},
	{SlowHTTP, slow("wait for a remote service", .3, correlate.SlowHTTP)},
	{SlowDB, slow("wait for the database", .3, correlate.SlowDB)},
	{SlowSession, slow("wait for a session lock", .3, correlate.SlowSession)},
	{SlowCache, slow("wait for the object cache", .3, correlate.SlowCache)},
	{SlowCode, slow("are busy in PHP itself", .3, correlate.SlowCode, correlate.SlowFile)},
	{SlowEither, slow("are in what may be a query as well as work of PHP's own, such as exec", .3, slowEither)},
	{SlowFiles, slowFiles},
	{SlowCron, slowCron},
	{OnePage, onePage},
	{ManyPages, manyPages},
	{ManySites, manySites},
	{Surge, surge},
	{FlatTraffic, flatTraffic},
	{TopClient, topClient},
	{LoginFlood, loginFlood},
	{Polling, polling},
	{Served, served},
	{OthersServed, othersServed},
	{WrongAddress, wrongAddress},
	{NoneServed, noneServed},
	{Recovered, recovered},
	{Lasting, lasting},
	{Brief, brief},
	{Sporadic, sporadic},
	{KillPaired, killPaired},
	{OOMGlobal, oom("because the machine was out of memory", "kernel/oom-kill-global")},
	{OOMService, oomService},
	{OOMCgroup, oom("because its memory cgroup was full", "kernel/oom-kill-cgroup")},
	{CrashPaired, crashPaired},
	{CrashUnpaired, crashUnpaired},
	{DBDown, dbDown},
	{CPanelDefault, cpanelDefault},
	{Localhost6, localhost6},
	{WebRefused, webRefused},
	{BackendRefused, backendRefused},
	{CronTick, cronTick},
	{CronAgain, cronAgain},
	{CronFlood, cronFlood},
	{Stalled, stalled},
	{EdgeStatus, edgeStatus},
	{OriginStatus, originStatus},
	{Timeouts, timeouts},
	{SlowerNotMore, slowerNotMore},
	{CutAtLimit, cutAtLimit},
	{Retries, retries},
	{LocalQueue, localQueue("fastcgi")},
	{LocalHTTPQueue, localQueue("http")},
	{FloodedPort, floodedPort},
	{BelowLimit, belowLimit},
	{StartLoop, startLoop},
	{OwnLimit, ownLimit},
	{NoSELinux, noSELinux},
	{MaybeSELinux, maybeSELinux},
	{AppSocketDenied, appSocketDenied},
	{OneMember, oneMember},
	{HTTPOnly, httpOnly},
	{SlowMail, slowMail},
	{SlowNames, slowNames},
	{SlowPools, slowPools},
	{Crawler, crawler},
}

// clock shows a moment in the zone of the report.
func (b *bench) clock(t time.Time) string { return t.In(b.zone).Format("15:04:05") }

func seconds(d time.Duration) string { return d.Round(time.Second).String() }
