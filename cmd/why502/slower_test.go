package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A pool that is full though no more pages were asked for than before is no root, and nobody is told to raise it: first the slow log.
// With three times as many requests it may be one.
func TestFullPoolOfSlowRequests(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		each int // requests a second, once it fails
		role string
	}{{2, "mechanism"}, {6, "root"}} {
		var access, errors strings.Builder
		line := func(sec, n, status int) {
			at := start.Add(time.Duration(sec) * time.Second)
			fmt.Fprintf(&access, "192.0.2.%d - - [%s] \"GET /page/%d/ HTTP/1.1\" %d 512 \"-\" \"Mozilla/5.0\"\n", n%200+1, at.Format("02/Jan/2006:15:04:05 -0700"), n%7, status)
			if status == 502 {
				fmt.Fprintf(&errors, "%s [error] 7#7: *%d connect() to unix:/run/php/shop.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: 192.0.2.%d, "+
					"server: shop.example, request: \"GET /page/%d/ HTTP/1.1\", upstream: \"fastcgi://unix:/run/php/shop.sock:\", host: \"shop.example\"\n", at.Format("2006/01/02 15:04:05"), n, n%200+1, n%7)
			}
		}
		n := 0
		for sec := range 180 {
			each, failed := 2, 0
			if sec >= 120 {
				each, failed = c.each, c.each/2
			}
			for i := range each {
				status := 200
				if i < failed {
					status = 502
				}
				line(sec, n, status)
				n++
			}
		}
		dir := t.TempDir()
		for name, text := range map[string]string{"access.log": access.String(), "error.log": errors.String()} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		r := analyzed(t, truth{Timezone: "UTC"}, dir)
		if len(r.Incidents) != 1 || len(r.Incidents[0].Causes) == 0 {
			t.Fatalf("%d a second: %d incidents\n%s", c.each, len(r.Incidents), ranking(r))
		}
		first := r.Incidents[0].Causes[0]
		if first.Role != c.role {
			t.Errorf("%d a second: %s %s, want a full pool that is a %s", c.each, first.Role, first.ID, c.role)
		}
		raises := false
		for _, a := range first.Advice {
			raises = raises || strings.Contains(a.Config, "pm.max_children =")
		}
		if c.role == "mechanism" && (raises || !strings.Contains(first.Advice[0].Config, "request_slowlog_timeout")) {
			t.Errorf("%d a second: advice to raise the pool: %v; the first is %q", c.each, raises, first.Advice[0].Config)
		}
		if c.role == "root" && !raises {
			t.Errorf("%d a second: nothing is raised", c.each)
		}
	}
}
