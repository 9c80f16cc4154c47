package correlate

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"why502/classifier"
	"why502/parser"
)

// Vhost is the site a record speaks about: the Host the visitor asked for, else the server_name, lower case and
// without a port; nil if neither is a name.
func Vhost(r *parser.Record) []byte {
	for _, b := range [...][]byte{r.Vhost, r.Host, r.Server} {
		if v := hostname(b); v != nil {
			return v
		}
	}
	return nil
}

// hostname returns b as a host name, nil if it is none: "_", "", "~^(?<x>.+)$", "0.0.0.0:80" of a listener without
// a request are not the name of a site.
func hostname(b []byte) []byte {
	if i := bytes.LastIndexByte(b, ':'); i > 0 && !bytes.Contains(b[:i], []byte{':'}) {
		b = b[:i]
	}
	b = bytes.TrimSuffix(b, []byte{'.'})
	if len(b) == 0 || len(b) > 253 {
		return nil
	}
	letter, upper := false, false
	for _, c := range b {
		switch {
		case c >= 'a' && c <= 'z', c >= 0x80:
			letter = true
		case c >= 'A' && c <= 'Z':
			letter, upper = true, true
		case c >= '0' && c <= '9', c == '.', c == '-':
		default:
			return nil
		}
	}
	if !letter {
		return nil
	}
	if upper {
		b = bytes.ToLower(b)
	}
	return b
}

// peer is the upstream of a record: its field, or where a paste or a long line lost that, what the message names:
//
//	connect() to unix:/run/php/php8.2-fpm.sock failed
func peer(r *parser.Record) []byte {
	if r.Upstream != nil || r.Format != "nginx-error" {
		return r.Upstream
	}
	rest, ok := bytes.CutPrefix(r.Message, []byte("connect() to "))
	if !ok {
		return nil
	}
	addr, _, ok := bytes.Cut(rest, []byte(" failed"))
	if !ok {
		return nil
	}
	return addr
}

// uriGroup is the page family of a URI: its first path segment, which is how sites lay out their routes
// ("/product/blue-mug/" is a product page), and for WordPress' one AJAX door the action behind it.
//
// The name is a part of uri, or is made in room.
func uriGroup(uri []byte, room *[]byte) []byte {
	path, query := uri, []byte(nil)
	if i := bytes.IndexByte(uri, '?'); i >= 0 {
		path, query = uri[:i], uri[i+1:]
	}
	if len(path) > 0 && path[0] != '/' {
		if i := bytes.Index(path[:min(len(path), 11)], []byte("://")); i > 0 { // a proxy request: GET http://host/path
			if j := bytes.IndexByte(path[i+3:], '/'); j >= 0 {
				path = path[i+3+j:]
			}
		}
	}
	if len(path) == 0 || path[0] != '/' {
		return nil
	}
	const ajax = "/admin-ajax.php"
	if n := len(path) - len(ajax); n >= 0 && string(path[n:]) == ajax {
		if _, action, ok := bytes.Cut(query, []byte("action=")); ok {
			action, _, _ = bytes.Cut(action, []byte{'&'})
			*room = append(append(append((*room)[:0], path...), "?action="...), action...)
			return *room
		}
		return path
	}
	end := 0
	for {
		i := bytes.IndexByte(path[end+1:], '/')
		if i < 0 || end+1+i+1 == len(path) {
			return path
		}
		segment := path[end+1 : end+1+i]
		end += 1 + i
		if !prefix(segment) {
			return path[:end+1]
		}
	}
}

// group is the page family of a URI; 0 if it has none.
func (t *Timeline) group(k kind, uri []byte) ID {
	name := uriGroup(uri, &t.room)
	return t.names.id(k, name)
}

// prefix says whether a path segment only leads to the page: a language, an API and its version.
func prefix(s []byte) bool {
	switch string(s) {
	case "api", "rest", "wp-json", "index.php", "public":
		return true
	}
	if len(s) >= 2 && len(s) <= 3 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9' {
		return true
	}
	if len(s) == 2 || len(s) == 5 && (s[2] == '-' || s[2] == '_') {
		return letter(s[0]) && letter(s[1])
	}
	return false
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// static says whether a path is a file that no PHP makes.
func static(uri []byte) bool {
	path := uri
	if i := bytes.IndexByte(uri, '?'); i >= 0 {
		path = uri[:i]
	}
	end := path[max(0, len(path)-len(".woff2")):]
	dot := len(end) - 1
	for dot >= 0 && end[dot] != '.' {
		if end[dot] == '/' {
			return false
		}
		dot--
	}
	if dot < 0 {
		return false
	}
	switch string(end[dot+1:]) {
	case "css", "js", "png", "jpg", "jpeg", "gif", "ico", "svg", "webp", "avif", "woff", "woff2", "ttf", "eot",
		"map", "mp4", "webm", "mp3", "pdf", "zip", "gz", "txt", "html", "htm":
		return true
	}
	return false
}

// pageServers are the processes whose death visitors feel.
var pageServers = []string{"php", "lsphp", "apache2", "httpd", "nginx", "mysqld", "mariadbd", "redis-server", "memcached", "litespeed", "lshttpd"}

