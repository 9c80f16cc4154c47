package rootcause

var fpmPoolSaturating = &Cause{
	ID:    "fpm_pool_saturating",
	Title: "A PHP-FPM pool was growing in haste",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .01,
	Group: "capacity",
	Cap:   .4,
	Doc: "\"seems busy ... spawning 8 children, there are 0 idle\" comes when PHP-FPM has had to double its spawning several seconds in a row: demand jumped, or all pages became slow at " +
		"once. It is a warning light, not a failure. Requests fail only if the pool then reaches its limit.",
	Needs:    []Clue{sawSeemsBusy},
	For:      []Clue{sawTimedOut, sawSurge.weighing(Weak)},
	Against:  []Clue{sawFPMDown, sawCrashed.weighing(Medium)},
	Explains: nil,
	Wants:    capacityWants,
	Summary:  "The PHP-FPM pool[ {pools}] was growing in haste because all of its children were busy.",
	Fix: []Step{
		{
			Text:    "Keep more children ready if bursts are usual.",
			Config:  "pm.start_servers = 10\npm.min_spare_servers = 5\npm.max_spare_servers = 15",
			Caution: "All of them must stay at or below pm.max_children and fit into memory.",
			Sizes:   true,
		},
		{Text: "Find what made pages slow or visitors many.", Config: "request_slowlog_timeout = 5s"},
	},
	Verify:  []string{"no \"seems busy\" at the next peak"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_process_ctl.c"},
}
