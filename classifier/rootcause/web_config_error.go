package rootcause

var webConfigError = &Cause{
	ID:    "web_config_error",
	Title: "The web server refuses its configuration, or cannot take its port, and does not start",
	Layer: WebServer,
	Kind:  Root,
	Prior: .02,
	Doc: "nginx and Apache read their whole configuration before they start. One unknown directive, a certificate that is gone, a log folder that does not exist, or a port that somebody else has, and neither site comes up: \"[emerg]\" in nginx's error log or in systemd's journal, \"AH00526: Syntax error on line …\" or \"AH00072: could not bind\" " +
		"for Apache. Visitors get no answer at all. Behind a proxy that answers 502 then, its backend is down, for this reason.\n\n" +
		"A reload is safe: with an error in it the old configuration stays. The error shows at the next real restart, perhaps weeks later: a reboot, an upgrade, a renewed certificate. Both nginx and Apache switched on for port 80 is the same after a reboot. A name that cannot be resolved at start has a cause of its own.",
	Needs: []Clue{
		{Tags: tags{WebRefused}, Weight: naming, Lag: Around, Host: true, Text: "the web server did not start"},
	},
	For: []Clue{
		{Tags: tags{"systemd/unit-failed"}, Weight: Weak, Lag: Around, Host: true, Text: "systemd says that a service failed"},
	},
	Decisive: true,
	Wants: []Want{
		{WebError, .5, "it names the file and the line of the configuration"},
		{Systemd, .3, "it holds what the server said before it had a log of its own"},
		{Access, .2, "it shows from when to when nobody was served"},
	},
	Summary: "The web server refused its configuration or could not take its port, so it did not start[ and {vhosts} could not be reached].",
	Fix: []Step{
		{
			Text:   "Let it test its configuration: it names file and line. Mend that, and start it once the test is clean.",
			Config: "nginx -t && systemctl start nginx\napachectl -t && systemctl start apache2   # httpd on RHEL, AlmaLinux and cPanel",
		},
		{
			Text:    "\"Address already in use\": see who has the port.",
			Config:  "ss -ltnp | grep -E ':(80|443) '",
			Caution: "Stop and disable only the one that should not have it; kill nothing that serves visitors.",
		},
		{
			Text:    "A certificate that is gone: get it anew, or take that site out of the configuration until then; the others need not wait for it.",
			Config:  "certbot certificates\ngrep -rn 'ssl_certificate\\|SSLCertificateFile' /etc/nginx /etc/apache2 /etc/httpd/conf.d",
			Caution: "Move the site's file away, do not delete it.",
		},
		{
			Text:    "On cPanel let it write httpd.conf anew.",
			CPanel:  true,
			Config:  "/scripts/rebuildhttpdconf && /scripts/restartsrv_httpd",
			Caution: "What was changed by hand in httpd.conf itself is lost; it belongs into /etc/apache2/conf.d/includes.",
		},
		{
			Text:   "From now on test before each restart, and reload where that will do.",
			Config: "nginx -t && systemctl reload nginx\napachectl -t && apachectl graceful",
		},
	},
	Verify:  []string{"nginx -t or apachectl -t says that all is well, and the service is active", "curl -sI https://SITE/ answers"},
	Sources: []string{"nginx src/core/ngx_conf_file.c, ngx_connection.c", "httpd server/config.c, server/listen.c", "httpd docs: apachectl configtest"},
}
