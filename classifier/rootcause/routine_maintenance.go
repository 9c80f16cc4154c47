package rootcause

var routineMaintenance = &Cause{
	ID:      "routine_maintenance",
	Title:   "Logs were reopened or a configuration was tested",
	Layer:   Host,
	Kind:    Benign,
	Doc:     "\"error log file re-opened\" is logrotate, \"configuration file ... test is successful\" a panel or monitor, \"systemd monitor interval set to 10000ms\" part of every start, \"signal 10 (SIGUSR1), reopening logs\" nginx' side of the same. None of them interrupts a request.",
	Needs:   []Clue{{Tags: tags{"phpfpm/log-reopened", "nginx/reopen", "host/logrotate"}, Weight: Weak, Text: "logs were reopened ({n} lines)"}},
	Summary: "Logs were rotated, which hurts nobody.",
	Verify:  []string{"no failed request in the seconds of these lines"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_events.c", "nginx src/core/ngx_cycle.c"},
}
