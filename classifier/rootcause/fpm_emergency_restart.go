package rootcause

var fpmEmergencyRestart = &Cause{
	ID:    "fpm_emergency_restart",
	Title: "PHP-FPM restarted itself because too many children crashed",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .01,
	Group: "crash",
	Cap:   .5,
	Doc: "With emergency_restart_threshold set, PHP-FPM reloads itself when so many children die of SIGSEGV or SIGBUS within emergency_restart_interval: \"failed processes threshold (10 in 60 sec) is reached, initiating reload\". For some seconds all pools fail (502 under nginx, 503 under Apache), not only the page that crashes. If the " +
		"reload fails, PHP-FPM stays down.\n\n" +
		"The crashes are the cause.",
	Needs:    []Clue{{Tags: tags{"phpfpm/emergency-restart"}, Weight: Strong, Lag: Around, Host: true, Text: "PHP-FPM reached its threshold of crashed children ({number}) and reloaded itself"}},
	For:      clues([]Clue{sawManySites, sawBrief, sawCrashed.weighing(Weak).within(Around)}, sawCutOff),
	Explains: ids([]string{"fpm_restart_or_reload", "php_child_died_unknown", "fpm_socket_missing"}, unreachable),
	Wants:    crashWants,
	Summary:  "PHP-FPM restarted itself because too many children had crashed, which cut off requests[ to {vhosts}].",
	Fix: []Step{
		{Text: "Find and mend the crash itself: the exit lines and the kernel log name signal and module.", Config: "grep 'exited on signal' /var/log/php8.2-fpm.log | tail\njournalctl -k | grep -E 'segfault|traps:' | tail"},
		{
			Text:    "Let it take more crashes to restart, and let requests finish first.",
			Config:  "emergency_restart_threshold = 10\nemergency_restart_interval = 1m\nprocess_control_timeout = 10s",
			Caution: "0 switches it off; a damaged opcache then stays until somebody restarts PHP-FPM.",
		},
	},
	Verify:  []string{"no \"failed processes threshold\" for a day"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_children.c, fpm_process_ctl.c"},
}
