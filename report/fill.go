package report

import (
	"slices"
	"strings"

	"why502/parser/discover"
)

// Remedies and ways to verify are written for any server: https://SITE/PAGE, wp plugin deactivate PLUGIN. Where an incident says which
// site, page and plugin it is, they are filled in, so that a line can be copied as it stands. The names come out of logs, and may be
// whatever a visitor wrote: one that a shell could take for more than a name is left to the reader.

// fillRoom bounds for how many causes with names of their own that is done: of fifty thousand incidents nobody copies all lines.
const fillRoom = 512

// filled is what one cause advises, with names.
type filled struct {
	cause, site, page, plugin string
	backend, ports            string // of an HTTP server behind a proxy
	host, port                string // of a backend that is asked by its address, whatever it speaks
	extension                 string // of PHP, without .so
	name                      string // of a backend, that was not resolved
	socket                    string // … that listens on one
	rule                      string // of ModSecurity, by its id
	crawler                   string // a word of what it calls itself
	server                           // whose names files and services have
}

// example and examplePorts are what remedies have for the address of a backend, farHost for that of another machine.
const (
	farHost      = "10.0.0.2"
	example      = "127.0.0.1:8080"
	examplePorts = "(8080|8443|3000)"
)

func blanks(in *Incident, c *Cause, php discover.Package) (f filled) {
	f.cause, f.page, f.server = c.ID, "PAGE", serverOf(php, in, c)
	if len(in.Vhosts) > 0 && plainName(in.Vhosts[0].Name, ".-") && strings.Contains(in.Vhosts[0].Name, ".") {
		f.site = in.Vhosts[0].Name
	}
	if f.site != "" && len(in.Vhosts) == 1 && len(in.URIs) > 0 { // of several sites, the page may be another's
		if page, ok := strings.CutPrefix(in.URIs[0].Name, "/"); ok && (page == "" || plainName(page, "/.-_")) {
			f.page = page
		}
	}
	if strings.HasPrefix(c.ID, "upstream_backend_") || (c.ID == "malformed_response_header" || c.ID == "fastcgi_read_timeout") && speaksHTTP(c) {
		f.backend, f.ports = listeners(in.Upstreams)
		if f.backend == "" && len(in.Upstreams) == 1 {
			f.socket = socketOf(in.Upstreams[0].Name)
		}
	}
	switch c.ID {
	case "upstream_network_unreachable", "upstream_tls_handshake", "selinux_denial":
		if len(in.Upstreams) > 0 {
			f.host, f.port = address(in.Upstreams[0].Name)
		}
	}
	if c.ID == "dns_resolver_failure" {
		f.name = unresolved(c)
	}
	switch c.ID {
	case "waf_block_or_odd_response":
		f.rule = refusingRule(c)
	case "bot_or_bruteforce_flood":
		f.crawler = namedCrawler(c)
	}
	f.extension = extension(c)
	for _, x := range c.Culprits {
		if x.Kind == "plugin" && plainName(x.Name, "-_") {
			f.plugin = x.Name
			break
		}
	}
	return f
}

// named says whether there is anything to fill in.
func (f filled) named() bool {
	return f.site != "" || f.plugin != "" || f.backend != "" || f.socket != "" || f.host != "" || f.extension != "" || f.name != "" || f.rule != "" || f.crawler != "" || f.server != (server{})
}

// extension is the one of PHP that crashed, by the module that the kernel names: redis.so. A library (libc.so.6) or PHP itself is none.
func extension(c *Cause) string {
	for _, x := range c.Culprits {
		name, ok := strings.CutSuffix(x.Name, ".so")
		if x.Kind == "module" && ok && plainName(name, "_") && !strings.HasPrefix(name, "lib") {
			return name
		}
	}
	return ""
}

// refusingRule is the id of the rule that refused requests, by ModSecurity's own line.
//
//	… [file "/etc/modsecurity/REQUEST-930.conf"] [line "1"] [id "930120"] [msg "…"] …
func refusingRule(c *Cause) string {
	for _, e := range c.Evidence {
		_, after, ok := strings.Cut(e.Excerpt, `"] [id "`)
		if !ok || !strings.HasPrefix(e.Tag, "waf/") || strings.Count(e.Excerpt, `[id "`) > 1 { // one may be what the visitor sent
			continue
		}
		if id, _, ok := strings.Cut(after, `"]`); ok && id != "" && len(id) <= 12 && strings.Trim(id, "0123456789") == "" {
			return id
		}
	}
	return ""
}

// namedCrawler is what the client that asked most calls itself, if it is known by that and not by its address.
func namedCrawler(c *Cause) string {
	for _, x := range c.Culprits {
		if x.Kind == "client" && plainName(x.Name, "-_") && strings.Trim(x.Name, "0123456789") != "" {
			return x.Name
		}
	}
	return ""
}

// unresolved is the name that could not be resolved, if the line that speaks for a cause is nginx' own.
//
//	… *77 orders.svc.cluster.local could not be resolved (3: Host not found), client: …
func unresolved(c *Cause) string {
	for _, e := range c.Evidence {
		if before, _, ok := strings.Cut(e.Excerpt, " could not be resolved ("); ok {
			if name := before[strings.LastIndexByte(before, ' ')+1:]; plainName(name, ".-_") {
				return name
			}
		}
	}
	return ""
}

// speaksHTTP says whether a line that speaks for a cause is about a backend that was asked in plain HTTP.
func speaksHTTP(c *Cause) bool {
	return slices.ContainsFunc(c.Evidence, func(e Evidence) bool { return strings.Contains(e.Excerpt, `upstream: "http://`) })
}

// maxPorts bounds those named of a group of backends.
const maxPorts = 8

