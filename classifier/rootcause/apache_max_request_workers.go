package rootcause

var apacheMaxRequestWorkers = &Cause{
	ID:    "apache_max_request_workers",
	Title: "All of Apache's workers are taken",
	Layer: Apache,
	Kind:  Root,
	Prior: .01,
	Group: "capacity",
	Doc: "Every request, and with prefork every idle keep-alive connection, holds one of Apache's MaxRequestWorkers. With all of them taken, new visitors wait in the kernel's queue: pages hang, then time out, all sites at once and static files too; a proxy in front says 504. Apache says it once " +
		"(AH00484, AH00161, AH00286, \"scoreboard is full\") and is then silent.\n\n" +
		"Ask what held them. Slow PHP is the usual reason, then the slow log or a pool at its limit before Apache's own line tells. Clients that send their headers slowly (408) or long KeepAlive hold them without ever reaching PHP; pools may then fill for a moment when Apache comes free.",
	Needs: []Clue{
		{Tags: tags{"apache/max-request-workers"}, Weight: Strong, Lag: State, Host: true, Text: "Apache reached MaxRequestWorkers"},
	},
	For: []Clue{
		sawSlowHeaders,
		{Tags: tags{Stalled}, Weight: Medium, Text: "Apache served next to nothing for some seconds"},
		sawManySites,
		{Tags: tags{"nginx/upstream-timeout", "nginx/upstream-connect-timeout"}, Scheme: "http", Weight: Weak, Text: "the proxy in front gave up {n} requests"},
	},
	Against:  []Clue{sawFPMDown},
	Explains: []string{"client_abort_499", "fpm_pool_saturating"},
	Wants:    limitWants,
	Summary:  "All of Apache's workers (MaxRequestWorkers) were taken, so visitors[ of {vhosts}] waited for one and gave up.",
	Fix: []Step{
		{
			Text:   "See what holds them while it lasts: reading the request (R), keep-alive (K) or waiting for PHP (W).",
			Config: "apachectl fullstatus | tail -60",
		},
		{
			Text:   "Do not let slow or idle clients hold a worker.",
			Config: "RequestReadTimeout header=10-20,MinRate=500 body=10,MinRate=500\nKeepAlive On\nKeepAliveTimeout 3",
		},
		{
			Text:    "Use the event MPM, with at least as many workers as all PHP pools have children.",
			Config:  "<IfModule mpm_event_module>\n    ServerLimit 16\n    ThreadsPerChild 25\n    MaxRequestWorkers 400\n</IfModule>",
			Caution: "With prefork each worker is a process: 400 of them need the memory first. mod_php does not run under event.",
		},
	},
	Verify:  []string{"curl -s 'http://127.0.0.1/server-status?auto' | grep -E 'BusyWorkers|IdleWorkers' at the next peak", "no AH00484, AH00161 or AH00286 for a day"},
	Sources: []string{"httpd server/mpm/event/event.c, prefork/prefork.c", "httpd.apache.org mod_reqtimeout"},
}
