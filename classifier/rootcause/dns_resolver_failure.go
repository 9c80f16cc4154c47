package rootcause

var dnsResolverFailure = &Cause{
	ID:    "dns_resolver_failure",
	Title: "The backend's host name cannot be resolved",
	Layer: Network,
	Kind:  Root,
	Prior: .02,
	Doc: "The web server knows its backend by name and could not resolve it: the resolver is down or slow, the name is gone (a stopped container, an expired domain), or no resolver is set although the name is a variable. nginx says \"could not be resolved\" and " +
		"answers 502, Apache says \"DNS lookup failure\" and answers 502, newer versions 500. \"2: Server failure\" and \"110: Operation timed out\" are the resolver's fault, \"3: Host not found\" is the name's. \"host not found in upstream\" at start keeps nginx from " +
		"starting or reloading at all.\n\n" +
		"nginx resolves plain names once, at start; only names with variables are asked again while it runs.",
	Needs: []Clue{
		{Tags: tags{"nginx/resolve-failed", "proxy/name"}, Weight: naming, Text: "{n} requests failed because the backend's name could not be resolved"},
		{Tags: tags{"nginx/no-resolver"}, Weight: naming, Text: "{n} requests failed because nginx has no resolver set"},
		{Tags: tags{"apache/dns"}, Weight: naming, Text: "{n} requests failed because the backend's name could not be resolved"},
		{Tags: tags{"nginx/host-not-found-config"}, Weight: Strong, Lag: State, Host: true, Text: "nginx refused its configuration because a backend's name could not be resolved"},
	},
	For:      []Clue{sawNoneServed.weighing(Weak)},
	Explains: unreachable,
	Decisive: true,
	Wants:    networkWants,
	Summary:  "The name of the backend[ {upstreams}] could not be resolved, so requests[ to {vhosts}] failed.",
	Fix: []Step{
		{
			Text:   "In containers the name is that of a service: it must be spelled so, run in the same network, and be there before the web server starts.",
			Config: "docker compose ps -a\ndocker inspect -f '{{json .NetworkSettings.Networks}}' CONTAINER\ndepends_on: [php]   # of the web server's service",
			Where:  tags{"nginx/host-not-found-config", "proxy/name"},
		},
		{
			Text:   "Ask the resolver itself, and mend what does not answer.",
			Config: "resolvectl query BACKEND\ndig +short BACKEND @127.0.0.53",
		},
		{
			Text:      "Tell nginx a resolver near by, with a short lifetime for answers.",
			Config:    "resolver 127.0.0.53 valid=30s;\nresolver_timeout 5s;",
			Caution:   "In containers it is the engine's own: 127.0.0.11 for Docker.",
			NginxOnly: true,
		},
		{
			Text:   "A backend on a fixed address needs no name.",
			Config: "proxy_pass http://10.0.0.2:8080;",
			Apache: "ProxyPass \"/\" \"http://10.0.0.2:8080/\"",
		},
	},
	Verify:  []string{"getent hosts BACKEND answers at once", "no \"could not be resolved\" for a day"},
	Sources: []string{"nginx src/core/ngx_resolver.c", "nginx.org resolver", "httpd modules/proxy/proxy_util.c"},
}
