package rootcause

var fastcgiReadTimeout = &Cause{
	ID:    "fastcgi_read_timeout",
	Title: "The web server stopped waiting for an answer",
	Layer: FPM,
	Kind:  Mechanism,
	Prior: .07,
	Group: "slow",
	Cap:   .5,
	Doc: "The request was accepted and nothing came back within fastcgi_read_timeout or proxy_read_timeout (60 s unless set; Apache: ProxyTimeout). nginx answers 504, Apache 504 for " +
		"PHP-FPM (AH01075 with 70007) and 502 for an HTTP backend (AH01102). All failures take the same time: the timeout. The child is not stopped by it and works on, so every retry " +
		"takes one more child.\n\n" +
		"It says how requests failed. Why the page is slow is in the slow log, or the pool is full and requests spent the time in its queue. If one page legitimately takes longer " +
		"than the timeout while PHP-FPM allows it (a mismatch in the chain of timeouts), either the page or the timeout has to change.",
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-timeout"}, Weight: Strong, Text: "nginx gave up {n} requests that were not answered in time"},
		{Tags: tags{"apache/read-timeout", "apache/http-timeout", "apache/script-timeout", "apache/fcgid-timeout", "apache/ajp-timeout", "apache/lsapi-timeout"}, Weight: Strong, Text: "Apache gave up {n} requests that were not answered in time"},
		{Tags: tags{"haproxy/timeout", "proxy/timeout", "haproxy/queue-timeout", "alb/timeout", "router/timeout", "heroku/timeout", "litespeed/timeout", "varnish/timeout", "edge/origin-504"}, Weight: Medium, Text: "{n} requests were not answered in time, as the proxy in front saw it"},
		{Tags: tags{"nginx/upstream-timeout-body"}, Weight: Weak, Text: "{n} answers stopped half way"},
		{Tags: tags{"http/504"}, Weight: Weak, Text: "{n} visitors got a 504"},
	},
	For:      []Clue{sawTimedOut.weighing(Medium), sawOneMember, {Tags: tags{HTTPOnly}, Weight: Weak, Text: "what did not answer is a program of its own, behind proxy_pass"}},
	Against:  []Clue{sawFPMDown, {Tags: tags{"nginx/upstream-connect-timeout"}, Weight: Strong, Share: .5, Text: "most requests could not even connect"}},
	Explains: []string{"client_abort_499", "no_live_upstreams"},
	Behind:   slowness,
	Wants:    slowWants,
	Summary:  "Requests[ to {vhosts}] were not answered before the web server's timeout.",
	Fix: []Step{
		{
			Text:   "One server of the group hangs: take it out, then see there what its processes wait for.",
			Config: "server ADDRESS down;",
			Apache: "BalancerMember http://ADDRESS status=+D",
			Where:  tags{OneMember},
		},
		{
			Text:   "It is a program of its own that did not answer: read its own log at that second, and ask it past the proxy.",
			Config: "curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' http://127.0.0.1:8080/PAGE",
			Where:  tags{HTTPOnly},
		},
		{
			Text:   "It is lsphp under mod_lsapi, where PHP-FPM's settings and slow log count for nothing: see whether the account's limits hold it back, and what its processes wait for.",
			Config: "lveinfo --period=1d --user=USER\nps -u USER -o pid,etime,stat,wchan:20,args\nstrace -f -tt -p PID",
			Where:  tags{"apache/lsapi-timeout"},
		},
		{
			Text:    "It is mod_fcgid or mod_fastcgi, where PHP-FPM's settings and slow log count for nothing: see what the script waits for, and allow it more time only if it honestly needs it.",
			Config:  "ps -C php-cgi,php-fcgi -o pid,user,etime,stat,wchan:20,args\nstrace -f -tt -p PID\nFcgidIOTimeout 120",
			Caution: "A longer timeout keeps processes taken longer, of which there are few.",
			Where:   tags{"apache/fcgid-timeout"},
		},
		{
			Text:    "Let PHP-FPM write down where slow requests hang, and end them before the web server gives up.",
			Config:  "slowlog = /var/log/php8.2-fpm-$pool-slow.log\nrequest_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nfastcgi_read_timeout 60s;",
			Apache:  "slowlog = /var/log/php8.2-fpm-$pool-slow.log\nrequest_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nProxyTimeout 60",
			Caution: "Raising the web server's timeout on a busy pool makes it worse: children stay taken longer.",
			PHP:     true,
		},
		{
			Text:   "If another program is behind proxy_pass, it is that one that is slow: read its own log, and ask it past the proxy.",
			Config: "curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' http://127.0.0.1:8080/PAGE",
			Except: tags{HTTPOnly},
		},
		{
			Text:   "Log how long the backend took, apart from the visitor's own line.",
			Config: "log_format timed '$remote_addr [$time_local] \"$request\" $status $request_time $upstream_connect_time $upstream_header_time';",
			Apache: "LogFormat \"%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\" %v %D\" timed\nCustomLog PATH timed",
		},
	},
	Verify:  []string{"no 504 for a day", "the 95th percentile of $upstream_header_time (Apache: %D) is far below the timeout"},
	Sources: []string{"nginx src/http/ngx_http_upstream.c", "httpd modules/proxy/mod_proxy_fcgi.c, mod_proxy_http.c"},
}
