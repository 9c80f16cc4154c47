package rootcause

var upstreamNetworkUnreachable = &Cause{
	ID:    "upstream_network_unreachable",
	Title: "The backend's host cannot be reached over the network",
	Layer: Network,
	Kind:  Root,
	Prior: .02,
	Group: "backend",
	Doc: "The connect to the backend fails in the network: \"(113: No route to host)\" and \"(101: Network is unreachable)\" come at once, from a firewall that rejects, a host that is off, or a container network that is gone; \"(110) while connecting\" comes after a wait, from a firewall that drops. nginx answers 502, or 504 after the wait; Apache 503. Between a " +
		"CDN and the server it is 521 to 523.\n\n" +
		"\"(111: Connection refused)\" comes from the backend's host itself: there the service is down. A full listen queue on TCP also looks like (110): to an address of this very machine it can hardly be anything else.",
	Needs: []Clue{
		{Tags: tags{"nginx/upstream-unreachable", "proxy/unreachable"}, Weight: naming, Text: "{n} connections found no way to the backend's host (113, 101)"},
		{Tags: tags{"apache/connect-unroutable"}, Weight: naming, Text: "Apache could not reach the backend's host {n} times (AH00957)"},
		{Tags: tags{"nginx/upstream-connect-timeout", "proxy/connect-timeout"}, Weight: Medium, Text: "{n} connections to the backend were not answered"},
	},
	For: []Clue{
		sawNoneServed.weighing(Weak),
		{Tags: tags{"nginx/no-live-upstreams"}, Weight: Weak, Text: "{n} requests were turned away because every backend was marked failed"},
		sawLasting,
	},
	Against: []Clue{
		sawAtLimit.weighing(Medium),
		{Tags: tags{LocalQueue, LocalHTTPQueue}, Weight: naming, Text: "the address is one of this machine: no network lies in between"},
		{Tags: tags{"kernel/syn-flood"}, Weight: Medium, Lag: Before, Host: true, Text: "a listen queue overflowed on this machine"},
		{Tags: tags{"nginx/upstream-refused"}, Weight: Medium, Share: .5, Text: "most connections were refused by the host itself"},
	},
	Explains: ids(unreachable, []string{"upstream_backend_down"}),
	Wants:    networkWants,
	Summary:  "The backend's host[ {upstreams}] could not be reached over the network, so requests[ to {vhosts}] failed.",
	Fix: []Step{
		{
			Text:   "Try the way from the proxy itself, and see where it ends.",
			Config: "ip route get 10.0.0.2\nnc -vz -w 3 10.0.0.2 8080\ntraceroute -T -p 8080 10.0.0.2",
		},
		{
			Text:    "Let the firewall pass it (on both ends, and CSF's lists for a CDN's addresses).",
			Config:  "iptables -L INPUT -nv --line-numbers | grep -E '8080|DROP|REJECT'\ncsf -g 10.0.0.2\ncsf -a 10.0.0.2 proxy",
			Caution: "Open the port for the proxy's address only.",
		},
		{
			Text:   "Do not let visitors wait a minute for a dead host.",
			Config: "proxy_connect_timeout 3s;\nfastcgi_connect_timeout 3s;",
			Apache: "ProxyPass \"/\" \"http://10.0.0.2:8080/\" connectiontimeout=3",
		},
	},
	Verify:  []string{"nc -vz from the proxy to the backend answers at once", "no (113), (101) or \"timed out while connecting\" for a day"},
	Sources: []string{"nginx src/event/ngx_event_connect.c", "connect(2)", "developers.cloudflare.com: error 522"},
}
