package rootcause

var ioStall = &Cause{
	ID:    "io_stall",
	Title: "A disk or network file system stalled",
	Layer: Host,
	Kind:  Root,
	Prior: .01,
	Group: "slow",
	Doc: "Reads or writes hang: a failing or overloaded disk, an NFS server that does not answer, a snapshot or backup that blocks. Processes wait in the kernel (state D), where not even SIGKILL reaches them. All sites become slow at once, the database too; visitors get 504, and restarts of PHP-FPM hang as well.\n\n" +
		"The kernel says \"blocked for more than 120 seconds\", \"nfs: server not responding\", \"I/O error\". Slow-log frames in include, fopen, flock, file_put_contents point there. If one site alone is slow it is not the disk.",
	Needs: []Clue{
		{Tags: tags{"kernel/hung-task"}, Weight: Strong, Lag: State, Host: true, Text: "the kernel reports {n} processes blocked for minutes"},
		{Tags: tags{"kernel/nfs-stall"}, Weight: Strong, Lag: State, Host: true, Text: "an NFS server does not answer"},
		{Tags: tags{"kernel/io-error"}, Weight: Strong, Lag: State, Host: true, Text: "the kernel reports {n} disk errors"},
		{Tags: tags{"phpslow/file"}, Weight: Medium, Lag: SlowLag, Min: 5, Text: "{n} slow-log entries wait for files"},
	},
	For:      []Clue{{Tags: tags{SlowFiles}, Weight: Medium, Text: "most slow requests were caught where files are read"}, sawManySites, sawTimedOut, {Tags: tags{"mysql/slow-query"}, Weight: Weak, Lag: SlowLag, Host: true, Text: "the database was slow as well"}},
	Against:  []Clue{sawSlowHTTP.weighing(Medium), sawCrashed.weighing(Medium), sawOnePage.weighing(Medium)},
	Explains: ids([]string{"slow_database_query", "slow_php_code", "db_unavailable"}, saturation),
	Wants:    hostWants,
	Summary:  "A disk or network file system stalled, and requests[ to {vhosts}] hung in it.",
	Fix: []Step{
		{
			Text:   "See which device or mount it is, and who waits.",
			Config: "iostat -x 2 3; cat /proc/pressure/io\nps -eo state,pid,wchan:30,cmd | grep '^D'\njournalctl -k --since '1 hour ago' | grep -Ei 'blocked for|nfs|I/O error'",
		},
		{
			Text:    "On NFS keep sessions and opcache's look-ups local, and let calls fail instead of hanging for ever.",
			Config:  "session.save_path = /var/lib/php/sessions\nopcache.revalidate_freq = 60\nmount -o remount,soft,timeo=50,retrans=3 /var/www",
			Caution: "soft can cut writes short: not for databases or uploads that matter.",
		},
		{
			Text:   "Keep backups from taking the whole disk.",
			Config: "systemctl set-property backup.service IOWeight=10",
		},
	},
	Verify:  []string{"cat /proc/pressure/io: \"full\" stays below a few per cent", "no \"blocked for more than\" in the kernel log for a day"},
	Sources: []string{"linux kernel/hung_task.c", "nfs(5)", "php-src issue #12449"},
}