// listeners are the first of an incident's backends and the ports of all, if they are hosts and ports that speak plain HTTP. The name of
// a group (app_backends) is none.
func listeners(upstreams []Share) (first, ports string) {
	var all []string
	for _, u := range upstreams {
		if plainName(u.Name, "._-") {
			continue
		}
		at := listener(u.Name)
		if at == "" {
			return "", ""
		}
		if first == "" {
			first = at
		}
		if _, port, _ := strings.Cut(at, ":"); !slices.Contains(all, port) && len(all) < maxPorts {
			all = append(all, port)
		}
	}
	ports = strings.Join(all, "|")
	if len(all) > 1 {
		ports = "(" + ports + ")"
	}
	return first, ports
}

// address are host and port of a backend; both are empty if it has none, as a socket and the name of a group have.
func address(upstream string) (host, port string) {
	host, port, ok := strings.Cut(upstream, ":")
	if !ok || !plainName(host, ".-") || !plainName(port, "") || strings.Trim(port, "0123456789") != "" {
		return "", ""
	}
	return host, port
}

// listener is the address of a backend if it is one of host and port that speaks plain HTTP: 10.0.0.2:8000.
func listener(upstream string) string {
	if _, port := address(upstream); port == "" || strings.HasSuffix(port, "443") || port == "7081" { // Plesk's Apache
		return ""
	}
	return upstream
}

// socketOf is the path of a backend's unix socket, if there is nothing in it that a shell could take for more.
func socketOf(upstream string) string {
	path, ok := strings.CutPrefix(upstream, "unix:/")
	if !ok || !plainName(path, "/.-_") || strings.Contains(path, "..") {
		return ""
	}
	return "/" + path
}

// plainName says whether s is made of letters, digits and the marks alone, and begins with one of the first two.
func plainName(s, marks string) bool {
	const longest = 100
	for i := range len(s) {
		small := s[i] | 0x20
		if named := '0' <= s[i] && s[i] <= '9' || 'a' <= small && small <= 'z'; !named && (i == 0 || strings.IndexByte(marks, s[i]) < 0) {
			return false
		}
	}
	return s != "" && len(s) <= longest
}

// fill fills in the names of an incident into what a cause of it advises. Lists of equal text are shared.
func (b *builder) fill(in *Incident, c *Cause, php discover.Package) {
	f := blanks(in, c, php)
	if !f.named() {
		return
	}
	if _, ok := b.filled[f]; !ok && len(b.filled) >= fillRoom {
		f = filled{cause: f.cause, page: "PAGE", server: server{Package: php}} // packages are few
		if _, ok := b.filled[f]; !f.named() || !ok && len(b.filled) >= 2*fillRoom {
			return
		}
	}
	have, ok := b.filled[f]
	if !ok || !slices.Equal(have.of, c.Advice) {
		have = f.into(c)
		b.filled[f] = have
	}
	c.Advice, c.Verify = have.advice, have.verify
}

// into fills the names into a copy of what c advises.
func (f filled) into(c *Cause) remedies {
	words := append(f.server.words(), "/var/www/SITE", "/var/www/SITE") // which folder it is nobody said
	if f.site != "" {
		words = append(words, "https://SITE/PAGE", "https://"+f.site+"/"+f.page, "SITE", f.site)
		if f.page != "PAGE" {
			words = append(words, `"^/PAGE"`, `"^/`+f.page+`"`)
		}
	}
	if f.backend != "" {
		words = append(words, "http://"+example+"/PAGE", "http://"+f.backend+"/"+f.page, example, f.backend, examplePorts, f.ports)
	}
	if f.socket != "" {
		words = append(words, "http://"+example+"/PAGE", "--unix-socket "+f.socket+" http://localhost/"+f.page, "http://"+example+"/", "--unix-socket "+f.socket+" http://localhost/",
			"ss -ltnp | grep -E ':"+examplePorts+" '", "ss -lxp | grep "+f.socket, "/run/app.sock", f.socket)
	}
	if f.plugin != "" {
		words = append(words, "PLUGIN", f.plugin)
	}
	if f.name != "" {
		words = append(words, "BACKEND", f.name)
	}
	if f.rule != "" {
		words = append(words, "RULE_ID", f.rule)
	}
	if f.crawler != "" {
		words = append(words, "(NAME", "("+f.crawler)
	}
	if f.host != "" {
		words = append(words, farHost+":8443", f.host+":"+f.port, farHost+" 8080", f.host+" "+f.port, "-p 8080 "+farHost, "-p "+f.port+" "+f.host, "'8080|DROP", "'"+f.port+"|DROP",
			farHost, f.host, "-p tcp 8085", "-p tcp "+f.port, "http://"+example, "http://"+f.host+":"+f.port)
	}
	r := strings.NewReplacer(words...)
	to := remedies{c.Advice, slices.Clone(c.Advice), slices.Clone(c.Verify)}
	if f.Unit != "" && !f.CPanel { // it is known to be another's
		to.advice = slices.DeleteFunc(to.advice, func(a Advice) bool { return a.CPanel })
	}
	for i := range to.advice {
		a := &to.advice[i]
		a.Caution = f.caution(a)
		a.Config = r.Replace(a.Config)
		if f.crawler != "" {
			a.Text = strings.Replace(a.Text, "(NAME)", "("+f.crawler+")", 1)
		}
		if f.extension != "" { // also where another packager's words for it were put in
			a.Config = strings.ReplaceAll(a.Config, "EXTENSION", f.extension)
		}
	}
	for i := range to.verify {
		to.verify[i] = r.Replace(to.verify[i])
	}
	return to
}

// remedies are what a cause advises, made of the list that knew no names.
type remedies struct {
	of, advice []Advice
	verify     []string
}
