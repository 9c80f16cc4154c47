package rootcause

var upstreamBackendAborts = &Cause{
	ID:    "upstream_backend_aborts",
	Title: "The HTTP backend takes requests and hangs up without an answer",
	Layer: Backend,
	Kind:  Root,
	Prior: .02,
	Group: "backend",
	Doc: "The backend accepts the connection, reads the request and closes without a header: its worker crashed, was killed, or the program ends the request on purpose. nginx says \"upstream prematurely closed connection\" or \"(104)\" for an http:// " +
		"upstream and answers 502; Apache says AH01102 and AH00898 and answers 502. It comes in bursts, often for one kind of page, while the backend goes on serving others.\n\n" +
		"A firewall (ModSecurity drop) closes connections the same way; only the log of the backend, where it writes, can rule it out. Single cases far apart are the race of a keep-alive connection. PHP-FPM on a unix socket gives (104), hardly ever \"prematurely closed\".",
	Blind: []Blind{{Log: BackendLog, Unless: tags{"apache/child-segv", "kernel/segfault-web", "nginx/upstream-reset-body"}}},
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-closed"}, Scheme: "http", Weight: Strong, Text: "the HTTP backend closed {n} connections without an answer"},
		{Tags: tags{"nginx/upstream-reset", "nginx/upstream-broken-pipe"}, Scheme: "http", Weight: Strong, Text: "the HTTP backend reset {n} connections"},
		{Tags: tags{"apache/http-read-failed"}, Weight: Strong, Text: "the HTTP backend closed {n} connections without an answer (AH01102)"},
		{Tags: tags{"apache/ajp-lost"}, Weight: Strong, Text: "the AJP backend hung up on {n} requests (AH01030)"},
		{Tags: tags{"apache/ajp-failed"}, Weight: Weak, Text: "the AJP backend did not answer {n} requests (AH00878)"},
		{Tags: tags{"haproxy/reset", "haproxy/truncated"}, Weight: Strong, Text: "the servers behind HAProxy broke off {n} requests"},
		{Tags: tags{"varnish/fetch-failed"}, Weight: Medium, Text: "Varnish could not fetch {n} pages from the web server"},
		{Tags: tags{"edge/origin-502", "edge/origin-503"}, Weight: Weak, Text: "the origin answered {n} requests with an error, as the CDN saw it"},
		{Tags: tags{"nginx/upstream-io-error"}, Scheme: "http", Weight: Medium, Text: "{n} connections to the HTTP backend broke"},
		{Tags: tags{"apache/body-not-sent", "apache/response-cut", "apache/wsgi-failed"}, Weight: Medium, Text: "{n} exchanges with the backend broke off"},
		{Tags: tags{"nginx/upstream-reset-body"}, Scheme: "http", Weight: Strong, Text: "the HTTP backend broke off {n} answers half way"},
	},
	For: []Clue{
		{Tags: tags{"apache/child-segv", "kernel/segfault-web"}, Weight: Medium, Text: "a process of the backend crashed"},
		sawOnePage, sawOneMember.weighing(Medium),
		{Tags: tags{"apache/proxy-error"}, Weight: Weak, Text: "mod_proxy gave up {n} requests (AH00898)"},
	},
	Against: []Clue{
		{Tags: tags{"apache/ajp-timeout"}, Weight: Strong, Text: "the AJP backend was silent until the proxy's timeout"},
		{Tags: tags{"waf/modsec-drop", "waf/modsec-denied"}, Weight: Strong, Share: wafShare, Text: "a web application firewall closed or refused requests at the same time"},
		sawSporadic,
		sawCrashed.weighing(Medium),
		{Tags: tags{"nginx/upstream-refused"}, Scheme: "http", Weight: Medium, Text: "the backend refused connections: it is down"},
	},
	Explains: ids(unreachable, []string{"keepalive_race_reset"}),
	Behind:   []string{"waf_block_or_odd_response"},
	Wants:    abortWants,
	Summary:  "The HTTP backend[ {upstreams}] took requests[ for {pages}] and closed the connection without an answer[ on {vhosts}].",
	Fix: []Step{
		{
			Text:   "Ask the backend itself, past the proxy, and read its own log at the same second.",
			Config: "curl -sv -H 'Host: SITE' http://127.0.0.1:8080/PAGE",
		},
		{
			Text:      "If it has several members, let reads be tried on the next one.",
			Config:    "proxy_next_upstream error timeout;\nproxy_next_upstream_tries 2;",
			Caution:   "A page that crashes a backend then crashes the next one as well. Never add non_idempotent.",
			NginxOnly: true,
		},
	},
	Verify:  []string{"no \"prematurely closed\" and no (104) for that backend for a day"},
	Sources: []string{"nginx src/http/ngx_http_upstream.c", "httpd modules/proxy/mod_proxy_http.c"},
}
