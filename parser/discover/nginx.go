package discover

import (
	"path"
	"slices"
	"strings"
)

// Bounds of nginx's configuration beyond those of files.
const (
	maxNesting  = 32
	maxIncludes = 20_000
)

// directive is one statement of nginx's configuration, with what its braces hold.
type directive struct {
	words []string
	place string // the file
	block []directive
}

func (d *directive) name() string {
	if len(d.words) == 0 {
		return ""
	}
	return d.words[0]
}

func (d *directive) arg(n int) string {
	if n >= len(d.words) {
		return ""
	}
	return d.words[n]
}

// nginxReader reads one main file and all it includes.
type nginxReader struct {
	*Server
	prefix    string // relative logs lie below it
	dir       string // of the main file: relative includes lie there
	open      []string
	includes  int
	upstreams map[string][]string
}

// readNginx reads what a main file of nginx says.
func (s *Server) readNginx(main string) {
	r := &nginxReader{Server: s, dir: path.Dir(main), upstreams: map[string][]string{}}
	r.prefix = r.dir
	switch {
	case r.dir == "/etc/nginx":
		r.prefix = "/usr/share/nginx" // packages are built with it, and logs below it is a link
	case path.Base(r.dir) == "conf":
		r.prefix = path.Dir(r.dir)
	}
	all := r.file(main)
	r.groups(all)
	r.blocks(all, nginxScope{})
}

// file returns the directives of a file, those of included files in the place of the include.
func (r *nginxReader) file(p string) []directive {
	if slices.Contains(r.open, p) || len(r.open) >= maxNesting {
		r.tree.problem("%s: includes itself", p)
		return nil
	}
	text, ok := r.tree.read(p)
	if !ok {
		return nil
	}
	r.open = append(r.open, p)
	defer func() { r.open = r.open[:len(r.open)-1] }()
	stack := [][]directive{nil}
	nginxTokens(text, func(_ int, words []string, end byte) {
		top := len(stack) - 1
		switch end {
		case ';':
			if words[0] == "include" && len(words) == 2 {
				stack[top] = append(stack[top], r.include(words[1])...)
			} else {
				stack[top] = append(stack[top], directive{words: words, place: p})
			}
		case '{':
			if top < maxNesting {
				stack[top] = append(stack[top], directive{words: words, place: p})
			}
			stack = append(stack, nil)
		case '}':
			if top == 0 {
				break
			}
			if up := stack[top-1]; top <= maxNesting && len(up) > 0 {
				up[len(up)-1].block = stack[top]
			}
			stack = stack[:top]
		}
	})
	if len(stack) > 1 {
		r.tree.problem("%s: a brace or quote is not closed", p)
	}
	for top := len(stack) - 1; top > 0; top-- {
		if up := stack[top-1]; top <= maxNesting && len(up) > 0 {
			up[len(up)-1].block = stack[top]
		}
	}
	return stack[0]
}

func (r *nginxReader) include(pattern string) (all []directive) {
	for _, p := range r.tree.glob(below(r.dir, pattern)) {
		if r.includes++; r.includes > maxIncludes {
			return all
		}
		// Types and parameters that packages bring along say nothing of interest.
		switch path.Base(p) {
		case "mime.types", "fastcgi_params", "fastcgi.conf", "proxy_params", "uwsgi_params", "scgi_params":
			continue
		}
		all = append(all, r.file(p)...)
	}
	return all
}

// below is p, if it is relative in dir.
func below(dir, p string) string {
	if path.IsAbs(p) {
		return p
	}
	return path.Join(dir, p)
}

// groups gathers upstream blocks: a pass may name one that is defined later.
//
//	upstream php { server unix:/run/php/a.sock; server 10.0.0.7:9000 backup; keepalive 8; }
func (r *nginxReader) groups(list []directive) {
	for i := range list {
		d := &list[i]
		switch d.name() {
		case "upstream":
			for j := range d.block {
				switch m := &d.block[j]; m.name() {
				case "server":
					for _, b := range backend("", m.arg(1)) {
						r.upstreams[d.arg(1)] = add(r.upstreams[d.arg(1)], b)
					}
				case "keepalive":
					r.Settings = append(r.Settings, Setting{"keepalive", m.arg(1), m.place})
				}
			}
		case "http":
			r.groups(d.block)
		}
	}
}

// nginxScope is what a block takes over from those around it.
type nginxScope struct {
	site *Site
	vars map[string]string
	read map[string]Setting // the read timeouts that hold here
}

// nginxTimeouts are the directives that say how long nginx waits for an answer, by what passes the request on.
var nginxTimeouts = map[string]string{
	"fastcgi_pass": "fastcgi_read_timeout", "proxy_pass": "proxy_read_timeout",
	"uwsgi_pass": "uwsgi_read_timeout", "scgi_pass": "scgi_read_timeout", "grpc_pass": "grpc_read_timeout",
}

