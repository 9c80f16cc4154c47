package rootcause

var upstreamTLSHandshake = &Cause{
	ID:    "upstream_tls_handshake",
	Title: "TLS between the web server and its backend fails",
	Layer: Network,
	Kind:  Root,
	Prior: .02,
	Doc: "The proxy speaks TLS to its backend and they do not agree. \"wrong version number\" or \"unknown protocol\": the port speaks plain HTTP. \"alert protocol version\": no TLS version in common. \"certificate verify failed\": unknown or expired " +
		"certificate. \"alert handshake failure\" or \"unrecognized name\": the backend wants the server name (SNI). All requests to it fail, 502 under nginx, 500 under Apache; between a CDN and the server it is 525 or 526.\n\n" +
		"Handshakes of visitors that fail are a different line (\"while SSL handshaking, client\") and harmless.",
	Needs: []Clue{
		{Tags: tags{"nginx/tls-handshake", "proxy/tls"}, Weight: naming, Text: "{n} TLS handshakes with the backend failed"},
		{Tags: tags{"apache/tls"}, Weight: naming, Text: "{n} TLS handshakes with the backend failed"},
		{Tags: tags{"nginx/tls-setup"}, Weight: Medium, Text: "TLS to the backend could not be set up {n} times"},
	},
	For:      []Clue{sawNoneServed.weighing(Weak), sawLasting},
	Explains: unreachable,
	Decisive: true,
	Wants:    networkWants,
	Summary:  "The TLS handshake with the backend[ {upstreams}] fails, so requests[ to {vhosts}] get no answer.",
	Fix: []Step{
		{
			Text:   "Try the handshake by hand; it names what does not fit.",
			Config: "openssl s_client -connect 10.0.0.2:8443 -servername BACKEND -brief </dev/null",
		},
		{
			Text:   "Send the server name, and the versions that the backend knows.",
			Config: "proxy_ssl_server_name on;\nproxy_ssl_name BACKEND;\nproxy_ssl_protocols TLSv1.2 TLSv1.3;",
			Apache: "SSLProxyEngine on\nProxyPreserveHost on\nSSLProxyProtocol -all +TLSv1.2 +TLSv1.3",
		},
		{
			Text:   "If the port speaks plain HTTP, so must the proxy.",
			Config: "proxy_pass http://127.0.0.1:8080;",
			Apache: "ProxyPass \"/\" \"http://127.0.0.1:8080/\"",
		},
		{
			Text:    "If the certificate is not trusted, renew it or name its authority.",
			Config:  "proxy_ssl_verify on;\nproxy_ssl_trusted_certificate /etc/ssl/certs/backend-ca.pem;",
			Apache:  "SSLProxyVerify require\nSSLProxyCACertificateFile /etc/ssl/certs/backend-ca.pem",
			Caution: "Switching verification off hides a man in the middle; do it on loopback only.",
		},
	},
	Verify:  []string{"openssl s_client ends with \"Verification: OK\"", "no \"SSL handshaking to upstream\" for a day"},
	Sources: []string{"nginx src/http/ngx_http_upstream.c, src/event/ngx_event_openssl.c", "nginx.org proxy_ssl_server_name"},
}
