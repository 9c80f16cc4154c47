package parser

import (
	"strings"
	"testing"
	"time"
)

// one parses line with that format alone; nil if it does not fit.
func one(t *testing.T, f *AccessFormat, line string) *Record {
	t.Helper()
	r := &Record{}
	r.Reset()
	if !f.parse(testDecoder(), []byte(line), r) {
		return nil
	}
	return r
}

func TestCompileNginx(t *testing.T) {
	for _, c := range []struct{ pattern, line, want string }{
		{
			`$remote_addr $upstream_status $request_time $status`, `192.0.2.7 502, 200 : 504 0.250 200`,
			`client=192.0.2.7 status=200 duration=250ms upstream_status=502, 200 : 504`,
		},
		{
			`$time_iso8601 ${status} "$request" $host$request_uri`, `2026-11-22T10:00:00+01:00 502 "GET /x HTTP/1.1" ex.test/a b`,
			`time=2026-11-22T09:00:00Z status=502 uri=/x host=ex.test`,
		},
		{
			`$msec $status $uri$is_args$args|$pipe$server_name`, `1700000000.250 200 /a?b|.ex.test`,
			`time=2023-11-14T22:13:20.25Z status=200 uri=/a?b vhost=ex.test`,
		},
		{
			`escape=json {"r":"$request","s":$status,"t":$request_time}`, `{"r":"GET /\"a\u00e9\" HTTP/1.1","s":200,"t":0.001}`,
			`status=200 duration=1ms uri=/"aé"`,
		},
		{
			`escape=none "$request" $status`, `"GET /"a" HTTP/1.1" 200`,
			`status=200 uri=/"a"`,
		},
		{`"$request" $status`, `"GET /\x22a" 200" 200`, ``},
		{`"$request" $status`, `"GET / HTTP/1.1" 2000`, ``},
		{`$http_user_agent $status`, `an agent 200 of words 404`, `status=404`},
		{`$time_local $upstream_addr x`, `22/Nov/2026:18:01:15 +0000 127.0.0.1:1, unix:/a.sock x`, `time=2026-11-22T18:01:15Z upstream=127.0.0.1:1, unix:/a.sock`},
	} {
		f, err := CompileNginx("f", c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got := said(one(t, f, c.line)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.line, got, c.want)
		}
	}
}

func TestCompileApache(t *testing.T) {
	for _, c := range []struct{ pattern, line, want string }{
		{
			`%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %D`,
			`ex.test:443 192.0.2.7 - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 503 12 "-" "a \"b\"" 1500`,
			`time=2026-11-22T10:00:00Z client=192.0.2.7 status=503 duration=1.5ms uri=/ vhost=ex.test`,
		},
		{
			`%a [%{%d/%b/%Y:%H:%M:%S}t.%{msec_frac}t %{%z}t] "%m %U%q %H" %!200,304>s %T %{ms}T`,
			`192.0.2.7 [22/Nov/2026:10:00:00.250 +0100] "GET /a?b HTTP/1.1" 404 3 3000`,
			`time=2026-11-22T09:00:00.25Z client=192.0.2.7 status=404 duration=3s uri=/a?b`,
		},
		{`%{sec}t %>s %%`, `1700000000 200 %`, `time=2023-11-14T22:13:20Z status=200`},
		{`%{usec}t %>s`, `1700000000250000 200`, `time=2023-11-14T22:13:20.25Z status=200`},
		{`%{begin:%FT%T}t %s`, `2026-11-22T10:00:00 200`, `time=2026-11-22T10:00:00Z status=200`},
		{`%{%Y%m%d%H%M%S}t %s %{us}T`, `20261122100000 200 250000`, `time=2026-11-22T10:00:00Z status=200 duration=250ms`},
		{`%{X}^ti %s %b`, `x y 200 -`, `status=200`},
	} {
		f, err := CompileApache("f", c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got := said(one(t, f, c.line)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.line, got, c.want)
		}
	}
}

// said sums a record up in the order of its fields.
func said(r *Record) string {
	if r == nil {
		return ""
	}
	var out []string
	add := func(key, value string) {
		if value != "" {
			out = append(out, key+"="+value)
		}
	}
	if !r.Time.IsZero() {
		add("time", r.Time.UTC().Format(time.RFC3339Nano))
	}
	add("client", string(r.Client))
	if r.Status != 0 {
		add("status", string([]byte{byte('0' + r.Status/100), byte('0' + r.Status/10%10), byte('0' + r.Status%10)}))
	}
	if r.Duration >= 0 {
		add("duration", r.Duration.String())
	}
	add("uri", string(r.URI))
	add("host", string(r.Host))
	add("vhost", string(r.Vhost))
	add("upstream", string(r.Upstream))
	add("upstream_status", string(r.Field("upstream_status")))
	return strings.Join(out, " ")
}

func TestCompileErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		`$status $`:                    "column 9: a $ without the name of a variable",
		`$status ${host`:               "column 9: ${host has no closing brace",
		`$status $http_x$http_y`:       "column 16: $http_y touches $http_x: nothing tells where one ends",
		`$remote_addr "$request"`:      "column 1: neither a time nor a status in it: any line would fit",
		strings.Repeat("$status ", 65): "column 513: more than 64 values",
	} {
		if _, err := CompileNginx("f", pattern); err == nil || err.Error() != want {
			t.Errorf("%s: %v", pattern, err)
		}
	}
	for pattern, want := range map[string]string{
		`%s %`:       "column 4: % without a letter",
		`%s %{Host`:  "column 5: { without }",
		`%s %$`:      `column 5: '$' cannot stand after %`,
		`%s %{%Q}t`:  "column 7: %Q in a time is not known",
		`%s %{%}t`:   "column 6: % without a letter",
		`%h %l "%r"`: "column 1: neither a time nor a status in it: any line would fit",
		`%s %l%u`:    "column 6: %u touches %l: nothing tells where one ends",
	} {
		if _, err := CompileApache("f", pattern); err == nil || err.Error() != want {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

func TestDetectKnownFormat(t *testing.T) {
	d := testDecoder()
	lines := [][]byte{[]byte("200|0.250|ex.test|2026-11-22T10:00:00+00:00")}
	if d.Detect(lines) != nil {
		t.Error("detected without knowing it")
	}
	f, err := CompileNginx("f", "$status|$request_time|$host|$time_iso8601")
	if err != nil {
		t.Fatal(err)
	}
	d.Access = []*AccessFormat{f}
	if d.Detect(lines) != nginxAccess {
		t.Error("not detected")
	}
}
