package discover

import (
	"path"
	"strings"

	"gopkg.in/ini.v1"
)

// fpmSettings are the directives of a pool that verdicts and advice speak of.
var fpmSettings = []string{
	"pm", "pm.max_children", "pm.start_servers", "pm.min_spare_servers", "pm.max_spare_servers", "pm.max_requests",
	"pm.process_idle_timeout", "listen.backlog", "request_slowlog_timeout", "request_terminate_timeout",
	"php_admin_value[memory_limit]", "php_value[memory_limit]", "slowlog", "catch_workers_output",
	"php_admin_flag[log_errors]", "php_flag[log_errors]",
}

// masterSettings are those of the section [global].
var masterSettings = []string{"process_control_timeout", "log_level"}

// fpmReader reads one main file of PHP-FPM and all it includes.
type fpmReader struct {
	*Server
	prefix string // relative paths lie below it
	seen   map[string]bool
	pools  map[string]int // by name: a pool may be spread over files
	master *Master        // nil: pools without a main file are read
}

// readPools reads PHP-FPM: each version has a main file of its own. Pool files without one (a copied pool.d) are read too.
func (s *Server) readPools() {
	seen := map[string]bool{}
	for _, main := range s.tree.first(fpmPlaces) {
		r := &fpmReader{Server: s, prefix: fpmPrefix(main), seen: seen, pools: map[string]int{}, master: &Master{Place: main}}
		r.file(main, 0)
		s.Masters = append(s.Masters, *r.master)
	}
	for _, p := range s.tree.first(poolPlaces) {
		r := &fpmReader{Server: s, prefix: fpmPrefix(p), seen: seen, pools: map[string]int{}}
		r.file(p, 0)
	}
}

// fpmPrefix is where a relative error_log lies, by how PHP was built:
//
//	/opt/cpanel/ea-php82/root/etc/php-fpm.conf → /opt/cpanel/ea-php82/root/usr/var
//	/usr/local/php82/etc/php-fpm.conf          → /usr/local/php82/var
func fpmPrefix(main string) string {
	dir := path.Dir(main)
	if path.Base(dir) == "php-fpm.d" || path.Base(dir) == "pool.d" {
		dir = path.Dir(dir)
	}
	switch {
	case strings.HasPrefix(dir, "/opt/") && strings.HasSuffix(dir, "/root/etc"):
		return path.Dir(dir) + "/usr/var"
	case path.Base(dir) == "etc" && dir != "/etc":
		return path.Dir(dir) + "/var"
	}
	return "/var"
}

// fpmSyntax is how PHP reads its ini files: no backslash at the end of a line, ":" is part of a value, and a key may
// come several times.
var fpmSyntax = ini.LoadOptions{
	IgnoreContinuation: true, SkipUnrecognizableLines: true, AllowBooleanKeys: true, KeyValueDelimiters: "=",
	SpaceBeforeInlineComment: true, AllowShadows: true, AllowDuplicateShadowValues: true, AllowNonUniqueSections: false,
	PreserveSurroundedQuote: false, Loose: true,
}

// parseINI turns whatever the library makes of odd bytes into an error.
func parseINI(text []byte) (*ini.File, error) {
	f, err := ini.LoadSources(fpmSyntax, text)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (r *fpmReader) file(p string, depth int) {
	real := r.tree.real(p)
	if r.seen[real] || depth > maxNesting {
		return
	}
	r.seen[real] = true
	text, ok := r.tree.read(p)
	if !ok {
		return
	}
	f, err := parseINI(text)
	if err != nil {
		r.tree.problem("%s: %s", p, err)
		return
	}
	for _, section := range f.Sections() {
		switch name := section.Name(); name {
		case "global", ini.DefaultSection:
			r.global(section, p)
		default:
			r.pool(section, name, p)
		}
		if !section.HasKey("include") {
			continue
		}
		for _, pattern := range section.Key("include").ValueWithShadows() {
			for _, included := range r.tree.glob(below(path.Dir(p), pattern)) {
				r.file(included, depth+1)
			}
		}
	}
}

func (r *fpmReader) global(section *ini.Section, p string) {
	if log := value(section, "error_log"); logFile(log) {
		r.declare(Declared{Path: below(r.prefix, log), Kind: "PHP-FPM log", Place: p})
	}
	for _, key := range masterSettings {
		if v := value(section, key); v != "" && r.master != nil {
			r.master.Settings = append(r.master.Settings, Setting{key, v, p})
		}
	}
}

// value is the last value of a key, as it stands there.
func value(section *ini.Section, key string) string {
	if !section.HasKey(key) {
		return ""
	}
	all := section.Key(key).ValueWithShadows()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// pool reads a [pool]; $pool stands for its name.
//
//	[shop]
//	listen = /run/php/php8.2-fpm-$pool.sock
//	slowlog = /var/log/php-fpm/$pool-slow.log
func (r *fpmReader) pool(section *ini.Section, name, p string) {
	get := func(key string) string { return strings.ReplaceAll(value(section, key), "$pool", name) }
	i, ok := r.pools[name]
	if !ok {
		i = len(r.Pools)
		r.pools[name] = i
		r.Pools = append(r.Pools, Pool{Name: name, Place: p})
	}
	pool := &r.Pools[i]
	prefix := r.prefix
	if own := get("prefix"); own != "" {
		prefix = own
	}
	for _, b := range listening(get("listen"), prefix) {
		pool.Listen = add(pool.Listen, b)
	}
	for _, key := range fpmSettings {
		if v := get(key); v != "" {
			pool.Settings = append(pool.Settings, Setting{key, v, p})
		}
	}
	if get("request_slowlog_timeout") == "" {
		pool.Settings = append(pool.Settings, Setting{"request_slowlog_timeout", "0", p})
	}
	if log := get("slowlog"); logFile(log) {
		r.declare(Declared{Path: below(prefix, log), Kind: "PHP-FPM slow log", Place: p, Off: off(get("request_slowlog_timeout")), listen: pool.Listen})
	}
	for _, key := range []string{"php_admin_value[error_log]", "php_value[error_log]"} {
		if log := get(key); logFile(log) && path.IsAbs(log) {
			r.declare(Declared{Path: log, Kind: "PHP error log", Place: p, listen: pool.Listen})
		}
	}
	if log := get("access.log"); logFile(log) {
		pool.Access = below(prefix, log)
		r.declare(Declared{Path: pool.Access, Kind: "PHP-FPM access log", Place: p, listen: pool.Listen})
	}
}

// logFile says whether the value of error_log is a file.
func logFile(p string) bool {
	return p != "" && p != "syslog" && !strings.HasPrefix(p, "/dev/") && !strings.HasPrefix(p, "/proc/")
}

func off(timeout string) bool { return strings.Trim(timeout, "0smhd ") == "" }

// listening is a listen directive as the web server's logs name it.
//
//	/run/php.sock → unix:/run/php.sock     9000 → 127.0.0.1:9000     [::]:9000 → 127.0.0.1:9000, [::1]:9000
func listening(listen, prefix string) []string {
	i := strings.LastIndexByte(listen, ':')
	host, port := listen[:max(i, 0)], listen[i+1:]
	switch {
	case listen == "":
		return nil
	case strings.Trim(port, "0123456789") != "":
		return []string{"unix:" + below(prefix, listen)}
	case host == "" || host == "*" || host == "0.0.0.0" || host == "[::]" || host == "localhost":
		return []string{"127.0.0.1:" + port, "[::1]:" + port}
	}
	return []string{listen}
}
