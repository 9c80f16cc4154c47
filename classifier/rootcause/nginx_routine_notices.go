package rootcause

var nginxRoutineNotices = &Cause{
	ID:      "nginx_routine_notices",
	Title:   "nginx tells what it is doing",
	Layer:   Nginx,
	Kind:    Benign,
	Doc:     "Lines at [info] and [notice], \"signal 17 (SIGCHLD) received\", \"gracefully shutting down\" of an old worker after a reload, \"a client request body is buffered to a temporary file\" and \"an upstream response is buffered to a temporary file\" at [warn]: large uploads and downloads use the disk as designed. A reload of nginx keeps connections.",
	Needs:   []Clue{{Tags: tags{"nginx/reload", "nginx/client-abort"}, Weight: Weak, Text: "{n} lines of ordinary operation"}},
	Summary: "nginx wrote notices of ordinary operation.",
	Verify:  []string{"no failed request in the seconds of these lines"},
	Sources: []string{"nginx src/os/unix/ngx_process.c, src/http/ngx_http_upstream.c"},
}
