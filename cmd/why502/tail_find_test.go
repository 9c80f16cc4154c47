package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// A slow log that is turned on while the logs of a server are followed is followed, too: what it says names the cause.
func TestTailFindsWhatComesLater(t *testing.T) {
	root := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("etc/nginx/nginx.conf", "http { error_log /var/log/nginx/error.log; }\n")
	put("etc/php/8.2/fpm/pool.d/shop.conf", "[shop]\nlisten = /run/php/shop.sock\n")
	put("var/log/nginx/error.log", "")

	var out, errs syncBuffer
	c := tailCommand()
	c.SetOut(&out)
	c.SetErr(&errs)
	final := filepath.Join(t.TempDir(), "final.json")
	o := &tailing{plain: true, format: "text", color: "never", over: time.Minute, keep: time.Hour, output: final, textfile: filepath.Join(t.TempDir(), "why502.prom")}
	o.follow, o.prompt, o.from = true, true, "start"
	w := newWatching(c, &selection{zone: time.UTC}, o)
	w.root, w.every = root, 100*time.Millisecond
	if err := w.sinks.open(c, o, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- w.end(w.loop(ctx, nil)) }()
	until := func(what string, holds func() bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				cancel()
				t.Fatalf("%s: %v\n%s%s", what, <-done, out.String(), errs.String())
			}
		}
	}
	said := func(text string) func() bool {
		return func() bool { return strings.Contains(out.String()+errs.String(), text) }
	}
	until("the start", func() bool { _, err := os.Stat(o.textfile); return err == nil }) // else it would be there from the beginning
	put("var/log/php-fpm/shop-slow.log", "")
	put("etc/php/8.2/fpm/pool.d/shop.conf", "[shop]\nlisten = /run/php/shop.sock\nslowlog = /var/log/php-fpm/shop-slow.log\nrequest_slowlog_timeout = 5s\n")
	until("the new log", said("now followed, too: "+filepath.Join(root, "var/log/php-fpm/shop-slow.log")))
	appendLines(t, filepath.Join(root, "var/log/nginx/error.log"), 1, 5)
	put("var/log/php-fpm/shop-slow.log", `
[22-Nov-2026 10:00:05]  [pool shop] pid 812
script_filename = /srv/shop/index.php
[0x00007f2a8c413f20] curl_exec() /srv/shop/wp-includes/Requests/src/Transport/Curl.php:205
`)
	until("the lines", said("OPENED"))
	time.Sleep(1500 * time.Millisecond)
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	text, err := os.Open(final)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	r, err := report.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]int64{}
	for _, s := range r.Coverage.Sources {
		entries[filepath.Base(s.Path)] = int64(s.Records)
	}
	if entries["error.log"] != 5 || entries["shop-slow.log"] != 1 {
		t.Errorf("entries: %v\n%s%s", entries, out.String(), errs.String())
	}
	if n := strings.Count(errs.String(), "now followed"); n != 1 {
		t.Errorf("said %d times:\n%s", n, errs.String())
	}
}
