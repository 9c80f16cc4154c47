package rootcause

import "slices"

// What to read for each group of causes, in shares of what could be told.
var (
	// That a pool was full is seen from outside; why it was, only PHP-FPM's own logs tell: see Cause.Blind of these causes.
	capacityWants = []Want{
		{WebError, .3, "it shows full listen queues and timeouts, with the socket they belong to"},
		{FPMLog, .3, "it says when a pool reached its max_children, and when it was starting children in haste"},
		{SlowLog, .2, "it would name the slow call that holds the children, if there is one"},
		{Access, .2, "its rate, request times and upstream times tell too many requests from too slow ones"},
	}
	slowWants = []Want{
		{SlowLog, .35, "it names the function and the plugin that requests were waiting in (request_slowlog_timeout = 5s)"},
		{WebError, .25, "it shows which requests ran into which timeout"},
		{FPMLog, .2, "it names the scripts that ran too slow or were terminated"},
		{Access, .15, "its request times show which page became slow first"},
		{KernelLog, .05, "it would show stalled disks and lack of memory"},
	}
	codeWants   = append(slices.Clip(slowWants), Want{DBSlow, 0, "it would tell whether what the slow log shows as exec or execute waits for a query"})
	slowDBWants = []Want{
		{SlowLog, .3, "it shows whether requests were waiting in database calls, and from which plugin"},
		{DBSlow, .2, "it would name the query and how many rows it read"},
		{WebError, .25, "it shows which requests ran into which timeout"},
		{Access, .15, "its request times show which page became slow first"},
		{FPMLog, .1, "it names the scripts that ran too slow or were terminated"},
	}
	dbWants = []Want{
		{DBLog, .3, "it says when the database stopped, crashed or ran out of connections, and why"},
		{PHPError, .2, "PHP writes there how connecting to the database failed"},
		{WebError, .2, "PHP's messages pass through it unless an error_log is set"},
		{Access, .2, "it counts the answers with 500"},
		{KernelLog, .1, "it would show the database killed for lack of memory"},
	}
	crashWants = []Want{
		{FPMLog, .35, "it names each child that died, and by which signal or exit code"},
		{KernelLog, .25, "it names the module a process crashed in, and every OOM kill"},
		{WebError, .25, "it names the requests that lost their child"},
		{Access, .15, "it shows which pages die, and whether others are served"},
	}
	oomWants = []Want{
		{KernelLog, .4, "the kernel writes there whom it killed, and for which limit"},
		{FPMLog, .25, "it names each child that was killed, by process number"},
		{WebError, .2, "it names the requests that lost their child"},
		{Access, .15, "it shows which page needed so much memory"},
	}
	lifeWants = []Want{
		{FPMLog, .45, "it says when PHP-FPM stopped, reloaded, failed to start and was ready again"},
		{WebError, .25, "it shows which sockets could not be reached, and since when"},
		{Access, .15, "it shows whether any page was served meanwhile"},
		{Systemd, .15, "it says who stopped or restarted the service, and why it failed"},
	}
	socketWants = []Want{
		{WebError, .5, "it names the socket and the errno"},
		{FPMLog, .35, "it shows whether PHP-FPM was running, and on which sockets"},
		{Access, .15, "it shows whether any page was served meanwhile"},
	}
	deniedWants = []Want{
		{WebError, .5, "it names the socket and the errno"},
		{FPMLog, .25, "it shows whether PHP-FPM was running, and on which sockets"},
		{Access, .15, "it shows whether any page was served meanwhile"},
		{AuditLog, .1, "it would show SELinux denying it (avc: denied) instead of owner and mode"},
	}
	headerWants = []Want{
		{WebError, .75, "it quotes the header that could not be passed on"},
		{Access, .25, "it shows which pages and visitors are hit"},
	}
	backendWants = []Want{
		{WebError, .55, "it names the backend and how the connection failed"},
		{Access, .25, "it shows which pages are hit and whether others are served"},
		{KernelLog, .1, "it would show the backend crashed or killed"},
		{WAFLog, .1, "a firewall that drops requests looks the same from outside"},
	}
	// Behind a proxy only the backend's own log tells a crash from a firewall that hangs up.
	abortWants = []Want{
		{WebError, .45, "it names the backend and how the connection failed"},
		{Access, .25, "it shows which pages are hit and whether others are served"},
		{BackendLog, .2, "it would show the backend crashing, or its firewall (ModSecurity) closing the connections: from outside they look the same"},
		{KernelLog, .1, "it would show the backend crashed or killed"},
	}
	networkWants = []Want{
		{WebError, .6, "it names the host, the errno and the phase"},
		{KernelLog, .2, "it would show dropped packets and full tables"},
		{Access, .2, "it shows how many requests are hit"},
	}
	hostWants = []Want{
		{KernelLog, .35, "the kernel reports disks, memory and tables there"},
		{WebError, .3, "it shows the failures that followed"},
		{FPMLog, .15, "it shows what became of the pools"},
		{Access, .2, "it shows whether all sites were hit alike"},
	}
	limitWants = []Want{
		{WebError, .7, "the web server reports its own limits there"},
		{Access, .2, "it shows what kept the connections busy"},
		{FPMLog, .1, "it would show that slow PHP pages kept them busy"},
	}
	clientWants = []Want{
		{Access, .5, "only it shows who asked for what, and how often"},
		{WebError, .2, "it shows the failures that followed"},
		{FPMLog, .2, "it shows whether the pool was full afterwards"},
		{SlowLog, .1, "it would show the pages being slow by themselves instead"},
	}
	appWants = []Want{
		{PHPError, .35, "it holds the fatal error with file and line"},
		{WebError, .25, "PHP's messages pass through it unless an error_log is set"},
		{Access, .3, "it tells whether visitors got a 500 for it"},
		{FPMLog, .1, "it shows messages of children if catch_workers_output is on"},
	}
	ruleWants = []Want{
		{WebError, .75, "it names the file and the rule that the web server stumbles over"},
		{Access, .25, "it shows which pages are hit"},
	}
	wafWants = []Want{
		{WAFLog, .4, "it names the rule, the request and the action"},
		{WebError, .35, "it shows the connections that were closed, and ModSecurity writes there too"},
		{Access, .25, "it shows which requests were refused"},
	}
	edgeWants = []Want{
		{EdgeLog, .4, "it says what the CDN saw of the origin; its Ray ID finds one request"},
		{Access, .4, "it shows what the origin answered in those seconds"},
		{WebError, .2, "it would show the origin failing"},
	}
)
