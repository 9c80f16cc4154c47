package rootcause

var oomKillCgroup = &Cause{
	ID:    "oom_kill_cgroup",
	Title: "A service or container reached its own memory limit and the kernel killed in it",
	Layer: Kernel,
	Kind:  Root,
	Prior: .03,
	Group: "crash",
	Doc: "PHP-FPM runs in a memory cgroup (systemd MemoryMax, a container, a hosting account) whose limit was reached, and the kernel killed a process in it, though " +
		"the machine had memory left. The visitor of the killed request gets 502 (nginx) or 503 (Apache); sites outside the cgroup are untouched. Often one heavy " +
		"page is behind it: image conversion, PDF, export, or a memory_limit that is off.\n\n" +
		"The kernel says \"Memory cgroup out of memory\" or \"constraint=CONSTRAINT_MEMCG\" with the cgroup's path. \"CONSTRAINT_NONE\" is the machine's own memory. PHP's " +
		"\"Allowed memory size exhausted\" is PHP's memory_limit: a 500, and the child lives on.",
	Needs: []Clue{sawOOMCgroup.weighing(naming)},
	For: clues([]Clue{
		sawKillPaired,
		{Tags: tags{OOMService}, Weight: Medium, Text: "what it killed is a service that PHP depends on"},
		sawKilled.weighing(Medium),
		{Tags: tags{"kernel/oom-constraint", "kernel/oom-invoked"}, Weight: Weak, Lag: memory, Host: true, Text: "the OOM killer was called for a cgroup"},
		{Tags: tags{"systemd/unit-oom"}, Weight: Weak, Lag: memory, Host: true, Text: "systemd reports a service killed for memory"},
		sawOnePage,
	}, sawCutOff),
	Against:  []Clue{sawOOMGlobal, sawCrashed.weighing(Medium)},
	Explains: []string{"php_child_sigkill_unknown", "php_child_died_unknown", "db_unavailable", "object_cache_down", "fpm_down_or_failed_start", "upstream_backend_down", "php_child_abnormal_exit", "operator_restart"},
	Decisive: true,
	Wants:    oomWants,
	Summary:  "The kernel killed processes because their memory cgroup was full[; {culprit} is what they were running][, which hit {vhosts}].",
	Fix: []Step{
		{
			Text:    "Bound each request, well below the limit that was reached, so that PHP ends it with an error that names the line, before the kernel kills the child.",
			Config:  "php_admin_value[memory_limit] = 256M",
			Caution: "It does not bound native libraries: give ImageMagick MAGICK_MEMORY_LIMIT=128MiB in the pool's environment.",
		},
		{
			Text:    "Make limit and pool fit: the limit must be at least max_children x peak of one child, plus master and opcache.",
			Config:  "# systemctl edit php8.2-fpm\n[Service]\nMemoryMax=2G\n; pool\npm.max_children = 7",
			Caution: "The limits of all services together must stay below the machine's memory, or the whole machine runs out instead.",
			Sizes:   true,
		},
		{
			Text: "Let the heavy page work in pieces or in a background job of its own.",
		},
	},
	Verify: []string{
		"journalctl -k --since -1d | grep -i 'memory cgroup out of memory' stays empty",
		"cat /sys/fs/cgroup/system.slice/php*-fpm.service/memory.events (oom_kill does not grow)",
	},
	Sources: []string{"linux mm/oom_kill.c, mm/memcontrol.c", "systemd.resource-control(5) MemoryMax="},
}
