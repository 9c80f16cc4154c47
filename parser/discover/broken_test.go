package discover

import (
	"strings"
	"testing"
)

// Whatever is wrong with one file, the next one is read, and at most one line is said about it.
func TestBrokenFiles(t *testing.T) {
	servers := []struct{ main, text, bad, good, goodText, log string }{
		{
			"etc/nginx/nginx.conf", "http { include conf.d/*.conf; }", "etc/nginx/conf.d/1.conf",
			"etc/nginx/conf.d/2.conf", "server { server_name b.test; error_log /srv/good.log; }", "/srv/good.log",
		},
		{
			"etc/apache2/apache2.conf", "Include conf.d/*.conf", "etc/apache2/conf.d/1.conf",
			"etc/apache2/conf.d/2.conf", "ErrorLog /srv/good.log", "/srv/good.log",
		},
		{
			"etc/php/8.2/fpm/php-fpm.conf", "include=/etc/php/8.2/fpm/pool.d/*.conf", "etc/php/8.2/fpm/pool.d/1.conf",
			"etc/php/8.2/fpm/pool.d/2.conf", "[b]\nslowlog = /srv/good.log", "/srv/good.log",
		},
	}
	for what, c := range map[string]struct{ text, said string }{
		"binary":        {"\x7fELF\x00\x01\x02\xff\xfe{{{\"", "is no text"},
		"no UTF-8":      {"\xff\xfe\xfd \xc3\x28 {\n", ""},
		"a long line":   {strings.Repeat("x", maxFile-1), ""},
		"too large":     {strings.Repeat("# comment\n", maxFile/5), "too large for a configuration file; not read"},
		"open quotes":   {"\"'\"'\"<<<[[[", ""},
		"only brackets": {strings.Repeat("{[<", 20_000), ""},
		"includes all":  {"include *;\nInclude conf.d/*.conf\ninclude=/etc/php/8.2/fpm/pool.d/*.conf\n", ""},
	} {
		for _, s := range servers {
			root := t.TempDir()
			lay(t, root, s.main, []byte(s.text))
			lay(t, root, s.bad, []byte(c.text))
			lay(t, root, s.good, []byte(s.goodText))
			conf := Configuration(Folder(root))
			found := false
			for _, d := range conf.Declared {
				found = found || d.Path == s.log
			}
			if !found {
				t.Errorf("%s, %s: the good file beside it was not read: %+v", what, s.main, conf.Declared)
			}
			about := 0
			for _, p := range conf.Problems {
				if strings.ContainsAny(p, "\n\r") || len(p) > 300 {
					t.Errorf("%s, %s: no single line: %.300q", what, s.main, p)
				}
				if strings.Contains(p, "/1.conf") {
					about++
				}
			}
			if all := strings.Join(conf.Problems, "|"); !strings.Contains(all, c.said) || about > 1 {
				t.Errorf("%s, %s: said %q, want %q once", what, s.main, all, c.said)
			}
		}
	}
}
