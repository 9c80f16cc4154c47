package rootcause

var trafficSpikeUncached = &Cause{
	ID:    "traffic_spike_uncached",
	Title: "A surge of visitors reached PHP because nothing caches the pages",
	Layer: PHPApp,
	Kind:  Root,
	Prior: .05,
	Group: "capacity",
	Doc: "Page requests rose to a multiple of their usual rate, spread over many visitors, and each of them cost a PHP child. The pool filled and " +
		"visitors got slow pages, then 504 or 502 under nginx, 503 or 504 under Apache. Static files stayed fast, and it follows the traffic up and down: " +
		"a newsletter, a campaign, a post that spread.\n\n" +
		"The rise has to come before the failures. A rise after them is browsers, monitors and visitors trying again. If one address or one kind " +
		"of client makes most of it, it is a flood, not a crowd. If the rate is flat, the pages became slower instead.",
	Blind: []Blind{{Log: FPMLog}, {Unless: full}}, // many visitors are welcome as long as the children suffice
	Needs: []Clue{sawSurge},
	For:   clues(sawSaturated, []Clue{sawManyPages}),
	Against: []Clue{
		sawNotReached,
		sawBelowLimit,
		sawLost,
		sawFlat,
		sawTopClient,
		{Tags: tags{LoginFlood}, Weight: Strong, Text: "the rise is POSTs to wp-login.php or xmlrpc.php"},
		sawSlowAny,
		{Tags: tags{OwnLimit}, Weight: Strong, Text: "no pool of PHP was full"},
		sawSlowHeaders.weighing(Medium),
	},
	Explains: saturation,
	Behind:   ids(slowness, []string{"fpm_max_children_exhausted"}),
	Wants:    clientWants,
	Summary:  "Many more visitors than usual[ came to {vhosts}], each page was made by PHP anew, and the pool could not keep up.",
	Fix: []Step{
		{
			Text:    "Cache whole pages in front of PHP, for visitors who are not logged in.",
			Config:  "fastcgi_cache_path /var/cache/nginx/php levels=1:2 keys_zone=php:50m max_size=1g inactive=60m;\nfastcgi_cache php;\nfastcgi_cache_key $scheme$request_method$host$request_uri;\nfastcgi_cache_valid 200 5m;\nfastcgi_cache_lock on;\nfastcgi_cache_use_stale error timeout updating http_500 http_503;",
			Apache:  "# WordPress; behind a CDN or Varnish let that do it\nwp plugin install wp-super-cache --activate",
			Caution: "Bypass it for cookies wordpress_logged_in_ and woocommerce_items_in_cart, or visitors see each other's pages.",
		},
		{
			Text:    "Size the pool for what is left after caching: requests a second x mean seconds a request, within what memory allows.",
			Config:  "pm.max_children = 20",
			Caution: "Children x memory of one must fit into RAM beside the database.",
			Sizes:   true,
		},
		{
			Text:   "Log what the cache did and how long PHP took, so that the effect can be seen.",
			Config: "log_format timed '$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\" rt=$request_time uht=$upstream_header_time cache=$upstream_cache_status';",
			Apache: "LogFormat \"%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\" %v %D\" timed\nCustomLog PATH timed",
		},
	},
	Verify: []string{
		"most pages come from the cache: HIT in $upstream_cache_status (nginx), times of a few ms in %D (Apache)",
		"PHP requests a second stay below max_children / mean seconds a request at the next peak",
	},
	Sources: []string{"nginx.org ngx_http_fastcgi_module (fastcgi_cache)", "php-src sapi/fpm/fpm/fpm_process_ctl.c"},
}
