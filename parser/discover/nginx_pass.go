package discover

import (
	"strings"

	"why502/parser"
)

// pass adds the backends of a fastcgi_pass or its like.
func (r *nginxReader) pass(scope nginxScope, to string) {
	for range 4 { // set $sock unix:/run/$name.sock
		if !strings.Contains(to, "$") {
			break
		}
		to = expand(to, func(name string) string { return scope.vars[name] })
	}
	scheme, rest, ok := strings.Cut(to, "://")
	if !ok {
		scheme, rest = "", to
	}
	group, _, _ := strings.Cut(rest, "/")
	servers, ok := r.upstreams[group]
	if !ok {
		servers = backend(scheme, rest)
	}
	for _, b := range servers {
		scope.site.Backends = add(scope.site.Backends, b)
	}
}

// expand puts the values of $name and ${name}.
func expand(s string, value func(string) string) string {
	var out strings.Builder
	for {
		i := strings.IndexByte(s, '$')
		if i < 0 || out.Len() > maxFile {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:i])
		s = strings.TrimPrefix(s[i+1:], "{")
		n := 0
		for n < len(s) && (s[n] == '_' || s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
			n++
		}
		out.WriteString(value(s[:n]))
		s = strings.TrimPrefix(s[n:], "}")
	}
}

// backend is an address as error logs name it. A name is logged by its address: only localhost's is known.
//
//	unix:/run/a.sock:/uri → unix:/run/a.sock      http, localhost/x → 127.0.0.1:80, [::1]:80
func backend(scheme, to string) []string {
	if to == "" || strings.Contains(to, "$") {
		return nil
	}
	_, b := parser.Backend([]byte("x://" + to))
	addr := string(b)
	if addr == "" || strings.HasPrefix(addr, "unix:") {
		return add(nil, addr)
	}
	if i := strings.LastIndexByte(addr, ':'); i < 0 || strings.HasSuffix(addr, "]") {
		switch scheme {
		case "https", "grpcs":
			addr += ":443"
		default:
			addr += ":80"
		}
	}
	if port, ok := strings.CutPrefix(addr, "localhost:"); ok {
		return []string{"127.0.0.1:" + port, "[::1]:" + port}
	}
	return []string{addr}
}
