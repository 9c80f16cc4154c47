package rootcause

var plannedChildStop = &Cause{
	ID:      "planned_child_stop",
	Title:   "Children were stopped with PHP-FPM",
	Layer:   FPM,
	Kind:    Benign,
	Doc:     "\"exited on signal 15 (SIGTERM)\" or \"signal 3 (SIGQUIT)\" at a stop or reload is how PHP-FPM ends its children; mostly it does not even log them then. SIGTERM without a stop is request_terminate_timeout, and \"execution timed out\" stands just before.",
	Needs:   []Clue{{Tags: tags{"phpfpm/child-sigterm"}, Weight: Weak, Text: "{n} children ended by SIGTERM"}},
	For:     []Clue{{Tags: tags{"phpfpm/stopping", "phpfpm/reloading", "phpfpm/stopped"}, Weight: Weak, Lag: Around, Host: true, Text: "PHP-FPM was being stopped or reloaded"}},
	Against: []Clue{sawTerminated},
	Summary: "Children were ended with PHP-FPM, as at every stop.",
	Verify:  []string{"each of these lines stands beside a stop or reload"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_process_ctl.c"},
}
