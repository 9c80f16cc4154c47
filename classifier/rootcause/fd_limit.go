package rootcause

var fdLimit = &Cause{
	ID:    "fd_limit",
	Title: "A daemon ran out of file descriptors",
	Layer: Host,
	Kind:  Root,
	Prior: .01,
	Doc: "\"(24: Too many open files)\": each connection, log and open file takes a descriptor, and the process reached its limit (often 1024). nginx then answers 500 where it cannot open a connection to PHP, drops visitors where it cannot accept, and cannot open static files. PHP-FPM and the " +
		"database have limits of their own. It comes with many sites (two logs each), many connections, or a leak.\n\n" +
		"The line names the daemon. \"worker_connections are not enough\" is nginx's own count, not the system's.",
	Needs: []Clue{
		{Tags: tags{"nginx/fd-limit"}, Weight: naming, Host: true, Text: "nginx could not open {n} connections for want of file descriptors (24)"},
		{Tags: tags{"nginx/fd-limit-accept"}, Weight: naming, Host: true, Text: "nginx could not accept visitors for want of file descriptors (24)"},
		{Tags: tags{"nginx/open-files"}, Weight: naming, Host: true, Text: "nginx could not open {n} files for want of file descriptors (24)"},
		{Tags: tags{"kernel/file-max"}, Weight: naming, Lag: Before, Host: true, Text: "the whole machine reached fs.file-max"},
		{Tags: tags{"apache/fd-limit"}, Weight: naming, Host: true, Text: "Apache ran out of file descriptors {n} times (24)"},
		{Tags: tags{"phpfpm/fd-limit"}, Weight: naming, Host: true, Text: "PHP-FPM ran out of file descriptors {n} times (24)"},
		{Tags: tags{"php/open-files"}, Weight: 4, Text: "scripts could not open files or connections {n} times: too many are open (24)"},
		{Tags: tags{"nginx/socket-failed", "apache/socket-failed"}, Weight: Medium, Host: true, Text: "{n} sockets for backends could not be made, mostly for want of file descriptors"},
	},
	For:      []Clue{sawManySites, {Tags: tags{Stalled}, Weight: Weak, Text: "the web server served next to nothing for some seconds"}},
	Explains: []string{"client_abort_499", "retry_storm", "php_fatal_or_memory_limit", "db_unavailable", "object_cache_down"},
	Decisive: true,
	Wants:    limitWants,
	Summary:  "The web server ran out of file descriptors, so requests[ to {vhosts}] failed.",
	Told:     []Told{{tags{"php/open-files"}, "PHP had as many files open as it may, so scripts[ of {vhosts}] could open no more and failed."}},
	Fix: []Step{
		{
			Text:    "Raise the limit of the pool (systemd's counts as well), and see what the scripts keep open: a loop that opens files or connections and never closes them.",
			Config:  "rlimit_files = 65535\n# systemctl edit php8.2-fpm\n[Service]\nLimitNOFILE=65535",
			Caution: "It takes a restart of PHP-FPM, which cuts off what runs: choose a quiet time.",
			Where:   tags{"php/open-files"},
		},
		{
			Text:    "Raise the limit of the daemon that the line names; nginx needs twice its worker_connections.",
			Config:  "worker_rlimit_nofile 65535;\n# systemctl edit nginx\n[Service]\nLimitNOFILE=65535",
			Caution: "systemd's limit takes a restart, not a reload.",
		},
		{
			Text:   "The same for PHP-FPM and the database if they complain.",
			Config: "rlimit_files = 65535\nopen_files_limit = 65535",
		},
		{
			Text:   "See whether it is a leak: the number should not grow for ever.",
			Config: "for p in $(pgrep nginx php-fpm); do echo \"$p $(ls /proc/$p/fd | wc -l)\"; done | sort -k2 -n | tail",
		},
	},
	Verify:  []string{"grep 'open files' /proc/$(pgrep -o nginx)/limits", "no \"(24: Too many open files)\" for a day"},
	Sources: []string{"nginx src/event/ngx_event_connect.c, ngx_event_accept.c", "systemd.exec(5) LimitNOFILE=", "getrlimit(2)"},
}
