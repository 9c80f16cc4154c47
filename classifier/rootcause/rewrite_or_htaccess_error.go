package rootcause

var rewriteOrHtaccessError = &Cause{
	ID:    "rewrite_or_htaccess_error",
	Title: "The web server cannot follow its own rules: .htaccess, rewrite or try_files",
	Layer: WebServer,
	Kind:  Root,
	Prior: .02,
	Doc: "The web server itself answers 500, before PHP is asked: a directive in .htaccess that Apache does not know or does not allow there, a rewrite or ErrorDocument that leads to itself, a try_files whose last target does not exist, an auth_request whose " +
		"subrequest fails. A broken .htaccess hits all that lies below it, pictures and style sheets too, from the second it is saved.\n\n" +
		"The error log names the file or the target. PHP's logs say nothing, since PHP does not run: switching off plugins through the admin area is not possible either. Cache and security plugins write .htaccess, and so do migrations and PHP upgrades (php_value without mod_php).",
	Needs: []Clue{
		{Tags: tags{"apache/htaccess-error"}, Weight: naming, Text: "Apache did not accept the .htaccess file for {n} requests"},
		{Tags: tags{"apache/redirect-loop", "nginx/rewrite-cycle"}, Weight: naming, Text: "{n} requests were sent round in circles by rewrite, try_files or error_page"},
		{Tags: tags{"apache/no-protocol"}, Weight: naming, Text: "Apache has no module for the protocol by which it should pass on {n} requests (AH01144)"},
		{Tags: tags{"nginx/upstream-unnamed"}, Weight: naming, Text: "{n} requests had no backend to go to: the variable in proxy_pass or fastcgi_pass is empty or no address"},
		{Tags: tags{"nginx/auth-unexpected"}, Weight: Medium, Text: "{n} requests failed in auth_request"},
	},
	For:     []Clue{sawAnswered500.saying("{n} requests were answered with 500")},
	Against: []Clue{sawFPMDown, sawCrashed.weighing(Medium)},
	Wants:   ruleWants,
	Summary: "The web server could not follow its own rules (.htaccess, rewrite, try_files)[ on {vhosts}] and answered 500 before PHP was asked.",
	Fix: []Step{
		{
			Text:      "See what the variable in proxy_pass or fastcgi_pass is for this site and page: what no map and no container sets is empty.",
			Config:    "nginx -T | grep -nE '_pass .*\\$|^ *(set|map) '",
			NginxOnly: true,
			Where:     tags{"nginx/upstream-unnamed"},
		},
		{
			Text:   "The module for that protocol is not loaded, as after an upgrade or a move: load it, test, and reload.",
			Config: "a2enmod proxy_fcgi setenvif   # or proxy_http, proxy_ajp: the scheme in the line says which\napachectl -t && systemctl reload apache2",
			Where:  tags{"apache/no-protocol"},
		},
		{
			Text:   "Read the line: it names the file and the directive, or the target that leads to itself.",
			Config: "apachectl -t; nginx -t\ngrep -E '\\.htaccess: |redirection cycle|internal redirects' ERROR_LOG | tail",
		},
		{
			Text:    "Put the last good .htaccess back, or move it away for a moment.",
			Config:  "mv .htaccess .htaccess.broken",
			Caution: "Without it, rules that protect folders are off as well; put the good parts back at once.",
		},
		{
			Text:   "Under PHP-FPM php_value does not belong into .htaccess: use .user.ini or the pool.",
			Config: "; .user.ini\nmemory_limit = 256M",
		},
		{
			Text:   "A try_files ends with something that exists, or with a status.",
			Config: "try_files $uri $uri/ /index.php?$args;\ntry_files $uri =404;",
		},
	},
	Verify:  []string{"curl -sI https://SITE/ answers 200, a picture too", "no such line in the error log for an hour"},
	Sources: []string{"httpd server/config.c", "httpd docs: LimitInternalRecursion", "nginx src/http/ngx_http_core_module.c"},
}
