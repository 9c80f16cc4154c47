package rootcause

var nginxWorkerCrash = &Cause{
	ID:    "nginx_worker_crash",
	Title: "nginx's own worker process crashes",
	Layer: Nginx,
	Kind:  Root,
	Prior: .01,
	Group: "crash",
	Doc: "\"worker process N exited on signal 11\": nginx itself crashed, nearly always in a third-party or mismatched dynamic module (pagespeed, brotli, Lua, a WAF). All visitors that this worker served are cut off without an answer or an access-log line; a CDN in front says 520 or 502. The master starts another worker at once. Signal 9 is no crash but a kill, mostly for " +
		"lack of memory.\n\n" +
		"PHP is innocent here: its crashes are in PHP-FPM's log and nginx then says (104).",
	Needs: []Clue{
		{Tags: tags{"nginx/worker-crash"}, Weight: naming, Host: true, Text: "{n} nginx workers crashed (signal {number})"},
		{Tags: tags{"kernel/segfault-web"}, Weight: Strong, Host: true, Text: "the kernel saw {n} crashes of the web server"},
		{Tags: tags{"nginx/worker-failed"}, Weight: Medium, Host: true, Text: "nginx workers ended and were not started again"},
	},
	For:      []Clue{sawManySites, {Tags: tags{"host/apt-upgrade", "nginx/reload"}, Weight: Weak, Lag: lately, Host: true, Text: "nginx was upgraded or reloaded before"}},
	Against:  []Clue{sawCrashed, {Tags: tags{"apache/child-segv"}, Weight: Medium, Host: true, Text: "it was Apache that crashed"}},
	Explains: []string{"retry_storm"},
	Decisive: true,
	Wants:    crashWants,
	Summary:  "nginx's worker processes crashed[ (signal {number})] and cut off everybody they served.",
	Fix: []Step{
		{
			Text:   "Take third-party modules out, one at a time, or bring them to nginx's exact version.",
			Config: "nginx -V 2>&1 | tr ' ' '\\n' | grep module\nls /etc/nginx/modules-enabled/\n# load_module modules/ngx_pagespeed.so;",
		},
		{
			Text:    "If none is to blame, take a core dump and read its backtrace.",
			Config:  "worker_rlimit_core 500m;\nworking_directory /var/lib/nginx;",
			Caution: "Core dumps hold private keys and visitors' data. Remove the setting afterwards.",
		},
	},
	Verify:  []string{"no \"exited on signal\" in nginx's error log for a day"},
	Sources: []string{"nginx src/os/unix/ngx_process.c"},
}
