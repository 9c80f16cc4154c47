package rootcause

var slowExternalHTTP = &Cause{
	ID:    "slow_external_http",
	Title: "PHP waits for a remote service that does not answer",
	Layer: PHPApp,
	Kind:  Root,
	Prior: .05,
	Group: "slow",
	Doc: "A plugin or script calls another server (payment, shipping rates, licences, feeds, mail) in the middle of a page, and that server is slow or " +
		"gone. The child waits as long as the caller's timeout allows; max_execution_time does not count waiting. Visitors of those pages get 504, or " +
		"502 if request_terminate_timeout ends the child first. Soon all children hang there and every page of the pool fails.\n\n" +
		"The slow log tells it apart from a slow database: the innermost frames are curl_exec, fsockopen, stream_socket_client, " +
		"gethostbyname, file_get_contents of a URL. The next frames name the plugin.",
	Needs: []Clue{
		sawSlowHTTP,
		{Tags: tags{"php/curl-timeout"}, Weight: Medium, Lag: SlowLag, Min: 2, Text: "PHP reported {n} timeouts of requests to remote services (cURL error 28)"},
	},
	For: []Clue{
		{Tags: tags{"phpslow/http"}, Weight: Medium, Lag: SlowLag, Min: 3, Text: "{n} slow-log entries wait in a call to a remote service"},
		{Tags: tags{SlowMail}, Weight: Weak, Lag: SlowLag, Text: "they wait for a mail server"},
		{Tags: tags{SlowNames}, Weight: Weak, Lag: SlowLag, Text: "they wait for the name server"},
		{Tags: tags{"phpfpm/slow", "phpfpm/terminate"}, Weight: Weak, Lag: SlowLag, Text: "PHP-FPM reported {n} requests that ran too long"},
		sawTimedOut,
	},
	Against:  []Clue{sawNotReached, sawSlowDB.weighing(Medium), sawSlowSession.weighing(Medium), sawSlowCode.weighing(Medium), sawSlowCache.weighing(Medium)},
	Explains: saturation,
	Wants:    slowWants,
	Summary:  "Pages[ of {vhosts}] waited for a remote service[, called by {culprit},] that did not answer in time.",
	Fix: []Step{
		{
			Text:   "It is a mail server: see whether this machine reaches it at all, for many providers close port 25, and let a local queue or a job in the background send mail.",
			Config: "nc -vz -w 5 MAIL-SERVER 587\n// PHPMailer waits 300 seconds unless told otherwise; WordPress: add_action('phpmailer_init', fn($m) => $m->Timeout = 5);",
			Where:  tags{SlowMail},
		},
		{
			Text:    "It is the name server: see whether the one in resolv.conf answers, bound how long each look-up may take, and have a cache on this machine. PHP's functions for names take no timeout of their own.",
			Config:  "cat /etc/resolv.conf; time getent hosts example.com\n# /etc/resolv.conf\noptions timeout:1 attempts:2",
			Caution: "Where systemd-resolved or the provider's agent writes resolv.conf, set it there.",
			Where:   tags{SlowNames},
		},
		{
			Except: tags{SlowNames},
			Text:   "Give the call short timeouts and let the page go on without its answer.",
			Config: "curl_setopt($ch, CURLOPT_CONNECTTIMEOUT, 3);\ncurl_setopt($ch, CURLOPT_TIMEOUT, 5);\n// WordPress: wp_remote_get($url, ['timeout' => 5]);",
		},
		{
			Text:    "Until the service is back, switch the plugin off.",
			Config:  "wp plugin deactivate PLUGIN",
			Caution: "A shop without its payment or shipping plugin may refuse orders; tell the owner.",
		},
		{
			Text: "Cache the service's answer or fetch it in the background (Action Scheduler, cron), not while a visitor waits.",
		},
		{
			Text:    "Keep a net below it, in this order: slow log, then PHP-FPM, then the web server.",
			Config:  "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nfastcgi_read_timeout 60s;",
			Apache:  "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nProxyTimeout 60",
			Caution: "Raising the timeouts instead lets more children hang.",
		},
	},
	Verify: []string{
		"curl -s -o /dev/null -w '%{time_connect} %{time_total}\\n' https://THE-SERVICE/",
		"the slow log stays free of that function",
	},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_php_trace.c", "php.net set_time_limit", "developer.wordpress.org wp_remote_get"},
}