// Stranger says whether the OOM killer took a process that serves no page. Kernels that name no victim leave that open.
func (m *Mark) Stranger() bool {
	name, named := strings.CutPrefix(m.Culprit, "process:")
	return named && !slices.ContainsFunc(pageServers, func(p string) bool { return strings.HasPrefix(name, p) })
}

// kernelCulprit is the process the OOM killer took ("process:mariadbd") or the mapped file a process crashed in
// ("module:imagick.so"). A crash in PHP itself or in libc does not name the extension that led there.
func kernelCulprit(r *parser.Record) string {
	if v := r.Field("victim"); v != nil {
		return "process:" + string(v)
	}
	m := r.Field("module")
	for _, plain := range [...]string{"php", "lsphp", "libc", "ld-", "libpthread", "libstdc", "libgcc"} {
		if bytes.HasPrefix(m, []byte(plain)) {
			return ""
		}
	}
	if m == nil {
		return ""
	}
	return "module:" + string(m)
}

// queryCulprit names a statement by its verb and table, which stay the same while its values change:
//
//	SELECT option_name, option_value FROM wp_options WHERE autoload = 'yes';   → query:SELECT wp_options
func queryCulprit(query []byte) string {
	words := bytes.Fields(query[:min(len(query), 2000)])
	if len(words) == 0 {
		return ""
	}
	verb := strings.ToUpper(string(words[0]))
	for i, w := range words[:len(words)-1] {
		switch strings.ToUpper(string(w)) {
		case "FROM", "INTO", "UPDATE", "TABLE", "TABLES", "JOIN":
			table, _, _ := bytes.Cut(bytes.Trim(words[i+1], "`\"'(),;"), []byte{'('})
			if len(table) > 0 && len(table) <= 64 && !strings.EqualFold(string(table), "SELECT") {
				return "query:" + verb + " " + string(table)
			}
		}
	}
	return "query:" + verb
}

// appendCulprit appends the plugin, theme or package that a PHP file belongs to, else the file itself.
//
//	/var/www/shop/wp-content/plugins/acme-rates/includes/api.php  → plugin:acme-rates
//	/home/u/public_html/wp-content/themes/storefront/index.php    → theme:storefront
//	/srv/app/vendor/guzzlehttp/guzzle/src/Client.php              → package:guzzlehttp/guzzle
//	/srv/app/src/ReportExporter.php                               → file:ReportExporter.php
func appendCulprit(b, file []byte) []byte {
	for _, place := range [...]struct{ dir, kind string }{
		{"/plugins/", "plugin:"}, {"/mu-plugins/", "plugin:"}, {"/themes/", "theme:"}, {"/modules/", "module:"},
	} {
		if _, rest, ok := bytes.Cut(file, []byte(place.dir)); ok {
			name, _, _ := bytes.Cut(rest, []byte{'/'})
			return append(append(b, place.kind...), bytes.TrimSuffix(name, []byte(".php"))...)
		}
	}
	if i := bytes.LastIndex(file, []byte("/vendor/")); i >= 0 {
		if owner, rest, ok := bytes.Cut(file[i+8:], []byte{'/'}); ok {
			if name, _, ok := bytes.Cut(rest, []byte{'/'}); ok {
				return append(append(append(append(b, "package:"...), owner...), '/'), name...)
			}
		}
	}
	if base := file[bytes.LastIndexByte(file, '/')+1:]; len(base) > 0 && len(file) > len(base) {
		return append(append(b, "file:"...), base...)
	}
	return b
}

// core says whether a file is the application's frame, through which every request goes: naming it says nothing.
func core(file []byte) bool {
	if len(file) == 0 {
		return false
	}
	for _, dir := range [...]string{"/wp-includes/", "/wp-admin/", "/wp-content/object-cache.php", "/wp-content/db.php"} {
		if bytes.Contains(file, []byte(dir)) {
			return true
		}
	}
	switch string(file[bytes.LastIndexByte(file, '/')+1:]) {
	case "index.php", "wp-load.php", "wp-blog-header.php", "wp-settings.php", "wp-config.php", "wp-cron.php", "wp-login.php", "wp-comments-post.php", "xmlrpc.php", "Kernel.php", "autoload.php":
		return true
	}
	return false
}

// stated is the number an event is about: a limit, a signal, an exit code.
func stated(r *parser.Record, e *classifier.Event) int {
	var found [3][]byte
	for i := len(r.Fields) - 1; i >= 0; i-- { // of two the first counts
		switch f := &r.Fields[i]; f.Key {
		case "limit":
			found[0] = f.Value
		case "signal":
			found[1] = f.Value
		case "code":
			found[2] = f.Value
		}
	}
	for i, key := range [...]string{"limit", "signal", "code"} {
		b := found[i]
		if b == nil {
			b = e.Attr(key)
		}
		if b == nil {
			continue // before Atoi makes an error of it
		}
		if n, err := strconv.Atoi(string(b)); err == nil {
			return n
		}
	}
	return 0
}
