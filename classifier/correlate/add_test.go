package correlate

import (
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

// What is known already is counted without a byte on the heap: logs are long.
func TestAddAllocatesNothing(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	full := []classifier.Event{{Rule: &classifier.Rule{Tag: "test/full", Signal: true}}}
	for name, c := range map[string]struct {
		r      parser.Record
		events []classifier.Event
	}{
		"nginx error": {parser.Record{
			Format: "nginx-error", Client: []byte("192.0.2.1"), Host: []byte("shop.example:8443"), Request: []byte("GET /cart/ HTTP/1.1"),
			URI: []byte("/wp-admin/admin-ajax.php?action=rates&x=1"), Upstream: []byte("fastcgi://unix:/run/php/shop.sock:"),
			Script: []byte("/srv/shop.example/wp-content/plugins/acme/api.php"),
		}, refused},
		"access": {parser.Record{
			Format: "nginx-access", Client: []byte("192.0.2.1"), Vhost: []byte("shop.example"), URI: []byte("/wp-admin/admin-ajax.php?action=rates"), Status: 200,
		}, nil},
		"failed access": {parser.Record{
			Format: "nginx-access", Client: []byte("192.0.2.1"), URI: []byte("/de/product/mug/"), Status: 502,
		}, nil},
		"apache error": {parser.Record{Format: "apache-error", Client: []byte("192.0.2.1"), Fields: []parser.Field{{Key: "port", Value: []byte("4711")}}}, refused},
		"php-fpm":      {parser.Record{Format: "php-fpm", Pool: []byte("shop"), PID: 4711, Fields: []parser.Field{{Key: "limit", Value: []byte("5")}}}, full},
		"too slow":     {parser.Record{Format: "php-fpm", Pool: []byte("shop"), PID: 4711, URI: []byte("/cart/"), Script: []byte("/srv/shop.example/cart.php")}, tooSlow},
		"slow log": {parser.Record{
			Format: "php-slow", Pool: []byte("shop"), Script: []byte("/srv/shop.example/index.php"),
			Frames: []parser.Frame{{Func: []byte("curl_exec"), File: []byte("/srv/shop.example/wp-content/plugins/acme/api.php"), Line: 3}, {Func: []byte("run"), File: []byte("/srv/shop.example/index.php"), Line: 17}},
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tl := New()
			r := &c.r
			r.File, r.Raw, r.Time, r.Duration = "a.log", []byte("a line"), at, -1
			tl.Add(r, c.events)
			if n := testing.AllocsPerRun(100, func() { tl.Add(r, c.events) }); n > 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}
