package rootcause

var adminAjaxHeartbeatLoad = &Cause{
	ID:    "admin_ajax_heartbeat_load",
	Title: "admin-ajax.php polling keeps PHP's children busy",
	Layer: PHPApp,
	Kind:  Root,
	Prior: .01,
	Group: "capacity",
	Doc: "Each open WordPress dashboard asks admin-ajax.php every 15 to 60 seconds (Heartbeat), and some plugins do it for every visitor of the front page. Such requests load all of WordPress, are never cached, and many open tabs make a steady load that leaves no room for visitors: slow pages, 504 and 502.\n\n" +
		"Few addresses asking at a fixed interval are dashboards; many addresses at random are a plugin's feature on the public site, and the action= in the URL names it.",
	Blind: []Blind{{Log: SlowLog}},
	Needs: []Clue{
		{Tags: tags{Polling}, Weight: Strong, Text: "admin-ajax.php makes a third of the page requests or more"},
	},
	For:      sawSaturated,
	Against:  []Clue{sawNotReached, sawBelowLimit, sawLost, sawSlowAny, sawFPMDown, sawCrashed, {Tags: tags{LoginFlood}, Weight: Medium, Text: "POSTs to wp-login.php or xmlrpc.php poured in"}},
	Explains: saturation,
	Behind:   []string{"session_lock_contention", "slow_php_code", "slow_database_query"},
	Wants:    clientWants,
	Summary:  "Polling of admin-ajax.php[ on {vhosts}][ ({culprit})] kept PHP's children busy.",
	Fix: []Step{
		{
			Text:   "Let the Heartbeat beat less often, and not at all outside the editor.",
			Config: "add_filter('heartbeat_settings', fn($s) => ['interval' => 120] + $s);\nadd_action('init', fn() => is_admin() || wp_deregister_script('heartbeat'), 1);",
		},
		{
			Text:   "Find the plugin behind action= and mend its polling.",
			Config: "grep -o 'admin-ajax.php?action=[a-z_]*' access.log | sort | uniq -c | sort -rn | head",
		},
		{
			Text:    "Give the dashboard a small pool of its own, so that it cannot take visitors' children.",
			Config:  "location ~ ^/wp-admin/.*\\.php$ { include fastcgi.conf; fastcgi_pass unix:/run/php/admin.sock; }\n; pool admin\npm = ondemand\npm.max_children = 4",
			Apache:  "<LocationMatch \"^/wp-admin/.*\\.php$\">\n    SetHandler \"proxy:unix:/run/php/admin.sock|fcgi://admin\"\n</LocationMatch>\n; pool admin\npm = ondemand\npm.max_children = 4",
			Caution: "Front-end AJAX uses wp-admin/admin-ajax.php too and would share those four.",
		},
	},
	Verify:  []string{"the share of admin-ajax.php among PHP requests falls below a tenth"},
	Sources: []string{"developer.wordpress.org Heartbeat API", "wordpress wp-admin/admin-ajax.php"},
}
