package rootcause

import "slices"

// dbGone is how a database shows that does not run, or did not for a moment.
var dbGone = append(slices.Clip(dbAway), "db/gone")

// dbAway is the same where more than a broken connection shows it.
var dbAway = tags{"db/refused", "app/db-refused", DBDown, "mysql/crashed", "kernel/segfault-db", "mysql/start-failed", "mysql/recovery"}

// dbRefused is what it mostly comes to.
const dbRefused = "The database did not accept connections, so PHP could not make pages[ of {vhosts}]."

var dbUnavailable = &Cause{
	ID:    "db_unavailable",
	Title: "The database is down, refuses connections or has none left",
	Layer: Database,
	Kind:  Root,
	Prior: .04,
	Group: "database",
	Doc: "PHP works but cannot reach its database: it was stopped, crashed, was killed, its disk is full, or max_connections is used up. " +
		"WordPress answers 500 with \"Error establishing a database connection\", other programs die with an uncaught exception, which is a 500 too. " +
		"502 and 504 come only if the program hangs while connecting. All pages of all sites on that database fail, static files do not.\n\n" +
		"\"Connection refused\" inside a PHP message is the database (or Redis), never PHP-FPM's socket. A fatal error about a refused database is the " +
		"database's fault, not the program's. \"Aborted connection\" in the database's own log is the opposite: a PHP child died and left its connection.",
	Needs: []Clue{
		{Tags: tags{"db/refused"}, Weight: Strong, Lag: asked, Text: "PHP could not connect to its database {n} times"},
		{Tags: tags{"app/db-refused"}, Weight: Strong, Lag: asked, Text: "the application could not connect to its database {n} times"},
		{Tags: tags{"db/too-many-connections", "mysql/too-many"}, Weight: Strong, Lag: Before, Host: true, Text: "the database had no connection left ({n} reports)"},
		{Tags: tags{DBDown}, Weight: Strong, Text: "the database server was not running while requests failed"},
		{Tags: tags{"db/gone"}, Weight: Medium, Lag: asked, Text: "the database dropped {n} connections in use"},
		{Tags: tags{"db/access-denied"}, Weight: Medium, Lag: asked, Text: "the database refused the user, password or database name that PHP gave ({n} reports)"},
		{Tags: tags{"db/read-only"}, Weight: Strong, Lag: asked, Share: .3, Text: "the database refused {n} writes: it is read-only"},
		{Tags: tags{"db/dns"}, Weight: Medium, Lag: asked, Text: "the name of the database's host could not be resolved ({n} reports)"},
		{Tags: tags{"mysql/crashed", "kernel/segfault-db", "mysql/start-failed"}, Weight: Medium, Lag: Before, Host: true, Text: "the database server crashed or did not start"},
		{Tags: tags{"mysql/limit", "mysql/host-blocked"}, Weight: Medium, Lag: Before, Host: true, Text: "the database turned connections away ({n} reports)"},
	},
	For: []Clue{
		sawAnswered500.weighing(Medium),
		{Tags: tags{"mysql/recovery"}, Weight: Weak, Lag: Before, Host: true, Text: "the database recovered from a crash at that time"},
		{Tags: tags{"db/crashed-table", "mysql/disk-full"}, Weight: Medium, Lag: Before, Host: true, Text: "the database reports damage or a full disk"},
		sawManySites,
		sawManyPages,
	},
	Against: []Clue{
		{Tags: tags{"nginx/upstream-missing", "nginx/upstream-refused", "apache/uds-missing", "apache/uds-refused"}, Weight: Strong, Share: .5, Text: "most requests did not even reach PHP"},
	},
	Explains: ids([]string{"php_fatal_or_memory_limit", "slow_database_query"}, saturation),
	Wants:    dbWants,
	Own:      tags{"app/db-refused"},
	Told: []Told{
		{tags{"app/db-refused"}, "The database did not accept connections, so the application could not make pages[ of {vhosts}]."},
		{tags{"db/read-only"}, "The database is read-only, so pages[ of {vhosts}] that write to it failed."},
		{slices.Concat(dbAway, tags{"db/too-many-connections", "mysql/too-many", "db/access-denied", "db/dns", "mysql/limit", "mysql/host-blocked"}), dbRefused},
		{tags{"db/gone"}, "The database dropped connections that PHP was using, so pages[ of {vhosts}] failed."},
	},
	Summary: "The database did not accept connections, so PHP could not make pages[ of {vhosts}].",
	Fix: []Step{
		{
			Text:    "It ran out of connections: allow at least the sum of max_children of all pools plus a margin, and let idle ones go sooner. If it is the account that has too many (1203), raise max_user_connections, or give its pool fewer children.",
			Config:  "max_connections = 200\nwait_timeout = 60",
			Where:   tags{"db/too-many-connections", "mysql/too-many", "mysql/limit"},
			Caution: "Each connection costs memory (sort, join and read buffers); count it into the machine's plan.",
		},
		{
			Text:    "It runs, but does not let PHP in: compare what the site's configuration says with the account in the database.",
			Config:  "grep -E 'DB_(NAME|USER|HOST)' wp-config.php   # other programs: .env\nmysql -u USER -p -h HOST DATABASE\n-- if they differ, as root:\nALTER USER 'USER'@'localhost' IDENTIFIED BY 'PASSWORD';",
			Where:   tags{"db/access-denied"},
			Caution: "Other programs may log in as the same user: change what the site says rather than the account, if it was the site that changed.",
		},
		{
			Text:    "It runs, and takes no writes: it is a replica, or somebody set it read-only, for a failover or a dump. Let the site ask the primary; end the mode only where this server is meant to be that.",
			Config:  "SELECT @@hostname, @@read_only;\nSHOW REPLICA STATUS\\G\n-- only on the primary:\nSET GLOBAL read_only = 0;",
			Where:   tags{"db/read-only"},
			Caution: "A replica that is written to drifts from its primary and has to be made anew.",
		},
		{
			Text:   "Its host has a name that is not resolved: ask for it as PHP does, or give the address.",
			Config: "getent hosts DB_HOST\ncat /etc/resolv.conf",
			Where:  tags{"db/dns"},
		},
		{
			Text:   "It turned this host away after too many connects that failed: let it forget them, then see who fails to connect.",
			Config: "mysqladmin flush-hosts\nmax_connect_errors = 1000",
			Where:  tags{"mysql/host-blocked"},
		},
		{
			Text:    "It dropped connections in use. If its log shows no stop at that time, they had idled longer than wait_timeout, as in a script that computes or asks somebody else between two queries, or a packet was larger than max_allowed_packet.",
			Config:  "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wait_timeout', 'max_allowed_packet');\n-- the script connects again after a long step, or asks for more patience for itself alone:\nSET SESSION wait_timeout = 600;",
			Where:   tags{"db/gone"},
			Except:  dbAway,
			Caution: "A large wait_timeout for all keeps idle connections, until none is left.",
		},
		{
			Text:   "Start it and read why it went: out of memory, disk full, crash recovery, an upgrade.",
			Config: "systemctl status mariadb mysql\ntail -n 100 /var/log/mysql/error.log\njournalctl -k | grep -i oom",
			Where:  dbGone,
		},
		{
			Text:   "If it was killed for memory: bound the pools and the buffer pool so that both fit, and let systemd bring it back.",
			Config: "[Service]\nRestart=on-failure\nOOMScoreAdjust=-600",
			Where:  dbAway,
		},
		{
			Text:   "Ask it how it fares: since when it runs, how many connections it had at most, and how many it turned away.",
			Config: "mysqladmin status\nmysqladmin extended-status | grep -E 'Max_used_connections|Aborted_connects|Connection_errors'",
		},
	},
	Verify: []string{
		"mysqladmin status; mysqladmin extended-status | grep -E 'Threads_connected|Max_used_connections'",
		"no 500 and no database message in PHP's error log for an hour",
	},
	Sources: []string{"mariadb.com kb: Too many connections", "wordpress wp-includes/class-wpdb.php", "systemd.exec(5)"},
}
