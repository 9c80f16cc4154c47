package discover

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// apacheReader reads one main file of Apache and all it includes.
type apacheReader struct {
	*Server
	root     string // ServerRoot
	vars     map[string]string
	open     []string
	includes int
	site     *Site
	macros   map[string]*macro // by name, lower case
	macro    *macro            // that is being read
	using    int               // how deep macros use macros
	used     int               // lines of macros
}

// readApache reads what a main file of Apache says.
func (s *Server) readApache(main string) {
	r := &apacheReader{Server: s, root: path.Dir(main), macros: map[string]*macro{}, vars: map[string]string{"APACHE_LOG_DIR": "/var/log/apache2"}}
	if path.Base(r.root) == "conf" { // /etc/httpd/conf/httpd.conf, /usr/local/apache/conf/httpd.conf
		r.root = path.Dir(r.root)
	}
	if env := path.Join(path.Dir(main), "envvars"); r.tree.isFile(env) {
		r.environment(env)
	}
	r.file(main)
	r.endSite()
}

// environment reads Debian's envvars:
//
//	export APACHE_LOG_DIR=/var/log/apache2$SUFFIX
func (r *apacheReader) environment(p string) {
	text, _ := r.tree.read(p)
	for line := range bytes.Lines(text) {
		s, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "export ")
		if !ok {
			continue
		}
		if name, value, ok := strings.Cut(s, "="); ok {
			r.vars[name] = expand(strings.Trim(value, `"'`), func(v string) string { return r.vars[v] })
		}
	}
}

func (r *apacheReader) file(p string) {
	if slices.Contains(r.open, p) || len(r.open) >= maxNesting {
		r.tree.problem("%s: includes itself", p)
		return
	}
	text, ok := r.tree.read(p)
	if !ok {
		return
	}
	r.open = append(r.open, p)
	defer func() { r.open = r.open[:len(r.open)-1] }()
	apacheLines(text, func(_ int, words []string) { r.words(words, p) })
}

// words takes one line, which may be part of a macro.
func (r *apacheReader) words(words []string, p string) {
	if r.define(words) {
		return
	}
	for i, w := range words {
		if strings.Contains(w, "${") {
			words[i] = expandBraces(w, r.vars)
		}
	}
	r.line(words, p)
}

// expandBraces puts the values of ${NAME}; a bare $ is a regular expression's.
func expandBraces(s string, vars map[string]string) string {
	var out strings.Builder
	for out.Len() < maxFile {
		i := strings.Index(s, "${")
		j := strings.IndexByte(s[max(i, 0):], '}')
		if i < 0 || j < 0 {
			break
		}
		value, ok := vars[s[i+2:i+j]]
		if !ok {
			value = s[i : i+j+1]
		}
		out.WriteString(s[:i] + value)
		s = s[i+j+1:]
	}
	return out.String() + s
}

func (r *apacheReader) line(words []string, p string) {
	arg := func(n int) string {
		if n < len(words) {
			return words[n]
		}
		return ""
	}
	switch strings.ToLower(words[0]) {
	case "include", "includeoptional":
		r.include(arg(1), strings.EqualFold(words[0], "Include"))
	case "use":
		r.use(words[1:], p)
	case "define":
		if len(r.vars) < maxFiles {
			r.vars[arg(1)] = arg(2)
		}
	case "serverroot":
		r.root = arg(1)
	case "<virtualhost":
		r.endSite()
		r.site = &Site{}
	case "</virtualhost>":
		r.endSite()
	case "servername", "serveralias":
		if r.site != nil {
			r.site.named(words[1:])
		}
	case "documentroot":
		if r.site != nil {
			r.site.Roots = add(r.site.Roots, below(r.root, arg(1)))
		}
	case "errorlog":
		r.log(arg(1), "Apache error log", "", p)
	case "customlog", "transferlog":
		r.log(arg(1), "Apache access log", arg(2), p)
	case "secauditlog":
		r.log(arg(1), "ModSecurity audit log", "", p)
	case "proxypass", "proxypassmatch":
		r.pass(words[min(len(words), 2):])
	case "sethandler", "<proxy":
		r.pass(words[1:])
	case "proxytimeout", "timeout", "maxrequestworkers", "serverlimit", "loglevel":
		r.set(Setting{words[0], arg(1), p})
	}
}

// include reads the files of a pattern, and those of the folders among them. One that must be there is missed if it is not.
func (r *apacheReader) include(pattern string, must bool) {
	for _, p := range r.tree.glob(below(r.root, pattern)) {
		if r.includes++; r.includes > maxIncludes {
			return
		}
		switch _, info, err := r.tree.stat(p); {
		case err == nil && info.IsDir():
			for _, f := range r.tree.glob(p + "/*") {
				if r.tree.isFile(f) {
					r.file(f)
				}
			}
		case err == nil || must:
			r.file(p)
		}
	}
}

// set notes a setting of the site that is being read, or else of the server.
func (r *apacheReader) set(s Setting) {
	if r.site != nil {
		r.site.Settings = append(r.site.Settings, s)
	} else {
		r.Settings = append(r.Settings, s)
	}
}

func (r *apacheReader) endSite() {
	if r.site != nil {
		r.Sites = append(r.Sites, *r.site)
	}
	r.site = nil
}

// log notes a log; "syslog:…" is no file.
func (r *apacheReader) log(p, kind, format, place string) {
	if strings.HasPrefix(p, "|") {
		p = piped(p)
	}
	if p == "" || strings.HasPrefix(p, "syslog") || strings.Contains(p, "${") || !logFile(p) {
		return
	}
	d := Declared{Path: below(r.root, p), Kind: kind, Place: place, Format: format}
	if r.site != nil && len(r.site.Names) > 0 {
		d.Site = r.site.Names[0]
	}
	r.declare(d)
}

// pass adds the backend that a handler or ProxyPass names:
//
//	SetHandler "proxy:unix:/run/php-fpm/shop.sock|fcgi://shop.test"
//	ProxyPassMatch ^/(.*\.php)$ fcgi://127.0.0.1:9000/var/www/$1
func (r *apacheReader) pass(words []string) {
	if r.site == nil || len(words) == 0 {
		return
	}
	to := strings.TrimSuffix(strings.TrimPrefix(words[0], "proxy:"), ">")
	if socket, _, ok := strings.Cut(to, "|"); ok && strings.HasPrefix(socket, "unix:") {
		r.site.Backends = add(r.site.Backends, socket)
		return
	}
	scheme, rest, ok := strings.Cut(to, "://")
	if !ok || scheme == "balancer" {
		return
	}
	rest, _, _ = strings.Cut(rest, "/")
	for _, b := range backend(scheme, rest) {
		r.site.Backends = add(r.site.Backends, b)
	}
}
