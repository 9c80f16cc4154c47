package rootcause

var requestTooLarge = &Cause{
	ID:    "request_too_large",
	Title: "Uploads are larger than mod_fcgid accepts",
	Layer: Apache,
	Kind:  Root,
	Prior: .01,
	Doc: "mod_fcgid takes bodies of 128 KiB unless FcgidMaxRequestLen says more; a larger upload is answered with 500, before PHP sees it: \"HTTP request length … (so far) exceeds MaxRequestLen\". It hits uploads, imports and large forms alone; all else is served. PHP's own limits (upload_max_filesize, post_max_size) answer otherwise, and LimitRequestBody and nginx's " +
		"client_max_body_size with 413, which is no failure of the server.",
	Needs: []Clue{
		{Tags: tags{"apache/fcgid-too-large"}, Weight: naming, Text: "{n} requests had a larger body than FcgidMaxRequestLen allows"},
	},
	For:      []Clue{sawAnswered500.saying("{n} requests were answered with 500"), sawOnePage.weighing(Weak), sawServed.weighing(Weak)},
	Decisive: true,
	Wants:    ruleWants,
	Summary:  "Uploads[ to {vhosts}] were larger than FcgidMaxRequestLen, so Apache answered 500.",
	Fix: []Step{
		{
			Text:    "Raise it to the largest upload there should be, for that site; on Plesk under Apache & nginx Settings, additional directives.",
			Config:  "<IfModule mod_fcgid.c>\n  FcgidMaxRequestLen 134217728\n</IfModule>",
			Caution: "Bodies are kept on disk below /tmp before PHP gets them: so many large uploads at once must fit there.",
		},
		{
			Text:   "Let PHP and the proxy in front allow as much.",
			Config: "upload_max_filesize = 128M\npost_max_size = 128M\nclient_max_body_size 128m;",
		},
	},
	Verify:  []string{"an upload of that size comes through", "no \"exceeds MaxRequestLen\" for a day"},
	Sources: []string{"httpd mod_fcgid: fcgid_bridge.c", "httpd docs: FcgidMaxRequestLen"},
}
