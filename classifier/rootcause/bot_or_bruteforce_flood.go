package rootcause

var botOrBruteforceFlood = &Cause{
	ID:    "bot_or_bruteforce_flood",
	Title: "A bot or a password attack takes PHP's children",
	Layer: Client,
	Kind:  Root,
	Prior: .05,
	Group: "capacity",
	Doc: "Password guessing on wp-login.php or xmlrpc.php, a scraper, an AI crawler or a scanner asks PHP for more than the pool can serve, and real visitors get 504 or 502 under nginx, 503 or 504 under Apache. The bot itself mostly gets 200: xmlrpc.php always answers 200. Pages such as search, filters, " +
		"add-to-cart and calendars cost most and are never cached. It goes on for hours and comes back.\n\n" +
		"What counts is the share of PHP's time, not of hits, and that it came before the failures. Uptime monitors, WordPress' own wp-cron requests and Jetpack (xmlrpc.php) are no attack. Many different visitors on public pages are a crowd.",
	Needs: []Clue{
		{Tags: tags{LoginFlood}, Weight: Strong, Text: "POSTs to wp-login.php or xmlrpc.php poured in"},
		sawTopClient,
		{Tags: tags{"nginx/limit-req", "nginx/limit-conn"}, Weight: Medium, Lag: Before, Min: 5, Text: "nginx held back {n} requests of too eager clients"},
	},
	For: clues(sawSaturated, []Clue{
		sawSurge.weighing(Weak),
		{Tags: tags{"http/503", "http/429"}, Weight: Weak, Min: 5, Text: "{n} requests were turned away"},
	}),
	Against: []Clue{
		sawNotReached,
		sawLost,
		sawFlat.weighing(Medium),
		sawSlowAny.weighing(Medium),
		sawFPMDown,
		sawCrashed.weighing(Medium),
	},
	Explains: saturation,
	Wants:    clientWants,
	Summary:  "Requests of bots[ ({culprit})] took PHP's children, so visitors[ of {vhosts}] got errors.",
	Fix: []Step{
		{
			Text:    "Limit how often one address may log in, and close xmlrpc.php if nobody needs it.",
			Config:  "limit_req_zone $binary_remote_addr zone=login:10m rate=10r/m;\nlocation = /wp-login.php { limit_req zone=login burst=5 nodelay; limit_req_status 429; include fastcgi_php.conf; }\nlocation = /xmlrpc.php { deny all; }",
			Caution: "Behind a CDN set real_ip first, or you limit the CDN itself. Jetpack and the mobile app need xmlrpc.php.",
			Where:   tags{LoginFlood},
		},
		{
			Text:    "Slow down crawlers that introduce themselves.",
			Config:  "map $http_user_agent $crawler { default \"\"; ~*(meta-external|bytespider|gptbot|claudebot|amazonbot|semrush|ahrefs) $binary_remote_addr; }\nlimit_req_zone $crawler zone=crawlers:10m rate=30r/m;\nlimit_req zone=crawlers burst=10;",
			Caution: "Leave search engines alone that the site lives on; check them by reverse DNS.",
		},
		{
			Text:   "Ban addresses that keep trying.",
			Config: "# fail2ban jail.local\n[wordpress]\nenabled = true\nport = http,https\nfilter = wordpress-auth\nlogpath = /var/log/nginx/access.log\nmaxretry = 5\nbantime = 1h",
		},
	},
	Verify: []string{
		"awk '{print $1}' access.log | sort | uniq -c | sort -rn | head: no address stands out",
		"\"limiting requests\" appears in nginx's error log and the pool stays below its limit",
	},
	Sources: []string{"nginx.org ngx_http_limit_req_module", "wordpress.org: Brute Force Attacks"},
}
