package rootcause

var upstreamBackendDown = &Cause{
	ID:    "upstream_backend_down",
	Title: "The HTTP backend behind the proxy does not accept connections",
	Layer: Backend,
	Kind:  Root,
	Prior: .01,
	Group: "backend",
	Doc: "The web server passes requests on to another HTTP server (Apache behind nginx, LiteSpeed, Node, a container) and cannot connect: refused (nobody listens), no answer to the connect, or a unix socket that is not there or may not be opened (13). nginx answers 502, or 504 if it waited for the " +
		"connect; Apache 503 (AH00957, AH01114). With several backends in a group nginx then says \"no live upstreams\", which is a consequence.\n\n" +
		"The URL in the error line tells the layer: fastcgi:// is PHP-FPM, http:// is a backend of its own. If it accepts the connection and then hangs up, it aborts instead.",
	Own: tags{"app/start-failed"},
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-refused", "proxy/refused"}, Scheme: "http", Weight: Strong, Text: "{n} connections to the HTTP backend were refused: nobody listens"},
		{Tags: tags{"nginx/upstream-connect-timeout", "nginx/upstream-unreachable", "nginx/upstream-connect-failed", "proxy/denied"}, Scheme: "http", Weight: Medium, Text: "{n} connections to the HTTP backend failed"},
		{Tags: tags{"nginx/upstream-missing", "proxy/missing"}, Scheme: "http", Weight: Strong, Text: "{n} connections found no socket of the backend: it does not run, or listens elsewhere"},
		{Tags: tags{AppSocketDenied}, Weight: naming, Text: "the backend's socket may not be opened"},
		{Tags: tags{"apache/connect-failed"}, Weight: Strong, Text: "Apache could not connect to the backend {n} times (AH00957)"},
		{Tags: tags{"apache/http-unreachable"}, Weight: Weak, Text: "Apache could not reach the backend of {n} requests"},
		{Tags: tags{"haproxy/refused", "haproxy/server-down"}, Weight: Strong, Text: "HAProxy found no server that takes a connection ({n} reports)"},
		{Tags: tags{"litespeed/backend-down"}, Weight: Strong, Text: "LiteSpeed could not reach or start lsphp {n} times"},
		{Tags: tags{"alb/no-target"}, Weight: Strong, Text: "the load balancer had no healthy target for {n} requests"},
		{Tags: tags{"alb/closed"}, Weight: Weak, Text: "the load balancer got no answer from its target for {n} requests"},
		{Tags: tags{"router/refused", "router/no-backend"}, Weight: Strong, Text: "the router in front found nobody who takes a connection for {n} requests"},
		{Tags: tags{"varnish/refused"}, Weight: Strong, Text: "Varnish could not connect to the web server behind it {n} times"},
		{Tags: tags{"app/start-failed"}, Weight: naming, Lag: Around, Host: true, Text: "the application server did not start"},
		{Tags: tags{"app/unit-failed"}, Weight: Strong, Lag: Around, Host: true, Text: "the service of the application server ended with an error"},
		{Tags: tags{"varnish/child-died"}, Weight: Medium, Text: "Varnish's worker process died"},
	},
	For: []Clue{
		sawNoneServed,
		{Tags: tags{BackendRefused}, Weight: Medium, Lag: Around, Host: true, Text: "it refused its configuration or could not start"},
		{Tags: tags{"nginx/no-live-upstreams", "apache/balancer-error", "apache/worker-disabled"}, Weight: Medium, Text: "{n} requests were turned away because every backend was marked failed"},
		sawOneMember,
		{Tags: tags{"nginx/upstream-disabled"}, Weight: Weak, Text: "nginx took a backend out of its group"},
		{Tags: tags{"apache/stopped", "apache/graceful", "systemd/unit-stopped", "systemd/unit-failed"}, Weight: Weak, Lag: Around, Host: true, Text: "a service was stopped or failed at that moment"},
	},
	Against: []Clue{
		{Tags: tags{"apache/uds-missing", "apache/uds-refused", "apache/uds-denied"}, Weight: Strong, Text: "the backend that failed is PHP-FPM on a unix socket"},
		{Tags: tags{Localhost6}, Weight: Strong, Text: "only the IPv6 address of localhost refused"},
	},
	Explains: ids(unreachable, []string{"upstream_backend_aborts"}),
	Wants:    backendWants,
	Summary:  "The HTTP backend[ {upstreams}] did not accept connections[, so {pages} failed][ on {vhosts}].",
	Told: []Told{
		{tags{AppSocketDenied}, "The web server may not open the socket of the application server[, {upstreams}], so requests[ to {vhosts}] fail."},
		{tags{"app/start-failed", "app/unit-failed"}, "The application server[ at {upstreams}] did not start or ended with an error, so nobody answers the proxy[ on {vhosts}]."},
	},
	Fix: []Step{
		{
			Text:    "See who owns the socket, and whether every directory on the way may be entered by the web server's user; let the socket belong to that user's group.",
			Config:  "namei -l /run/app.sock\nps -o user= -C nginx,apache2,httpd | sort -u\nuWSGI: chown-socket = app:www-data, chmod-socket = 660\ngunicorn, Puma, Unicorn by systemd: SocketUser=www-data, SocketMode=0660",
			Caution: "Not 0666, and no socket in a home directory or below /root: put it under /run. Where SELinux is enforced, ausearch -m avc -ts recent tells whether it denies.",
			Where:   tags{AppSocketDenied},
		},
		{
			Text:   "Ask the load balancer why no target is healthy, and ask a target the way its health check does.",
			Config: "aws elbv2 describe-target-health --target-group-arn ARN\ncurl -sI http://TARGET/HEALTH",
			Where:  tags{"alb/no-target"},
		},
		{
			Text:   "Read its own last words: they name the module that is missing, the setting that is wrong, or the port that somebody else has. Mend that and start it.",
			Config: "journalctl -u SERVICE -n 50   # docker logs CONTAINER, pm2 logs, supervisorctl tail PROGRAM\nss -ltnp",
			Where:  tags{"app/start-failed", "app/unit-failed"},
		},
		{
			Text:   "It did not start: let it test its configuration, which names file and line, mend that, and start it once the test is clean.",
			Config: "apachectl -t && systemctl start apache2   # httpd on RHEL, AlmaLinux and cPanel",
			Where:  tags{BackendRefused},
		},
		{
			Text:   "See whether it runs and listens where the proxy asks for it, and start it.",
			Config: "ss -ltnp | grep -E ':(8080|8443|3000) '\nsystemctl status apache2 httpd; docker ps -a\ncurl -sI http://127.0.0.1:8080/",
		},
		{
			Text:   "See whether it runs and listens where the proxy asks for it, and start it.",
			Config: "systemctl status SERVICE; docker ps -a; pm2 list\nss -ltnp | grep -E ':(8080|8443|3000) '\ncurl -sI http://127.0.0.1:8080/",
			App:    true,
		},
		{
			Text:   "Let systemd bring it back when it dies.",
			Config: "[Service]\nRestart=on-failure\nRestartSec=2",
		},
		{
			Text:      "With several backends let nginx try the next one, and not give one up for a single failure.",
			Config:    "server 10.0.0.2:8080 max_fails=3 fail_timeout=10s;\nproxy_next_upstream error timeout;",
			Caution:   "Do not add non_idempotent: an order could be placed twice.",
			NginxOnly: true,
		},
	},
	Verify:  []string{"curl -sI to the backend's own address answers", "no \"connect() failed\" in the web server's error log for an hour"},
	Sources: []string{"nginx src/http/ngx_http_upstream.c", "httpd modules/proxy/proxy_util.c"},
}
