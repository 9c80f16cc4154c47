package input

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestStem(t *testing.T) {
	for name, want := range map[string]string{
		"/var/log/nginx/error.log":                     "/var/log/nginx/error.log",
		"/var/log/nginx/error.log.1":                   "/var/log/nginx/error.log",
		"/var/log/nginx/error.log.12.gz":               "/var/log/nginx/error.log",
		"/var/log/nginx/error.log-20261122":            "/var/log/nginx/error.log",
		"/var/log/nginx/error.log-2026112210.xz":       "/var/log/nginx/error.log",
		"/var/log/nginx/error.log-20261122-1795341600": "/var/log/nginx/error.log",
		"/var/log/nginx/error.log-2026-11-22.gz":       "/var/log/nginx/error.log",
		"/var/log/nginx/error-20261122.log":            "/var/log/nginx/error.log",
		"error.log.old":                                "error.log",
		"/home/u/logs/shop.test-ssl_log-Nov-2026.gz":   "/home/u/logs/shop.test-ssl_log",
		"logs.tgz!/var/log/error_log.3.zst":            "logs.tgz!/var/log/error_log",
		"/var/log/php8.2-fpm.log":                      "/var/log/php8.2-fpm.log",
		"/var/log/php7.log":                            "/var/log/php7.log",
		"/srv/site-2/access.log":                       "/srv/site-2/access.log",
		"/var/log/mail-7":                              "/var/log/mail-7",
		"/20261122":                                    "/20261122",
		"1":                                            "1",
		"":                                             "",
	} {
		if got := Stem(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestShared(t *testing.T) {
	lines := func(from, to int) string { return strings.Join(strings.SplitAfter(numbered(300), "\n")[from:to], "") }
	same := strings.Repeat("same\n", 50)
	for _, c := range []struct {
		what, earlier, later string
		want                 int
	}{
		{"nothing", lines(0, 100), lines(100, 200), 0},
		{"a copy that was not emptied", lines(0, 100), lines(0, 200), 100},
		{"the end of a copy", lines(0, 150), lines(120, 300), 30},
		{"a long end", lines(0, 250), lines(100, 300), 150},
		{"all of it", lines(0, 200), lines(0, 200), SkipAll},
		{"all of it, short", lines(0, 3), lines(0, 3), SkipAll},
		{"a short beginning", lines(0, 3), lines(0, 50), 3},
		{"part of it", lines(0, 200), lines(50, 150), SkipAll},
		{"too few at the end", lines(0, 100), lines(95, 200), 0},
		{"too few within", lines(0, 100), lines(50, 53), 0},
		{"only its head", lines(0, 70) + "x\n" + lines(70, 100), lines(0, 100), 0},
		{"lines that repeat before", "same\n" + same + lines(0, 20), same + lines(0, 40), 70},
		{"empty", "", lines(0, 10), 0},
		{"beside nothing", lines(0, 10), "", 0},
	} {
		dir := write(t, map[string]string{"a": pack(t, gzipped, c.earlier), "b": c.later})
		a, b := one(t, filepath.Join(dir, "a")), one(t, filepath.Join(dir, "b"))
		got, err := Shared(t.Context(), a, b)
		if err != nil || got != c.want {
			t.Errorf("%s: %d, want %d; %v", c.what, got, c.want, err)
			continue
		}
		b.Skip(got)
		n := 0
		for l, err := range b.Lines(t.Context()) {
			if n++; err != nil || l.Number <= got {
				t.Fatal(c.what, l.Number, err)
			}
		}
		if all := strings.Count(c.later, "\n"); n != max(0, all-got) {
			t.Errorf("%s: %d of %d lines are left", c.what, n, all)
		}
	}
}
