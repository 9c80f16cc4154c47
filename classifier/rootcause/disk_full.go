package rootcause

var diskFull = &Cause{
	ID:    "disk_full",
	Title: "A disk, its inodes or a quota are used up",
	Layer: Host,
	Kind:  Root,
	Prior: .02,
	Doc: "\"(28: No space left on device)\" or \"Disk quota exceeded (122)\": sessions, uploads, caches, temporary tables and logs cannot be written any more. Visitors get 500, 502 and 504 mixed, blank pages, log-ins that loop; the database may stop. With a quota only one account is hit. Inodes run out with space left, by millions of session or cache files; /run and /tmp are small " +
		"file systems of their own.\n\n" +
		"Logs have gaps then: nginx leaves out lines for a second after each failed write. Missing lines prove nothing.",
	// What other programs say may be about another disk: a backup's is full every week.
	Blind: []Blind{{Unless: tags{"nginx/no-space-body", "nginx/short-write", "nginx/no-space", "apache/no-space", "mysql/disk-full", "php/no-space", "php/session-write-failed"}}},
	Needs: []Clue{
		{Tags: tags{"nginx/no-space-body", "nginx/short-write"}, Weight: naming, Text: "nginx could not keep {n} answers in temporary files and cut them: no space left"},
		{Tags: tags{"nginx/no-space", "apache/no-space"}, Weight: Strong, Lag: Disk, Host: true, Text: "the web server could not write {n} times: no space left"},
		{Tags: tags{"mysql/disk-full"}, Weight: Strong, Lag: Disk, Host: true, Text: "the database could not write: no space left"},
		{Tags: tags{"php/no-space"}, Weight: 4, Lag: Disk, Text: "scripts could not write {n} times: no space left"},
		{Tags: tags{"host/disk-full"}, Weight: Strong, Lag: Disk, Host: true, Text: "{n} programs could not write: no space left"},
	},
	For: []Clue{
		sawAnswered500,
		{Tags: tags{"php/session-write-failed"}, Weight: Weak, Lag: Disk, Text: "PHP could not write {n} sessions"},
		sawManySites,
	},
	Explains: ids([]string{"db_unavailable", "object_cache_down", "php_fatal_or_memory_limit", "fpm_down_or_failed_start", "io_stall"}, saturation),
	Behind:   []string{"slow_database_query", "slow_external_http", "slow_php_code"},
	Wants:    hostWants,
	Summary:  "A disk, its inodes or a quota were used up, so pages[ of {vhosts}] failed.",
	Fix: []Step{
		{
			Text:    "Find what is full, and what fills it.",
			Config:  "df -h; df -i; quota -u USER\ndu -xh --max-depth=2 / 2>/dev/null | sort -rh | head -20",
			Caution: "A deleted log is freed only when its writer reopens it: truncate it (: > FILE) or reload the daemon.",
		},
		{
			Text:   "Bound what grows: logs, caches, sessions, binary logs of the database.",
			Config: "# logrotate: size 100M, rotate 7, compress\nfastcgi_cache_path /var/cache/nginx/php keys_zone=php:50m max_size=2g;\nsession.gc_probability = 1\nbinlog_expire_logs_seconds = 259200\njournalctl --vacuum-size=500M",
		},
		{
			Text:   "Be told before it happens.",
			Config: "df --output=pcent,target | awk '$1+0 > 90'",
		},
	},
	Verify:  []string{"df -h and df -i show every file system below 90 %", "no \"No space left\" for a day"},
	Sources: []string{"nginx src/core/ngx_log.c", "write(2) ENOSPC, EDQUOT", "mariadb.com kb: Error 28"},
}
