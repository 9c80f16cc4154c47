package rootcause

var upstreamHeaderTooBig = &Cause{
	ID:    "upstream_header_too_big",
	Title: "The response header is larger than nginx's buffer",
	Layer: Nginx,
	Kind:  Root,
	Prior: .02,
	Doc: "nginx reads the whole response header into one buffer (fastcgi_buffer_size or proxy_buffer_size, 4 or 8 KiB); a larger one is refused with 502 and \"upstream sent too big header\". Many or large cookies, link preloads, debug and SEO headers do it, " +
		"always on the same pages or for the same visitors (those logged in). PHP messages on FastCGI's stderr count as well. Apache has no such limit by default.\n\n" +
		"Failures all over the site at random speak against it.",
	Needs: []Clue{
		{Tags: tags{"varnish/header-overflow"}, Weight: naming, Text: "Varnish gave up {n} pages for the size of their header"},
		{Tags: tags{"nginx/header-too-big"}, Weight: naming, Text: "nginx refused {n} answers because their header is too big"},
	},
	For:      []Clue{sawOnePage, sawLasting},
	Decisive: true,
	Wants:    headerWants,
	Summary:  "Response headers[ of {vhosts}] are larger than nginx's buffer[; {culprit} is in the messages around them].",
	Fix: []Step{
		{
			Text:   "It is Varnish: give it room for the header, and keep it small. In Magento it is X-Magento-Tags.",
			Config: "varnishd … -p http_resp_hdr_len=65536 -p http_resp_size=98304 -p workspace_backend=131072",
			Where:  tags{"varnish/header-overflow"},
		},
		{
			Text:    "Make room for them (for HTTP backends the proxy_ twins of these).",
			Config:  "fastcgi_buffer_size 32k;\nfastcgi_buffers 16 16k;\nfastcgi_busy_buffers_size 32k;",
			Caution: "It is memory for each request. busy_buffers_size must be at least buffer_size and less than all buffers without one, or nginx does not start.",
		},
		{
			Text:   "Better: find what blows the header up and stop it.",
			Config: "curl -s -o /dev/null -D - https://SITE/PAGE | awk '{print length($0), $1}' | sort -rn | head",
		},
	},
	Verify:  []string{"curl -s -o /dev/null -D - https://SITE/PAGE | wc -c is below the buffer", "nginx -t && no \"too big header\" for a day"},
	Sources: []string{"nginx src/http/ngx_http_upstream.c", "nginx.org fastcgi_buffer_size"},
}
