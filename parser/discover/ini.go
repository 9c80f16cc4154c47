package discover

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
)

// What php.ini and the database's configuration set of what advice speaks of. Both files are long, so the line is told, too.

// databasePlaces are read one after the other; the last value counts.
var databasePlaces = []string{
	"/etc/my.cnf", "/etc/my.cnf.d/*.cnf", "/etc/mysql/my.cnf", "/etc/mysql/conf.d/*.cnf", "/etc/mysql/mysql.conf.d/*.cnf",
	"/etc/mysql/mariadb.conf.d/*.cnf",
}

var databaseSettings = []string{"max_connections", "wait_timeout", "innodb_buffer_pool_size"}

// readDatabase reads what the server's sections say; those of clients and of mysqldump set their own.
//
//	[mysqld]
//	max_connections = 151
func (s *Server) readDatabase() {
	serves := func(section string) bool {
		return section == "server" || section == "mysqld" || section == "mariadb" || strings.HasPrefix(section, "mysqld-") || strings.HasPrefix(section, "mariadb-")
	}
	for _, p := range s.tree.first(databasePlaces) {
		for _, set := range s.tree.lines(p, databaseSettings, serves) {
			s.Database = append(slices.DeleteFunc(s.Database, func(have Setting) bool { return have.Name == set.Name }), set)
		}
	}
}

// readPHP gives pools what the php.ini beside their folder sets and they do not:
//
//	/etc/php/8.2/fpm/pool.d/shop.conf    /etc/php/8.2/fpm/php.ini, /etc/php/8.2/fpm/conf.d/*.ini
//	/etc/php-fpm.d/www.conf              /etc/php.ini, /etc/php.d/*.ini
//	/usr/local/etc/php-fpm.d/www.conf    /usr/local/etc/php/php.ini, /usr/local/etc/php/conf.d/*.ini
func (s *Server) readPHP() {
	set := map[string][]Setting{} // by folder, at most one: the last
	for i := range s.Pools {
		pool := &s.Pools[i]
		dir := path.Dir(pool.Place)
		if base := path.Base(dir); base == "pool.d" || base == "php-fpm.d" {
			dir = path.Dir(dir)
		}
		all, known := set[dir]
		if !known {
			all = s.tree.phpLimit(dir)
			set[dir] = all
		}
		_, admin := Set(pool.Settings, "php_admin_value["+memoryLimit+"]")
		if _, own := Set(pool.Settings, "php_value["+memoryLimit+"]"); !own && !admin {
			pool.Settings = append(pool.Settings, all...)
		}
	}
}

const memoryLimit = "memory_limit"

// phpLimit is the last memory_limit that the files of a folder set, if any does.
func (t *tree) phpLimit(dir string) (last []Setting) {
	global := func(section string) bool { return !strings.Contains(section, "=") } // sections are for the eye, but for [PATH=/srv/a] and [HOST=a.test]
	for _, name := range []string{"php.ini", "php/php.ini", "conf.d/*.ini", "php.d/*.ini", "php/conf.d/*.ini"} {
		for _, p := range t.first([]string{path.Join(dir, name)}) {
			if found := t.lines(p, []string{memoryLimit}, global); len(found) > 0 {
				last = found[len(found)-1:]
			}
		}
	}
	return last
}

// lines are the settings of some names in a file of "name = value" lines, in their order. Names may have "-" for "_".
func (t *tree) lines(p string, names []string, in func(section string) bool) (found []Setting) {
	text, ok := t.read(p)
	if !ok {
		return nil
	}
	here, n := in(""), 0
	for line := range bytes.Lines(text) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) > 1 && line[0] == '[' {
			section, _, _ := bytes.Cut(line[1:], []byte("]"))
			here = in(strings.ToLower(string(section)))
			continue
		}
		key, value, ok := bytes.Cut(line, []byte("="))
		if !ok || !here {
			continue
		}
		name := strings.ReplaceAll(string(bytes.TrimSpace(key)), "-", "_")
		if i := bytes.IndexAny(value, ";#"); i >= 0 {
			value = value[:i]
		}
		if v := strings.Trim(string(bytes.TrimSpace(value)), `"'`); v != "" && slices.Contains(names, name) {
			found = append(found, Setting{name, v, fmt.Sprintf("%s:%d", p, n)})
		}
	}
	return found
}
