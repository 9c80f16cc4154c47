package rootcause

var ondemandSpawnLag = &Cause{
	ID:    "ondemand_spawn_lag",
	Title: "A pool on demand had to start its children first",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .01,
	Group: "capacity",
	Cap:   .4,
	Doc: "With pm = ondemand a pool has no child when nobody came for process_idle_timeout (10 s). The first visitors wait until children are started and have compiled the code; a burst at that moment can overflow a short listen queue (errno 11) though the pool is below its limit. It adds to other causes more often than it is one. With the limit's warning in the log the pool is " +
		"full instead.",
	Needs: []Clue{
		sawQueueFull.weighing(Weak),
	},
	For:     []Clue{sawBrief, sawSporadic.weighing(Medium), sawServed.weighing(Weak).saying("pages were served in between")},
	Against: []Clue{sawAtLimit, sawProcessMax, sawSeemsBusy.weighing(Weak), sawLasting.weighing(Medium), sawTimedOut},
	Wants:   capacityWants,
	Summary: "The pool[ {pools}] may have been asleep (pm = ondemand) when a burst of requests came.",
	Fix: []Step{
		{
			Text:    "Keep some children ready, or let them live longer.",
			Config:  "pm = dynamic\npm.start_servers = 2\npm.min_spare_servers = 2\npm.max_spare_servers = 4\n; or\npm = ondemand\npm.process_idle_timeout = 60s",
			Caution: "Idle children cost memory; with hundreds of pools on one machine that adds up.",
		},
	},
	Verify:  []string{"the first request after a quiet minute is as fast as the second"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_process_ctl.c (fpm_pctl_on_socket_accept)", "php-src sapi/fpm/www.conf.in"},
}
