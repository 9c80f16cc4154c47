package rootcause

var cronSpike = &Cause{
	ID:    "cron_spike",
	Title: "Scheduled jobs took the machine's power",
	Layer: Host,
	Kind:  Root,
	Prior: .03,
	Group: "capacity",
	Doc: "Backups, imports, wp-cron or the nightly jobs of the system start at a fixed minute, often for all accounts together, and take disk, database or PHP children. Visitors get slow pages and 504 for some minutes, at the same time each hour or day.\n\n" +
		"The minute alone proves nothing: there must be a trace of the job, or it must repeat. WordPress starts wp-cron.php from visitors' requests; a long job there holds a child like any page.",
	Blind: []Blind{
		{Log: SlowLog, Unless: tags{SlowCron, CronFlood, CronAgain}},
		{Unless: tags{SlowCron, CronFlood, CronAgain}}, // once is a coincidence, as long as the job itself is not seen at work
	},
	Needs: []Clue{
		{Tags: tags{SlowCron}, Weight: Strong, Text: "the slow requests are wp-cron.php"},
		{Tags: tags{CronFlood}, Weight: Strong, Text: "wp-cron.php makes a third of the page requests or more"},
		{Tags: tags{CronAgain}, Weight: Strong, Text: "requests failed after each run of the same job"},
		{Tags: tags{CronTick}, Weight: Medium, Text: "it began within three minutes after a usual minute for jobs, and a job ran"},
	},
	For: clues(sawSaturated, []Clue{
		{Tags: tags{"host/cron", "host/logrotate"}, Weight: Weak, Lag: Lag{-3 * minute, 0, minute}, Host: true, Text: "a scheduled job started just before"},
		{Tags: tags{"mysql/slow-query", "phpslow/file"}, Weight: Weak, Lag: SlowLag, Host: true, Text: "database or disk were slow at the time"},
		sawManySites,
	}),
	Against: []Clue{
		sawNotReached,
		sawBelowLimit,
		sawFPMDown, sawFPMRestarted, sawCrashed,
		sawSlowHTTP.weighing(Weak),
		sawOnePage.weighing(Medium),
		{Tags: tags{LoginFlood}, Weight: Medium, Text: "POSTs to wp-login.php or xmlrpc.php poured in"},
	},
	Explains: ids(saturation, []string{"slow_php_code"}),
	Behind:   slowness,
	Wants: []Want{
		{Systemd, .25, "it names the jobs that cron and timers started"},
		{SlowLog, .25, "it would show wp-cron.php among the slow requests"},
		{Access, .2, "it shows wp-cron.php requests and when pages became slow"},
		{FPMLog, .15, "it shows the pool filling"},
		{WebError, .15, "it shows the failures"},
	},
	Summary: "Scheduled jobs[ ({culprit})] started and left too little for pages[ of {vhosts}].",
	Fix: []Step{
		{
			Text:    "Take wp-cron out of visitors' requests and run it from the system, one at a time and not for all sites in the same minute.",
			Config:  "define('DISABLE_WP_CRON', true);\n# crontab: another minute for each site\n7-59/15 * * * * flock -n /run/lock/wp-cron-SITE php /var/www/SITE/wp-cron.php",
			Caution: "Without the system job scheduled posts, mails and orders stop; test it first.",
		},
		{
			Text:   "Let backups take what is left over.",
			Config: "nice -n 19 ionice -c 3 mysqldump --single-transaction --quick DATABASE | gzip > backup.sql.gz",
		},
	},
	Verify:  []string{"the next three runs of the job pass without a failed request"},
	Sources: []string{"developer.wordpress.org: Hooking WP-Cron into the system scheduler", "flock(1), ionice(1)"},
}
