package rootcause

var scriptRefused = &Cause{
	ID:    "script_refused",
	Title: "A script is not run: its owner, its rights or its interpreter are not as they must be",
	Layer: WebServer,
	Kind:  Root,
	Prior: .02,
	Doc: "Where scripts run as CGI under the account's own user, suEXEC and suPHP refuse what others could have written: a file or folder that is writable by group or others, that belongs to root or to another account, or that lies outside of the document root. The visitor gets 500, and Apache adds \"End of script output before " +
		"headers\" or \"Premature end of script headers\": nothing crashed, nothing was started.\n\n" +
		"It comes after a restore, a move between servers, or work done as root. Files that Apache serves itself are not hit.\n\n" +
		"Where Apache cannot start the process of a script at all, it says the errno: (13) it may not be executed, (2) it is not there, or the interpreter that its first line names is not, (8) that first line is missing or ends as in Windows.",
	Needs: []Clue{
		{Tags: tags{"host/suexec-refused", "apache/script-refused"}, Weight: naming, Text: "{n} scripts were not run: owner or rights are not as suEXEC or suPHP wants them"},
		{Tags: tags{"apache/fcgid-failed", "apache/cgi-failed"}, Weight: Medium, Text: "Apache could not start the process of {n} scripts"},
	},
	For:      []Clue{sawAnswered500.saying("{n} requests were answered with 500")},
	Against:  []Clue{sawCrashed, {Tags: tags{"apache/spawn-starved"}, Weight: Strong, Host: true, Text: "there was no memory for a process, or their number is limited"}},
	Explains: ids([]string{"php_child_died_unknown"}),
	Wants:    ruleWants,
	Told:     []Told{{tags{"apache/fcgid-failed", "apache/cgi-failed"}, "Apache could not start the process of scripts[ of {vhosts}]; the errno in the line says why."}},
	Summary:  "Scripts[ of {vhosts}] were not run, because suEXEC or suPHP did not accept their owner or rights.",
	Fix: []Step{
		{
			Text:   "Go by the errno of the line: (13) the script or its wrapper may not be executed, (2) it or its interpreter is not there, (8) its first line names no interpreter.",
			Config: "namei -l /home/USER/public_html/SCRIPT\nhead -n 1 /home/USER/public_html/SCRIPT | cat -A",
			Where:  tags{"apache/fcgid-failed", "apache/cgi-failed"},
		},
		{
			Text:    "Give the files to the account and take the rights of group and others to write.",
			Config:  "chown -R USER: /home/USER/public_html\nfind /home/USER/public_html -type d -exec chmod 755 {} +\nfind /home/USER/public_html -type f -exec chmod 644 {} +",
			Caution: "On cPanel public_html itself belongs to USER:nobody with 750. A configuration file with passwords should stay at 600 or 640.",
		},
	},
	Verify:  []string{"curl -sI https://SITE/ answers 200", "no such line in suexec_log, suphp_log and error_log for an hour"},
	Sources: []string{"httpd support/suexec.c", "httpd docs: suEXEC security model", "suPHP src/Application.cpp"},
}
