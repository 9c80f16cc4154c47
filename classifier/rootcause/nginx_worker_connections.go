package rootcause

var nginxWorkerConnections = &Cause{
	ID:    "nginx_worker_connections",
	Title: "nginx ran out of worker_connections",
	Layer: Nginx,
	Kind:  Root,
	Prior: .01,
	Group: "capacity",
	Doc: "Each nginx worker may hold worker_connections connections; a proxied request takes two. Above that new visitors are dropped without an answer or an access-log line (the alert names no client), and requests that need a connection to PHP get 500. All sites are hit, static files " +
		"too.\n\n" +
		"Ask what held them: if a PHP pool was full at the time, slow answers piled up in nginx and the pool is the root. Clients that open connections and send slowly (408, slowloris) or very many idle keep-alive connections fill it as well. The default of 512 or 768 is simply small for a busy site.",
	Needs: []Clue{
		{Tags: tags{"nginx/worker-connections"}, Weight: naming, Host: true, Text: "nginx had no connection left {n} times (worker_connections)"},
		{Tags: tags{"nginx/worker-connections-upstream"}, Weight: naming, Host: true, Text: "{n} requests could not open a connection to their backend (worker_connections)"},
	},
	For: []Clue{
		{Tags: tags{Stalled}, Weight: Medium, Text: "nginx served next to nothing for some seconds"},
		sawSlowHeaders.weighing(Medium),
		sawSurge.weighing(Weak),
		sawManySites,
	},
	Against:  []Clue{sawAtLimit.weighing(Weak)},
	Explains: []string{"client_abort_499", "fpm_pool_saturating", "retry_storm"},
	Decisive: true,
	Wants:    limitWants,
	Summary:  "nginx ran out of worker_connections and dropped visitors[ of {vhosts}].",
	Fix: []Step{
		{
			Text:    "Allow more connections, and the files they need.",
			Config:  "worker_processes auto;\nworker_rlimit_nofile 65535;\nevents { worker_connections 4096; }",
			Caution: "nginx then passes more load on to PHP: see that the pool can take it.",
		},
		{
			Text:   "Do not let slow or idle clients hold them.",
			Config: "client_header_timeout 10s;\nclient_body_timeout 10s;\nkeepalive_timeout 15s;\nlimit_conn_zone $binary_remote_addr zone=perip:10m;\nlimit_conn perip 50;",
		},
	},
	Verify:  []string{"ss -tn state established '( sport = :443 or sport = :80 )' | wc -l stays well below worker_processes x worker_connections", "no \"worker_connections are not enough\" for a day"},
	Sources: []string{"nginx src/core/ngx_connection.c", "nginx.org worker_connections"},
}
