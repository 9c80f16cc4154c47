package rootcause

var backendWorkersBusy = &Cause{
	ID:    "backend_workers_busy",
	Title: "All workers of the application server are busy",
	Layer: Backend,
	Kind:  Root,
	Prior: .01,
	Group: "capacity",
	Doc: "An application server behind the proxy (uWSGI, gunicorn, Unicorn, Puma) has a fixed number of workers; who finds none free waits in the listen queue of its socket. The queue holds the smaller of its own setting (100 for uWSGI, 1024 for Unicorn, 2048 for gunicorn) and " +
		"net.core.somaxconn. When it is full, nginx gets \"(11: Resource temporarily unavailable)\" from a unix socket and answers 502 in no time; on TCP connects are dropped and end in 504. uWSGI says itself that its queue is full.\n\n" +
		"Either requests are too slow, or there are too many of them. PHP-FPM's pool has a cause of its own.",
	Own:   tags{"app/queue-full"},
	Blind: []Blind{{Log: BackendLog}},
	Needs: []Clue{
		{Tags: tags{"app/queue-full"}, Weight: naming, Text: "uWSGI found its listen queue of {number} full"},
		{Tags: tags{"nginx/upstream-queue-full", "proxy/queue-full"}, Scheme: "http", Weight: naming, Text: "{n} connections were turned away because the listen queue of the application server's socket was full"},
	},
	For: []Clue{
		{Tags: tags{"app/worker-timeout"}, Weight: Weak, Text: "{n} workers were ended because they took too long"},
		sawTimedOut,
	},
	Against: []Clue{
		{Tags: tags{"app/start-failed", "app/unit-failed"}, Weight: Medium, Lag: Around, Host: true, Text: "the application server did not start"},
	},
	Explains: []string{"fastcgi_read_timeout", "upstream_backend_down", "upstream_backend_aborts", "client_abort_499", "no_live_upstreams", "apache_proxy_worker_disabled"},
	Behind:   []string{"traffic_spike_uncached", "bot_or_bruteforce_flood"},
	Wants: []Want{
		{WebError, .35, "it shows how connections to the backend failed"},
		{Access, .35, "its rate and its upstream times tell too many requests from too slow ones"},
		{BackendLog, .3, "it names the requests that its workers were at"},
	},
	Summary: "All workers of the application server[ at {upstreams}] were busy and its listen queue was full, so requests[ to {vhosts}] were turned away.",
	Fix: []Step{
		{
			Text:   "Find out what its workers wait for before anything is raised: mostly it is the database or a remote service, and more workers only wait with them.",
			Config: "uwsgitop 127.0.0.1:1717   # uWSGI with stats = 127.0.0.1:1717\npy-spy dump --pid PID      # any Python worker",
		},
		{
			Text:    "If they are at work and there is memory for more, add workers.",
			Config:  "uWSGI: processes = 8, threads = 2\ngunicorn --workers 8\nPuma: workers 4, threads 5, 5",
			Caution: "Each worker takes its own memory, and connections of the database.",
		},
		{
			Text:    "Make the queue long enough for a burst; both values count, the smaller one rules.",
			Config:  "uWSGI: listen = 1024\nsysctl -w net.core.somaxconn=1024",
			Caution: "A longer queue means longer waits: 504 instead of 502 if workers stay busy.",
		},
	},
	Verify:  []string{"no \"listen queue … full\" and no \"(11: Resource temporarily unavailable)\" at the next peak", "ss -lx; ss -ltn (Recv-Q is how many wait, Send-Q how many may)"},
	Sources: []string{"uwsgi core/master_checks.c", "nginx src/event/ngx_event_connect.c (EAGAIN)", "listen(2)"},
}
