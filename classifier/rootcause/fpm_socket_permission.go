package rootcause

var fpmSocketPermission = &Cause{
	ID:    "fpm_socket_permission",
	Title: "The web server may not open PHP-FPM's socket",
	Layer: FPM,
	Kind:  Root,
	Prior: .03,
	Group: "fpm-lifecycle",
	Doc: "The socket is there and PHP-FPM listens, but its owner or mode keeps the web server out: \"(13: Permission denied)\". An update, a changed pool file or a new web server user is behind it. All pages fail at once, " +
		"502 under nginx, 503 under Apache, until it is mended. A directory on the way without x for the web server's user does the same.\n\n" +
		"With an \"avc: denied\" line, or on a TCP port, it is SELinux. On RHEL, Alma, Rocky and Fedora, and on any machine whose socket lies in no known place, " +
		"errno 13 alone does not tell owner and mode from SELinux: compare \"ls -lZ\" of the socket, and look into the audit log. Debian, Ubuntu and cPanel do not use SELinux.",
	Blind: []Blind{{Log: AuditLog, Unless: tags{NoSELinux}}},
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-denied", "proxy/denied"}, Scheme: "fastcgi", Weight: naming, Text: "{n} connections to PHP-FPM's socket were denied (13)"},
		{Tags: tags{"apache/uds-denied"}, Weight: naming, Text: "{n} connections to PHP-FPM's socket were denied (13)"},
	},
	For:      []Clue{sawNoneServed.weighing(Weak), sawLasting, sawFPMUp.weighing(Weak), {Tags: tags{NoSELinux}, Weight: Weak, Text: "SELinux is not in use where the socket lies"}},
	Against:  []Clue{{Tags: tags{"selinux/denied"}, Weight: naming, Lag: Before, Host: true, Text: "SELinux denied it"}},
	Explains: unreachable,
	Behind:   []string{"selinux_denial"},
	Decisive: true,
	Wants:    deniedWants,
	Summary:  "The web server may not open PHP-FPM's socket[ {upstreams}], so every PHP page[ of {vhosts}] fails.",
	Fix: []Step{
		{
			Text:    "Let the socket belong to the web server's user, and restart PHP-FPM.",
			Config:  "listen.owner = www-data\nlisten.group = www-data\nlisten.mode = 0660",
			Caution: "Not 0666: on a shared server any account could then run PHP as another.",
		},
		{
			Text:   "See that every directory on the way may be entered, and which user the web server runs as.",
			Config: "namei -l /run/php/php8.2-fpm.sock\nps -o user= -C nginx,apache2,httpd | sort -u",
		},
		{
			Text:   "Where SELinux is enforced, make sure that it is not the one who denies.",
			Config: "getenforce; ls -lZ /run/php-fpm/www.sock; ausearch -m avc -ts today | audit2why",
		},
	},
	Verify:  []string{"sudo -u www-data test -w /run/php/php8.2-fpm.sock && echo ok", "curl -sI https://SITE/ answers 200"},
	Sources: []string{"php-src sapi/fpm/www.conf.in (listen.owner, listen.mode)", "unix(7)", "nginx src/event/ngx_event_connect.c"},
}
