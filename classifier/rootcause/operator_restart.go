package rootcause

var operatorRestart = &Cause{
	ID:    "operator_restart",
	Title: "Somebody restarted PHP-FPM because of the failures",
	Layer: FPM,
	Kind:  Consequence,
	Prior: .01,
	Group: "fpm-lifecycle",
	Cap:   .4,
	Doc: "Most incidents end with a restart by an admin or a watchdog (chkservd, monit). It stands near the errors in the log and is easily taken for their cause. The order tells: the failures began more than ten seconds before the stop. The restart frees stuck children, cuts off what was running, and says " +
		"nothing about the cause. If failures return within minutes, the children got stuck again.",
	Needs:   []Clue{sawStopAfter},
	For:     []Clue{{Tags: tags{"systemd/unit-stopped", "systemd/unit-started"}, Weight: Weak, Lag: Around, Host: true, Text: "systemd stopped or started a service"}, {Tags: tags{"host/chkservd-restart"}, Weight: Medium, Lag: Around, Host: true, Text: "cPanel's service check restarted a service"}, sawRecovered},
	Wants:   lifeWants,
	Summary: "PHP-FPM was restarted after the failures had begun: a reaction to them, not their cause.",
	Fix: []Step{
		{
			Text:   "Before the next restart, save what tells why: where children hang, and the status page.",
			Config: "for p in $(pgrep -f 'php-fpm: pool'); do echo \"$p $(cat /proc/$p/wchan)\"; done; curl -s 'http://127.0.0.1/fpm-status?full'",
		},
	},
	Verify:  []string{"the cause named beside it is mended; no restart is needed for a week"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_process_ctl.c"},
}
