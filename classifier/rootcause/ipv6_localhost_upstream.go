package rootcause

var ipv6LocalhostUpstream = &Cause{
	ID:    "ipv6_localhost_upstream",
	Title: "\"localhost\" also means ::1, where nobody listens",
	Layer: Nginx,
	Kind:  Root,
	Prior: .01,
	Group: "backend",
	Doc: "With fastcgi_pass or proxy_pass to \"localhost\" nginx gets two addresses, 127.0.0.1 and [::1], and makes a group of them. The backend listens on the first only, so every other try is refused. Worse: a group has max_fails, so one slow answer marks the good one failed too and for ten seconds there are \"no live upstreams\". Visitors see 502 now and " +
		"then.\n\n" +
		"Where IPv6 is off, as in many containers, the connect fails with 99, \"Cannot assign requested address\", which has nothing to do with used-up ports.\n\n" +
		"If 127.0.0.1 is refused as well, the backend is down, or it runs in another container: \"localhost\" is each container itself.",
	Needs: []Clue{
		{Tags: tags{Localhost6}, Weight: Strong, Text: "connections to [::1] failed while 127.0.0.1 is the one that listens"},
	},
	For: []Clue{
		{Tags: tags{"nginx/no-live-upstreams"}, Weight: Medium, Text: "{n} requests found both addresses marked failed"},
		{Tags: tags{"nginx/upstream-disabled"}, Weight: Medium, Text: "nginx took an address out of the group"},
		{Tags: tags{"nginx/upstream-refused"}, Weight: Weak, Text: "{n} connections were refused"},
		sawServed.weighing(Weak).saying("pages were served in between"),
	},
	Against:  []Clue{sawFPMDown, sawNoneServed},
	Explains: ids([]string{"upstream_backend_down", "fpm_down_or_failed_start"}, unreachable),
	Wants:    backendWants,
	Summary:  "nginx asks localhost's IPv6 address[ ({upstreams})], where nobody listens, in turn with the right one.",
	Fix: []Step{
		{
			Text:   "Write the address, or use a unix socket.",
			Config: "fastcgi_pass 127.0.0.1:9000;\nproxy_pass http://127.0.0.1:8080;",
		},
		{
			Text:   "Or let the backend listen on both.",
			Config: "listen = [::]:9000",
		},
	},
	Verify:  []string{"nginx -T | grep -E '_pass .*localhost' is empty", "no connect to [::1] in the error log for a day"},
	Sources: []string{"nginx.org ngx_http_upstream_module", "nginx src/core/ngx_inet.c"},
}
