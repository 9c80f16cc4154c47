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
	Own:   tags{"app/worker-timeout", "app/worker-crashed"},
	Blind: []Blind{{Log: BackendLog, Unless: tags{"app/worker-timeout", "app/worker-killed", "app/worker-crashed", "apache/child-segv", "kernel/segfault-web", "nginx/upstream-reset-body"}}},
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-closed", "proxy/closed"}, Scheme: "http", Weight: Strong, Text: "the HTTP backend closed {n} connections without an answer"},
		{Tags: tags{"nginx/upstream-reset", "nginx/upstream-broken-pipe", "proxy/reset"}, Scheme: "http", Weight: Strong, Text: "the HTTP backend reset {n} connections"},
		{Tags: tags{"apache/http-read-failed"}, Weight: Strong, Text: "the HTTP backend closed {n} connections without an answer (AH01102)"},
		{Tags: tags{"apache/ajp-lost"}, Weight: Strong, Text: "the AJP backend hung up on {n} requests (AH01030)"},
		{Tags: tags{"apache/ajp-failed"}, Weight: Weak, Text: "the AJP backend did not answer {n} requests (AH00878)"},
		{Tags: tags{"haproxy/reset", "haproxy/truncated"}, Weight: Strong, Text: "the servers behind HAProxy broke off {n} requests"},
		{Tags: tags{"alb/closed"}, Weight: Medium, Text: "the load balancer got no answer from its target for {n} requests"},
		{Tags: tags{"varnish/fetch-failed"}, Weight: Medium, Text: "Varnish could not fetch {n} pages from the web server"},
		{Tags: tags{"edge/origin-502", "edge/origin-503"}, Weight: Weak, Text: "the origin answered {n} requests with an error, as the CDN saw it"},
		{Tags: tags{"nginx/upstream-io-error"}, Scheme: "http", Weight: Medium, Text: "{n} connections to the HTTP backend broke"},
		{Tags: tags{"apache/body-not-sent", "apache/response-cut", "apache/wsgi-failed"}, Weight: Medium, Text: "{n} exchanges with the backend broke off"},
		{Tags: tags{"nginx/upstream-reset-body"}, Scheme: "http", Weight: Strong, Text: "the HTTP backend broke off {n} answers half way"},
		{Tags: tags{"app/worker-timeout"}, Weight: naming, Text: "the application server ended {n} workers that took longer than its timeout"},
		{Tags: tags{"app/worker-crashed"}, Weight: naming, Text: "{n} workers of the application server crashed"},
		{Tags: tags{"app/worker-killed"}, Weight: Strong, Text: "{n} workers of the application server were killed (SIGKILL)"},
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
	Told: []Told{
		{tags{"app/worker-timeout"}, "Requests[ for {pages}] took longer than the application server allows, so it ended the workers that were at them, and they got no answer."},
		{tags{"app/worker-crashed"}, "Workers of the application server crashed[ over {pages}], and the requests in them got no answer."},
		{tags{"app/worker-killed"}, "Workers of the application server were killed[ over {pages}], and the requests in them got no answer."},
	},
	Fix: []Step{
		{
			Text:   "The load balancer keeps connections open for its idle timeout (60 s unless set): let the target keep them open longer, or now and then one closes just as a request comes. Then look whether it restarts or crashes.",
			Config: "server.keepAliveTimeout = 65000; server.headersTimeout = 66000;   // Node.js\ngunicorn --keep-alive 65\nkeepalive_timeout 75s;   # nginx as the target\nKeepAliveTimeout 75   # Apache as the target",
			Where:  tags{"alb/closed"},
		},
		{
			Text:    "See what these requests wait for (the database, a remote service, a large export) and mend that, or do it in a background job. Only if they honestly need it, allow more time: in the application server first, then in the proxy.",
			Config:  "gunicorn --timeout 60 ; uWSGI harakiri = 60 ; Unicorn timeout 60 ; Puma worker_timeout 60\nproxy_read_timeout 70s;",
			Apache:  "gunicorn --timeout 60 ; uWSGI harakiri = 60 ; Unicorn timeout 60 ; Puma worker_timeout 60\nProxyTimeout 70",
			Caution: "A longer timeout keeps workers taken longer, of which there are few.",
			Where:   tags{"app/worker-timeout"},
		},
		{
			Text:   "See whether it was the memory: the kernel names whom it killed, and a container has a limit of its own. Then give it more, or fewer workers.",
			Config: "journalctl -k | grep -iE 'out of memory|killed process'\ndocker inspect -f '{{.State.OOMKilled}} {{.HostConfig.Memory}}' CONTAINER",
			Where:  tags{"app/worker-killed"},
		},
		{
			Text:   "See where it crashed, and update the library that did: mostly a native one.",
			Config: "coredumpctl list\njournalctl -k | grep -i segfault",
			Where:  tags{"app/worker-crashed"},
		},
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
