package discover

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestServers lays out the tree of each testdata/*.txtar and holds what is found in it against the file "want" there.
// "-- a -> b --" is a link, "-- a/ --" an empty folder.
func TestServers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no trees (%v)", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			root, want := t.TempDir(), ""
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				lay(t, root, f.Name, f.Data)
			}
			got := told(root)
			if got == want {
				return
			}
			if !*update {
				t.Fatalf("got\n%s\nwant\n%s", got, want)
			}
			last := &a.Files[len(a.Files)-1]
			if last.Name != "want" {
				t.Fatal("the last file must be want")
			}
			last.Data = []byte(got)
			if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func lay(t *testing.T, root, name string, data []byte) {
	t.Helper()
	name, target, link := strings.Cut(name, " -> ")
	path := filepath.Join(root, name)
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	switch {
	case err != nil:
	case link:
		err = os.Symlink(target, path)
	case strings.HasSuffix(name, "/"):
		err = os.MkdirAll(path, 0o755)
	default:
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// told says what is known of a server.
func told(root string) string {
	s := Configuration(Folder(root))
	var out strings.Builder
	for _, v := range s.Sites {
		fmt.Fprintf(&out, "site %s%s, roots %s, backends %s, %s\n", v.Names, patterns(v.Patterns), v.Roots, v.Backends, said(v.Settings))
	}
	for _, p := range s.Pools {
		fmt.Fprintf(&out, "pool %s, listens at %s, %s\n", p.Name, p.Listen, said(p.Settings))
	}
	for _, m := range s.Masters {
		fmt.Fprintf(&out, "master %s, %s\n", m.Place, said(m.Settings))
	}
	fmt.Fprintf(&out, "server: %s\n", said(s.Settings))
	for _, d := range s.Declared {
		if d.Format+d.Level != "" {
			fmt.Fprintf(&out, "declared %s: format %q, level %q\n", d.Path, d.Format, d.Level)
		}
	}
	for _, l := range s.Logs() {
		state := ""
		switch {
		case errors.Is(l.Err, fs.ErrNotExist):
			state = ", missing"
		case l.Err != nil:
			state = ", not to be read"
		}
		if l.Off {
			state += ", off"
		}
		if l.Site != "" {
			state += ", of " + l.Site
		}
		if l.Place != "" {
			state += ", named in " + l.Place
		}
		fmt.Fprintf(&out, "log %s: %s%s\n", strings.TrimPrefix(l.Path, root), l.Kind, state)
	}
	for _, p := range s.Problems {
		fmt.Fprintf(&out, "problem %s\n", p)
	}
	return out.String()
}

func patterns(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf(", also %s", list)
}

func said(list []Setting) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Name+"="+s.Value)
	}
	return strings.Join(out, " ")
}

// What lies outside of a copied tree is not reached, whatever its links say.
func TestLinksStayInTheTree(t *testing.T) {
	outside := t.TempDir()
	lay(t, outside, "secret", []byte("error_log /secret;"))
	root := t.TempDir()
	lay(t, root, "etc/nginx/nginx.conf -> "+filepath.Join(outside, "secret"), nil)
	lay(t, root, "var/log/nginx -> ../../../../../../../../../../"+outside, nil)
	lay(t, root, "var/log/kern.log -> kern.log", nil)
	if s := Configuration(Folder(root)); len(s.Declared) > 0 || len(s.Logs()) > 0 {
		t.Errorf("%+v, %+v", s.Declared, s.Logs())
	}
}

func TestUnrotated(t *testing.T) {
	for name, want := range map[string]string{
		"error.log.1": "error.log", "error.log.2.gz": "error.log", "shop.test-Nov-2026.gz": "shop.test", "error.log-20261122.zst": "error.log",
		"error.log-20261122-1795305600.xz": "error.log", "error_log.12": "error_log", "error-20261122.log": "error.log",
		"php8.2-fpm.log.1": "php8.2-fpm.log", "shop.test-ssl_log-20261122.bz2": "shop.test-ssl_log",
		"error.log": "", "php8.2-fpm.log": "", "access.log.gz": "", "ea-php82": "", "error-2.log": "", "php82": "", "php-fpm.8.2.log": "", "1": "", ".1": "", "": "",
	} {
		if got := unrotated(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestSiteOf(t *testing.T) {
	s := &Server{
		Declared: []Declared{{Path: "/var/log/apache2/c.*.log", Site: "c.test"}, {Path: "/var/log/nginx/shop-error.log", Site: "shop.test"}, {Path: "/var/log/nginx/error.log"}},
		Sites:    []Site{{Names: []string{"a.test"}, Roots: []string{"/home/a/public_html", "/srv/both"}}, {Names: []string{"b.test"}, Roots: []string{"/srv/both"}}},
	}
	s.index()
	for file, want := range map[string]string{
		"/var/log/nginx/shop-error.log": "shop.test", "/tmp/case/logs/var/log/nginx/shop-error.log.2.gz": "shop.test",
		"/var/log/nginx/error.log": "", "shop-error.log": "", "x!/var/log/apache2/c.20261122.log": "c.test", "/x/home/a/public_html/wp-admin/error_log": "a.test", "/srv/both/error_log": "", "": "",
	} {
		if got := s.SiteOf(file); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

// FuzzConfiguration reads any bytes as the configuration of all there are.
func FuzzConfiguration(f *testing.F) {
	f.Add([]byte("http { set $a b$a; upstream x { server unix:/a; } server { server_name a; location / { proxy_pass http://$a; } } include *; }"))
	f.Add([]byte("[a]\nlisten = $pool:9\ninclude=*\n; x\n[b\nx = \"y\\"))
	f.Add([]byte("<VirtualHost *:80>\nDefine A ${A}${B}\nErrorLog ${A}/x\nSetHandler \"proxy:unix:/a|fcgi://x\"\nInclude *\n"))
	f.Add([]byte("<Macro A $x>\nUse A $x\nErrorLog \"|rotatelogs /$x.%d\"\n</Macro>\nUse A b\nUse"))
	f.Add([]byte("[mysqld]\nmax-connections = \"9\nmemory_limit=\n[x=]\nmemory_limit = -1;"))
	f.Add([]byte("content_by_lua_block { s = '}' -- }\n }\nerror_log /x;"))
	f.Fuzz(func(t *testing.T, b []byte) {
		root := t.TempDir()
		lay(t, root, "nginx.conf", b)
		lay(t, root, "httpd.conf", b)
		lay(t, root, "php-fpm.conf", b)
		lay(t, root, "php.ini", b)
		lay(t, root, "etc/my.cnf", b)
		s := Configuration(Folder(root))
		_ = s.SiteOf(string(b))
		_ = s.Logs()
		confFormats("x", append([]byte("log_format LogFormat "), b...))
	})
}
