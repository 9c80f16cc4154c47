package rootcause

var fpmMaxRequestsRecycle = &Cause{
	ID:      "fpm_max_requests_recycle",
	Title:   "A child left after pm.max_requests requests",
	Layer:   FPM,
	Kind:    Benign,
	Doc:     "\"exited with code 0 after 812.3 seconds from start\" and \"child N started\": the child served its pm.max_requests and made room for a fresh one, which keeps leaks small. It finishes its request first; nobody is hurt.",
	Needs:   []Clue{{Tags: tags{"phpfpm/child-recycled"}, Weight: Weak, Text: "{n} children left after pm.max_requests"}},
	For:     []Clue{{Tags: tags{"phpfpm/child-started"}, Weight: Weak, Text: "{n} children were started in their place"}},
	Summary: "Children were replaced after pm.max_requests, as configured.",
	Verify:  []string{"no failed request in the seconds of these lines"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_children.c"},
}
