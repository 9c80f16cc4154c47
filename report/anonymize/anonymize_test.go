package anonymize

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// Who adds a text field to the report says what it may hold.
func TestEveryFieldHasAClass(t *testing.T) {
	for _, name := range unclassified() {
		t.Errorf("%s: classes does not say what it may hold", name)
	}
}

// shape is s with its pseudonyms cut to their kind.
func shape(s string) string {
	return regexp.MustCompile(`(client|host|account|mail|query)-[0-9a-f]{6}`).ReplaceAllString(s, "$1")
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		// addresses
		"client: 203.0.113.9, server: shop.test":                                    "client: client, server: host.example",
		"client: 2001:db8::1, server: _":                                            "client: client, server: _",
		"[2001:db8::1]:443 and ::ffff:203.0.113.9.":                                 "[client]:443 and client.",
		"fastcgi://127.0.0.1:9000, upstream 10.1.2.3:80":                            "fastcgi://127.0.0.1:9000, upstream client:80",
		"127.31.204.103 - - [22/Nov/2026:17:55:18 +0000] \"GET / HTTP/1.1\" 500 12": "client - - [22/Nov/2026:17:55:18 +0000] \"GET / HTTP/1.1\" 500 12",
		"at 18:03:04 to 18:03:25, 5::6 of it":                                       "at 18:03:04 to 18:03:25, client of it",
		"PHP 8.2.10, nginx/1.24.0, glibc 2.36":                                      "PHP 8.2.10, nginx/1.24.0, glibc 2.36",
		"[0x00007fa154813890] curl_exec() WC::fetch()":                              "[0x00007fa154813890] curl_exec() WC::fetch()",
		"feed:203.0.113.9 beef.203.0.113.9":                                         "feed:client beef.client",
		// hosts
		"47 requests failed on shop.test, blog.test and 2 more.": "47 requests failed on host.example, host.example and 2 more.",
		"on www.shop.test. Pages":                                "on www.host.example. Pages",
		"/var/log/nginx/shop.test-error.log:31":                  "/var/log/nginx/host.example-error.log:31",
		"/var/log/apache2/domlogs/Shop.Test-ssl_log":             "/var/log/apache2/domlogs/host.example-ssl_log",
		"shop.test-Nov-2026.gz":                                  "host.example-Nov-2026.gz",
		"unix:/run/php/shop_test.sock":                           "unix:/run/php/host.example.sock",
		"Could not resolve host: api.acme-mail.co.uk":            "Could not resolve host: host.example",
		"Nov 22 18:04:50 web01 kernel: php-fpm[12]":              "Nov 22 18:04:50 host.example kernel: php-fpm[12]",
		"referrer: \"https://shop.test/cart/\"":                  "referrer: \"https://host.example/cart/\"",
		"/etc/php/8.2/fpm/pool.d/www.conf wp-config.php style.min.css libc.so.6 php8.2-fpm.service": "/etc/php/8.2/fpm/pool.d/www.conf wp-config.php style.min.css libc.so.6 php8.2-fpm.service",
		"pm.max_children listen.backlog net.core.somaxconn listen.group memory.max":                 "pm.max_children listen.backlog net.core.somaxconn listen.group memory.max",
		// query strings
		"GET /?s=red+mug HTTP/1.1":                                     "GET /?query HTTP/1.1",
		"only some pages (/wp-admin/admin-ajax.php?action=export, /).": "only some pages (/wp-admin/admin-ajax.php?query, /).",
		"/a%3Fb=c":                                      "/a%3Fquery",
		"is it running? No: who stopped it?":            "is it running? No: who stopped it?",
		`{"uri":"/a","args":"q=name&x=1","status":502}`: `{"uri":"/a","args":"query","status":502}`,
		`location ~ \.php(/|$) { } # ^(.+?)$`:           `location ~ \.php(/|$) { } # ^(.+?)$`,
		// mail
		"mail to ann.b@shop.test failed": "mail to mail@mail.example failed",
		"/unsubscribe/ann%40shop.test/":  "/unsubscribe/mail@mail.example/",
		// accounts
		"in /home/jdoe/public_html/wp-content/plugins/acme/api.php on line 3": "in /home/account/public_html/wp-content/plugins/acme/api.php on line 3",
		"[pool jdoe] server reached pm.max_children setting (4)":              "[pool account] server reached pm.max_children setting (4)",
		"pool jdoe, plugin jdoe, /jdoe/":                                      "pool account, plugin jdoe, /jdoe/",
		"A jdoe without its plugin":                                           "A jdoe without its plugin",
		"pools jdoe, jdoe and www, of jdoe":                                   "pools account, account and www, of jdoe",
		"[jdoe]\nuser = jdoe\npm = static":                                    "[account]\nuser = account\npm = static",
		"/home/x/public_html/jdoe/a-jdoe-b.php":                               "/home/account/public_html/jdoe/a-jdoe-b.php",
		"/var/www/jdoe/index.php":                                             "/var/www/account/index.php",
		"fastcgi://unix:/run/php/jdoe.sock: https://SITE/":                    "fastcgi://unix:/run/php/account.sock: https://SITE/",
		"unix:/run/php/php8.2-fpm-jdoe.sock":                                  "unix:/run/php/php8.2-fpm-account.sock",
		"Access denied for user 'jdoe_wp'@'localhost'":                        "Access denied for user 'account'@'localhost'",
		"10.0.0.1 - ann [22/Nov/2026:17:55:18 +0000]":                         "client - account [22/Nov/2026:17:55:18 +0000]",
		"[pool www] pool www /home/*/logs":                                    "[pool www] pool www /home/*/logs",
		// what an analysis is for
		"2026-11-22 18:03:04 to 18:03:25: 47 requests failed (27 × 502, 20 × 504)": "2026-11-22 18:03:04 to 18:03:25: 47 requests failed (27 × 502, 20 × 504)",
		"plugin acme-shipping-rates waits in curl_exec(), /checkout/":              "plugin acme-shipping-rates waits in curl_exec(), /checkout/",
		"": "",
	} {
		m := New([]byte("key"))
		for _, s := range []string{"[pool jdoe]", `server: shop.test, host: "blog.test"`, in} {
			m.learn(s)
		}
		got := m.Text(in)
		if shape(got) != want {
			t.Errorf("%q\n is %q\nwant %q", in, got, want)
		}
		if again := m.Text(got); again != got {
			t.Errorf("%q becomes %q when masked again", got, again)
		}
	}
}

