package rootcause

var keepaliveRaceReset = &Cause{
	ID:    "keepalive_race_reset",
	Title: "The backend closed an idle connection just as a request was sent on it",
	Layer: Backend,
	Kind:  Root,
	Prior: .01,
	Group: "backend",
	Doc: "The proxy keeps connections to its backend open for the next request, and so does the backend, for a shorter time. Now and then the backend closes one in the very moment a request is sent: \"upstream prematurely closed connection\" or (104), 502, in no time, and nothing in the backend's log. Single cases far apart, on any page, less than one per cent of the " +
		"requests.\n\n" +
		"Bursts, or one page again and again, are a backend that aborts.",
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-closed", "nginx/upstream-reset", "proxy/closed", "proxy/reset"}, Scheme: "http", Weight: Medium, Text: "the HTTP backend closed {n} connections without an answer"},
		{Tags: tags{"alb/closed"}, Weight: Medium, Text: "the load balancer got no answer from its target for {n} requests"},
		{Tags: tags{"router/closed"}, Weight: Medium, Text: "the backend closed {n} connections without an answer, as the router in front saw it"},
		{Tags: tags{"apache/http-read-failed"}, Weight: Medium, Text: "the HTTP backend closed {n} connections without an answer (AH01102)"},
	},
	For: []Clue{sawSporadic, sawManyPages},
	Against: []Clue{
		{Tags: tags{"nginx/upstream-reset", "apache/backend-reset"}, Scheme: "fastcgi", Weight: Strong, Text: "it was PHP-FPM that was lost"},
		{Tags: tags{"nginx/upstream-refused"}, Scheme: "http", Weight: Strong, Lag: Around, Text: "the backend refused connections: it was down"},
		sawNoneServed,
		sawCrashed, sawKilled, sawTerminated, sawFPMRestarted,
		sawOnePage.weighing(Medium),
		{Tags: tags{"waf/modsec-drop", "waf/modsec-denied"}, Weight: Strong, Share: wafShare, Text: "a web application firewall closed or refused requests at the same time"},
		sawTimedOut.weighing(Medium),
		sawOneMember.weighing(Medium).saying("all are of one server of the group: such a race hits all of them"),
		{Tags: tags{"app/worker-timeout", "app/worker-killed", "app/worker-crashed"}, Weight: naming, Text: "the application server lost {n} workers at the same time"},
	},
	Wants:   backendWants,
	Summary: "The backend[ {upstreams}] closed idle connections just as requests[ to {vhosts}] were sent on them.",
	Fix: []Step{
		{
			Text:   "Let the backend keep idle connections longer than the proxy does.",
			Config: "# Apache backend\nKeepAliveTimeout 75\n# nginx\nupstream backend { server 127.0.0.1:8080; keepalive 32; keepalive_timeout 60s; }",
		},
		{
			Text:    "Try requests again that may be repeated safely.",
			Config:  "proxy_next_upstream error timeout;",
			Caution: "nginx repeats only GET and HEAD then. Leave it so: non_idempotent can place an order twice.",
		},
	},
	Verify:  []string{"no single \"prematurely closed\" for a week"},
	Sources: []string{"nginx.org keepalive_timeout (upstream)", "httpd modules/proxy/mod_proxy_http.c"},
}
