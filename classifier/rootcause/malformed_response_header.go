package rootcause

var malformedResponseHeader = &Cause{
	ID:    "malformed_response_header",
	Title: "The application sends a response header that is not allowed",
	Layer: PHPApp,
	Kind:  Root,
	Prior: .01,
	Doc: "PHP, a plugin or the backend prints something as a header that is none: a control character or NUL, a blank in the name, a second status line, a line end in a value, output before the header, Content-Length together with " +
		"Transfer-Encoding. nginx refuses it (\"upstream sent invalid header\") with 502, Apache with 500 (AH01070, \"malformed header from script\"); a CDN turns it into 520. It is always the same pages, and began with an update of the plugin, of PHP, or " +
		"of nginx, which became stricter over the years.\n\n" +
		"The line quotes the first bytes of the header. \"too big header\" is another matter.",
	Needs: []Clue{
		{Tags: tags{"nginx/invalid-header"}, Weight: naming, Text: "nginx refused {n} answers for an invalid header"},
		{Tags: tags{"nginx/wrong-protocol"}, Weight: naming, Text: "what answered {n} requests speaks another protocol than nginx was told"},
		{Tags: tags{"apache/script-headers"}, Weight: naming, Text: "Apache refused {n} answers for their header (AH01070)"},
		{Tags: tags{"apache/malformed-header", "apache/http-bad-answer"}, Weight: naming, Text: "Apache refused {n} answers that break the protocol"},
		{Tags: tags{"nginx/invalid-body"}, Weight: Strong, Text: "nginx cut {n} answers short whose body broke the protocol"},
	},
	For:      []Clue{sawOnePage, sawLasting},
	Against:  []Clue{sawCrashed.weighing(Medium)},
	Decisive: true,
	Wants:    headerWants,
	Summary:  "The application[ behind {upstreams}] sends an invalid response header[ for {pages}][ ({culprit})], which the web server refuses.",
	Fix: []Step{
		{
			Text:   "Another kind of server listens there than the directive is for: fastcgi_pass belongs to PHP-FPM's port or socket, proxy_pass to a web server's. (Version 72 is the H of HTTP.)",
			Config: "nginx -T 2>/dev/null | grep -nE '(fastcgi|proxy)_pass'\nss -ltnp",
			Where:  tags{"nginx/wrong-protocol"},
		},
		{
			Text:   "Look at the raw answer past the web server; the bad line stands out.",
			Config: "curl -s -i --raw http://127.0.0.1:8080/PAGE | head -20 | cat -A\nSCRIPT_FILENAME=/var/www/SITE/index.php REQUEST_METHOD=GET cgi-fcgi -bind -connect /run/php/php8.2-fpm.sock | head -20 | cat -A",
		},
		{
			Text:    "Find who calls header() with it: switch plugins off by halves, then mend or update the one.",
			Config:  "grep -rn 'header(' wp-content/plugins/PLUGIN | head\nmv wp-content/plugins wp-content/plugins.off",
			Caution: "Renaming the directory switches all plugins off at once; put it back soon.",
		},
	},
	Verify:  []string{"curl -sI https://SITE/PAGE answers 200", "no \"invalid header\" for a day"},
	Sources: []string{"nginx src/http/modules/ngx_http_fastcgi_module.c, ngx_http_proxy_module.c", "httpd server/util_script.c"},
}
