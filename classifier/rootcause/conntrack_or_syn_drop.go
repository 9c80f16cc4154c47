package rootcause

var conntrackOrSynDrop = &Cause{
	ID:    "conntrack_or_syn_drop",
	Title: "The kernel drops new connections",
	Layer: Kernel,
	Kind:  Root,
	Prior: .01,
	Doc: "\"nf_conntrack: table full, dropping packet\": the firewall's table of connections is full and the kernel drops packets of everybody, visitors and backends alike. \"possible SYN flooding on port N\": the listen queue of that port overflowed, by an attack or simply because the service behind it (nginx on 443, PHP-FPM on 9000) accepts too slowly. Visitors see " +
		"connects that hang and then 504, 502, or a CDN's 522; much of it leaves no line in the web server's logs.",
	Needs: []Clue{
		{Tags: tags{"kernel/conntrack-full"}, Weight: naming, Lag: Before, Host: true, Text: "the kernel's connection table was full and packets were dropped ({n} reports)"},
		{Tags: tags{"kernel/syn-flood"}, Weight: Medium, Lag: Before, Host: true, Text: "a listen queue overflowed (possible SYN flooding, port {number})"},
	},
	For: []Clue{
		{Tags: tags{"nginx/upstream-connect-timeout", "proxy/connect-timeout"}, Weight: Medium, Text: "{n} connections to the backend were not answered"},
		sawSurge.weighing(Weak),
		sawManySites,
		{Tags: tags{Stalled}, Weight: Weak, Text: "the web server served next to nothing for some seconds"},
	},
	Against:  []Clue{sawAtLimit.weighing(Weak), sawFPMDown, {Tags: tags{LocalQueue, FloodedPort}, Weight: Medium, Text: "the queue that overflowed is PHP-FPM's own"}},
	Explains: ids(unreachable, []string{"fpm_listen_backlog_full", "fastcgi_read_timeout"}),
	Wants:    hostWants,
	Summary:  "The kernel dropped new connections because a table or queue of its own was full[, which hit {vhosts}].",
	Fix: []Step{
		{
			Text:    "Make the table larger and let dead entries go sooner.",
			Config:  "sysctl -w net.netfilter.nf_conntrack_max=262144\nsysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=86400\nsysctl -w net.netfilter.nf_conntrack_tcp_timeout_time_wait=30",
			Caution: "An entry takes about 300 bytes of kernel memory.",
		},
		{
			Text:   "Make listen queues longer and keep SYN cookies on.",
			Config: "sysctl -w net.core.somaxconn=4096\nsysctl -w net.ipv4.tcp_max_syn_backlog=8192\nsysctl -w net.ipv4.tcp_syncookies=1\nlisten 443 ssl backlog=4096;",
			Apache: "sysctl -w net.core.somaxconn=4096\nsysctl -w net.ipv4.tcp_max_syn_backlog=8192\nsysctl -w net.ipv4.tcp_syncookies=1\nListenBacklog 4096",
		},
		{
			Text:   "Do not track connections on the loopback at all.",
			Config: "iptables -t raw -A PREROUTING -i lo -j NOTRACK\niptables -t raw -A OUTPUT -o lo -j NOTRACK",
		},
	},
	Verify:  []string{"sysctl net.netfilter.nf_conntrack_count stays below three quarters of nf_conntrack_max", "nstat -az TcpExtListenDrops does not grow"},
	Sources: []string{"linux net/netfilter/nf_conntrack_core.c, net/ipv4/tcp_input.c", "linux Documentation/networking/nf_conntrack-sysctl"},
}
