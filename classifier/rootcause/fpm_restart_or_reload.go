package rootcause

var fpmRestartOrReload = &Cause{
	ID:    "fpm_restart_or_reload",
	Title: "A restart or reload of PHP-FPM cut requests off",
	Layer: FPM,
	Kind:  Root,
	Prior: .06,
	Group: "fpm-lifecycle",
	Doc: "PHP-FPM was restarted or reloaded under load: by an admin, a package upgrade, certbot, logrotate, a panel, a watchdog. Requests in flight are cut off (104), and until it is " +
		"ready again new ones find no socket (2) or nobody listening (111). nginx answers 502, Apache 503, for all sites, for a few seconds. A reload with default settings does it too: " +
		"process_control_timeout is 0, so children are ended at once. PHP-FPM writes nothing about each child then.\n\n" +
		"Most incidents end with a restart, so the order decides: if failures began more than ten seconds before the stop, somebody reacted to them and the cause is elsewhere. If PHP-FPM " +
		"does not come back, it is down or failed to start.",
	Blind: []Blind{{Log: FPMLog}},
	Needs: []Clue{sawFPMRestarted},
	For: []Clue{
		{Tags: tags{"host/apt-upgrade", "host/certbot", "host/logrotate"}, Weight: Medium, Lag: Around, Host: true, Text: "an upgrade, certificate or log rotation ran at that moment"},
		{Tags: tags{"systemd/unit-reloaded", "systemd/unit-stopped", "systemd/unit-started"}, Weight: Weak, Lag: Around, Host: true, Text: "systemd stopped, started or reloaded a service at that moment"},
		sawFPMReset, sawFPMClosed.weighing(Weak), sawUDSReset,
		sawFPMMissing.weighing(Weak), sawFPMRefused.weighing(Weak), sawUDSMissing.weighing(Weak), sawUDSRefused.weighing(Weak),
		sawBrief.weighing(Medium),
		sawRecovered,
		sawManyPages,
		sawManySites,
	},
	Against: []Clue{
		sawStopAfter,
		sawLasting.weighing(Strong),
		sawFPMDown.weighing(Medium),
		sawCrashed.weighing(Medium),
		{Tags: tags{"phpfpm/emergency-restart"}, Weight: Strong, Lag: Around, Host: true, Text: "PHP-FPM restarted itself because children crashed"},
	},
	Explains: ids([]string{"fpm_socket_missing", "php_child_died_unknown", "php_child_sigkill_unknown"}, unreachable),
	Behind:   []string{"fpm_down_or_failed_start"},
	Wants:    lifeWants,
	Summary:  "PHP-FPM was restarted or reloaded, which cut off requests[ to {vhosts}] until it was ready again.",
	Fix: []Step{
		{
			Text:    "Let children finish their requests before they go.",
			Config:  "process_control_timeout = 10s",
			Caution: "It is a global setting (php-fpm.conf), and a reload then takes up to that long.",
		},
		{
			Text:   "Reload where a restart is not needed; a reload keeps the sockets, so new requests wait instead of failing.",
			Config: "systemctl reload php8.2-fpm",
		},
		{
			Text:   "Let logrotate reopen logs once instead of restarting for each, and keep upgrades to quiet hours.",
			Config: "sharedscripts\npostrotate\n    kill -USR1 $(cat /run/php/php8.2-fpm.pid)\nendscript\n# systemctl edit apt-daily-upgrade.timer\n[Timer]\nOnCalendar=\nOnCalendar=04:00",
		},
	},
	Verify:  []string{"the next reload under traffic leaves no 104 in the web server's error log"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_process_ctl.c", "nginx src/http/ngx_http_upstream.c"},
}
