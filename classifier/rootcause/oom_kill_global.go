package rootcause

var oomKillGlobal = &Cause{
	ID:    "oom_kill_global",
	Title: "The machine ran out of memory and the kernel killed processes",
	Layer: Kernel,
	Kind:  Root,
	Prior: .04,
	Group: "crash",
	Doc: "All memory and swap were used up, and the kernel killed the process it thought best. If that is a PHP child, its visitor gets 502 (nginx) or 503 " +
		"(Apache). If it is PHP-FPM's master, all pages fail until it is started again. If it is the database, PHP answers 500. Minutes before, everything is slow.\n\n" +
		"\"X invoked oom-killer\" names who asked for memory last, not who used it: see \"Killed process\" and the table of tasks. If php-fpm together holds " +
		"half of the memory, there are too many children. \"CONSTRAINT_MEMCG\" means that only a container's or service's own limit was reached. SIGKILL in " +
		"PHP-FPM's log alone proves nothing: it kills idle children that way too.",
	Needs: []Clue{
		sawOOMGlobal.weighing(naming),
		{Tags: tags{"systemd/oomd-kill"}, Weight: Strong, Lag: memory, Host: true, Text: "systemd-oomd killed {n} units because memory was short"},
		{Tags: tags{"kernel/oom-invoked"}, Weight: Medium, Lag: memory, Host: true, Text: "the OOM killer was called {n} times"},
		{Tags: tags{"systemd/unit-oom"}, Weight: Medium, Lag: memory, Host: true, Text: "systemd reports a service killed for memory"},
	},
	For: clues([]Clue{
		sawKillPaired,
		{Tags: tags{OOMService}, Weight: Medium, Text: "what it killed is a service that PHP depends on"},
		sawKilled.weighing(Medium),
		{Tags: tags{"phpfpm/fork-failed", "apache/fork-failed"}, Weight: Weak, Lag: memory, Host: true, Text: "new processes could not be started"},
	}, sawCutOff),
	Against:  []Clue{sawOOMCgroup, sawCrashed.weighing(Medium)},
	Explains: []string{"host_memory_exhausted", "php_child_sigkill_unknown", "php_child_died_unknown", "db_unavailable", "object_cache_down", "fpm_down_or_failed_start", "upstream_backend_down", "php_child_abnormal_exit", "operator_restart"},
	Decisive: true,
	Wants:    oomWants,
	Summary:  "The machine was out of memory and the kernel killed processes[ behind {vhosts}][; {culprit} was running].",
	Fix: []Step{
		{
			Text:    "Make the pools fit: the sum of max_children x memory of one child must leave room for the database and the system.",
			Config:  "pm.max_children = 10\npm.max_requests = 500",
			Caution: "Fewer children means that a crowd waits; pair it with a page cache.",
			Sizes:   true,
		},
		{
			Text:    "Bound each request below that, and the database's buffer pool with it.",
			Config:  "php_admin_value[memory_limit] = 256M\ninnodb_buffer_pool_size = 1G",
			Caution: "memory_limit does not bound native libraries such as ImageMagick.",
		},
		{
			Text:   "Protect what must not die, let it come back, and give PHP-FPM a ceiling of its own below the machine's memory.",
			Config: "# systemctl edit mariadb\n[Service]\nOOMScoreAdjust=-600\nRestart=on-failure\n# systemctl edit php8.2-fpm\n[Service]\nMemoryMax=70%\nRestart=on-failure",
		},
		{
			Text:   "Add memory, or some swap as a cushion.",
			Config: "fallocate -l 2G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile",
		},
	},
	Verify: []string{
		"journalctl -k --since -1d | grep -i 'killed process' stays empty",
		"free -m: \"available\" stays above a tenth of the memory at peak",
	},
	Sources: []string{"linux mm/oom_kill.c", "php-src sapi/fpm/fpm/fpm_children.c", "systemd.resource-control(5)"},
}
