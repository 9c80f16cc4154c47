package rootcause

var webTempUnwritable = &Cause{
	ID:    "web_temp_unwritable",
	Title: "The web server may not write its temporary files",
	Layer: WebServer,
	Kind:  Root,
	Prior: .02,
	Doc: "nginx keeps what does not fit into its buffers in temporary files: bodies of uploads (client_body_temp), answers of PHP and of backends (fastcgi_temp, proxy_temp). If its workers may not write there, uploads get 500, and long pages are cut after the first buffers, with 200 in the access log: \"(13: Permission denied)\" at level crit, for open() or mkdir() below " +
		"such a folder. Short pages are well, which makes it look like a fault of some pages.\n\n" +
		"It comes after `user` was changed in nginx.conf, after an upgrade or a move, or when nginx was started by hand as somebody else. \"(30: Read-only file system)\" means that the disk was remounted read-only: look into the kernel log first.",
	Needs: []Clue{
		{Tags: tags{"nginx/temp-denied"}, Weight: naming, Text: "nginx could not make {n} temporary files"},
		{Tags: tags{"nginx/temp-denied-body"}, Weight: naming, Text: "nginx could not keep {n} answers in temporary files and cut them"},
	},
	For:     []Clue{sawOnePage, sawServed.weighing(Weak)},
	Wants:   ruleWants,
	Summary: "nginx may not write its temporary files, so uploads or long pages[ of {vhosts}] failed.",
	Fix: []Step{
		{
			Text:   "See who may write there, and as whom the workers run.",
			Config: "nginx -T 2>/dev/null | grep -E '^ *(user|[a-z_]+_temp_path)'\nnamei -l /var/lib/nginx/body",
		},
		{
			Text:    "Give the folders to the user of the workers.",
			Config:  "chown -R www-data: /var/lib/nginx",
			Caution: "Take the user that nginx.conf names (www-data, nginx, nobody), and leave the folders above readable for others to pass (x).",
		},
	},
	Verify:  []string{"an upload and a long page (1 MB) come through", "no [crit] with (13) in nginx's error log for a day"},
	Sources: []string{"nginx src/core/ngx_file.c", "nginx src/event/ngx_event_pipe.c", "open(2) EACCES, EROFS"},
}
