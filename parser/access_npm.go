package parser

import "bytes"

// npmAccess are the log_formats of Nginx Proxy Manager, whose logs mostly come without its configuration:
//
//	[22/Nov/2026:10:00:02 +0000] - 502 502 - GET https nas.test "/" [Client 192.0.2.7] [Length 154] [Gzip -] [Sent-to 192.0.2.20] "Mozilla/5.0" "-"
//	[22/Nov/2026:10:00:02 +0000] 404 - GET http nas.test "/x" [Client 192.0.2.7] [Length 150] [Gzip 3.08] "curl/8" "-"
var npmAccess = [...]*AccessFormat{
	builtinNginx("npm-proxy", `[$time_local] $upstream_cache_status $upstream_status $status - $request_method $scheme $host "$request_uri" `+
		`[Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] [Sent-to $server] "$http_user_agent" "$http_referer"`),
	builtinNginx("npm-standard", `[$time_local] $status - $request_method $scheme $host "$request_uri" `+
		`[Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] "$http_user_agent" "$http_referer"`),
}

func builtinNginx(name, pattern string) *AccessFormat {
	f, err := CompileNginx(name, pattern)
	if err != nil {
		panic(err)
	}
	return f
}

func npmLine(line []byte) bool {
	return len(line) > clfLen+2 && line[0] == '[' && line[1+clfLen] == ']' && bytes.Contains(line, []byte(" [Client ")) && bytes.Contains(line, []byte(" [Length "))
}

func (r *Record) parseNPM(d *Decoder, line []byte) bool {
	for _, f := range npmAccess {
		if f.parse(d, line, r) {
			return true
		}
	}
	return false
}
