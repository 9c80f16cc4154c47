package rootcause

var phpFatalOrMemoryLimit = &Cause{
	ID:    "php_fatal_or_memory_limit",
	Title: "PHP scripts die of a fatal error",
	Layer: PHPApp,
	Kind:  Root,
	Prior: .03,
	Doc: "The program ended with a PHP error: an uncaught exception, a function that does not exist, a parse error after an update, \"Allowed memory size exhausted\", \"Maximum execution time exceeded\". PHP-FPM answers properly, so it is a 500 (or a white page with 200 if output had begun), " +
		"not a 502, and the child lives on. It hits one page or all pages that load the plugin.\n\n" +
		"The message names file and line. Errors that are there all day at the same rate are noise, not the incident. If the message says that the database or Redis was refused, that is the cause. If the child is killed instead (SIGKILL), the kernel's memory limit was reached before PHP's.",
	Needs: []Clue{
		{Tags: tags{"php/memory-limit"}, Weight: Strong, Text: "{n} scripts used up PHP's memory_limit"},
		{Tags: tags{"php/memory-refused"}, Weight: Weak, Text: "{n} scripts died because the system gave them no memory, below memory_limit"},
		{Tags: tags{"php/fatal", "php/parse-error"}, Weight: Strong, Text: "{n} scripts died of a fatal error"},
		{Tags: tags{"php/exception"}, Weight: Medium, Text: "the application logged {n} exceptions"},
		{Tags: tags{"php/time-limit"}, Weight: Medium, Text: "{n} scripts ran into max_execution_time"},
		{Tags: tags{"edge/origin-500"}, Weight: Weak, Text: "the origin answered {n} requests with 500, as the CDN saw it"},
	},
	For: []Clue{
		sawAnswered500.weighing(Medium), sawOnePage,
		{Tags: tags{"php/file-denied"}, Weight: Weak, Text: "PHP was denied a file {n} times"},
		{Tags: tags{"php/extension-missing"}, Weight: Weak, Text: "{n} scripts called an extension that PHP has not loaded"},
	},
	Against: []Clue{
		{Tags: tags{"db/refused", "db/too-many-connections", "db/gone", DBDown, "mysql/crashed"}, Weight: Strong, Lag: Before, Text: "the database could not be reached, which makes scripts die"},
		{Tags: tags{"db/read-only"}, Weight: Strong, Lag: Before, Share: .3, Text: "the database took no writes, which makes scripts die"},
		{Tags: tags{"cache/redis-down", "cache/redis-replica", "cache/redis-unsaved", "cache/redis-oom", "cache/memcached-down"}, Weight: Medium, Lag: Before, Text: "the object cache could not be reached, which makes scripts die"},
		sawLockGivenUp.saying("{n} scripts waited for a lock in the database in vain, which makes them die"),
		sawCrashed.weighing(Medium),
		sawOOMCgroup, sawOOMGlobal,
	},
	Explains: nil,
	Wants:    appWants,
	Summary:  "PHP scripts[ of {vhosts}] died of a fatal error[ in {culprit}] and answered 500.",
	Fix: []Step{
		{
			Text:    "PHP may not write or read a file: give the folders for logs, caches and sessions to the user that the pool runs as. Files made by root, by a deploy or by a command line are the usual ones.",
			Config:  "php-fpm8.2 -tt 2>&1 | grep -E 'user ='\nnamei -l /var/www/SITE/storage/logs\nchown -R www-data: /var/www/SITE/storage   # Laravel; var for Symfony and Magento",
			Caution: "Take the user of the pool. Never 777: on a shared server everybody could write there.",
			Where:   tags{"php/file-denied"},
		},
		{
			Text:    "PHP misses an extension that the site needs, as after a change of its version: see which the pool's PHP has, install it for that version, and restart PHP-FPM. Switching plugins off does not help.",
			Config:  "php-fpm8.2 -m\nphp-fpm8.2 -i | grep -E 'Loaded Configuration|additional .ini'\napt install php8.2-mysql && systemctl restart php8.2-fpm   # dnf install php-mysqlnd; cPanel: EasyApache 4, ea-php82-php-mysqlnd",
			Caution: "The command line's php may be of another version: ask the FPM of the pool.",
			Where:   tags{"php/extension-missing"},
		},
		{
			Where:   tags{"php/memory-limit", "php/memory-refused"},
			Text:    "If the page honestly needs more than the memory limit, raise it for that site; if it suddenly does, see first what was changed or deployed last.",
			Config:  "define('WP_MEMORY_LIMIT', '256M');\nphp_admin_value[memory_limit] = 256M",
			Caution: "max_children x memory_limit must fit into the machine's memory, or the kernel kills children instead.",
		},
		{
			Text:    "Read the message: it names file and line. Roll back what was changed or deployed last; with WordPress switch off the plugin or theme it points at.",
			Config:  "# WordPress\nwp plugin deactivate PLUGIN\n# without a working admin area:\nmv wp-content/plugins/PLUGIN wp-content/plugins/PLUGIN.off",
			Caution: "Tell the owner; a shop without its plugin may lose orders.",
		},
		{
			Text:   "Let errors go to the log, never to the page.",
			Config: "log_errors = On\ndisplay_errors = Off",
		},
	},
	Verify:  []string{"curl -sI https://SITE/PAGE answers 200", "no \"PHP Fatal error\" for that file for a day"},
	Sources: []string{"php-src main/main.c", "php.net memory_limit", "nginx src/http/modules/ngx_http_fastcgi_module.c"},
}
