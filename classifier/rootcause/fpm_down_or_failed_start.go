package rootcause

var fpmDownOrFailedStart = &Cause{
	ID:    "fpm_down_or_failed_start",
	Title: "PHP-FPM is not running",
	Layer: FPM,
	Kind:  Root,
	Prior: .07,
	Group: "fpm-lifecycle",
	Doc: "PHP-FPM was stopped, died or refuses to start, so nobody answers on its sockets. nginx says \"connect() failed (111)\" if the socket is still there (the master was killed) or " +
		"\"(2: No such file)\" if it was stopped properly, and answers 502 at once; Apache says AH02454 and AH01079 and answers 503. Every PHP page of every site on that PHP version fails from " +
		"one second on, static files do not. One broken pool file keeps all pools of the master from starting.\n\n" +
		"A restart looks the same but is over in seconds. If PHP-FPM runs and one path alone is missing, that site points at a wrong socket. Errno 13 is permission. " +
		"\"Out of memory\" with an absurd size while starting is a mistake in the configuration.",
	Own:   tags{"supervisor/fpm-failed"},
	Blind: []Blind{{Log: FPMLog, Unless: tags{"supervisor/fpm-failed"}}},
	Needs: []Clue{
		sawFPMDown,
		{Tags: tags{FPMStartFailed}, Weight: naming, Text: "PHP-FPM refused to start"},
		{Tags: tags{"systemd/fpm-failed"}, Weight: Strong, Lag: Around, Host: true, Text: "systemd could not start PHP-FPM, or keep it running"},
		{Tags: tags{"supervisor/fpm-failed"}, Weight: naming, Lag: Around, Host: true, Text: "supervisord could not start PHP-FPM, or keep it running"},
		sawFPMRefused,
		sawFPMMissing.weighing(Weak),
		sawUDSRefused,
		sawUDSMissing.weighing(Weak),
		{Tags: tags{"apache/fcgi-connect-failed"}, Weight: Medium, Text: "{n} connections to PHP-FPM's TCP port failed"},
		{Tags: tags{"lighttpd/all-down", "lighttpd/connect-failed"}, Weight: Medium, Text: "lighttpd could not connect to PHP ({n} reports)"},
		{Tags: tags{"apache/backend-unreachable"}, Weight: Weak, Text: "Apache could not reach PHP-FPM for {n} requests"},
	},
	For: []Clue{
		sawNoneServed,
		sawManySites,
		{Tags: tags{"phpfpm/config-error"}, Weight: Weak, Lag: State, Host: true, Text: "PHP-FPM complains about its configuration"},
		{Tags: tags{"systemd/unit-failed"}, Weight: Weak, Lag: State, Host: true, Text: "systemd reports a service failed"},
	},
	Against: []Clue{
		sawServed,
		{Tags: tags{OthersServed}, Weight: Medium, Text: "other sites' PHP pages were served meanwhile"},
		sawFPMUp,
		sawFPMRestarted.weighing(Medium),
		sawStopAfter,
		{Tags: tags{"nginx/upstream-denied", "apache/uds-denied"}, Weight: Strong, Share: .5, Text: "most connections were denied, so the socket was there"},
	},
	Explains: ids([]string{"php_child_died_unknown", "php_child_sigkill_unknown", "upstream_backend_down", "operator_restart"}, unreachable),
	Behind:   []string{"fpm_restart_or_reload", "oom_kill_global", "disk_full"},
	Wants:    lifeWants,
	Summary:  "PHP-FPM was not running, so no PHP page[ of {vhosts}] could be made.",
	Told: []Told{
		{tags{"lighttpd/all-down", "lighttpd/connect-failed"}, "PHP took no connection of lighttpd's, so no PHP page[ of {vhosts}] could be made."},
	},
	Fix: []Step{
		{
			Text:   "With a \"bin-path\" in fastcgi.server it is lighttpd itself that starts PHP: see in its log why the processes ended, and restart it. Without one it is PHP-FPM, as below.",
			Config: "lighttpd -p -f /etc/lighttpd/lighttpd.conf | grep -A12 fastcgi.server\nsystemctl restart lighttpd",
			Where:  tags{"lighttpd/all-down", "lighttpd/connect-failed"},
		},
		{
			Text:   "Let it test its configuration in that container: 78 is the configuration, 70 what it could not set up (a user, a folder, a port), and \"can't find command\" a path in supervisord.conf that belongs to another PHP version.",
			Config: "docker exec CONTAINER sh -c 'ls /usr/sbin/php-fpm* /usr/local/sbin/php-fpm*; php-fpm -t'\ndocker exec CONTAINER supervisorctl status",
			Where:  tags{"supervisor/fpm-failed"},
		},
		{
			Text:   "See why it is not running, then start it.",
			Config: "systemctl status php8.2-fpm\nphp-fpm8.2 -t\nsystemctl start php8.2-fpm",
		},
		{
			Text:    "On cPanel let it write its pool files anew.",
			CPanel:  true,
			Config:  "/scripts/php_fpm_config --rebuild\n/scripts/restartsrv_apache_php_fpm",
			Caution: "It restarts PHP for all domains.",
		},
		{
			Text:    "Let systemd bring it back when it dies.",
			Config:  "# systemctl edit php8.2-fpm\n[Service]\nRestart=on-failure\nRestartSec=2",
			Caution: "It does not help against a broken configuration: test with php-fpm -t before each reload.",
		},
	},
	Verify: []string{
		"systemctl is-active php8.2-fpm; ss -lx | grep fpm",
		"curl -sI https://SITE/ answers 200",
	},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_conf.c, fpm_sockets.c, fpm_process_ctl.c", "nginx src/event/ngx_event_connect.c"},
}
