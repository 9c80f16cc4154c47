package rootcause

var phpChildDiedUnknown = &Cause{
	ID:    "php_child_died_unknown",
	Title: "PHP children vanished in the middle of requests",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .03,
	Group: "crash",
	Cap:   .5,
	Doc: "The web server had handed the request over and lost the connection before an answer came: \"recv() failed (104)\" or \"upstream prematurely closed " +
		"connection\" in nginx (502), AH01067 and AH01075 in Apache (503). If the answer had begun, visitors got half a page with status 200. This says how requests " +
		"failed, not why: a crash, an OOM kill, request_terminate_timeout, a restart and exit() handlers all look like this from outside.\n\n" +
		"PHP-FPM's error log of the same second decides: \"exited on signal 11\", \"signal 9\", \"execution timed out, terminating\", \"Reloading in progress\", " +
		"\"exited with code 255\".",
	Needs: []Clue{
		sawFPMReset.weighing(Strong),
		sawFPMClosed.weighing(Strong),
		sawUDSReset.weighing(Strong),
		sawHeaderUnread,
		{Tags: tags{"apache/end-of-script", "apache/lsapi-error", "apache/fcgid-reset"}, Weight: Medium, Text: "{n} scripts ended without an answer"},
		{Tags: tags{"litespeed/backend-lost", "litespeed/child-died"}, Weight: Strong, Text: "LiteSpeed lost lsphp's processes ({n} reports)"},
		{Tags: tags{"litespeed/no-ack"}, Weight: Medium, Text: "lsphp did not take {n} requests over"},
		{Tags: tags{"nginx/upstream-io-error"}, Scheme: "fastcgi", Weight: Medium, Text: "{n} connections to PHP-FPM broke"},
		{Tags: tags{"apache/backend-write-failed"}, Weight: Medium, Text: "{n} requests could not be passed to PHP-FPM: it closed the connection"},
	},
	Against: []Clue{
		sawCrashed, sawKilled, sawTerminated, sawExited, sawFPMRestarted, sawFPMDown, sawOOMGlobal, sawOOMCgroup,
		{Tags: tags{"waf/modsec-drop"}, Weight: Medium, Text: "a firewall closed connections on purpose"},
	},
	Explains: []string{"no_live_upstreams", "apache_proxy_worker_disabled"},
	Behind:   []string{"php_segfault", "oom_kill_cgroup", "oom_kill_global", "fpm_restart_or_reload", "slow_php_code"},
	Wants:    crashWants,
	Summary:  "PHP children vanished while they worked on requests[ to {vhosts}].",
	Fix: []Step{
		{
			Text:   "Read PHP-FPM's error log and the kernel log of the same second; make sure that the first one is written.",
			Config: "error_log = /var/log/php8.2-fpm.log\nlog_level = notice\njournalctl -k --since '1 hour ago' | grep -Ei 'segfault|oom|killed'",
		},
		{
			Text:    "Let children's own last words through.",
			Config:  "catch_workers_output = yes",
			Caution: "All output of scripts to stderr comes with it; watch the size of the log.",
		},
	},
	Verify:  []string{"each lost request has a line in PHP-FPM's log that says what became of its child"},
	Sources: []string{"nginx src/http/ngx_http_upstream.c", "httpd modules/proxy/mod_proxy_fcgi.c", "php-src sapi/fpm/fpm/fpm_children.c"},
}
