package rootcause

var retryStorm = &Cause{
	ID:    "retry_storm",
	Title: "Requests multiplied after the first errors",
	Layer: Client,
	Kind:  Consequence,
	Prior: .01,
	Cap:   .4,
	Doc: "Visitors press reload, browsers, CDNs, payment callbacks and monitors try again: the request rate rises after the first 5xx and keeps the pool full when the cause is gone. nginx giving up does not stop the child, so each retry takes one more.\n\n" +
		"A rise before the first error is a crowd or a flood; this one, after it, never explains an incident. What tells the two apart is who asks: a crowd is more visitors, a storm the same ones more often. " +
		"Behind a proxy that hides its visitors it cannot be told; nginx trying a request on the next upstream is one request and no storm.",
	Needs:   []Clue{{Tags: tags{Retries}, Weight: Medium, Text: "the same visitors asked more often once requests failed"}},
	Wants:   clientWants,
	Summary: "Requests[ to {vhosts}] multiplied after the first errors, as visitors and monitors tried again.",
	Fix: []Step{
		{
			Text:      "Serve a stale page instead of an error while PHP is away.",
			Config:    "fastcgi_cache_use_stale error timeout updating http_500 http_503;",
			NginxOnly: true,
		},
		{
			Text:   "Ask machines to come back later.",
			Config: "error_page 502 503 504 /maintenance.html;\nadd_header Retry-After 30 always;",
			Apache: "ErrorDocument 503 /maintenance.html\nHeader always set Retry-After 30 \"expr=%{REQUEST_STATUS} -ge 502\"",
		},
	},
	Verify:  []string{"the request rate during an incident stays near the usual one"},
	Sources: []string{"nginx.org fastcgi_cache_use_stale"},
}