// A name has one pseudonym in all places; another key gives another.
func TestStable(t *testing.T) {
	one, same, other := New([]byte("a")), New([]byte("a")), New([]byte("b"))
	for _, s := range []string{"client 203.0.113.9", "on shop.test", "/a?q=mug", "ann@shop.test", "/home/jdoe/x"} {
		if a, b := one.Text(s), same.Text(s); a != b {
			t.Errorf("%s and %s by one key", a, b)
		}
		if a, b := one.Text(s), other.Text(s); a == b {
			t.Errorf("%s by two keys", a)
		}
	}
	if a, b := one.Text("::ffff:203.0.113.9"), one.Text("203.0.113.9"); a != b {
		t.Errorf("%s is not %s", a, b)
	}
	if a, b := New(nil), New(nil); a.Text("203.0.113.9") == b.Text("203.0.113.9") {
		t.Error("two reports without a key share pseudonyms")
	}
}

func TestKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	made, err := Key(path)
	if err != nil || len(made) != keyBytes {
		t.Fatal(err)
	}
	if read, err := Key(path); err != nil || string(read) != string(made) {
		t.Errorf("%v", err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Error(info.Mode())
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Key(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{filepath.Join(dir, "x"), dir, filepath.Join(dir, "no", "key")} {
		if _, err := Key(bad); err == nil {
			t.Errorf("%s is a key", bad)
		}
	}
}

// fill puts a text into every field, so that one added later is looked at too.
func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), s)
		fill(v.Index(1), s)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
	case reflect.Struct:
		if _, ok := v.Addr().Interface().(*time.Time); ok {
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), s)
		}
	}
}

