package rootcause

var sessionLockContention = &Cause{
	ID:    "session_lock_contention",
	Title: "Requests of one visitor wait for each other's PHP session",
	Layer: PHPApp,
	Kind:  Root,
	Prior: .01,
	Group: "slow",
	Doc: "PHP locks a visitor's session from session_start() to the end of the request. While one request with that session is slow, all others of the same visitor wait, each in a child of its own. A page with many AJAX calls, or a bot that sends one cookie with everything, fills a pool that way: 504 or 499 for that visitor, then for " +
		"all.\n\n" +
		"The slow log shows session_start, or sleep inside a session handler (Redis). The one to mend is the long request that holds the lock. If many visitors are slow alike it is something else. Sessions in the database wait in a query.",
	Needs: []Clue{
		sawSlowSession,
		{Tags: tags{"php/session-lock"}, Weight: Medium, Lag: SlowLag, Text: "PHP reported {n} problems to lock a session"},
	},
	For: []Clue{
		{Tags: tags{"phpslow/session"}, Weight: Medium, Lag: SlowLag, Min: 3, Text: "{n} slow-log entries wait for a session"},
		sawTopClient.weighing(Weak),
		sawTimedOut,
		{Tags: tags{"http/499"}, Weight: Weak, Lag: SlowLag, Min: 3, Text: "{n} visitors gave up waiting"},
	},
	Against:  []Clue{sawNotReached, sawSlowHTTP.weighing(Medium), sawSlowDB.weighing(Medium), sawSlowCode.weighing(Medium)},
	Explains: saturation,
	Wants:    slowWants,
	Summary:  "Requests[ to {vhosts}] waited for a PHP session that another request of the same visitor held[; {culprit} is in their way].",
	Fix: []Step{
		{
			Text:   "Close the session as soon as it is read or written, above all before slow work.",
			Config: "session_start(['read_and_close' => true]);\n// or, after the last write:\nsession_write_close();",
		},
		{
			Text:    "Do not start one for visitors who have none, and keep lock waits short with Redis.",
			Config:  "redis.session.locking_enabled = 1\nredis.session.lock_retries = 50\nredis.session.lock_wait_time = 20000",
			Caution: "Without locking, parallel requests overwrite each other's session (a cart loses items).",
		},
		{Text: "Find the request that holds the lock: it is the long one in the slow log that does not wait in session_start.", Config: "request_slowlog_timeout = 5s"},
	},
	Verify:  []string{"session_start is gone from the slow log for a day"},
	Sources: []string{"php.net session_start, session_write_close", "phpredis: session locking"},
}
