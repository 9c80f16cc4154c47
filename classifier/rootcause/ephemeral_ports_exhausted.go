package rootcause

var ephemeralPortsExhausted = &Cause{
	ID:    "ephemeral_ports_exhausted",
	Title: "The machine has no local port left to connect to the backend",
	Layer: Network,
	Kind:  Root,
	Prior: .01,
	Doc:   "Each TCP connection to a backend takes a local port, which stays in TIME_WAIT for a minute after it is closed. Some 28,000 of them are there for one backend address; at about 470 new connections a second they are gone: \"(99: Cannot assign requested address)\", 502 at once. It takes a proxy without keep-alive to its backend and a crowd or a crawler.",
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-no-ports"}, Weight: naming, Text: "{n} connections found no free local port (99)"},
	},
	For: []Clue{sawSurge.weighing(Medium), sawTopClient.weighing(Weak), sawManyPages},
	Against: []Clue{
		{Tags: tags{Localhost6}, Weight: 2 * Strong, Text: "it was [::1] that could not be asked, which is no address of this machine"},
	},
	Explains: unreachable,
	Decisive: true,
	Wants:    networkWants,
	Summary:  "No local port was left for connections to the backend[ {upstreams}], so requests[ to {vhosts}] failed.",
	Fix: []Step{
		{
			Text:   "Keep connections to the backend open, or use a unix socket, which takes no ports.",
			Config: "upstream backend { server 127.0.0.1:8080; keepalive 32; }\nproxy_http_version 1.1;\nproxy_set_header Connection \"\";\nfastcgi_pass unix:/run/php/php8.2-fpm.sock;",
			Apache: "ProxyPass \"/\" \"http://127.0.0.1:8080/\" enablereuse=on keepalive=On\nSetHandler \"proxy:unix:/run/php/php8.2-fpm.sock|fcgi://localhost\"",
		},
		{
			Text:    "Allow more ports, and reuse those in TIME_WAIT.",
			Config:  "sysctl -w net.ipv4.ip_local_port_range='10240 65535'\nsysctl -w net.ipv4.tcp_tw_reuse=1",
			Caution: "See that no service listens on a port in that range.",
		},
	},
	Verify:  []string{"ss -tan state time-wait | wc -l stays below 20,000 at peak"},
	Sources: []string{"nginx.org keepalive", "linux Documentation/networking/ip-sysctl", "connect(2) EADDRNOTAVAIL"},
}
