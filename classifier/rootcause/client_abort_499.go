package rootcause

var clientAbort499 = &Cause{
	ID:    "client_abort_499",
	Title: "Visitors left before the answer came",
	Layer: Client,
	Kind:  Consequence,
	Prior: .01,
	Cap:   .4,
	Doc:   "nginx logs 499 when the visitor closes the connection first. Patience ends after 10 to 30 seconds, timeouts after 60, so 499 of one slow minute stand before its 504. A rise of 499 alone means that pages became slow, not that anything failed. Uptime monitors with a short timeout leave a steady trickle of them.",
	Needs: []Clue{
		{Tags: tags{"http/499"}, Weight: Medium, Lag: SlowLag, Min: 3, Text: "{n} visitors left before the answer came (499)"},
		{Tags: tags{"nginx/client-abort"}, Weight: Weak, Lag: SlowLag, Min: 3, Text: "{n} visitors closed their connection while nginx waited for PHP"},
	},
	Wants:   slowWants,
	Summary: "Visitors[ of {vhosts}] left before the answer came.",
	Fix: []Step{
		{Text: "Find what was slow: sort the 499 by the start of the request (log time less request time).", Config: "request_slowlog_timeout = 5s"},
		{
			Text:      "If work must be finished even if the visitor leaves (payment callbacks), say so.",
			Config:    "fastcgi_ignore_client_abort on;",
			Caution:   "Only in that location: otherwise abandoned pages keep children.",
			NginxOnly: true,
		},
	},
	Verify:  []string{"the share of 499 falls to its usual trickle"},
	Sources: []string{"nginx src/http/ngx_http_upstream.c (NGX_HTTP_CLIENT_CLOSED_REQUEST)"},
}
