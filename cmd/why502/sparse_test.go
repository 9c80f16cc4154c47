package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Where few visitors come, minutes pass between two that fail. It is one incident as long as nobody was served.
func TestAnOutageOfAQuietSiteIsOneIncident(t *testing.T) {
	start := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	failing := []int{0, 20, 40, 220, 240, 260, 500, 520, 540}
	for _, c := range []struct {
		name   string
		served []int
		fpm    bool
		want   int
	}{
		{"PHP-FPM was down all the while", nil, true, 1},
		{"the access log shows that nobody was served", nil, false, 1},
		{"pages were served between", []int{100, 120, 140, 160, 350, 380, 400, 420}, false, 3},
	} {
		var access, errors, fpm strings.Builder
		line := func(sec, status int) {
			at := start.Add(time.Duration(sec) * time.Second)
			fmt.Fprintf(&access, "192.0.2.%d - - [%s] \"GET /page/%d/ HTTP/1.1\" %d 157 \"-\" \"Mozilla/5.0\"\n", sec%200+20, at.Format("02/Jan/2006:15:04:05 -0700"), sec, status)
			if status == 502 {
				fmt.Fprintf(&errors, "%s [error] 812#812: *%d connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.%d, server: shop.example, request: \"GET /page/%d/ HTTP/1.1\", upstream: \"fastcgi://127.0.0.1:9000\", host: \"shop.example\"\n",
					at.Format("2006/01/02 15:04:05"), sec+1000, sec%200+20, sec)
			}
		}
		for sec := -600; sec < 0; sec += 30 {
			line(sec, 200)
		}
		next := c.served
		for _, sec := range failing {
			for len(next) > 0 && next[0] < sec {
				line(next[0], 200)
				next = next[1:]
			}
			line(sec, 502)
		}
		for sec := 600; sec < 1200; sec += 30 {
			line(sec, 200)
		}
		dir := t.TempDir()
		write := func(name, text string) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write("access.log", access.String())
		write("error.log", errors.String())
		if c.fpm {
			for _, l := range []struct {
				sec  int
				text string
			}{{-5000, "ready to handle connections"}, {-3, "Terminating ..."}, {-3, "exiting, bye-bye!"}, {590, "fpm is running, pid 2"}, {590, "ready to handle connections"}} {
				fmt.Fprintf(&fpm, "[%s] NOTICE: %s\n", start.Add(time.Duration(l.sec)*time.Second).Format("02-Jan-2006 15:04:05"), l.text)
			}
			write("php-fpm.log", fpm.String())
		}
		if r := analyzed(t, truth{Timezone: "UTC"}, dir); len(r.Incidents) != c.want {
			t.Errorf("%s: %d incidents, want %d\n%s", c.name, len(r.Incidents), c.want, ranking(r))
		}
	}
}

// Crashes that trickle for an hour are one incident, though minutes may pass without one. Two bursts are two.
func TestATrickleIsOneIncident(t *testing.T) {
	start := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		failed []int
		want   int
	}{
		{"a trickle", []int{0, 40, 100, 130, 190, 230, 400, 440, 500, 530, 580, 740, 790, 830}, 1},
		{"two bursts", []int{0, 1, 2, 3, 5, 6, 300, 301, 302, 304, 305, 307}, 2},
	} {
		var access, errors, fpm strings.Builder
		fmt.Fprintf(&fpm, "[%s] NOTICE: ready to handle connections\n", start.Add(-time.Hour).Format("02-Jan-2006 15:04:05"))
		next := c.failed
		for sec := -300; sec < 1200; sec++ {
			at := start.Add(time.Duration(sec) * time.Second)
			status := 200
			if len(next) > 0 && next[0] == sec {
				status, next = 502, next[1:]
				fmt.Fprintf(&errors, "%s [error] 812#812: *%d recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 192.0.2.%d, server: shop.example, request: \"GET /page/%d/ HTTP/1.1\", upstream: \"fastcgi://unix:/run/php/php-fpm.sock:\", host: \"shop.example\"\n",
					at.Format("2006/01/02 15:04:05"), sec+1000, (sec+300)%200+20, sec)
				fmt.Fprintf(&fpm, "[%s] WARNING: [pool www] child %d exited on signal 11 (SIGSEGV) after 31.123456 seconds from start\n", at.Format("02-Jan-2006 15:04:05"), 2000+sec)
			} else if sec%2 == 1 {
				continue
			}
			fmt.Fprintf(&access, "192.0.2.%d - - [%s] \"GET /page/%d/ HTTP/1.1\" %d 157 \"-\" \"Mozilla/5.0\"\n", (sec+300)%200+20, at.Format("02/Jan/2006:15:04:05 -0700"), sec, status)
		}
		dir := t.TempDir()
		for name, text := range map[string]string{"access.log": access.String(), "error.log": errors.String(), "php-fpm.log": fpm.String()} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if r := analyzed(t, truth{Timezone: "UTC"}, dir); len(r.Incidents) != c.want {
			t.Errorf("%s: %d incidents, want %d\n%s", c.name, len(r.Incidents), c.want, ranking(r))
		}
	}
}
