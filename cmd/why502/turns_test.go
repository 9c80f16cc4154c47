package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// One trouble four seconds after another is another one: requests that wait for a session say nothing about a stop of
// PHP-FPM that came when they had failed, nor does what the stop left in the logs speak against the session.
func TestOneTroubleAfterAnother(t *testing.T) {
	begin := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	var access, errors, slow strings.Builder
	get := func(sec int, page string, status int) {
		fmt.Fprintf(&access, "192.0.2.%d - - [%s +0000] \"GET %s HTTP/1.1\" %d 5120 \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n",
			10+(sec+200)%200, begin.Add(time.Duration(sec)*time.Second).Format("02/Jan/2006:15:04:05"), page, status)
	}
	fail := func(sec int, level, text, page string, status int) {
		get(sec, page, status)
		fmt.Fprintf(&errors, "%s [%s] 812#812: *%d %s upstream, client: 192.0.2.%d, server: shop.example, request: \"GET %s HTTP/1.1\", "+
			"upstream: \"fastcgi://unix:/run/php/shop.sock:\", host: \"shop.example\"\n",
			begin.Add(time.Duration(sec)*time.Second).Format("2006/01/02 15:04:05"), level, 300+sec, text, 10+(sec+200)%200, page)
	}
	fpm := func(sec int, text string) string {
		return "[" + begin.Add(time.Duration(sec)*time.Second).Format("02-Jan-2006 15:04:05") + "] " + text + "\n"
	}
	for sec := -120; sec < 60; sec += 2 {
		if sec < 12 || sec > 40 {
			get(sec, fmt.Sprintf("/page-%c/", 'a'+(sec+120)%7), 200)
		}
	}
	for sec := 0; sec < 12; sec += 2 {
		fmt.Fprintf(&slow, "\n%s[0x00007f1c2a013f80] session_start() /var/www/shop/wp-content/plugins/wish-list/list.php:8\n",
			strings.TrimSuffix(fpm(sec, fmt.Sprintf(" [pool shop] pid %d\nscript_filename = /var/www/shop/wp-admin/admin-ajax.php\n", 3001+sec)), "\n"))
	}
	for sec := 2; sec < 10; sec += 2 {
		fail(sec, "error", "upstream timed out (110: Connection timed out) while reading response header from", "/wp-admin/admin-ajax.php", 504)
	}
	for sec := 12; sec < 40; sec++ {
		fail(sec, "crit", "connect() to unix:/run/php/shop.sock failed (2: No such file or directory) while connecting to", fmt.Sprintf("/page-%c/", 'a'+sec%7), 502)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"shop.example.access.log": access.String(), "error.log": errors.String(), "shop-slow.log": slow.String(),
		"php-fpm.log": fpm(-3600, "NOTICE: fpm is running, pid 700") + fpm(-3600, "NOTICE: ready to handle connections") +
			fpm(11, "NOTICE: Finishing ...") + fpm(11, "NOTICE: exiting, bye-bye!") +
			fpm(40, "NOTICE: fpm is running, pid 901") + fpm(40, "NOTICE: ready to handle connections"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, in := range analyzed(t, truth{Timezone: "UTC"}, dir).Incidents {
		got = append(got, in.Causes[0].ID)
	}
	if want := "session_lock_contention fpm_down_or_failed_start"; strings.Join(got, " ") != want {
		t.Errorf("the causes are %v, want %s", got, want)
	}
}