// Whatever field a name stands in, but for those that hold this program's own words, it is gone; the report it came from is as it was.
func TestEveryField(t *testing.T) {
	for _, name := range []string{"203.0.113.9", "2001:db8::7", "shop.test", "ann@shop.test", "/a?token=secret1", "/home/jdoe/x", `server: inner-box, x`} {
		var r report.Report
		fill(reflect.ValueOf(&r).Elem(), name)
		before, err := json.Marshal(&r)
		if err != nil {
			t.Fatal(err)
		}
		out := New(nil).Report(&r)
		if after, _ := json.Marshal(&r); string(after) != string(before) {
			t.Errorf("%s: the report itself changed", name)
		}
		m := New(nil)
		m.walk(reflect.ValueOf(out).Elem(), 0, func(s string, c class) {
			for _, secret := range []string{"203.0.113", "2001:db8", "shop", "ann@", "secret1", "jdoe", "inner-box"} {
				if c != safe && strings.Contains(s, secret) {
					t.Errorf("%s of class %d: %q", name, c, s)
				}
			}
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add("client: 203.0.113.9, server: shop.test, request: \"GET /?q=a HTTP/1.1\", host: \"www.shop.test:8080\"")
	f.Add("/home/jdoe/x ann@shop.test ::ffff:1.2.3.4 [pool jdoe] \xff\x00 shop_test-ssl_log....-_.-")
	f.Add("::ffff:1p.test 203.0.113.9x 2001:db8::1:first.test")
	f.Fuzz(func(t *testing.T, s string) {
		m := New([]byte("key"))
		m.learn(s)
		got := m.Text(s)
		was := map[netip.Addr]bool{}
		eachAddress(s, func(a netip.Addr, _, _ int) { was[a] = true })
		eachAddress(got, func(a netip.Addr, _, _ int) {
			if was[a] {
				t.Errorf("%q leaves the address %s in %q", s, a, got)
			}
		})
		m.mask(s, path)
		m.mask(s, host)
		m.mask(s, ident)
		m.mask(s, folded)
	})
}

// A long text takes no more time than many short ones.
func TestLongTexts(t *testing.T) {
	for _, piece := range []string{"a/", "a:", "1.", "a.", "a-b_", "?a", "203.0.113.9:", "shop.test/", "@a.b", "::"} {
		began := time.Now()
		s := strings.Repeat(piece, 1<<16/len(piece))
		m := New(nil)
		m.learn(s)
		m.Text(s)
		if d := time.Since(began); d > 10*time.Second {
			t.Errorf("%q: %s", piece, d)
		}
	}
}

// unclassified lists the text fields of a report that have no class, those of classes that are in no report, too.
func unclassified() []string {
	used := map[string]bool{}
	var missing []string
	var look func(t reflect.Type, name string, has bool)
	look = func(t reflect.Type, name string, has bool) {
		switch t.Kind() {
		case reflect.String:
			if !has {
				missing = append(missing, name)
			}
		case reflect.Pointer, reflect.Slice:
			look(t.Elem(), name, has)
		case reflect.Map:
			look(t.Key(), name, has)
			look(t.Elem(), name, has)
		case reflect.Struct:
			if t.PkgPath() != reflect.TypeFor[report.Report]().PkgPath() {
				return
			}
			for i := range t.NumField() {
				f := t.Field(i)
				at := t.Name() + "." + f.Name
				_, own := classes[at]
				used[at] = used[at] || own
				if f.IsExported() {
					look(f.Type, at, has || own)
				}
			}
		}
	}
	look(reflect.TypeFor[report.Report](), "", false)
	for _, at := range slices.Sorted(maps.Keys(classes)) {
		if !used[at] {
			missing = append(missing, fmt.Sprintf("%s (there is none)", at))
		}
	}
	return missing
}