// blocks reads the directives of one block: those that others rest on first, nginx does not care for their order.
func (r *nginxReader) blocks(list []directive, scope nginxScope) {
	read := map[string]Setting{}
	for k, v := range scope.read {
		read[k] = v
	}
	scope.read = read
	for i := range list {
		switch d := &list[i]; d.name() {
		case "fastcgi_read_timeout", "proxy_read_timeout", "uwsgi_read_timeout", "scgi_read_timeout", "grpc_read_timeout":
			scope.read[d.name()] = Setting{d.name(), d.arg(1), d.place}
		case "set":
			if scope.vars != nil {
				scope.vars[strings.TrimPrefix(d.arg(1), "$")] = d.arg(2)
			}
		case "worker_connections", "worker_rlimit_nofile":
			r.Settings = append(r.Settings, Setting{d.name(), d.arg(1), d.place})
		case "server_name":
			if scope.site != nil {
				scope.site.named(d.words[1:])
			}
		case "root":
			if scope.site != nil {
				scope.site.root(below(r.prefix, d.arg(1)))
			}
		}
	}
	for i := range list {
		r.directive(&list[i], scope)
	}
}

func (r *nginxReader) directive(d *directive, scope nginxScope) {
	switch d.name() {
	case "error_log":
		r.log(d, "nginx error log", scope.site)
	case "access_log":
		r.log(d, "nginx access log", scope.site)
	case "fastcgi_pass", "proxy_pass", "uwsgi_pass", "scgi_pass", "grpc_pass":
		if scope.site == nil {
			break
		}
		r.pass(scope, d.arg(1))
		if t, ok := scope.read[nginxTimeouts[d.name()]]; ok && !slices.Contains(scope.site.Settings, t) {
			scope.site.Settings = append(scope.site.Settings, t)
		}
	case "server":
		if d.block == nil {
			break
		}
		site := Site{}
		scope.site, scope.vars = &site, map[string]string{}
		r.blocks(d.block, scope)
		if off, ok := unlogged(d.block); ok {
			site.Settings = append(site.Settings, off)
		}
		r.Sites = append(r.Sites, site)
	case "return":
		if s := (Setting{d.name(), d.arg(1), d.place}); scope.site != nil && d.arg(1) == "503" && !slices.Contains(scope.site.Settings, s) {
			scope.site.Settings = append(scope.site.Settings, s)
		}
	case "upstream", "types", "map", "geo":
	default:
		r.blocks(d.block, scope)
	}
}

// unlogged finds the access_log that is off for a site as a whole; for some location it says little.
func unlogged(server []directive) (off Setting, ok bool) {
	for i := range server {
		if d := &server[i]; d.name() == "access_log" {
			if d.arg(1) != "off" {
				return Setting{}, false
			}
			off, ok = Setting{d.name(), "off", d.place}, true
		}
	}
	return off, ok
}

// log notes an error_log or access_log. "stderr", "syslog:…", "memory:…" and "off" are no files.
//
//	access_log /var/log/nginx/$host.log timed;
func (r *nginxReader) log(d *directive, kind string, site *Site) {
	p := d.arg(1)
	if p == "/dev/null" && d.name() == "error_log" {
		nowhere := Setting{d.name(), p, d.place}
		if site != nil {
			site.Settings = append(site.Settings, nowhere)
		} else {
			r.Settings = append(r.Settings, nowhere)
		}
	}
	if p == "" || p == "off" || p == "stderr" || p == "/dev/null" || strings.Contains(p, ":") {
		return
	}
	declared := Declared{Path: below(r.prefix, starred(p)), Kind: kind, Place: d.place}
	switch {
	case d.name() == "error_log":
		declared.Level = d.arg(2)
	case d.arg(2) == "" || strings.Contains(d.arg(2), "="): // buffer=32k
		declared.Format = "combined"
	default:
		declared.Format = d.arg(2)
	}
	if site != nil && len(site.Names) > 0 && !magic(declared.Path) {
		declared.Site = site.Names[0]
	}
	r.declare(declared)
}

// root notes a document root; one with variables stands for many: "/srv/$host/public".
func (s *Site) root(p string) {
	if !strings.Contains(p, "$") {
		s.Roots = add(s.Roots, p)
	} else if p = starred(p); strings.Trim(p, "*/") != "" {
		s.globs = add(s.globs, p)
	}
}

// starred puts a star for every variable.
func starred(p string) string {
	var out strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '$' {
			out.WriteByte(p[i])
			continue
		}
		out.WriteByte('*')
		for i+1 < len(p) && (p[i+1] == '_' || p[i+1] == '{' || p[i+1] == '}' || p[i+1] >= '0' && p[i+1] <= '9' || p[i+1]|0x20 >= 'a' && p[i+1]|0x20 <= 'z') {
			i++
		}
	}
	return out.String()
}
