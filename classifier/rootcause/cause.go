// Package rootcause says why an incident happened: it weighs every cause of the catalogue against the evidence
// and ranks them, with what speaks for and against each.
//
// A cause is a declaration (one file each, listed in Catalogue); one engine scores them all: a cause whose
// necessary evidence is absent is no candidate; evidence adds to the log-odds of its prior by its weight, less the
// farther it lies from the incident in time and place; what contradicts subtracts; a mechanism or consequence gives way
// to the root that explains it; and confidence falls with every log that could have told and was not supplied.
//
// # Files
//
//	cause.go clues.go wants.go         what a cause is, and what several share; each file that is not named here is a cause
//	facts.go facts_*.go fact_table.go  what an incident shows that no single line says
//	scene.go bench.go live.go requests.go
//	                                   an incident with all that bears on it, and what all incidents share
//	engine.go confidence.go possible.go guess.go
//	                                   scores, how sure they are, what else there may be
//	diagnose.go join.go course.go      sessions of one explanation to one incident, and what happened around it
//	supply.go servers.go settings.go timeouts.go singular.go
//	                                   which logs there are, and remedies in the words and with the settings of the server
package rootcause

import (
	"time"

	"why502/classifier"
)

// Layer is where a cause has to be mended.
type Layer string

// The layers, from the machine up to the visitor. Ties go to the lower one.
const (
	Host      Layer = "host"
	Kernel    Layer = "kernel"
	Database  Layer = "database"
	Cache     Layer = "cache"
	FPM       Layer = "php-fpm"
	PHP       Layer = "php"
	PHPApp    Layer = "php-app"
	Backend   Layer = "backend"
	WebServer Layer = "web-server" // nginx or Apache
	Apache    Layer = "apache"
	Nginx     Layer = "nginx"
	Network   Layer = "network"
	Edge      Layer = "edge"
	Client    Layer = "client"
)

var layers = []Layer{Kernel, Host, Network, Database, Cache, FPM, PHP, PHPApp, Backend, WebServer, Apache, Nginx, Edge, Client}

// Kind is what part a cause plays when it stands alone.
type Kind string

// The kinds.
const (
	Root        Kind = "root"        // something to mend
	Mechanism   Kind = "mechanism"   // the way a root cause becomes an error: "how", not "why"
	Consequence Kind = "consequence" // follows from earlier failures; only points back in time
	Benign      Kind = "benign"      // looks alarming and is not; never a verdict, part of the catalogue so that `causes show` explains it
)

// Weights of evidence.
const (
	Strong = 3.0 // near-specific: signal 11, an OOM line naming php-fpm, "too big header"
	Medium = 1.5
	Weak   = 0.7
)

// Clue is one kind of evidence: log tags or facts (see Facts) that count when they stand near the incident in time and
// concern the same pool, backend or site.
type Clue struct {
	Tags   []classifier.Tag // any of them
	Weight float64          // positive, in Against too
	Lag    Lag              // zero: Near
	Host   bool             // about the whole server: no pool or site is asked for
	Scheme string           // only lines whose upstream has this scheme: "fastcgi", "http" (also https)
	Min    int              // at least so many events; 0 means 1
	Share  float64          // at least this share of the incident's failed requests
	Text   string           // what it says, for people; {n} is the count, {number} the limit/signal/code stated, {pool} the pool
}

// Lag says when evidence fits an incident: from Lo before or after its start to Hi after its end. Outside it counts half
// after each Half of distance and not at all beyond four of them.
type Lag struct{ Lo, Hi, Half time.Duration }

// Lags in common use.
var (
	Near    = Lag{-2 * time.Second, 2 * time.Second, 2 * time.Second}    // the same event seen by two daemons
	Around  = Lag{-60 * time.Second, 5 * time.Second, 30 * time.Second}  // an operation on the server
	Before  = Lag{-120 * time.Second, 5 * time.Second, 60 * time.Second} // a dependency that went first
	SlowLag = Lag{-70 * time.Second, 5 * time.Second, 30 * time.Second}  // a slow request is logged before its timeout
	State   = Lag{-15 * time.Minute, 5 * time.Second, 5 * time.Minute}   // a condition that is logged once and lasts
	Disk    = Lag{-30 * time.Minute, time.Minute, 10 * time.Minute}
)

// Step is one remedy.
type Step struct {
	Text      string           // what to do
	Config    string           // the exact directive or command: nginx', where it is one of a web server
	Apache    string           // what takes its place where Apache answers visitors
	NginxOnly bool             // Apache has nothing like it
	CPanel    bool             // only cPanel has it
	Caution   string           // what it can break
	Unless    string           // a timeout of PHP-FPM that it sets: needless where each pool has it on
	Where     []classifier.Tag // only where one of these speaks for the cause: it comes before what holds in general
	Except    []classifier.Tag // not where one of these does
	App       bool             // only where the backend is surely an application server: it stands for the step of the same text
	PHP       bool             // of no use where the backend is an application server, and last where it may be one
	Sizes     bool             // it sets the size of pools, by example: where their capacity is known its figures stand for it
}

// Told is what to say of a cause where one of these speaks for it: the application server itself says why it hung up.
type Told struct {
	Where   []classifier.Tag
	Summary string
}

// Log is a kind of log that may be supplied or missing.
type Log string

