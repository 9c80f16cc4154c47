package rootcause

var cpanelPoolDefaults = &Cause{
	ID:    "cpanel_pool_defaults",
	Title: "The cPanel PHP-FPM pool of the domain still has its factory size of 5 children",
	Layer: FPM,
	Kind:  Root,
	Prior: .04,
	Group: "capacity",
	Doc: "EasyApache 4 gives each domain a pool of its own with pm = ondemand, max_children 5, max_requests 20 and an idle timeout of 10 seconds. " +
		"Five requests at a time are few for a shop: the sixth waits, and Apache answers 503 or 504 for this domain while all others are fine. " +
		"PHP-FPM writes \"server reached max_children setting (5)\", without \"pm.\" because the pool is on demand.\n\n" +
		"It is a case of a full pool. If the slow log shows what the five were waiting for, that is the root. If all domains of one PHP " +
		"version hang together, look at the shared master and opcache (\"kill_all_lockers\") instead.",
	Blind: []Blind{{Log: SlowLog, Unless: tags{Surge}}, {Log: Access}},
	Needs: []Clue{
		{Tags: tags{CPanelDefault}, Weight: Strong, Text: "pool {pool} is an EasyApache 4 pool at its factory limit of 5 children"},
	},
	For: []Clue{sawAtLimit.weighing(Medium), sawQueueFull, sawTimedOut},
	Against: []Clue{
		sawBelowLimit,
		sawSurge.weighing(Weak),
		sawSlowHeaders,
		{Tags: tags{ManySites}, Weight: Weak, Text: "several sites failed together, each with a pool of its own"},
	},
	Explains: []string{"fpm_max_children_exhausted", "fpm_listen_backlog_full", "fpm_pool_saturating", "ondemand_spawn_lag", "fastcgi_read_timeout", "client_abort_499", "operator_restart"},
	Behind:   slowness,
	Wants:    capacityWants,
	Summary:  "The PHP-FPM pool[ {pools}] has cPanel's factory limit of 5 children, and all five were busy[, so {vhosts} failed].",
	Fix: []Step{
		{
			Text:    "Give the domain more children: WHM > MultiPHP Manager > PHP-FPM settings, or in its yaml file, and rebuild.",
			Config:  "# /var/cpanel/userdata/USER/DOMAIN.php_fpm.yaml\npm_max_children: 15\npm_max_requests: 200\n# then\n/scripts/php_fpm_config --rebuild --domain=DOMAIN\n/scripts/restartsrv_apache_php_fpm",
			Caution: "Never edit the generated files under /opt/cpanel/ea-php*/root/etc/php-fpm.d: the next rebuild overwrites them. Children of all domains together must fit into memory.",
			Sizes:   true,
		},
		{
			Text:    "Let Apache have at least as many workers as all pools have children, so that one domain's queue does not fill it.",
			Config:  "MaxRequestWorkers 150",
			Caution: "On prefork each worker costs memory as well; the event MPM is lighter.",
		},
	},
	Verify: []string{
		"grep max_children /opt/cpanel/ea-php*/root/etc/php-fpm.d/DOMAIN.conf",
		"no new \"server reached max_children setting\" in /opt/cpanel/ea-php*/root/usr/var/log/php-fpm/error.log for a day",
	},
	Sources: []string{"docs.cpanel.net: Configuration values of PHP-FPM", "php-src sapi/fpm/fpm/fpm_process_ctl.c"},
}
