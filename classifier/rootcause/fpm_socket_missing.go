package rootcause

var fpmSocketMissing = &Cause{
	ID:    "fpm_socket_missing",
	Title: "The web server points at a PHP-FPM socket that does not exist",
	Layer: Nginx,
	Kind:  Root,
	Prior: .05,
	Group: "fpm-lifecycle",
	Doc: "PHP-FPM runs, but not on the path that the site's configuration names: PHP was upgraded (php8.1-fpm.sock became php8.2-fpm.sock), a pool was renamed or deleted, /run was emptied at boot, or " +
		"the socket lies in a /tmp that systemd's PrivateTmp hides. Every request fails at once with \"(2: No such file or directory)\", on a TCP port with (111): 502 under nginx, 503 under Apache, until it is mended.\n\n" +
		"If PHP-FPM is stopped its socket is gone as well; then all its sites fail, and its log says so. If it lasts seconds only, it was a restart.",
	Blind: []Blind{{Log: FPMLog}},
	Needs: []Clue{
		sawFPMMissing, sawUDSMissing,
		{Tags: tags{WrongAddress}, Weight: Strong, Text: "nobody listens where the site looks for PHP-FPM, which ran and served other requests"},
	},
	For: []Clue{
		sawFPMUp,
		sawLasting.weighing(Medium),
		sawNoneServed.weighing(Weak),
		{Tags: tags{OthersServed}, Weight: Medium, Text: "other sites' PHP pages were served meanwhile"},
		{Tags: tags{"host/apt-upgrade"}, Weight: Weak, Lag: lately, Host: true, Text: "packages were upgraded before"},
		{Tags: tags{"nginx/reload", "apache/graceful"}, Weight: Weak, Lag: Around, Host: true, Text: "the web server's configuration was reloaded just before"},
	},
	Against: []Clue{
		sawFPMDown, sawFPMStartFailed, sawFPMRestarted,
		sawBrief.weighing(Strong),
		sawRecovered.weighing(Medium),
		sawServed.weighing(Medium),
	},
	Explains: unreachable,
	Behind:   []string{"fpm_down_or_failed_start", "fpm_restart_or_reload"},
	Wants:    socketWants,
	Summary:  "The web server[ for {vhosts}] asks for a PHP-FPM socket[ ({upstreams})] that does not exist.",
	Fix: []Step{
		{
			Text:   "See on which port the pool listens and let both sides name the same one; PHP-FPM runs, starting it anew changes nothing.",
			Config: "ss -ltnp | grep fpm\ngrep -rn '^listen *=' /etc/php/*/fpm/pool.d/\nfastcgi_pass 127.0.0.1:PORT;   # where it listens",
			Apache: "ss -ltnp | grep fpm\ngrep -rn '^listen *=' /etc/php/*/fpm/pool.d/\n# PORT is where it listens\nSetHandler \"proxy:fcgi://127.0.0.1:PORT\"",
			Where:  tags{WrongAddress},
		},
		{
			Except: tags{WrongAddress},
			Text:   "See where PHP-FPM listens and let both sides name the same path.",
			Config: "ss -lxp | grep fpm\ngrep -rn '^listen *=' /etc/php/*/fpm/pool.d/\nfastcgi_pass unix:SOCKET;   # where it listens",
			Apache: "ss -lxp | grep fpm\ngrep -rn '^listen *=' /etc/php/*/fpm/pool.d/\n# SOCKET is where it listens\nSetHandler \"proxy:unix:SOCKET|fcgi://localhost\"",
		},
		{
			Except: tags{WrongAddress},
			Text:   "Use the path without a version where the distribution keeps one, so that the next upgrade does not break it.",
			Config: "fastcgi_pass unix:/run/php/php-fpm.sock;",
			Apache: "SetHandler \"proxy:unix:/run/php/php-fpm.sock|fcgi://localhost\"",
		},
		{
			Except: tags{WrongAddress},
			Text:   "If the directory under /run is gone after a boot, have it made.",
			Config: "# /etc/tmpfiles.d/php-fpm.conf\nd /run/php 0755 www-data www-data -",
		},
	},
	Verify:  []string{"nginx -T | grep fastcgi_pass, or grep -rn proxy:unix /etc/apache2 /etc/httpd: each path is there (ls -l)", "curl -sI https://SITE/ answers 200"},
	Sources: []string{"nginx src/event/ngx_event_connect.c", "php-src sapi/fpm/fpm/fpm_sockets.c", "systemd.exec(5) PrivateTmp="},
}
