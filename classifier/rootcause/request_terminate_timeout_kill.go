package rootcause

var requestTerminateTimeoutKill = &Cause{
	ID:    "request_terminate_timeout_kill",
	Title: "PHP-FPM ended requests that ran longer than request_terminate_timeout",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .03,
	Group: "slow",
	Cap:   .5,
	Doc: "A request ran longer than the pool's request_terminate_timeout, and PHP-FPM ended its child: \"execution timed out (X sec), terminating\", then SIGTERM. X can be up to " +
		"a third above the limit. The visitor gets 502 (nginx, 104) or 503 (Apache), never 504. It protects the pool; the question is why the request took so long.\n\n" +
		"The slow log answers that, if its timeout is shorter. If nginx gives up first (fastcgi_read_timeout below request_terminate_timeout) it is a 504, and the child works on.",
	Needs: []Clue{sawTerminated, sawCutAtLimit},
	For: clues([]Clue{
		{Tags: tags{"phpfpm/child-sigterm"}, Weight: Medium, Text: "{n} children ended by SIGTERM, as PHP-FPM does then"},
		{Tags: tags{"phpfpm/slow"}, Weight: Weak, Lag: SlowLag, Text: "PHP-FPM had reported {n} slow requests before"},
	}, sawCutOff),
	Against:  []Clue{sawCrashed.weighing(Medium), sawFPMRestarted.weighing(Medium)},
	Explains: []string{"php_child_died_unknown", "no_live_upstreams", "apache_proxy_worker_disabled"},
	Behind:   slowness,
	Wants:    slowWants,
	Summary:  "PHP-FPM ended requests[ to {vhosts}][ ({culprit})] because they ran longer than request_terminate_timeout.",
	Fix: []Step{
		{
			Text:    "Find what they were doing: the slow log must come before the end, and the end before the web server's patience.",
			Config:  "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nfastcgi_read_timeout 60s;",
			Apache:  "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nProxyTimeout 60",
			Caution: "PHP-FPM refuses to start if request_slowlog_timeout is greater than request_terminate_timeout.",
		},
		{
			Text:    "If a page needs longer by nature, give it a pool of its own with a longer limit.",
			Config:  "; pool exports\nrequest_terminate_timeout = 290s\n# its location\nfastcgi_read_timeout 300s;",
			Apache:  "; pool exports\nrequest_terminate_timeout = 290s\n# its handler\n<Proxy \"fcgi://exports\">\n    ProxySet timeout=300\n</Proxy>",
			Caution: "Not for the whole site: every stuck page would hold a child that long.",
		},
	},
	Verify:  []string{"no \"execution timed out\" in PHP-FPM's log for a day"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_request.c, fpm_conf.c"},
}
