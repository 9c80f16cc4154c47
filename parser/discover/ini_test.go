package discover

import (
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// What php.ini and my.cnf set is known with its line: of the server's sections, not of clients'; the last one counts, the pool's own first.
func TestINI(t *testing.T) {
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(`
-- etc/php/8.2/fpm/pool.d/shop.conf --
[shop]
listen = /run/php/shop.sock
[own]
listen = /run/php/own.sock
php_admin_value[memory_limit] = 64M
-- etc/php/8.2/fpm/php.ini --
[PHP]
; memory_limit = 1G
memory_limit = 128M ; a comment
[HOST=other.test]
memory_limit = 2G
-- etc/php/8.2/fpm/conf.d/20-site.ini --

memory_limit = "256M"
-- etc/php/7.4/fpm/pool.d/old.conf --
[old]
listen = 9000
-- usr/local/etc/php-fpm.d/www.conf --
[www]
listen = 9001
-- usr/local/etc/php/php.ini --
memory_limit=512M
-- etc/mysql/my.cnf --
[mysqldump]
max_connections = 9
[mysqld]
max_connections = 100
-- etc/mysql/mariadb.conf.d/50-server.cnf --
[mysqld]
max-connections = 151  # by default
[mariadb-11.4]
wait_timeout = 60
`)).Files {
		lay(t, root, f.Name, f.Data)
	}
	s := Configuration(Folder(root))
	limits := map[string]Setting{}
	for _, p := range s.Pools {
		limits[p.Name], _ = Set(p.Settings, "memory_limit")
	}
	for pool, want := range map[string]Setting{
		"shop": {"memory_limit", "256M", "/etc/php/8.2/fpm/conf.d/20-site.ini:2"},
		"own":  {},
		"old":  {},
		"www":  {"memory_limit", "512M", "/usr/local/etc/php/php.ini:1"},
	} {
		if limits[pool] != want {
			t.Errorf("pool %s: %+v, want %+v", pool, limits[pool], want)
		}
	}
	want := []Setting{
		{"max_connections", "151", "/etc/mysql/mariadb.conf.d/50-server.cnf:2"},
		{"wait_timeout", "60", "/etc/mysql/mariadb.conf.d/50-server.cnf:4"},
	}
	if !slices.Equal(s.Database, want) {
		t.Errorf("the database: %+v, want %+v", s.Database, want)
	}
	if len(s.Problems) > 0 {
		t.Error(s.Problems)
	}
}
