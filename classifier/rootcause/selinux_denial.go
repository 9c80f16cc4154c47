package rootcause

var selinuxDenial = &Cause{
	ID:    "selinux_denial",
	Title: "SELinux forbids the web server to connect to its backend",
	Layer: Kernel,
	Kind:  Root,
	Prior: .01,
	Doc: "On RHEL, Alma, Rocky and Fedora SELinux allows the web server only what its policy knows. A connect to another port, or to a socket with the wrong label, is denied: \"(13: Permission denied)\", though owner and mode are right. On a TCP address it can hardly be anything else. All requests fail at once, 502 under nginx, 503 under Apache, until it is " +
		"allowed.\n\n" +
		"The audit log says \"avc: denied { name_connect }\" or \"{ connectto }\" at the same second. On a unix socket without such a line it is mostly owner and mode, surely so on Debian, Ubuntu and cPanel, which do not use SELinux; elsewhere only the audit log can tell.",
	Needs: []Clue{
		{Tags: tags{"selinux/connect-denied"}, Weight: naming, Lag: Before, Host: true, Text: "SELinux denied the web server {n} connections"},
		{Tags: tags{"selinux/denied"}, Weight: Strong, Lag: Before, Host: true, Text: "SELinux denied {n} accesses"},
		{Tags: tags{"nginx/upstream-denied"}, Scheme: "http", Weight: naming, Text: "{n} connections to the backend were denied (13)"},
		{Tags: tags{MaybeSELinux}, Weight: Weak, Text: "SELinux denies a socket with a wrong label in the same words"},
	},
	For: []Clue{
		{Tags: tags{"nginx/upstream-denied", "apache/uds-denied", "apache/connect-failed"}, Weight: Weak, Text: "{n} connections failed at the same time"},
		sawNoneServed.weighing(Weak),
		sawLasting,
	},
	Against: []Clue{
		sawFPMDown,
		sawCrashed.weighing(Medium),
		{Tags: tags{AppSocketDenied}, Weight: 2 * Strong, Text: "it is a unix socket, which its owner and mode deny far more often"},
	},
	Explains: ids(unreachable, []string{"fpm_socket_permission", "upstream_backend_down"}),
	Decisive: true,
	Wants: []Want{
		{WebError, .45, "it names the address and errno 13"},
		{AuditLog, .25, "it holds SELinux' denials"},
		{KernelLog, .15, "without auditd the denials stand there"},
		{Access, .15, "it shows whether any page was served"},
	},
	Summary: "SELinux forbids the web server to connect to[ {upstreams},] its backend, so requests[ to {vhosts}] fail.",
	Fix: []Step{
		{
			Text:   "Read what was denied.",
			Config: "ausearch -m avc -ts recent | audit2why",
		},
		{
			Text:    "Allow just that: the port, the label of the socket, or connecting at all.",
			Config:  "semanage port -a -t http_port_t -p tcp 8085\nrestorecon -Rv /run/php-fpm\nsetsebool -P httpd_can_network_connect 1",
			Caution: "The boolean lets the web server connect anywhere; the port is narrower. Do not switch SELinux off for it.",
		},
	},
	Verify:  []string{"ausearch -m avc -ts recent is empty", "curl -sI https://SITE/ answers 200"},
	Sources: []string{"httpd_selinux(8)", "connect(2) EACCES"},
}
