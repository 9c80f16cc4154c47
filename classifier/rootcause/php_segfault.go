package rootcause

var phpSegfault = &Cause{
	ID:    "php_segfault",
	Title: "PHP crashes (segmentation fault)",
	Layer: PHP,
	Kind:  Root,
	Prior: .08,
	Group: "crash",
	Doc: "The PHP engine or an extension crashed and took the child with it. The visitor of that very request gets 502 under nginx (\"recv() failed (104)\") " +
		"or 503 under Apache (AH01067, AH01075); others are served, PHP-FPM starts a new child. No PHP error is written. It lasts until the trigger is gone: " +
		"one page with endless recursion, an extension built for another PHP, a damaged opcache.\n\n" +
		"PHP-FPM says \"exited on signal 11 (SIGSEGV)\" (7, 6 and 4 are crashes too), the kernel names the module: opcache.so, ioncube_loader, imagick.so point at the " +
		"culprit, php-fpm or libc do not. An address near the stack pointer in php-fpm itself, on one page, is recursion without end. The kernel limits its " +
		"lines, so count PHP-FPM's. SIGKILL is no crash: look for the OOM killer. The kernel may also speak of nginx or httpd: then PHP is innocent.",
	Needs: []Clue{
		sawCrashed,
		{Tags: tags{"kernel/segfault", "kernel/trap"}, Weight: Strong, Host: true, Text: "the kernel saw {n} crashes of PHP"},
		{Tags: tags{"supervisor/fpm-segv"}, Weight: naming, Text: "PHP-FPM itself crashed {n} times, as supervisord saw it"},
		{Tags: tags{"phpfpm/heap-corrupted"}, Weight: Medium, Text: "PHP or libc found its memory corrupted {n} times"},
		{Tags: tags{"apache/lsphp-crashed"}, Weight: Strong, Text: "{n} children of lsphp crashed"},
		{Tags: tags{"apache/child-segv"}, Weight: Medium, Text: "{n} Apache processes crashed (with mod_php or another module in them)"},
		{Tags: tags{"host/dumped-core"}, Weight: Weak, Host: true, Text: "{n} processes left a core dump"},
	},
	For: clues(sawCutOff, []Clue{
		{Tags: tags{CrashPaired}, Weight: Medium, Text: "about as many children crashed as requests were cut off"},
		sawOnePage,
		{Tags: tags{"host/apt-upgrade"}, Weight: Weak, Lag: lately, Host: true, Text: "packages were upgraded shortly before"},
		{Tags: tags{"phpfpm/emergency-restart"}, Weight: Weak, Text: "PHP-FPM restarted itself because of so many crashes"},
	}),
	Against: []Clue{
		sawCrashedUnpaired,
		{Tags: tags{"kernel/segfault-web"}, Weight: Medium, Host: true, Text: "it was the web server that crashed, not PHP"},
	},
	Decisive: true,
	Explains: []string{"fpm_emergency_restart", "php_child_died_unknown", "php_child_abnormal_exit", "fpm_child_start_crash_loop", "no_live_upstreams", "apache_proxy_worker_disabled", "operator_restart"},
	Wants:    crashWants,
	Told:     []Told{{tags{"supervisor/fpm-segv"}, "PHP-FPM itself crashed as it started, so no PHP page[ of {vhosts}] could be made."}},
	Summary:  "PHP children crashed[ (signal {number})] while making pages[ of {vhosts}][; {culprit} is what they have in common].",
	Fix: []Step{
		{
			Text:   "It crashes as it starts: see whether the image is made for this machine's processor, then take the extensions out one by one.",
			Config: "docker image inspect -f '{{.Architecture}}' IMAGE; uname -m\ndocker exec CONTAINER sh -c 'php-fpm -t; php -m'",
			Where:  tags{"supervisor/fpm-segv"},
		},
		{
			Text:    "If one plugin or page is behind it, switch that off first.",
			Config:  "wp plugin deactivate PLUGIN",
			Caution: "Endless recursion is a bug of the plugin; the crash returns with it until its author mends it.",
		},
		{
			Text:    "Bring PHP and all its extensions to matching versions, then switch suspects off one at a time.",
			Config:  "php -m; apt list --installed 2>/dev/null | grep -E '^php'\nphpdismod EXTENSION && systemctl restart php8.2-fpm",
			Caution: "Begin with the module that the kernel's line names, or the extension that came last. What a site needs fails without it.",
		},
		{
			Text:    "If crashes are all over the place, test without JIT, then without opcache.",
			Config:  "opcache.jit = 0\nopcache.enable = 0   ; as a test only",
			Caution: "Without opcache every page costs several times the CPU; do not leave it off.",
		},
		{
			Text:    "If the module is not plain, take a core dump and read its backtrace.",
			Config:  "rlimit_core = unlimited\nprocess.dumpable = yes\ngdb /usr/sbin/php-fpm8.2 /path/to/core -batch -ex bt",
			Caution: "Core dumps hold passwords and visitors' data, and fill disks. Remove the setting afterwards.",
		},
	},
	Verify: []string{
		"no \"exited on signal\" in PHP-FPM's log for a day at the same traffic",
		"journalctl -k --since -1d | grep -E 'segfault|traps:' stays empty",
	},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_children.c", "linux arch/x86/mm/fault.c show_signal_msg"},
}
