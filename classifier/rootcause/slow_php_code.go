package rootcause

var slowPHPCode = &Cause{
	ID:    "slow_php_code",
	Title: "A PHP script itself takes too long",
	Layer: PHPApp,
	Kind:  Root,
	Prior: .065,
	Group: "slow",
	Doc: "A script computes, converts images, packs archives, parses or loops for longer than the web server or PHP-FPM waits. Exports, imports, " +
		"uploads, backups and reports do that by nature. Visitors of that page get 504 (the web server gave up) or 502 (request_terminate_timeout ended the " +
		"child); other pages are fine until the pool is full.\n\n" +
		"The slow log tells it from waiting: the innermost frames are neither database nor network calls. Different pages being slow at once speaks " +
		"against it: then something they share is slow (database, disk, cache, CPU).",
	Blind: []Blind{{Log: SlowLog}, {Log: DBSlow, Unless: tags{SlowCode, "php/time-limit"}}},
	Needs: []Clue{
		sawSlowCode, sawSlowEither.weighing(Strong),
		{Tags: tags{"phpfpm/slow"}, Weight: Medium, Lag: SlowLag, Text: "PHP-FPM reported {n} requests that ran too slow, without saying what they waited for"},
		{Tags: tags{"php/time-limit"}, Weight: Medium, Lag: SlowLag, Text: "{n} scripts ran into max_execution_time, which counts PHP's own work"},
	},
	For: []Clue{
		{Tags: tags{"phpslow/code"}, Weight: Medium, Lag: SlowLag, Min: 3, Text: "{n} slow-log entries are at work in PHP code"},
		sawTerminated.weighing(Weak).within(SlowLag),
		sawOnePage,
		sawTimedOut,
	},
	Against: []Clue{
		sawNotReached,
		sawSlowHTTP.weighing(Medium), sawSlowDB.weighing(Medium), sawSlowSession.weighing(Medium), sawSlowCache.weighing(Medium),
		sawManyPages,
		{Tags: tags{SlowPools}, Weight: Medium, Lag: SlowLag, Text: "requests of several pools were too slow at once: sites share no scripts"},
		{Tags: tags{"kernel/hung-task", "kernel/nfs-stall", "kernel/io-error"}, Weight: Medium, Lag: State, Host: true, Text: "the kernel reported a stalled disk"},
	},
	Explains: saturation,
	Behind:   slowness,
	Wants:    codeWants,
	Summary:  "A script[ ({culprit})] needed more time[ for {pages}] than it is given.",
	Fix: []Step{
		{
			Text: "Move long work (exports, imports, image conversion) to a background job and let the page only start it.",
		},
		{
			Text:    "If it must run in the request, raise the limits for that one page, with a pool of its own, so that it cannot take the children of the other pages.",
			Config:  "location = /export.php { include fastcgi.conf; fastcgi_pass unix:/run/php/exports.sock; fastcgi_read_timeout 300s; }\n; pool exports\nrequest_slowlog_timeout = 20s\nrequest_terminate_timeout = 290s",
			Apache:  "<Files \"export.php\">\n    SetHandler \"proxy:unix:/run/php/exports.sock|fcgi://exports\"\n</Files>\n<Proxy \"fcgi://exports\">\n    ProxySet timeout=300\n</Proxy>\n; pool exports\nrequest_slowlog_timeout = 20s\nrequest_terminate_timeout = 290s",
			Caution: "Do not raise them for the whole site: every stuck page would hold a child that long. CDNs give up after about 100 s anyway.",
		},
		{
			Text:   "Profile it: the slow log shows one moment, a profiler the whole request.",
			Config: "request_slowlog_timeout = 2s\nrequest_slowlog_trace_depth = 40",
		},
	},
	Verify: []string{
		"the page's $request_time stays below fastcgi_read_timeout (Apache: %D below ProxyTimeout)",
		"no \"executing too slow\" for that script for a day",
	},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_request.c", "php.net set_time_limit", "nginx.org fastcgi_read_timeout"},
}
