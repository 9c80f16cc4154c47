package screen

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"why502/report"
)

// TestMain is also the program that .ci/screen drives in a real terminal: the screen with made-up logs behind it.
// WHY502_SCREEN says what becomes of it.
func TestMain(m *testing.M) {
	if how := os.Getenv("WHY502_SCREEN"); how != "" {
		os.Exit(demo(how))
	}
	os.Exit(m.Run())
}

func demo(how string) int {
	s := New(os.Stdin, os.Stdout, Options{Color: os.Getenv("NO_COLOR") == "", Zone: time.UTC})
	ctx, stop := terminated(how)
	defer stop()
	err := s.Run(ctx, func(ctx context.Context) error {
		for i := 0; ctx.Err() == nil; i++ {
			play(s, time.Now(), i)
			switch {
			case how == "panic" && i == 5:
				panic("who watches the logs broke")
			case how == "broken" && i == 5:
				s.Update(Snapshot{Now: time.Now(), Open: []*report.Incident{{}}})
				s.mu.Lock()
				s.latest.Open[0] = nil // the screen itself breaks
				s.mu.Unlock()
				s.wake()
			case how == "flood":
				for range 40 {
					s.Feed(lines(time.Now())[0])
				}
			case how == "over" && i == 5:
				return errors.New("the work is over")
			}
			time.Sleep(200 * time.Millisecond)
		}
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "why502:", err)
		return 1
	}
	fmt.Println("left")
	return 0
}

// play tells the screen what happens at one time of the demo.
func play(s *Screen, now time.Time, i int) {
	if i == 0 {
		for back := range 3600 {
			at := now.Add(-time.Duration(back) * time.Second)
			s.Count(at, "nginx-access", "200")
			if back%7 == 0 {
				s.Count(at, "nginx-access", "404")
			}
			if back < 240 || back > 1800 && back < 1920 {
				for range 1 + back%5 {
					s.Count(at, "nginx-access", []string{"502", "504"}[back%2])
					s.Count(at, "nginx-error", []string{"502", "504"}[back%2])
				}
			}
		}
	}
	open, closed := sample(now)
	if i == 0 {
		s.Change(report.Change{Kind: report.Closed, Time: now.Add(-30 * time.Minute), Text: "Over after 2 min, 12 clients. " + closed.Headline, Incident: closed})
	}
	r := rand.New(rand.NewPCG(1, uint64(i)))
	for range 1 + r.IntN(3) {
		s.Feed(lines(now)[r.IntN(len(lines(now)))])
	}
	s.Count(now, "nginx-access", "200")
	s.Count(now, "nginx-access", "502")
	if i == 3 {
		s.Change(report.Change{Kind: report.Opened, Time: now, Text: open[0].Headline, Incident: open[0]})
	}
	s.Update(Snapshot{Now: now, Open: open, Files: logs(), Lines: 12034 + int64(i), Unparsed: 3})
}

// sample returns incidents of the renderers' fixtures, moved to now.
func sample(now time.Time) (open []*report.Incident, closed *report.Incident) {
	all := append(fixture("slow_external_http"), fixture("two_incidents")...)
	for i := range all {
		in := &all[i]
		long := in.End.Sub(in.Start)
		in.Start = now.Add(-time.Duration(4+13*i) * time.Minute)
		in.End = in.Start.Add(long)
		if i < 2 {
			open = append(open, in)
		}
	}
	return open, &all[2]
}

func fixture(name string) []report.Incident {
	f, err := os.Open(filepath.Join("../../fixtures/reports", name+".json"))
	if err != nil {
		panic(err)
	}
	defer f.Close()
	r, err := report.Decode(f)
	if err != nil {
		panic(err)
	}
	return r.Incidents
}

func lines(now time.Time) []Line {
	line := func(n int, status, vhost, pool, source, text string, tags ...string) Line {
		return Line{Time: now, Tags: tags, Status: status, Vhost: vhost, Pool: pool, Text: text, Source: source, Line: n}
	}
	return []Line{
		line(33, "504", "shop.test", "", "/var/log/nginx/error.log", `upstream timed out (110: Connection timed out) while reading response header from upstream, client: 127.20.174.228, request: "GET /checkout/ HTTP/1.1"`, "nginx/upstream-timeout"),
		line(41, "502", "shop.test", "", "/var/log/nginx/error.log", `connect() to unix:/run/php/php8.2-fpm-shop.sock failed (11: Resource temporarily unavailable) while connecting to upstream`, "nginx/upstream-queue-full"),
		line(16, "", "", "shop", "/var/log/php8.2-fpm.log", `[pool shop] server reached pm.max_children setting (5), consider raising it`, "phpfpm/max-children"),
		line(2, "", "", "shop", "/var/log/php-fpm/shop-slow.log", `[pool shop] pid 8504 curl_exec() wp_remote_get()`, "phpfpm/slow", "php/http-call"),
		line(118, "502", "blog.example.org", "", "/var/log/nginx/error.log", `recv() failed (104: Connection reset by peer) while reading response header from upstream`, "nginx/upstream-reset"),
		line(7, "500", "買い物.example", "www", "/var/www/買い物/error_log", `PHP Fatal error: Allowed memory size exhausted: 商品一覧 を 読み込み中`, "php/memory-limit"),
	}
}

func logs() []File {
	return []File{
		{Path: "/var/log/nginx/access.log", Status: "following", OK: true, Lines: 9120, Idle: time.Second},
		{Path: "/var/log/nginx/error.log", Status: "rotating", OK: true, Lines: 2811, Lag: 70321, Idle: 3 * time.Second, Gaps: 1},
		{Path: "/var/log/php8.2-fpm.log", Status: "following", OK: true, Lines: 98, Idle: 2 * time.Minute},
		{Path: "/var/log/mysql/error.log", Status: "denied", Why: "permission denied", Idle: -1},
		{Path: "/var/www/vhosts/a-customer-with-a-long-name.example.com/logs/php/slow/shop-slow.log", Status: "waiting", Idle: -1},
		{Path: "/var/log/php-fpm/shop-slow.log", Status: "following", OK: true, Lines: 5, Idle: 5 * time.Hour},
	}
}

// terminated ends as the command does. One whose SIGHUP means to read its configuration anew must leave without it.
func terminated(how string) (context.Context, context.CancelFunc) {
	if how == "hangup" {
		signal.Ignore(syscall.SIGHUP)
	}
	return signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
}
