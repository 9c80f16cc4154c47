package correlate

import (
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

func TestPHPTime(t *testing.T) {
	const no = -1
	for _, c := range []struct {
		uri      string
		status   int
		request  time.Duration
		upstream string
		want     time.Duration
	}{
		{"/p/", 200, 2 * time.Second, "0.500", 500 * time.Millisecond}, // the rest is the visitor's line
		{"/p/", 200, time.Second, "0.250, 0.500 : 0.100", 850 * time.Millisecond},
		{"/p/", 502, time.Second, "0.000, -", 0},
		{"/style.css", 200, time.Second, "0.250", 250 * time.Millisecond}, // made by PHP, whatever it is called
		{"/p/", 200, time.Second, "", time.Second},
		{"/style.css", 200, time.Second, "", no},
		{"/p/", 200, -1, "", no},
		{"/p/", 408, time.Minute, "", no},
		{"/p/", 101, time.Minute, "3.000", no},
		{"/p/", 504, 5 * time.Minute, "", time.Minute}, // counts for a minute
		{"/p/", 504, 5 * time.Minute, "300.001", time.Minute},
		{"/p/", 200, -1, "1e9", no},
		{"/p/", 200, -1, "999999999999999999999.9", no},
	} {
		r := &parser.Record{Status: c.status, URI: []byte(c.uri), Duration: c.request}
		if c.upstream != "" {
			r.Add("upstream_time", []byte(c.upstream))
		}
		got, ok := phpTime(r)
		if !ok {
			got = no
		}
		if got != c.want {
			t.Errorf("%s %d %v %q: %v, want %v", c.uri, c.status, c.request, c.upstream, got, c.want)
		}
	}
}

var lunch = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func timedLine(file, format, site string, sec int, took time.Duration) *parser.Record {
	return &parser.Record{
		Pos: parser.Pos{File: file}, Format: format, Status: 200, URI: []byte("/p/"), Vhost: []byte(site), Time: lunch.Add(time.Duration(sec) * time.Second), Duration: took,
	}
}

// A request that two servers log counts once; PHP-FPM's own log says how long requests take, and adds nothing to the traffic.
func TestWorkloads(t *testing.T) {
	tl := New()
	tl.Configure(&Config{
		Pools:    []Pool{{Name: "shop", Listen: []string{"unix:/run/shop.sock"}}, {Name: "blog", Listen: []string{"unix:/run/blog.sock"}}, {Name: "idle"}},
		Sites:    []Site{{Names: []string{"shop.test"}, Backends: []string{"unix:/run/shop.sock"}}, {Names: []string{"blog.test"}, Backends: []string{"unix:/run/blog.sock"}}},
		PoolLogs: map[string]int{"blog-access.log": 1},
	})
	for i := range 3 {
		tl.Add(timedLine("nginx.log", "nginx-access", "shop.test", i*8, 2*time.Second), nil)
		tl.Add(timedLine("nginx.log", "nginx-access", "blog.test", i, 2*time.Second), nil)
		tl.Add(timedLine("nginx.log", "nginx-access", "else.test", i, 2*time.Second), nil)
	}
	for i := range 2 {
		tl.Add(timedLine("apache.log", "apache-access", "shop.test", i*8, time.Second), nil)
		tl.Add(timedLine("blog-access.log", "php-fpm-access", "", i, time.Second), nil)
	}
	all, stray := tl.Workloads(tl.Pools())
	if stray != 3 {
		t.Errorf("%d requests of no pool, want 3", stray)
	}
	shop, blog := all[0], all[1]
	if shop.Pure || len(shop.Steps) != 2 || shop.Steps[0] != (Work{At: time.Unix(lunch.Unix(), 0), Requests: 2, Busy: 4 * time.Second, pages: 2}) || shop.Steps[1].Requests != 1 {
		t.Errorf("shop: %+v", shop)
	}
	if !blog.Pure || len(blog.Steps) != 1 || blog.Steps[0].Requests != 3 || blog.Steps[0].Busy != 3*time.Second { // three, of which two reached PHP, a second each
		t.Errorf("blog: %+v", blog)
	}
	if len(all[2].Steps) != 0 {
		t.Errorf("idle: %+v", all[2])
	}
	requests := 0
	for _, l := range tl.Loads() {
		requests += l.Requests
	}
	if requests != 11 {
		t.Errorf("%d requests of visitors, want 11", requests)
	}
}

func TestPressures(t *testing.T) {
	tl := New()
	place := func(file string) []Setting { return []Setting{{"pm", "dynamic", file}} }
	tl.Configure(&Config{Pools: []Pool{
		{Name: "www", Settings: place("/etc/php/8.1/fpm/pool.d/www.conf")},
		{Name: "www", Settings: place("/etc/php/8.2/fpm/pool.d/www.conf"), Listen: []string{"unix:/run/www82.sock"}},
	}})
	add := func(r *parser.Record, tag classifier.Tag) {
		r.Time, r.Duration = lunch, -1
		tl.Add(r, []classifier.Event{{Rule: &classifier.Rule{Tag: tag, Signal: true}}})
	}
	fpm := func(text string, fields ...parser.Field) *parser.Record {
		return &parser.Record{Pos: parser.Pos{File: "/var/log/php8.2-fpm.log"}, Format: "php-fpm", Pool: []byte("www"), Raw: []byte(text), Fields: fields}
	}
	add(fpm("server reached pm.max_children setting (20)", parser.Field{Key: "limit", Value: []byte("20")}), poolFull)
	add(fpm("seems busy (…), spawning 8 children, there are 0 idle, and 17 total children"), poolBusy)
	add(&parser.Record{Pos: parser.Pos{File: "e"}, Format: "nginx-error", Upstream: []byte("fastcgi://unix:/run/www82.sock:")}, "nginx/upstream-queue-full")
	kill := &parser.Record{Pos: parser.Pos{File: "k"}, Format: "kernel", Raw: []byte("Killed process 7 (php-fpm8.2) total-vm:9kB, anon-rss:65536kB, file-rss:1kB")}
	kill.Add("victim", []byte("php-fpm8.2"))
	add(kill, "kernel/oom-kill-global")
	got := tl.Pressures(tl.Pools())
	if old := got[0]; len(old.Full)+len(old.Busy)+len(old.Queue) > 0 {
		t.Errorf("8.1: %+v", old)
	}
	if p := got[1]; len(p.Full) != 1 || p.Limit != 20 || len(p.Busy) != 1 || p.Alive != 17 || len(p.Queue) != 1 || p.Killed != 64<<20 {
		t.Errorf("8.2: %+v", p)
	}
}

func TestPoolsWithoutConfiguration(t *testing.T) {
	tl := New()
	for _, text := range []string{"[pool b] server reached pm.max_children setting (5)", "[pool a] server reached max_children setting (5)"} {
		tl.Add(&parser.Record{
			Pos: parser.Pos{File: "f"}, Format: "php-fpm", Pool: []byte(text[6:7]), Time: lunch, Raw: []byte(text), Fields: []parser.Field{{Key: "limit", Value: []byte("5")}},
		}, []classifier.Event{{Rule: &classifier.Rule{Tag: poolFull, Signal: true}}})
	}
	pools := tl.Pools()
	if len(pools) != 2 || pools[0].Name != "a" || pools[0].Get("pm").Value != "ondemand" || pools[1].Get("pm").Value != "dynamic" || pools[1].Get("pm.max_children").Value != "5" {
		t.Errorf("%+v", pools)
	}
}

func TestPHPVersion(t *testing.T) {
	for path, want := range map[string]string{
		"/opt/cpanel/ea-php82/root/etc/php-fpm.d/shop.conf": "82", "/var/log/php8.2-fpm.log": "82", "/etc/php/8.2/fpm/pool.d/www.conf": "82", "/etc/php/7.4/fpm/x": "74",
		"/etc/php-fpm.d/www.conf": "", "/var/log/php-fpm/error.log": "", "": "", "/usr/local/php81/var/log/php-fpm.log": "81", "/opt/plesk/php/8.3/etc/php-fpm.d/x.conf": "83",
	} {
		if got := phpVersion(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
