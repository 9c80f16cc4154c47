package rootcause

import (
	"testing"

	"why502/classifier/correlate"
)

func TestSlowLogIsQuickerThanTheEnd(t *testing.T) {
	const advice = "slowlog = /var/log/x.log\nrequest_slowlog_timeout = 5s"
	for terminate, want := range map[string]string{"0": "5s", "": "5s", "30s": "5s", "6": "5s", "5s": "2s", "3s": "1s", "1s": "1s", "x": "5s"} {
		got := startable(advice, []correlate.InForce{{Setting: correlate.Setting{Name: "request_terminate_timeout", Value: terminate}, Pool: "shop"}})
		if want = "slowlog = /var/log/x.log\nrequest_slowlog_timeout = " + want; got != want {
			t.Errorf("terminate after %q: %q, want %q", terminate, got, want)
		}
	}
	both := "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s"
	if got := startable(both, []correlate.InForce{{Setting: correlate.Setting{Name: "request_terminate_timeout", Value: "3s"}}}); got != both {
		t.Errorf("%q", got)
	}
}

// What is advised fits into what the web server waits, and never makes it wait longer.
func TestNested(t *testing.T) {
	const (
		nginx  = "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nfastcgi_read_timeout 60s;"
		apache = "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 50s\nProxyTimeout 60"
		own    = "; pool exports\nrequest_terminate_timeout = 290s\nfastcgi_read_timeout 300s;"
	)
	for _, c := range []struct{ config, name, value, want string }{
		{nginx, "fastcgi_read_timeout", "5s", "request_slowlog_timeout = 2s\nrequest_terminate_timeout = 4s\nfastcgi_read_timeout 5s;"},
		{nginx, "fastcgi_read_timeout", "30", "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 25s\nfastcgi_read_timeout 30s;"},
		{nginx, "fastcgi_read_timeout", "1s", "request_slowlog_timeout = 1s\nrequest_terminate_timeout = 1s\nfastcgi_read_timeout 1s;"},
		{nginx, "fastcgi_read_timeout", "60s", nginx},
		{nginx, "fastcgi_read_timeout", "300s", nginx},
		{nginx, "proxy_read_timeout", "5s", nginx},
		{apache, "ProxyTimeout", "5", "request_slowlog_timeout = 2s\nrequest_terminate_timeout = 4s\nProxyTimeout 5"},
		{apache, "Timeout", "30", "request_slowlog_timeout = 5s\nrequest_terminate_timeout = 25s\nProxyTimeout 30"},
		{own, "fastcgi_read_timeout", "5s", own},
	} {
		if got := nested(c.config, []correlate.InForce{{Setting: correlate.Setting{Name: c.name, Value: c.value}}}); got != c.want {
			t.Errorf("%s %s:\n%s\nwant\n%s", c.name, c.value, got, c.want)
		}
	}
}
