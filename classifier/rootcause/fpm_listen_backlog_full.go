package rootcause

var fpmListenBacklogFull = &Cause{
	ID:    "fpm_listen_backlog_full",
	Title: "The listen queue of PHP-FPM's socket overflowed",
	Layer: FPM,
	Kind:  Root,
	Prior: .02,
	Group: "capacity",
	Doc: "A connection waits in the socket's listen queue until a child takes it. The queue holds the smaller of listen.backlog (511) and " +
		"net.core.somaxconn; what comes beyond is refused at once: nginx says \"(11: Resource temporarily unavailable)\" and answers 502 in no time, " +
		"Apache says the same with AH02454 and answers 503. On a TCP socket the kernel drops the SYN instead, and nginx waits for its connect timeout: " +
		"\"(110: Connection timed out) while connecting to upstream\" and 504. To an address of this very machine that is the queue, for no firewall or cable lies in " +
		"between and a port without a listener refuses at once; to another machine it may as well be the way there.\n\n" +
		"With a \"max_children\" warning before it, the queue is only the last stage of a full pool. It is the root where children were free or pages " +
		"fast and a short burst met a queue that is too short (old kernels and containers have somaxconn 128), or where pm = static hides a full pool. " +
		"An effective queue of a few entries overflows on every burst.",
	Blind: []Blind{{Log: FPMLog}},
	Needs: []Clue{
		sawQueueFull.weighing(Strong),
		sawLocalQueue.weighing(Strong),
		{Tags: tags{FloodedPort}, Weight: naming, Text: "the kernel found the listen queue of PHP-FPM's port full"},
	},
	For: []Clue{
		{Tags: tags{BelowLimit}, Weight: Medium, Text: "no pool was full, its listen queue was too short"},
		sawFPMUp.weighing(Weak),
		sawBrief.weighing(Medium),
		sawServed.weighing(Weak).saying("pages of the same sites were served in between"),
		{Tags: tags{"nginx/upstream-connect-timeout"}, Scheme: "fastcgi", Weight: Weak, Text: "{n} connections to PHP-FPM's TCP port were not answered"},
	},
	Against:  []Clue{sawAtLimit.weighing(Medium), sawProcessMax.weighing(Medium), sawFPMDown, sawSlower},
	Explains: []string{"ondemand_spawn_lag", "fastcgi_read_timeout", "client_abort_499", "no_live_upstreams", "apache_proxy_worker_disabled"},
	Behind:   ids(slowness, []string{"fpm_max_children_exhausted", "traffic_spike_uncached", "bot_or_bruteforce_flood"}),
	Wants:    capacityWants,
	Summary:  "Requests[ to {vhosts}] came faster than PHP-FPM took them, and its listen queue[ ({upstreams})] overflowed.",
	Fix: []Step{
		{
			Text:    "Make the queue long enough for a burst; both values count, the smaller one rules.",
			Config:  "listen.backlog = 1024\nsysctl -w net.core.somaxconn=1024",
			Caution: "It takes a restart of PHP-FPM, a reload keeps the old socket. A longer queue means longer waits: 504 instead of 502 if children stay busy.",
		},
		{
			Text:    "See whether the children are enough: a pm = static pool never warns that it is full.",
			Config:  "pm.status_path = /fpm-status",
			Caution: "Allow the status page from localhost only.",
		},
		{
			Text:   "Turn on the slow log: a queue also fills because pages are slow, and then a longer one only makes them wait.",
			Config: "slowlog = /var/log/php8.2-fpm-$pool-slow.log\nrequest_slowlog_timeout = 5s",
			Unless: "request_slowlog_timeout",
		},
	},
	Verify: []string{
		"ss -lxn | grep fpm; ss -ltn 'sport = :9000' (Send-Q is the effective queue)",
		"no \"(11: Resource temporarily unavailable)\" at the next burst",
	},
	Sources: []string{"nginx src/event/ngx_event_connect.c (EAGAIN)", "php-src sapi/fpm/fpm/fpm_sockets.c", "listen(2)", "linux net/ipv4/tcp_input.c (tcp_conn_request)"},
}
