package rootcause

var cdnGeneratedError = &Cause{
	ID:    "cdn_generated_error",
	Title: "The CDN made the error, not the server",
	Layer: Edge,
	Kind:  Root,
	Prior: .01,
	Doc: "Visitors see an error that this server never sent. Cloudflare's numbers tell what it met: 520 an empty, odd or too large (over 128 KB of header) answer or a reset; 521 refused; 522 no answer to the connect, mostly a firewall that blocks the CDN; 523 no route; 524 nothing for 100 to 120 s; 525 and 526 TLS. A branded 502 or 504 page means that the " +
		"server itself answered so: then look here.\n\n" +
		"If the server's own access log has 5xx in those seconds, the cause is on the server.",
	Needs: []Clue{
		{Tags: tags{EdgeStatus}, Weight: Strong, Text: "visitors got 520 to 527, which only a CDN answers"},
		{Tags: tags{"http/520", "http/521", "http/522", "http/523", "http/524", "http/525", "http/526", "http/527"}, Weight: Medium, Text: "{n} answers were a CDN's own (52x)"},
		{Tags: tags{"edge/generated"}, Weight: Strong, Text: "Cloudflare made {n} errors itself: the origin had answered otherwise, or not at all"},
	},
	Against:  []Clue{{Tags: tags{OriginStatus}, Weight: Strong, Text: "the server itself answered 5xx in those seconds"}, {Tags: tags{"edge/origin-error"}, Weight: Strong, Text: "Cloudflare passed on {n} errors that the server had answered with"}, sawCrashed.weighing(Medium), sawFPMDown},
	Explains: []string{"retry_storm"},
	Wants:    edgeWants,
	Summary:  "The CDN answered visitors[ of {vhosts}] with an error of its own; the server did not send it.",
	Fix: []Step{
		{
			Text:    "521 to 523: let the firewall pass the CDN's addresses, and log visitors' own ones.",
			Config:  "for net in $(curl -s https://www.cloudflare.com/ips-v4); do csf -a $net cloudflare; done\nset_real_ip_from 173.245.48.0/20;\nreal_ip_header CF-Connecting-IP;",
			Apache:  "for net in $(curl -s https://www.cloudflare.com/ips-v4); do csf -a $net cloudflare; done\nRemoteIPHeader CF-Connecting-IP\nRemoteIPTrustedProxy 173.245.48.0/20",
			Caution: "Without real_ip rate limits and bans hit the CDN, and so everybody.",
		},
		{
			Text:   "524: answer sooner; move long work to a background job, or to a host name that bypasses the CDN.",
			Config: "request_slowlog_timeout = 5s",
		},
		{
			Text:   "525 and 526: a valid certificate on the server.",
			Config: "openssl s_client -connect ORIGIN:443 -servername SITE </dev/null | openssl x509 -noout -dates -subject",
		},
	},
	Verify:  []string{"curl -sI --resolve SITE:443:ORIGIN-IP https://SITE/ answers 200 past the CDN", "no 52x in the CDN's log for a day"},
	Sources: []string{"developers.cloudflare.com: Cloudflare 5xx errors"},
}