// The kinds of logs. WebError is nginx's or Apache's error log.
const (
	WebError  Log = "web server error log"
	Access    Log = "access log"
	FPMLog    Log = "PHP-FPM error log"
	SlowLog   Log = "PHP-FPM slow log"
	KernelLog Log = "kernel log"
	PHPError  Log = "PHP error log"
	DBLog     Log = "database error log"
	DBSlow    Log = "database slow log"
	Systemd   Log = "system journal"
	WAFLog    Log = "WAF log"
	EdgeLog   Log = "CDN log"
	AuditLog  Log = "audit log"
	// BackendLog is the error log of the HTTP server behind a proxy.
	BackendLog Log = "backend's error log"
)

// Want is a log that bears on a cause, and how much.
type Want struct {
	Log    Log
	Weight float64
	Why    string // what it would tell, where it is missing
}

// Blind says that without a log the cause cannot be told from its rivals, unless other evidence settles it: without the
// slow log nobody can tell too many requests from too slow ones.
type Blind struct {
	Log    Log // "": no log would do
	Unless []classifier.Tag
}

// Cause is one entry of the catalogue.
type Cause struct {
	ID    string
	Title string // a sentence without names: "All PHP-FPM children of the pool are busy"
	Doc   string // a paragraph or more: what it is, how to tell it from look-alikes, what visitors get
	Layer Layer
	Kind  Kind
	Prior float64 // share of incidents in general

	Needs   []Clue // necessary: one of them must be there; they count like For
	For     []Clue
	Against []Clue

	Explains []string         // ids of causes that are its mechanisms or consequences when both fit
	Behind   []string         // ids of roots that often bring it about, to be named where the log is missing that would show them
	Group    string           // incidents whose first causes share a group are one incident if they meet in time
	Blind    []Blind          // logs without which its rivals cannot be ruled out
	Cap      float64          // confidence is never above; 0 means no cap of its own
	Decisive bool             // its necessary line names the cause by itself: one log suffices for 0.9
	Own      []classifier.Tag // words of the very program that failed: where it has said so, other logs add little

	Wants   []Want // nil: DefaultWants
	Summary string // one sentence: {culprit} {pools} {vhosts} {upstreams} {pages} {n} {number} are filled in; a clause in [ ] is left out if a name in it is unknown
	Told    []Told // sentences that take its place where a log says more
	Fix     []Step
	Verify  []string
	Sources []string // where the facts come from: source file, manual page
}

// DefaultWants weighs the logs for most causes.
var DefaultWants = []Want{
	{WebError, .3, "it holds the failed requests and how their upstream failed"},
	{FPMLog, .3, "it would show crashes, restarts and full pools"},
	{SlowLog, .15, "it would name the slow call"},
	{Access, .15, "it would count the requests hurt and show those that were served"},
	{KernelLog, .1, "it would show crashes and OOM kills"},
}

// Catalogue lists every cause. Adding one is a file and a line here.
var Catalogue = []*Cause{
	// Root causes.
	fpmMaxChildrenExhausted,
	fpmListenBacklogFull,
	trafficSpikeUncached,
	botOrBruteforceFlood,
	adminAjaxHeartbeatLoad,
	cronSpike,
	slowExternalHTTP,
	slowDatabaseQuery,
	dbUnavailable,
	sessionLockContention,
	objectCacheDown,
	slowPHPCode,
	ioStall,
	phpSegfault,
	oomKillGlobal,
	hostMemoryExhausted,
	oomKillCgroup,
	lveLimits,
	fpmDownOrFailedStart,
	fpmRestartOrReload,
	fpmSocketMissing,
	fpmSocketPermission,
	selinuxDenial,
	ipv6LocalhostUpstream,
	upstreamHeaderTooBig,
	malformedResponseHeader,
	upstreamTLSHandshake,
	dnsResolverFailure,
	upstreamNetworkUnreachable,
	ephemeralPortsExhausted,
	conntrackOrSynDrop,
	nginxWorkerConnections,
	fdLimit,
	nginxWorkerCrash,
	diskFull,
	apacheMaxRequestWorkers,
	cpanelPoolDefaults,
	cdnGeneratedError,
	wafBlockOrOddResponse,
	keepaliveRaceReset,
	upstreamBackendDown,
	upstreamBackendAborts,
	backendWorkersBusy,
	phpFatalOrMemoryLimit,
	rewriteOrHtaccessError,
	scriptRefused,
	webTempUnwritable,
	webConfigError,
	requestTooLarge,
	// Mechanisms: how, not why.
	fpmEmergencyRestart,
	ondemandSpawnLag,
	fastcgiReadTimeout,
	requestTerminateTimeoutKill,
	fpmPoolSaturating,
	phpChildDiedUnknown,
	phpChildSigkillUnknown,
	phpChildAbnormalExit,
	fpmChildStartCrashLoop,
	// Consequences.
	noLiveUpstreams,
	apacheProxyWorkerDisabled,
	retryStorm,
	clientAbort499,
	operatorRestart,
	// Benign look-alikes.
	fpmIdleSigkill,
	fpmMaxRequestsRecycle,
	routineMaintenance,
	scannerNoise,
	nginxRoutineNotices,
	plannedChildStop,
}

// Lookup returns the cause of that id, nil if there is none.
func Lookup(id string) *Cause {
	for _, c := range Catalogue {
		if c.ID == id {
			return c
		}
	}
	return nil
}
