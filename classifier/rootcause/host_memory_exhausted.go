package rootcause

var hostMemoryExhausted = &Cause{
	ID:    "host_memory_exhausted",
	Title: "The machine is short of memory, or of process slots",
	Layer: Host,
	Kind:  Root,
	Prior: .01,
	Doc: "PHP-FPM or Apache wanted another process and the kernel refused: \"fork() failed: Cannot allocate memory (12)\" is memory, \"Resource temporarily unavailable (11)\" a limit of processes (ulimit -u, TasksMax, pids cgroup). A script that gets no memory although memory_limit allows it says \"Out of memory (allocated ...)\". The pool cannot grow, then is full, then requests fail: 500, 502 and 504, 503 under Apache. Often kills follow " +
		"a minute later.\n\n" +
		"An absurd number of bytes while starting is a mistake in the configuration, not lack of memory.",
	Needs: []Clue{
		{Tags: tags{"phpfpm/fork-failed"}, Weight: Strong, Lag: State, Host: true, Text: "PHP-FPM could not start a child {n} times"},
		{Tags: tags{"apache/fork-failed"}, Weight: Strong, Lag: State, Host: true, Text: "the web server could not start a process {n} times"},
		{Tags: tags{"kernel/fork-rejected"}, Weight: Strong, Lag: State, Host: true, Text: "the kernel refused new processes in a cgroup (pids limit)"},
		{Tags: tags{"php/memory-refused"}, Weight: Strong, Lag: State, Host: true, Text: "{n} scripts got no memory from the system, below memory_limit"},
		{Tags: tags{"nginx/no-memory", "kernel/no-memory"}, Weight: Medium, Lag: State, Host: true, Text: "memory could not be had {n} times"},
		{Tags: tags{"apache/spawn-starved"}, Weight: Strong, Host: true, Text: "Apache could not start a script's process {n} times"},
	},
	For: []Clue{
		sawSeemsBusy.weighing(Weak), sawAtLimit.weighing(Weak),
		sawKilled.weighing(Weak).within(memory),
		{Tags: tags{"kernel/oom-invoked"}, Weight: Medium, Lag: memory, Host: true, Text: "the OOM killer was called"},
		sawManySites,
	},
	Against:  []Clue{sawFPMStartFailed.weighing(Medium)},
	Explains: ids([]string{"php_child_sigkill_unknown", "php_child_died_unknown", "php_fatal_or_memory_limit"}, saturation),
	Wants:    oomWants,
	Summary:  "The machine was short of memory or of process slots, so requests[ to {vhosts}] failed.",
	Fix: []Step{
		{
			Text:   "See which of the two it is.",
			Config: "free -m; systemctl status php8.2-fpm | grep -E 'Tasks|Memory'; sysctl vm.overcommit_memory",
		},
		{
			Text:    "Memory: fewer children, smaller buffers, some swap.",
			Config:  "pm.max_children = 10\npm.max_requests = 500\ninnodb_buffer_pool_size = 1G",
			Caution: "Fewer children means that a crowd waits; pair it with a page cache.",
			Sizes:   true,
		},
		{
			Text:   "Processes: raise the limit of the unit.",
			Config: "# systemctl edit php8.2-fpm\n[Service]\nTasksMax=512\nLimitNPROC=4096",
		},
	},
	Verify:  []string{"no \"fork() failed\" for a day", "free -m: \"available\" stays above a tenth of the memory at peak"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_children.c", "fork(2)", "systemd.resource-control(5) TasksMax="},
}
