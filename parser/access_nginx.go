package parser

import "strings"

// CompileNginx compiles the pattern of a log_format, its pieces joined; "escape=json " or "escape=none "
// may stand before it. Errors name the column in the pattern.
func CompileNginx(name, pattern string) (*AccessFormat, error) {
	c := &accessCompiler{f: &AccessFormat{Name: name, Source: "nginx", Pattern: pattern}}
	start := 0
	for _, e := range [...]struct {
		word string
		kind escaping
	}{{"escape=default ", escapeBackslash}, {"escape=json ", escapeJSON}, {"escape=none ", escapeNone}} {
		if strings.HasPrefix(pattern, e.word) {
			c.f.escape, start = e.kind, len(e.word)
		}
	}
	for i := start; i < len(pattern); i++ {
		switch b := pattern[i]; {
		case b == '\\' && i+1 < len(pattern) && pattern[i+1] == '"': // as written inside double quotes
		case b != '$':
			c.text.WriteByte(b)
		default:
			name, end, err := c.variable(pattern, i)
			if err != nil {
				return nil, err
			}
			s := accessSlot{v: nginxVar(name)}
			switch name {
			case "status":
				s.width = 3
			case "pipe":
				s.width = 1
			}
			if err := c.value(i, "$"+name, s); err != nil {
				return nil, err
			}
			i = end - 1
		}
	}
	return c.finish()
}

// variable reads "$name" or "${name}" at i and returns where it ends.
func (c *accessCompiler) variable(pattern string, i int) (name string, end int, err error) {
	from := i + 1
	braced := from < len(pattern) && pattern[from] == '{'
	if braced {
		from++
	}
	end = from
	for end < len(pattern) && (pattern[end] == '_' || pattern[end] >= '0' && pattern[end] <= '9' ||
		pattern[end]|0x20 >= 'a' && pattern[end]|0x20 <= 'z') {
		end++
	}
	switch {
	case end == from:
		return "", 0, c.wrong(i, "a $ without the name of a variable")
	case braced && (end == len(pattern) || pattern[end] != '}'):
		return "", 0, c.wrong(i, "${%s has no closing brace", pattern[from:end])
	case braced:
		return pattern[from:end], end + 1, nil
	}
	return pattern[from:end], end, nil
}

// nginxVar knows nginx's own variables. Others are passed over.
func nginxVar(name string) accessVar {
	switch name {
	case "time_local":
		return varCLF
	case "time_iso8601":
		return varISO
	case "msec":
		return varEpoch
	case "request":
		return varRequest
	case "request_uri", "uri", "document_uri":
		return varURI
	case "host", "http_host":
		return varHost
	case "server_name":
		return varServer
	case "request_time":
		return varSpan
	case "remote_addr", "remote_user", "request_method", "status", "body_bytes_sent", "bytes_sent",
		"http_referer", "http_user_agent", "server_port", "upstream_addr", "upstream_status",
		"upstream_response_time", "upstream_header_time", "upstream_connect_time", "upstream_cache_status",
		"pid", "connection", "http_x_forwarded_for", "http_cf_ray":
		return jsonVar([]byte(name))
	}
	return varSkip
}
