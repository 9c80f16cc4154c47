package rootcause

var phpChildAbnormalExit = &Cause{
	ID:    "php_child_abnormal_exit",
	Title: "PHP children left with an error code in the middle of requests",
	Layer: PHP,
	Kind:  Mechanism,
	Prior: .01,
	Group: "crash",
	Cap:   .5,
	Doc: "PHP-FPM reports \"exited with code N\" with N other than 0. 255 is a fatal error at start, 70 a failed initialisation, 78 a bad configuration, 124 PHP's hard " +
		"timeout, 1 often \"zend_mm_heap corrupted\", others come from extensions that call exit(). The request the child was working on gets 502 (nginx) or 503 " +
		"(Apache). Some containers report a crash as code 11.\n\n" +
		"Code 0 is a child that has served its pm.max_requests: ordinary.",
	Needs:    []Clue{sawExited},
	For:      clues(sawCutOff, []Clue{sawOnePage, {Tags: tags{"phpfpm/heap-corrupted"}, Weight: Medium, Text: "PHP or libc found its memory corrupted"}}),
	Against:  []Clue{sawCrashed, sawKilled.weighing(Medium), sawFPMRestarted.weighing(Medium)},
	Explains: []string{"php_child_died_unknown", "no_live_upstreams", "apache_proxy_worker_disabled"},
	Wants:    crashWants,
	Summary:  "PHP children left with exit code[ {number}] while they worked on requests[ to {vhosts}].",
	Fix: []Step{
		{
			Text:    "Let the child's last words into PHP-FPM's log; they name the extension or the file.",
			Config:  "catch_workers_output = yes\nphp_admin_flag[log_errors] = on\nphp_admin_value[error_log] = /var/log/php-fpm/$pool-error.log",
			Caution: "Folder and file must be there, and the pool's user must be able to write the file (mkdir, touch, chown).",
		},
		{
			Text:   "Run the same script on the command line with the same php.ini.",
			Config: "sudo -u www-data php8.2 -d display_errors=1 /var/www/SITE/index.php",
		},
	},
	Verify:  []string{"no \"exited with code\" other than 0 for a day"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_children.c", "php-src sapi/fpm/fpm/fpm.h (FPM_EXIT_*)"},
}
