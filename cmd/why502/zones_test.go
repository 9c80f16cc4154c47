package main

import "testing"

func TestFileZoneMeans(t *testing.T) {
	for _, c := range []struct {
		path, name string
		want       bool
	}{
		{"php8.2-fpm.log", "/var/log/php8.2-fpm.log", true},
		{"log/php8.2-fpm.log", "/var/log/php8.2-fpm.log", true},
		{"/var/log/php8.2-fpm.log", "/var/log/php8.2-fpm.log", true},
		{"./php8.2-fpm.log", "var/log/php8.2-fpm.log", true},
		{"php*-fpm.log*", "/var/log/php8.2-fpm.log.2.gz", true},
		{"*/error.log", "/var/log/nginx/error.log", true},
		{"a[1].log", "logs/a[1].log", true},
		{"fpm.log", "/var/log/php8.2-fpm.log", false},
		{"/fpm.log", "/var/log/fpm.log", false},
		{"nginx/error.log", "error.log", false},
		{"php*", "/var/log/php/error.log", false},
	} {
		if got := (&fileZone{path: c.path}).means(c.name); got != c.want {
			t.Errorf("%s means %s: %v", c.path, c.name, got)
		}
	}
}
