package rootcause

var noLiveUpstreams = &Cause{
	ID:    "no_live_upstreams",
	Title: "nginx has marked every backend of the group as failed",
	Layer: Nginx,
	Kind:  Consequence,
	Prior: .01,
	Group: "backend",
	Cap:   .4,
	Doc: "After max_fails failures (1) nginx leaves a backend out for fail_timeout (10 s); with all of them out it answers 502 without trying: \"no live upstreams\". It needs a group of at least two addresses (\"localhost\" counts as two, IPv4 and IPv6); a single server is never left out.\n\n" +
		"It is a consequence: the cause is what failed in the seconds before (refused, timed out, reset). If nothing stands there, the underlying failure is not in the logs at hand.",
	Needs:   []Clue{{Tags: tags{"nginx/no-live-upstreams", "apache/balancer-error"}, Weight: Strong, Text: "{n} requests were turned away because every backend was marked failed"}},
	For:     []Clue{{Tags: tags{"nginx/upstream-disabled"}, Weight: Weak, Lag: Around, Text: "nginx took a backend out of its group"}},
	Wants:   backendWants,
	Summary: "Every backend[ of {upstreams}] was marked as failed, so requests[ to {vhosts}] were turned away.",
	Fix: []Step{
		{Text: "Look for the first \"connect() failed\", \"timed out\" or \"reset\" of these backends in the error log before."},
		{
			Text:    "Do not give a backend up for one failure.",
			Config:  "server 10.0.0.2:8080 max_fails=3 fail_timeout=10s;",
			Caution: "max_fails=0 never gives it up: each request then waits for the dead one first.",
		},
	},
	Verify:  []string{"no \"no live upstreams\" for a day"},
	Sources: []string{"nginx src/http/ngx_http_upstream_round_robin.c", "nginx.org ngx_http_upstream_module (max_fails)"},
}
