package rootcause

var phpChildSigkillUnknown = &Cause{
	ID:    "php_child_sigkill_unknown",
	Title: "PHP children were killed by SIGKILL, by whom is not certain",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .02,
	Group: "crash",
	Cap:   .5,
	Doc: "PHP-FPM reports \"exited on signal 9 (SIGKILL)\" at the time of the failures. Somebody killed the child: the kernel's OOM killer (its log would say so), lfd of " +
		"CSF (\"*User Processing* ... Kill:1\"), a hosting limit, a human. The visitor gets 502 under nginx, 503 under Apache.\n\n" +
		"PHP-FPM itself kills idle children that did not leave when asked: lifetimes nearly the same, about the idle timeout, and no failed request in that second. " +
		"That is harmless.",
	Needs: []Clue{
		sawKilled,
		{Tags: tags{"host/lfd-kill"}, Weight: Strong, Lag: Around, Host: true, Text: "lfd killed {n} processes for their size or running time"},
	},
	For: clues(sawCutOff, []Clue{
		{Tags: tags{"kernel/oom-invoked"}, Weight: Weak, Lag: memory, Host: true, Text: "the OOM killer was called"},
		{Tags: tags{"systemd/unit-oom"}, Weight: Weak, Lag: memory, Host: true, Text: "systemd reports a service killed for memory"},
	}),
	Against:  []Clue{sawOOMGlobal, sawOOMCgroup, sawFPMRestarted, sawCrashed.weighing(Medium)},
	Explains: []string{"php_child_died_unknown", "no_live_upstreams", "apache_proxy_worker_disabled"},
	Behind:   []string{"oom_kill_cgroup", "oom_kill_global", "lve_limits"},
	Wants:    oomWants,
	Summary:  "PHP children were killed (SIGKILL) while they worked on requests[ to {vhosts}]; by whom is not certain.",
	Fix: []Step{
		{
			Text:   "Ask the kernel first: on most servers it is the OOM killer.",
			Config: "journalctl -k --since '1 hour ago' | grep -Ei 'oom|killed process'",
		},
		{
			Text:    "On CSF servers see whether lfd did it, and leave PHP-FPM out of its process tracking.",
			Config:  "grep 'Kill:1' /var/log/lfd.log\n# /etc/csf/csf.pignore\npexe:/opt/cpanel/ea-php.*/root/usr/sbin/php-fpm",
			Caution: "Then bound PHP by memory_limit and request_terminate_timeout instead, or runaway scripts go unchecked.",
		},
	},
	Verify:  []string{"no \"exited on signal 9\" together with failed requests for a day"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_children.c, PR #8387", "csf/lfd: PT_USERKILL"},
}
