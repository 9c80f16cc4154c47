package rootcause

import (
	"why502/classifier"
	"why502/classifier/correlate"
)

// Fact is something an incident shows that no single line says. Facts have names like tags and stand in Clues like them.
type Fact struct {
	Text     string
	Strength float64 // 0 to 1, scales the weight of the clue
	Count    int
	Number   int
	Mark     *correlate.Mark // the line that shows it best; may be nil
	Culprits []Culprit
	Requests []Request
}

// facts are those that an incident shows: few, so that they are looked through.
type facts []told

type told struct {
	tag classifier.Tag
	Fact
}

// of returns the one of that name, nil if the incident does not show it.
func (f facts) of(tag classifier.Tag) *Fact {
	for i := range f {
		if f[i].tag == tag {
			return &f[i].Fact
		}
	}
	return nil
}

// Request joins the slow log to the requests that visitors made: which page was asked for while PHP waited in a piece of
// the site.
type Request struct {
	URI     string
	Culprit Culprit // Share is of all entries; Kind is empty if they name none
	Traces  int     // slow-log entries that were written while a request for the page was under way
	Sure    int     // those of them that can belong to no other page
	Of      int     // entries of the culprit in all
	share   float64 // expected entries: one that fits several pages counts for each in part
}

// The facts.
const (
	FPMDown         classifier.Tag = "fact/fpm-down"          // PHP-FPM was stopped while requests failed, for longer than a restart takes
	FPMStartFailed  classifier.Tag = "fact/fpm-start-failed"  // it refused to start and did not run while requests failed
	FPMRestart      classifier.Tag = "fact/fpm-restart"       // it was stopped or reloaded at the start; failures end when it is ready
	FPMUp           classifier.Tag = "fact/fpm-up"            // its log covers the time and shows no stop
	StopAfter       classifier.Tag = "fact/stop-after"        // it was stopped well after the failures began: somebody reacted
	WrongAddress    classifier.Tag = "fact/wrong-address"     // nobody listens where a site looks for PHP-FPM, which runs and serves other requests
	SlowHTTP        classifier.Tag = "fact/slow-http"         // most slow-log entries wait for a remote service
	SlowDB          classifier.Tag = "fact/slow-db"           // … for the database
	SlowSession     classifier.Tag = "fact/slow-session"      // … for the session lock
	SlowCache       classifier.Tag = "fact/slow-cache"        // … for Redis or Memcached
	SlowCode        classifier.Tag = "fact/slow-code"         // … for nothing outside PHP
	SlowEither      classifier.Tag = "fact/slow-either"       // … for the database, or for nothing outside PHP
	SlowFiles       classifier.Tag = "fact/slow-files"        // … for files, while the kernel tells of a stalled disk
	SlowCron        classifier.Tag = "fact/slow-cron"         // slow entries or requests are wp-cron.php
	OnePage         classifier.Tag = "fact/one-page"          // one page family has four fifths of the failures
	ManyPages       classifier.Tag = "fact/many-pages"        // failures are spread over page families
	ManySites       classifier.Tag = "fact/many-sites"        // several sites failed together
	Surge           classifier.Tag = "fact/surge"             // page requests rose to three times or more before or at the start
	FlatTraffic     classifier.Tag = "fact/flat-traffic"      // page requests did not rise
	TopClient       classifier.Tag = "fact/top-client"        // one client made a third of the page requests
	LoginFlood      classifier.Tag = "fact/login-flood"       // POSTs to wp-login.php or xmlrpc.php
	Polling         classifier.Tag = "fact/polling"           // admin-ajax.php is a third of the page requests
	Served          classifier.Tag = "fact/served"            // pages of the sites hit were served all the while
	OthersServed    classifier.Tag = "fact/others-served"     // pages of other sites were served all the while, and none failed, or only after PHP-FPM had taken them
	NoneServed      classifier.Tag = "fact/none-served"       // not one page of them was
	Recovered       classifier.Tag = "fact/recovered"         // the failures ended before the logs do
	Lasting         classifier.Tag = "fact/lasting"           // they go on to the end of the logs or over ten minutes
	Brief           classifier.Tag = "fact/brief"             // the whole incident is shorter than ten seconds
	Sporadic        classifier.Tag = "fact/sporadic"          // single failures far apart, under one per cent of the requests
	KillPaired      classifier.Tag = "fact/kill-paired"       // a child killed by SIGKILL is the very process the kernel's OOM killer took
	OOMGlobal       classifier.Tag = "fact/oom-global"        // the kernel killed a process of the web stack: no memory left on the machine
	OOMCgroup       classifier.Tag = "fact/oom-cgroup"        // … in its memory cgroup
	OOMService      classifier.Tag = "fact/oom-service"       // what it killed is a database or cache that PHP waits for
	CrashPaired     classifier.Tag = "fact/crash-paired"      // crashes are about as many as the requests cut off
	CrashUnpaired   classifier.Tag = "fact/crash-unpaired"    // far more requests were cut off than children crashed
	DBDown          classifier.Tag = "fact/db-down"           // the database server was away from before the start until the end
	CPanelDefault   classifier.Tag = "fact/cpanel-default"    // an EA4 pool at max_children 5, the factory value
	Localhost6      classifier.Tag = "fact/localhost-ipv6"    // [::1] refused while 127.0.0.1 is or may be the one that listens
	WebRefused      classifier.Tag = "fact/web-refused"       // the web server refused its configuration or found no port, and was away
	BackendRefused  classifier.Tag = "fact/backend-refused"   // … and the proxy in front of it could not connect
	CronTick        classifier.Tag = "fact/cron-tick"         // it began within three minutes after a usual cron minute, with a trace of a job
	CronAgain       classifier.Tag = "fact/cron-again"        // so did others after each run of the same job
	CronFlood       classifier.Tag = "fact/cron-flood"        // wp-cron.php is a third of the page requests, and was not before
	Stalled         classifier.Tag = "fact/stalled"           // the web server served next to nothing for some seconds
	EdgeStatus      classifier.Tag = "fact/edge-status"       // visitors got 520 to 527, which only a CDN answers
	OriginStatus    classifier.Tag = "fact/origin-status"     // the origin itself answered 5xx
	Timeouts        classifier.Tag = "fact/timeouts"          // failures are 504 or waited their whole timeout
	SlowerNotMore   classifier.Tag = "fact/slower-not-more"   // no more pages were asked for than before, and no slow log tells why the children were busy
	CutAtLimit      classifier.Tag = "fact/cut-at-limit"      // requests that lost their child had all lasted as long
	Retries         classifier.Tag = "fact/retries"           // visitors asked more often each, once requests failed
	LocalQueue      classifier.Tag = "fact/local-queue"       // connects to PHP-FPM's TCP port on this very machine were not answered
	FloodedPort     classifier.Tag = "fact/flooded-port"      // the kernel found the listen queue of the port full that the requests were sent to
	BelowLimit      classifier.Tag = "fact/below-limit"       // the listen queue was full, and no pool was
	StartLoop       classifier.Tag = "fact/start-loop"        // far more children left with an error than requests failed
	LocalHTTPQueue  classifier.Tag = "fact/local-http-queue"  // … to an HTTP backend's
	NoSELinux       classifier.Tag = "fact/no-selinux"        // the sockets that were denied lie where SELinux is not in use
	OwnLimit        classifier.Tag = "fact/own-limit"         // the web server's own limit turned visitors away, and no pool of PHP was full
	MaybeSELinux    classifier.Tag = "fact/maybe-selinux"     // nothing says so
	AppSocketDenied classifier.Tag = "fact/app-socket-denied" // what was denied is an application server's unix socket, and SELinux says nothing
	OneMember       classifier.Tag = "fact/one-member"        // all failures are of one server of a group, none of the others
	HTTPOnly        classifier.Tag = "fact/http-only"         // the backend is a program behind proxy_pass, and no log is PHP's
	Crawler         classifier.Tag = "fact/crawler"           // the client that made most page requests says itself that it is a crawler
	SlowMail        classifier.Tag = "fact/slow-mail"         // the remote service that slow-log entries wait for is a mail server
	SlowNames       classifier.Tag = "fact/slow-names"        // … or the name server, for the name of one
	SlowPools       classifier.Tag = "fact/slow-pools"        // requests of several pools were too slow at once, and no slow log tells why
)

// Culprit names what to look at.
type Culprit struct {
	Kind, Name string
	Share      float64
}
