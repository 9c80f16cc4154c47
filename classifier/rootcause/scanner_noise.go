package rootcause

var scannerNoise = &Cause{
	ID:    "scanner_noise",
	Title: "Scanners look for files that are not there",
	Layer: Client,
	Kind:  Benign,
	Doc: "Every public server gets requests for /.env, /.git/config, /wp-config.php.bak, cgi-bin/.%2e/ all day: 404, 403, \"Primary script unknown\", \"access forbidden by rule\", AH10244, AH00126, TLS handshakes with garbage. They are there before, during and after an incident at the same rate and explain none.\n\n" +
		"\"Primary script unknown\" for the site's own index.php is different: then root or SCRIPT_FILENAME is wrong.",
	Needs:   []Clue{{Tags: tags{"php/script-unknown", "nginx/access-denied", "apache/scanner"}, Weight: Weak, Text: "{n} requests for what does not exist or is forbidden"}},
	Summary: "Scanners asked for files that do not exist, as they do all day.",
	Verify:  []string{"the rate of these lines is the same on a quiet day"},
	Sources: []string{"php-src sapi/fpm/fpm/fpm_main.c", "httpd server/core.c"},
}
