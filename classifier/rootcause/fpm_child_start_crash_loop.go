package rootcause

var fpmChildStartCrashLoop = &Cause{
	ID:    "fpm_child_start_crash_loop",
	Title: "PHP-FPM's children die as soon as they start",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .01,
	Group: "fpm-lifecycle",
	Cap:   .5,
	Doc: "PHP-FPM's master runs and listens, but every child it starts dies within a second, tens of them a second: a broken binary or extension, a chroot or user that " +
		"does not exist, no right to write to its log. The service looks healthy and no page is ever made: visitors wait, then get 502 or 504 (nginx), 503 (Apache).\n\n" +
		"Crashes on single pages are different: there children live and serve until that page is asked for.",
	Needs: []Clue{
		{Tags: tags{StartLoop}, Weight: naming, Text: "far more children left with an error code than requests failed"},
		{Tags: tags{"phpfpm/child-exit-code"}, Weight: Medium, Min: 20, Text: "{n} children left with exit code {number}"},
	},
	For: []Clue{
		{Tags: tags{"phpfpm/child-started"}, Weight: Weak, Min: 20, Text: "{n} children were started in place of dead ones"},
		sawNoneServed.weighing(Strong),
		sawManyPages,
	},
	Against:  []Clue{sawServed, {Tags: tags{CrashPaired}, Weight: Medium, Text: "children died one by one with their requests"}},
	Explains: []string{"fpm_max_children_exhausted", "fpm_listen_backlog_full", "fpm_pool_saturating", "php_child_abnormal_exit", "php_child_died_unknown", "fastcgi_read_timeout", "no_live_upstreams", "apache_proxy_worker_disabled"},
	Wants:    lifeWants,
	Summary:  "PHP-FPM runs, but its children[ of pool {pools}] die as soon as they start, so no page is made.",
	Fix: []Step{
		{
			Text:   "Run PHP by hand as the pool's user; it says what it cannot do.",
			Config: "php-fpm8.2 -t\nsudo -u www-data php8.2 -v\nphp8.2 -n -v   # without php.ini: then it is an extension",
		},
		{
			Text:   "Undo the last upgrade or change of extensions.",
			Config: "grep -E 'install|upgrade' /var/log/dpkg.log | grep php | tail",
		},
	},
	Verify:  []string{"children live longer than a second: ps -o pid,etimes,cmd -C php-fpm8.2"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_children.c"},
}
