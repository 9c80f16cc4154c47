package parser

import (
	"os"
	"strings"
	"testing"
)

func TestAccessGolden(t *testing.T) { golden(t, "access", "nginx-access", nil) }

func TestAccessNames(t *testing.T) {
	const (
		plain  = `192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 200 53 "-" "-"`
		empty  = `192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "-" 408 - "-" "-"`
		gone   = `192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 499 0 "-" "-"`
		timing = plain + ` urt="0.001" us="200"`
	)
	for _, c := range []struct{ line, path, want string }{
		{plain, "", "nginx-access"},
		{empty, "", "apache-access"},
		{empty, "/var/log/nginx/access.log", "nginx-access"},
		{gone, "", "nginx-access"},
		{timing, "/var/log/httpd/x", "nginx-access"},
		{plain, "/var/log/apache2/access.log", "apache-access"},
		{plain, "/data/nginx-box/usr/local/apache/domlogs/ex.test", "apache-access"},
		{plain, "/data/apache/var/log/nginx/access.log", "nginx-access"},
		{plain, "access_log", "apache-access"},
	} {
		d := testDecoder()
		d.Path = c.path
		recs, errs := readAll(t, nginxAccess, d, c.line)
		if len(errs) > 0 || recs[0].Format != c.want {
			t.Errorf("%q %s: %v %v", c.path, c.line, recs, errs)
		}
	}
}

func TestAccessSniff(t *testing.T) {
	for line, want := range map[string]bool{
		`192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 200 53`: true,
		`[22/Nov/2026:18:01:15 +0000] something`:                             false,
		`192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 700 53`: false,
		`{"log":"2026/11/22 …","stream":"stderr"}`:                           false,
		`[22-Nov-2026 10:00:00] NOTICE: fpm is running, pid 1`:               false,
		`1700000000 512 .`: true,
		`1700000000 512`:   false,
	} {
		if got := sniffAccess([]byte(line)) > 0; got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

const combinedLine = `192.0.2.7 - - [22/Nov/2026:18:01:16 +0000] "GET /cart/ HTTP/1.1" 502 157 "https://ex.test/" "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0" "ex.test" rt=0.251 uct="0.000" uht="0.250" urt="0.250" us="502" ua="unix:/run/php/a.sock"`

func timedFormat(t testing.TB) *AccessFormat {
	t.Helper()
	f, err := CompileNginx("timed", `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" `+
		`"$http_user_agent" "$host" rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" `+
		`urt="$upstream_response_time" us="$upstream_status" ua="$upstream_addr"`)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAccessAllocs(t *testing.T) {
	known := testDecoder()
	known.Access = []*AccessFormat{timedFormat(t)}
	jsonLine := `{"time":"2026-11-22T18:00:27+01:00","remote_addr":"192.0.2.7","uri":"/a?b=\"c\"","status":502}`
	for name, c := range map[string]struct {
		d    *Decoder
		line string
	}{
		"combined":   {testDecoder(), combinedLine},
		"log_format": {known, combinedLine},
		"json":       {testDecoder(), jsonLine},
	} {
		line, r := []byte(c.line), &Record{}
		if n := testing.AllocsPerRun(100, func() {
			r.Reset()
			if sniffAccess(line) == 0 || parseAccess(c.d, line, r) != nil || r.Status != 502 {
				t.Fatal("not parsed")
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkAccess(b *testing.B) {
	known := testDecoder()
	known.Access = []*AccessFormat{timedFormat(b)}
	for name, d := range map[string]*Decoder{"combined": testDecoder(), "log_format": known} {
		b.Run(name, func(b *testing.B) {
			line, r := []byte(combinedLine), &Record{}
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				r.Reset()
				if err := parseAccess(d, line, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzAccess(f *testing.F) {
	text, err := os.ReadFile("../fixtures/formats/access.log")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		f.Add([]byte(line))
	}
	d := testDecoder()
	timed := timedFormat(f)
	object, err := CompileNginx("json", `escape=json {"t":"$msec","r":"$request","s":$status,"u":"$host$request_uri"}`)
	if err != nil {
		f.Fatal(err)
	}
	d.Access = []*AccessFormat{timed, object}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &Record{}
		for _, d := range []*Decoder{d, testDecoder()} {
			r.Reset()
			sniffAccess(b)
			if parseAccess(d, b, r) == nil {
				_ = goldenRecord(t, r)
			}
		}
		if f, err := CompileNginx("x", string(b)); err == nil {
			f.parse(d, b, r)
		}
		if f, err := CompileApache("x", string(b)); err == nil {
			f.parse(d, b, r)
		}
	})
}
