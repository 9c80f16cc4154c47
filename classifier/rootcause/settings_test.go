package rootcause

import (
	"strings"
	"testing"

	"why502/classifier/correlate"
)

func TestCurrent(t *testing.T) {
	set := func(name, value, place, pool, site string) correlate.InForce {
		return correlate.InForce{Setting: correlate.Setting{Name: name, Value: value, Place: place}, Pool: pool, Site: site}
	}
	shop := []correlate.InForce{
		set("pm", "static", "shop.conf", "shop", ""), set("pm.max_children", "5", "shop.conf", "shop", ""),
		set("request_slowlog_timeout", "0", "shop.conf", "shop", ""), set("fastcgi_read_timeout", "10s", "nginx/shop", "", "shop.test"),
		set("worker_connections", "768", "nginx.conf", "", ""), set("memory_limit", "128M", "php.ini:409", "shop", ""),
		set("max_connections", "151", "/etc/my.cnf:3", "", ""),
	}
	for _, c := range []struct{ config, want string }{
		{"pm = dynamic\npm.max_children = 20", "pm = static (PHP-FPM never warns that a static pool is full), pm.max_children = 5 in pool shop (shop.conf)"},
		{"pm.max_children = 20", "pm.max_children = 5 in pool shop (shop.conf)"},
		{"request_slowlog_timeout = 5s\nfastcgi_read_timeout 60s;", "request_slowlog_timeout = 0 (off) in pool shop (shop.conf); fastcgi_read_timeout 10s for shop.test (nginx/shop)"},
		{"events { worker_connections 4096; }", "worker_connections 768 (nginx.conf)"},
		{"define('X');\nphp_admin_value[memory_limit] = 256M", "memory_limit = 128M in pool shop (php.ini:409)"},
		{"php_admin_value[error_log] = /x", ""},
		{"max_connections = 200\nwait_timeout = 60", "max_connections = 151 (/etc/my.cnf:3)"},
		{"ss -tn # worker_connections", ""},
		{"pm.status_path = /x", ""},
		{"", ""},
	} {
		if got := current(c.config, shop); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.config, got, c.want)
		}
	}
	var many []correlate.InForce
	for i := range 20 {
		many = append(many, set("pm", "dynamic", strings.Repeat("x", i), "p", ""))
	}
	if got := current("pm = x", many); strings.Count(got, "pm = ") != maxShown || !strings.HasSuffix(got, "and more") {
		t.Errorf("%s", got)
	}
}

func TestAllOn(t *testing.T) {
	pool := func(timeout string) *correlate.Pool {
		return &correlate.Pool{Settings: []correlate.Setting{{Name: "request_slowlog_timeout", Value: timeout}}}
	}
	for _, c := range []struct {
		pools []*correlate.Pool
		want  bool
	}{
		{nil, false},
		{[]*correlate.Pool{pool("2s")}, true},
		{[]*correlate.Pool{pool("2s"), pool("0")}, false},
		{[]*correlate.Pool{pool("2s"), {}}, false},
	} {
		if got := allOn(c.pools, "request_slowlog_timeout"); got != c.want {
			t.Errorf("%v: %v", c.pools, got)
		}
	}
}
