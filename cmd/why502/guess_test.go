package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// shapeOf is an access log of ten minutes in which requests of the third one fail with a status: all pages, or one.
func shapeOf(status int, fails func(sec int) bool) string {
	var b strings.Builder
	start := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	for sec := range 600 {
		page, code := fmt.Sprintf("/page-%d/", sec%7), 200
		if sec >= 180 && sec < 240 && fails(sec) {
			code = status
		}
		fmt.Fprintf(&b, "203.0.113.%d - - [%s] \"GET %s HTTP/1.1\" %d 157 \"-\" \"Mozilla/5.0\"\n", sec%200, start.Add(time.Duration(sec)*time.Second).Format("02/Jan/2006:15:04:05 -0700"), page, code)
	}
	return b.String()
}

// An access log alone shows the shape of an outage. That gives no verdict and no advice, but what may be looked for, and where.
func TestAccessLogAlone(t *testing.T) {
	all := func(int) bool { return true }
	onePage := func(sec int) bool { return sec%7 == 3 }
	for _, c := range []struct {
		name, log string
		may       string // the first that is possible; "" if none is
	}{
		{"no page is served", shapeOf(502, all), "fpm_"},
		{"one page fails", shapeOf(502, onePage), "php_segfault"},
		{"one page answers 500", shapeOf(500, onePage), "php_fatal_or_memory_limit"},
		{"all pages answer 500", shapeOf(500, all), "db_unavailable"},
		{"Apache lets nobody in", shapeOf(503, all), "fpm_"},
		{"two failures have no shape", shapeOf(502, func(sec int) bool { return sec == 200 || sec == 201 }), ""},
	} {
		r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, map[string]string{"access.log": c.log}))
		if len(r.Incidents) != 1 {
			t.Fatalf("%s: %d incidents", c.name, len(r.Incidents))
		}
		in := &r.Incidents[0]
		if v := in.Verdict(); v != nil || !strings.Contains(in.Headline, "not visible") {
			t.Errorf("%s: a verdict: %+v, %s", c.name, v, in.Headline)
		}
		if c.may == "" {
			if len(in.Causes) > 0 {
				t.Errorf("%s: %s", c.name, ranking(r))
			}
			continue
		}
		if len(in.Causes) == 0 || !strings.HasPrefix(in.Causes[0].ID, c.may) {
			t.Fatalf("%s: want %s\n%s", c.name, c.may, ranking(r))
		}
		for _, h := range in.Causes {
			if h.Confidence >= report.Low || h.Unseen == "" || len(h.Advice) > 0 || len(h.Evidence) == 0 {
				t.Errorf("%s: %s is told as more than possible: %+v", c.name, h.ID, h)
			}
		}
	}
}

// A web server's error log that is there and tells of nothing makes no guess likely: it would have said how requests failed.
func TestNoGuessWhereTheErrorLogIsSilent(t *testing.T) {
	quiet := `2026/03/10 14:00:01 [error] 8#8: *1 open() "/srv/www/favicon.ico" failed (2: No such file or directory), client: 203.0.113.9, server: shop.example, request: "GET /favicon.ico HTTP/1.1", host: "shop.example"
2026/03/10 14:09:50 [error] 8#8: *9 open() "/srv/www/favicon.ico" failed (2: No such file or directory), client: 203.0.113.9, server: shop.example, request: "GET /favicon.ico HTTP/1.1", host: "shop.example"
`
	r := analyzed(t, truth{Timezone: "UTC"}, folderOf(t, map[string]string{"access.log": shapeOf(502, func(int) bool { return true }), "error.log": quiet}))
	if len(r.Incidents) != 1 || len(r.Incidents[0].Causes) > 0 {
		t.Errorf("%s", ranking(r))
	}
}
