package rootcause

var objectCacheDown = &Cause{
	ID:    "object_cache_down",
	Title: "Redis or Memcached does not answer",
	Layer: Cache,
	Kind:  Root,
	Prior: .02,
	Group: "database",
	Doc: "The site keeps its object cache or sessions in Redis or Memcached, and that is stopped, full (\"OOM command not allowed\"), loading, wants a password or was made a replica (READONLY, MASTERDOWN). Either the drop-in dies of it (500 on every page), or each page waits for its timeout first and all become slow: 504, then 502.\n\n" +
		"\"Connection refused\" inside a PHP message is Redis or the database, never PHP-FPM. Messages that come all day at the same rate are not this incident.",
	Needs: []Clue{
		{Tags: tags{"cache/redis-down"}, Weight: Strong, Lag: Before, Text: "PHP could not use Redis {n} times"},
		{Tags: tags{"cache/redis-oom"}, Weight: Strong, Lag: Before, Text: "Redis was full and refused {n} writes"},
		{Tags: tags{"cache/redis-unsaved"}, Weight: Strong, Lag: Before, Text: "Redis refused {n} writes, because it cannot save to disk (MISCONF)"},
		{Tags: tags{"cache/redis-replica"}, Weight: Strong, Lag: Before, Text: "Redis refused {n} requests, because it is the replica of another one"},
		{Tags: tags{"cache/memcached-down"}, Weight: Strong, Lag: Before, Text: "PHP could not use Memcached {n} times"},
		sawSlowCache,
	},
	For: []Clue{
		{Tags: tags{"redis/stopped", "redis/crashed", "redis/loading"}, Weight: Strong, Lag: Before, Text: "Redis stopped, crashed or was reading its data"},
		{Tags: tags{"redis/out-of-memory", "redis/save-failed", "redis/clients-full"}, Weight: Medium, Lag: Before, Text: "Redis reported {n} times that it lacked memory, connections or a disk to save on"},
		sawAnswered500, sawManyPages,
		{Tags: tags{"phpslow/cache"}, Weight: Medium, Lag: SlowLag, Min: 3, Text: "{n} slow-log entries wait for the cache"},
		sawTimedOut,
	},
	Against:  []Clue{sawNotReached, sawSlowHTTP.weighing(Medium), sawFPMDown},
	Explains: ids([]string{"php_fatal_or_memory_limit", "session_lock_contention"}, saturation),
	Wants:    appWants,
	Summary:  "Redis or Memcached did not answer, so pages[ of {vhosts}] failed or hung.",
	Fix: []Step{
		{
			Text:    "It runs, and refuses writes until it can save: see what its log says of that, give it room, rights or memory for it, and let it save.",
			Config:  "redis-cli info persistence | grep -E 'rdb_last_bgsave_status|aof_last_write_status'\ntail -n 50 /var/log/redis/redis-server.log; df -h /var/lib/redis; ls -ld /var/lib/redis\nsysctl vm.overcommit_memory   # 0 lets the fork for saving fail: 1\nredis-cli bgsave",
			Caution: "Do not restart it before it has saved: what is not on disk is lost, sessions and queues too.",
			Where:   tags{"cache/redis-unsaved"},
		},
		{
			Text:    "It runs, as the replica of another Redis: let the site ask the master, or make this one the master if that one is gone for good.",
			Config:  "redis-cli info replication | grep -E 'role|master_host|master_link_status'\nredis-cli replicaof no one   # and take replicaof out of redis.conf",
			Caution: "Two masters drift apart: see first that no other site still writes to the old one. Where Sentinel or a cluster decides, let it.",
			Where:   tags{"cache/redis-replica"},
		},
		{
			Text:    "See whether it runs and has memory, and start it if it does not.",
			Config:  "redis-cli ping; redis-cli info memory | grep -E 'used_memory_human|maxmemory_human'\nsystemctl start redis-server",
			Caution: "One that runs and cannot save loses sessions and queues by a restart.",
			Except:  tags{"cache/redis-replica"},
		},
		{
			Text:    "Let it drop old entries instead of refusing new ones.",
			Config:  "maxmemory 512mb\nmaxmemory-policy allkeys-lru",
			Caution: "Not for an instance that also holds sessions or queues: they would be dropped too. Give those one of their own.",
			Except:  tags{"cache/redis-replica"},
		},
		{
			Text:   "Let the site live without its cache, and not wait long for it.",
			Config: "define('WP_REDIS_TIMEOUT', 1);\ndefine('WP_REDIS_READ_TIMEOUT', 1);\ndefine('WP_REDIS_GRACEFUL', true);",
		},
		{
			Text:    "As first aid take the drop-in out.",
			Config:  "mv wp-content/object-cache.php wp-content/object-cache.php.off",
			Caution: "All queries then go to the database: watch it.",
		},
	},
	Verify:  []string{"redis-cli ping answers PONG", "no RedisException in PHP's error log for an hour"},
	Sources: []string{"redis.io: key eviction", "rhubarbgroup/redis-cache: configuration"},
}
