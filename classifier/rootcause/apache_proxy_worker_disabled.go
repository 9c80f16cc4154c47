package rootcause

var apacheProxyWorkerDisabled = &Cause{
	ID:    "apache_proxy_worker_disabled",
	Title: "Apache refuses to ask a backend that failed before",
	Layer: Apache,
	Kind:  Consequence,
	Prior: .01,
	Group: "backend",
	Cap:   .4,
	Doc: "After a connection to a backend failed, mod_proxy does not try it again for retry seconds (60) and answers 503 at once: AH00959 \"disabling worker ... for 60s\", then AH00940 \"disabled connection\". So an outage of one second is seen for a minute.\n\n" +
		"It is a consequence: the cause is the connection that failed first (AH00957).",
	Needs:   []Clue{{Tags: tags{"apache/worker-disabled"}, Weight: Strong, Lag: Before, Text: "Apache turned {n} requests away because their backend had failed before (AH00940)"}},
	For:     []Clue{{Tags: tags{"apache/connect-failed", "apache/fcgi-connect-failed"}, Weight: Weak, Lag: Around, Text: "connections to a backend failed"}},
	Wants:   backendWants,
	Summary: "Apache did not ask its backend[ {upstreams}] because it had failed before.",
	Fix: []Step{
		{Text: "Find why the first connection failed (AH00957 a minute before at most)."},
		{
			Text:    "Try again sooner.",
			Config:  "ProxyPass \"/\" \"http://127.0.0.1:8080/\" retry=1",
			Caution: "With retry=0 every request waits for a dead backend's connect timeout.",
		},
	},
	Verify:  []string{"no AH00940 for a day"},
	Sources: []string{"httpd modules/proxy/proxy_util.c", "httpd.apache.org ProxyPass retry="},
}
