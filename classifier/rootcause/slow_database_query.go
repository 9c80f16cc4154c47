package rootcause

var slowDatabaseQuery = &Cause{
	ID:    "slow_database_query",
	Title: "PHP waits for slow or locked database queries",
	Layer: Database,
	Kind:  Root,
	Prior: .06,
	Group: "slow",
	Doc: "A query that reads too much, or a table locked by another session (ALTER, backup, LOCK TABLES, a long transaction), keeps PHP children waiting. " +
		"Visitors get 504, and 502 or 503 once the pool or its queue is full. Often one page (search, report, export) is slow first and all follow.\n\n" +
		"The slow log tells: innermost frames mysqli_query, PDOStatement::execute, pg_query. Queries that wait for a lock are not in MariaDB's slow log; " +
		"only their holder is, when it ends. If PHP says \"refused\" or \"too many connections\" at the first failure, the database is down " +
		"instead. If sessions live in the database, waiting for a session lock looks the same.",
	Blind: []Blind{{Log: SlowLog, Unless: tags{"db/lock-wait", "db/deadlock"}}},
	Needs: []Clue{
		sawSlowDB, sawSlowEither,
		{Tags: tags{SlowPools}, Weight: Medium, Lag: SlowLag, Text: "requests of several pools were too slow at once: what sites share is mostly the database"},
		{Tags: tags{"mysql/slow-query"}, Weight: Medium, Lag: SlowLag, Host: true, Text: "the database logged {n} slow queries"},
		sawLockGivenUp,
		{Tags: tags{"mysql/lock", "db/lock-wait", "db/deadlock"}, Weight: Medium, Lag: SlowLag, Host: true, Text: "{n} reports of lock waits or deadlocks"},
	},
	For: []Clue{
		{Tags: tags{"phpslow/db"}, Weight: Medium, Lag: SlowLag, Min: 3, Text: "{n} slow-log entries wait in a database call"},
		{Tags: tags{"phpfpm/slow", "phpfpm/terminate"}, Weight: Weak, Lag: SlowLag, Text: "PHP-FPM reported {n} requests that ran too long"},
		sawTimedOut,
	},
	Against: []Clue{
		sawNotReached,
		sawSlowHTTP.weighing(Medium), sawSlowCode.weighing(Medium), sawSlowSession.weighing(Medium), sawSlowCache.weighing(Medium),
		{Tags: tags{"db/refused", "db/too-many-connections", DBDown, "mysql/crashed"}, Weight: Strong, Lag: Before, Text: "the database was not slow but away"},
	},
	Explains: saturation,
	Behind:   slowness,
	Wants:    slowDBWants,
	Summary:  "Pages[ of {vhosts}] waited for slow or locked database queries[ ({culprit})].",
	Fix: []Step{
		{
			Text:    "While it lasts, see who holds what, and end the holder if you may.",
			Config:  "SHOW FULL PROCESSLIST;\nSELECT * FROM information_schema.INNODB_TRX ORDER BY trx_started;",
			Caution: "KILL of a long write rolls it back first, which can take as long again.",
		},
		{
			Text:   "Log slow queries and give the worst one an index or a LIMIT.",
			Config: "slow_query_log = 1\nlong_query_time = 1\nlog_slow_verbosity = query_plan",
		},
		{
			Text:    "Bound what one query may take, and keep maintenance (ALTER, mysqldump) away from peak hours and off table locks.",
			Config:  "max_statement_time = 30   # MariaDB, seconds; MySQL: max_execution_time = 30000\nmysqldump --single-transaction --quick DATABASE",
			Caution: "max_statement_time ends exports and reports too; set it for the site's own user.",
		},
		{
			Text: "Cache query results (object cache), convert MyISAM tables to InnoDB, trim autoloaded wp_options. Do not raise max_children: more children make contention worse.",
		},
	},
	Verify: []string{
		"mysqladmin processlist shows no query older than a second at peak",
		"the slow logs of PHP-FPM and the database stay quiet",
	},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_php_trace.c", "mariadb.com kb: Slow Query Log, max_statement_time"},
}
