package rootcause

// wafShare is how many of the failures a firewall must speak of: it refuses some scanner at any time.
const wafShare = .3

var wafBlockOrOddResponse = &Cause{
	ID:    "waf_block_or_odd_response",
	Title: "A web application firewall refused the requests",
	Layer: Backend,
	Kind:  Root,
	Prior: .02,
	Doc: "ModSecurity or another firewall took a request for an attack. Mostly it answers 403 or 406, which is no gateway error; a rule with \"drop\" closes the connection instead, and a proxy in front then says \"upstream prematurely closed connection\" and answers 502, a CDN 520. " +
		"It hits certain pages, parameters, cookies or clients, and others of the same site are served.\n\n" +
		"The firewall's line of the same second, client and URI decides: without one a backend that closes connections is broken. If the requests were attacks, all is as it should be.",
	Needs: []Clue{
		{Tags: tags{"waf/modsec-drop"}, Weight: Strong, Share: wafShare, Text: "ModSecurity closed the connection of {n} requests (drop)"},
		{Tags: tags{"waf/modsec-denied-502", "waf/modsec-denied-503", "waf/modsec-denied-500"}, Weight: Strong, Text: "ModSecurity refused {n} requests with a 5xx"},
		{Tags: tags{"waf/modsec-body-limit"}, Weight: Medium, Text: "ModSecurity refused {n} request bodies for their size"},
		{Tags: tags{"waf/modsec-denied"}, Weight: Medium, Share: wafShare, Text: "ModSecurity refused {n} requests"},
	},
	For: []Clue{
		{Tags: tags{"nginx/upstream-closed", "nginx/upstream-reset"}, Scheme: "http", Weight: Medium, Text: "the proxy in front lost {n} connections at the same time"},
		{Tags: tags{"apache/http-read-failed"}, Weight: Weak, Text: "the proxy in front lost {n} connections at the same time"},
		sawOnePage,
	},
	Against:  []Clue{sawCrashed, {Tags: tags{"nginx/upstream-refused", "nginx/upstream-missing", "apache/uds-missing", "apache/uds-refused"}, Weight: Strong, Share: .5, Text: "most requests could not even reach the backend"}},
	Explains: []string{"upstream_backend_aborts", "keepalive_race_reset", "no_live_upstreams", "php_child_died_unknown"},
	Wants:    wafWants,
	Summary:  "A firewall rule[ ({culprit})] refused requests[ for {pages}][ on {vhosts}].",
	Fix: []Step{
		{
			Text:   "See which rule it was and what in the request it matched.",
			Config: "grep -h 'ModSecurity: Access denied' /var/log/apache2/error.log /usr/local/apache/logs/error_log | grep -o '\\[id \"[0-9]*\"\\]' | sort | uniq -c | sort -rn",
		},
		{
			Text:    "If real visitors are hit, except that rule for that page only.",
			Config:  "<LocationMatch \"^/PAGE\">\n    SecRuleRemoveById RULE_ID\n</LocationMatch>",
			Caution: "Compare the id with the log, several rules may have refused; switching the engine off opens the site. On cPanel it belongs into /etc/apache2/conf.d/modsec/modsec2.user.conf.",
		},
		{
			Text:   "If it drops connections, let it answer instead, so that a proxy in front passes on what happened.",
			Config: "SecRuleUpdateActionById RULE_ID \"deny,status:403\"",
		},
	},
	Verify:  []string{"the same request answers 200, and an attack still 403", "no \"Access denied\" for that rule and page for a day"},
	Sources: []string{"ModSecurity reference: drop, deny, SecRuleRemoveById", "nginx src/http/ngx_http_upstream.c"},
}
