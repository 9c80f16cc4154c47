package correlate

import (
	"testing"

	"why502/parser"
)

func TestHostname(t *testing.T) {
	for in, want := range map[string]string{
		"shop.example":      "shop.example",
		"SHOP.example:8443": "shop.example",
		"shop.example.":     "shop.example",
		"localhost":         "localhost",
		"_":                 "",
		"":                  "",
		"~^(?<x>.+)$":       "",
		"0.0.0.0:443":       "",
		"[::]:80":           "",
		"203.0.113.9":       "",
		"<script>":          "",
		"a b":               "",
	} {
		if got := string(hostname([]byte(in))); got != want {
			t.Errorf("hostname(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestURIGroup(t *testing.T) {
	for in, want := range map[string]string{
		"/":                               "/",
		"/?p=12":                          "/",
		"/cart/":                          "/cart/",
		"/product/blue-mug-12/":           "/product/",
		"/v1/export?day=59":               "/v1/export",
		"/v1/orders/17":                   "/v1/orders/",
		"/de/product/x/":                  "/de/product/",
		"/wp-json/wc/v3/products?page=2":  "/wp-json/wc/v3/products",
		"/sitemap.xml":                    "/sitemap.xml",
		"/wp-admin/admin-ajax.php":        "/wp-admin/admin-ajax.php",
		"/wp-admin/admin-ajax.php?a=1":    "/wp-admin/admin-ajax.php",
		"http://shop.example/cart/?x=/y/": "/cart/",
		"*":                               "",
		"":                                "",
		"/wp-admin/admin-ajax.php?action=export&batch=35": "/wp-admin/admin-ajax.php?action=export",
	} {
		if got := string(uriGroup([]byte(in), new([]byte))); got != want {
			t.Errorf("uriGroup(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCulprit(t *testing.T) {
	for in, want := range map[string]string{
		"/var/www/shop/wp-content/plugins/acme-rates/includes/api.php": "plugin:acme-rates",
		"/var/www/shop/wp-content/plugins/hello.php":                   "plugin:hello",
		"/home/u/public_html/wp-content/mu-plugins/loader.php":         "plugin:loader",
		"/home/u/public_html/wp-content/themes/storefront/index.php":   "theme:storefront",
		"/srv/app/vendor/guzzlehttp/guzzle/src/Client.php":             "package:guzzlehttp/guzzle",
		"/srv/app/src/ReportExporter.php":                              "file:ReportExporter.php",
		"":                                                             "",
		"unknown":                                                      "",
	} {
		if got := string(appendCulprit(nil, []byte(in))); got != want {
			t.Errorf("appendCulprit(%q) = %q, want %q", in, got, want)
		}
	}
}

// Core files are on every stack: naming them says nothing.
func TestCulpritPassesOverCore(t *testing.T) {
	r := parser.Record{Frames: []parser.Frame{
		{Func: []byte("curl_exec"), File: []byte("/w/wp-includes/http.php")},
		{Func: []byte("fetch"), File: []byte("/w/wp-content/plugins/acme/api.php")},
		{Func: []byte("main"), File: []byte("/w/index.php")},
	}}
	tl := New()
	if got := tl.names.name(tl.culprit(&r)); got != "plugin:acme" {
		t.Errorf("culprit = %q", got)
	}
	if got := tl.names.name(tl.culprit(&parser.Record{Script: []byte("/w/index.php")})); got != "" {
		t.Errorf("culprit of a front controller = %q, want none", got)
	}
}

func TestVhostOfPath(t *testing.T) {
	for in, want := range map[string]string{
		"usr/local/apache/domlogs/shop.example":                  "shop.example",
		"etc/apache2/logs/domlogs/shop.example-ssl_log":          "shop.example",
		"var/log/nginx/domains/blog.example":                     "blog.example",
		"var/log/nginx/shop.example.access.log":                  "shop.example",
		"var/log/nginx/shop.example.access.log.2.gz":             "shop.example",
		"var/log/nginx/access-shop.example.log-20261122":         "shop.example",
		"var/www/vhosts/system/shop.example/logs/access_ssl_log": "shop.example",
		"var/log/nginx/access.log":                               "",
		"var/log/nginx/error.log.1":                              "",
		"var/log/php8.2-fpm.log":                                 "",
		"var/log/php-fpm/www.access.log":                         "",
		"home/u/public_html/error_log":                           "",
		"opt/cpanel/ea-php82/root/usr/var/log/php-fpm/error.log": "",
		"home/u/logs/shop_example.php.error.log":                 "",
		"var/lib/mysql/db01.err":                                 "",
		"var/log/apache2/other_vhosts_access.log":                "",
		"stdin":                                "",
		"home/u/logs/shop.example-Nov-2026.gz": "shop.example",
		"home/u/logs/shop.example-ssl_log-Nov-2026.gz": "shop.example",
	} {
		if got := vhostOfPath(in); got != want {
			t.Errorf("vhostOfPath(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		s, name string
		want    bool
	}{
		{"unix:/run/php/php8.2-fpm-shop.sock", "shop", true},
		{"unix:/run/php/php8.2-fpm-shop.sock", "sho", false},
		{"unix:/var/www/run/php.sock", "www", false},
		{"unix:/run/php-fpm/www.sock", "www", true},
		{"shop.example", "shop", true},
	} {
		if got := contains(c.s, c.name); got != c.want {
			t.Errorf("contains(%q, %q) = %v", c.s, c.name, got)
		}
	}
}

func TestQueryCulprit(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT option_name, option_value FROM wp_options WHERE autoload = 'yes';": "query:SELECT wp_options",
		"update `wp_posts` set x = 1":        "query:UPDATE wp_posts",
		"INSERT INTO shop.orders(id) VALUES": "query:INSERT shop.orders",
		"LOCK TABLES wp_options WRITE":       "query:LOCK wp_options",
		"SELECT SLEEP(22)":                   "query:SELECT",
		"":                                   "",
	} {
		if got := queryCulprit([]byte(in)); got != want {
			t.Errorf("queryCulprit(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStranger(t *testing.T) {
	for culprit, want := range map[string]bool{
		"process:clamd": true, "process:java": true, "process:php-fpm8.2": false, "process:mariadbd": false, "process:lsphp": false,
		"module:imagick.so": false, "": false,
	} {
		if got := (&Mark{About: &About{Culprit: culprit}}).Stranger(); got != want {
			t.Errorf("%q: %v", culprit, got)
		}
	}
}
