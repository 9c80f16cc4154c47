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
	// Whose requests are many by their address alone may be one visitor whose page asks again and again, and waits each time.
	Blind: []Blind{{Log: SlowLog, Unless: tags{LoginFlood, Crawler, "nginx/limit-req", "nginx/limit-conn"}}},
	Needs: []Clue{
		{Tags: tags{LoginFlood}, Weight: Strong, Text: "POSTs to wp-login.php or xmlrpc.php poured in"},
		sawTopClient,
		{Tags: tags{"nginx/limit-req", "nginx/limit-conn"}, Weight: Medium, Lag: Before, Min: 5, Text: "nginx held back {n} requests of too eager clients"},
	},
	For: clues(sawSaturated, []Clue{
		sawSurge.weighing(Weak),
		{Tags: tags{Crawler}, Weight: Weak, Text: "it says itself that it is a crawler"},
		{Tags: tags{"http/503", "http/429"}, Weight: Weak, Min: 5, Text: "{n} requests were turned away"},
	}),
	Against: []Clue{
		sawNotReached,
		sawBelowLimit,
		sawLost,
		sawFlat.weighing(Medium),
		sawSlowAny.weighing(Medium),
		sawFPMDown,
		sawCrashed.weighing(Medium),
	},
	Explains: saturation,
	Behind:   []string{"session_lock_contention", "slow_external_http", "slow_database_query", "slow_php_code"},
	Wants:    clientWants,
	Summary:  "Requests of bots[ ({culprit})] took PHP's children, so visitors[ of {vhosts}] got errors.",
	Fix: []Step{
		{
			Text:    "Limit how often one address may log in, and close xmlrpc.php if nobody needs it.",
			Config:  "limit_req_zone $binary_remote_addr zone=login:10m rate=10r/m;\nlocation = /wp-login.php { limit_req zone=login burst=5 nodelay; limit_req_status 429; include fastcgi.conf; fastcgi_pass unix:/run/php/php8.2-fpm.sock; }\nlocation = /xmlrpc.php { deny all; }",
			Apache:  "<Files \"xmlrpc.php\">\n    Require all denied\n</Files>",
			Caution: "Behind a CDN set real_ip (mod_remoteip) first, or you limit the CDN itself. Jetpack and the mobile app need xmlrpc.php.",
			Where:   tags{LoginFlood},
		},
		{
			Text:    "Slow the crawler down or turn it away, by a word of what it calls itself (NAME).",
			Config:  "map $http_user_agent $crawler { default \"\"; ~*(NAME|meta-external|bytespider|gptbot|claudebot|amazonbot|semrush|ahrefs) $binary_remote_addr; }\nlimit_req_zone $crawler zone=crawlers:10m rate=30r/m;\nlimit_req zone=crawlers burst=10;",
			Apache:  "RewriteEngine On\nRewriteCond %{HTTP_USER_AGENT} (NAME|meta-external|bytespider|gptbot|claudebot|amazonbot|semrush|ahrefs) [NC]\nRewriteRule ^ - [R=429,L]",
			Caution: "Leave search engines alone that the site lives on; check them by reverse DNS.",
			Where:   tags{Crawler},
		},
		{
			Text:    "Ban addresses that keep trying.",
			Config:  "# /etc/fail2ban/filter.d/wordpress.conf\n[Definition]\nfailregex = ^<HOST> .* \"POST /+(wp-login|xmlrpc)\\.php\n# jail.local\n[wordpress]\nenabled = true\nport = http,https\nfilter = wordpress\nlogpath = /var/log/nginx/access.log\nmaxretry = 20\nbantime = 1h",
			Apache:  "# /etc/fail2ban/filter.d/wordpress.conf\n[Definition]\nfailregex = ^<HOST> .* \"POST /+(wp-login|xmlrpc)\\.php\n# jail.local\n[wordpress]\nenabled = true\nport = http,https\nfilter = wordpress\nlogpath = /var/log/apache2/access.log\nmaxretry = 20\nbantime = 1h",
			Caution: "It counts each login, the right ones too: exempt the addresses of those who edit (ignoreip).",
			Where:   tags{LoginFlood},
		},
		{
			Text:    "See what those ask for who ask most, and hold them back if it is nothing that they should.",
			Config:  "awk '{print $1}' access.log | sort | uniq -c | sort -rn | head\nlimit_req_zone $binary_remote_addr zone=each:10m rate=5r/s;\nlimit_req zone=each burst=20 nodelay;",
			Apache:  "awk '{print $1}' access.log | sort | uniq -c | sort -rn | head\n<RequireAll>\n    Require all granted\n    Require not ip ADDRESS\n</RequireAll>",
			Caution: "One address may be a whole firm, a monitor, or one visitor whose open page asks again and again.",
		},
	},
	Verify: []string{
		"awk '{print $1}' access.log | sort | uniq -c | sort -rn | head: no address stands out",
		"the pool stays below its limit at the next wave; nginx's error log says \"limiting requests\"",
	},
	Sources: []string{"nginx.org ngx_http_limit_req_module", "wordpress.org: Brute Force Attacks"},
}
