package rootcause

var fpmMaxChildrenExhausted = &Cause{
	ID:    "fpm_max_children_exhausted",
	Title: "All PHP-FPM children of the pool are busy",
	Layer: FPM,
	Kind:  Root,
	Prior: .12,
	Group: "capacity",
	Doc: "Each PHP request takes one child of its pool until it is done. With all children busy, further requests wait in the listen queue of " +
		"the socket; when that is full too, they are turned away at once. Under nginx visitors see slow pages, then 504 (waited too long) or 502 " +
		"(errno 11, queue full); under Apache 503 and 504. Static files stay fast.\n\n" +
		"It is the root only if the pages take as long as usual. If the slow log shows them waiting for a remote service, a query or a lock, " +
		"that is the root and the full pool is merely how it spread to all pages. If requests multiplied, the crowd is.\n\n" +
		"PHP-FPM warns once and is then silent until it could grow again, a pool with pm = static never warns, and the warning alone does not " +
		"prove that anybody waited: in dynamic mode it comes as soon as fewer children than min_spare_servers are idle at the limit.",
	Blind: []Blind{{Log: SlowLog, Unless: tags{Surge}}, {Log: FPMLog}, {Log: Access}},
	Needs: []Clue{
		sawAtLimit, sawProcessMax, sawQueueFull, sawLocalQueue,
		{Tags: tags{"apache/lsphp-limit"}, Weight: Strong, Text: "all of lsphp's children were busy (LSAPI_CHILDREN), {n} reports"},
		{Tags: tags{"apache/fcgid-slots", "apache/workers-busy"}, Weight: Medium, Text: "Apache found all processes or connections for PHP busy {n} times"},
	},
	For: []Clue{
		sawSeemsBusy,
		{Tags: tags{"litespeed/no-ack"}, Weight: Medium, Text: "lsphp did not take {n} requests over"},
		sawTimedOut,
		{Tags: tags{"apache/read-timeout"}, Weight: Weak, Min: 3, Text: "{n} requests waited for PHP-FPM until ProxyTimeout"},
		sawManyPages,
		{Tags: tags{"http/499"}, Weight: Weak, Lag: SlowLag, Min: 5, Text: "{n} visitors gave up waiting"},
	},
	Against: []Clue{
		{Tags: tags{CrashPaired}, Weight: Strong, Text: "children crashed as often as requests were cut off"},
		sawOnePage.weighing(Medium),
		sawBrief.weighing(Strong),
		sawNotReached,
		sawBelowLimit,
		sawLost,
		sawSlowHeaders.weighing(Medium),
		sawSlower,
	},
	Explains: []string{"fpm_listen_backlog_full", "fpm_pool_saturating", "fastcgi_read_timeout", "ondemand_spawn_lag", "nginx_worker_connections", "client_abort_499", "operator_restart"},
	Behind:   ids(slowness, []string{"traffic_spike_uncached", "bot_or_bruteforce_flood"}),
	Wants:    capacityWants,
	Summary:  "All PHP-FPM children[ of pool {pools}] were busy[ (its limit is {number})], so requests[ to {vhosts}] queued up and failed.",
	Fix: []Step{
		{
			Text:    "It is lsphp, not PHP-FPM: raise PHP_LSAPI_CHILDREN in the environment of LiteSpeed's external application, and its Max Connections to the same number, if the memory bears that many.",
			Config:  "PHP_LSAPI_CHILDREN=35",
			Caution: "On CloudLinux keep it below the account's EP and NPROC, or the account is stopped by these.",
			Where:   tags{"apache/lsphp-limit"},
		},
		{
			Text:    "It is mod_fcgid, not PHP-FPM: raise the processes that a site may have, if the memory bears that many.",
			Config:  "FcgidMaxProcessesPerClass 20\nFcgidMaxProcesses 200",
			Caution: "The second is the limit over all sites.",
			Where:   tags{"apache/fcgid-slots"},
		},
		{
			Text:    "process.max stopped PHP-FPM, not the limit of a pool: raise it to the sum of pm.max_children of all pools, if the memory bears that many, or lower those.",
			Config:  "; php-fpm.conf, [global]\nprocess.max = 40",
			Caution: "0 means no limit over all pools. More children than memory turns a 502 into an OOM kill.",
			Where:   tags{"phpfpm/process-max"},
		},
		{
			Text:    "Work out what the machine can bear: (RAM - system - database - caches) / memory of one child, over all pools together. Measure children under load by PSS, not RSS: RSS counts opcache's shared memory in each of them.",
			Config:  "for p in $(pgrep php-fpm); do awk '/^Pss:/{print $2\" kB\"}' /proc/$p/smaps_rollup; done",
			Caution: "More children than memory turns a 502 into an OOM kill; more than the CPUs can serve only makes the queue longer.",
		},
		{
			Text:    "Raise the pool's limit to what that allows and the demand needs (requests a second x mean seconds a request), and restart PHP-FPM.",
			Config:  "pm = dynamic\npm.max_children = 20\npm.start_servers = 5\npm.min_spare_servers = 5\npm.max_spare_servers = 10",
			Caution: "Keep min_spare_servers <= start_servers <= max_spare_servers <= max_children, or PHP-FPM refuses to start.",
			Sizes:   true,
		},
		{
			Text:    "Take load off PHP first where visitors see the same page: a full-page cache serves a crowd with a few children.",
			Config:  "fastcgi_cache_lock on;\nfastcgi_cache_use_stale error timeout updating http_500 http_503;",
			Apache:  "# WordPress; behind a CDN or Varnish let that do it\nwp plugin install wp-super-cache --activate",
			Caution: "Bypass the cache for visitors who are logged in or have a cart (wordpress_logged_in_, woocommerce_items_in_cart).",
		},
		{
			Text:   "Turn on the slow log, so that the next time shows whether the pool is too small or the pages are too slow.",
			Config: "slowlog = /var/log/php8.2-fpm-$pool-slow.log\nrequest_slowlog_timeout = 5s",
			Unless: "request_slowlog_timeout",
		},
	},
	Verify: []string{
		"php-fpm8.2 -tt 2>&1 | grep max_children",
		"PHP-FPM's status page: \"max children reached\" stays 0 and \"active processes\" below the limit at the next peak",
		"no new \"max_children\" warning for a day (a pm = static pool never warns: look at the status page)",
	},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_process_ctl.c", "php-src issue #14902", "nginx src/event/ngx_event_connect.c"},
}
