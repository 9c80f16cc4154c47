package correlate

import (
	"strconv"
	"testing"

	"why502/classifier"
	"why502/parser"
)

// answer503 is a 503 of nginx with a body of so many bytes.
func answer503(sec, bytes int) *parser.Record {
	r := accessLine("shop.test", "/", 503, sec, -1)
	r.Duration = -1
	r.Add("bytes", []byte(strconv.Itoa(bytes)))
	return r
}

func TestClosedOnPurpose(t *testing.T) {
	quiet := func(t *Timeline, from, to int) {
		for _, sec := range []int{from, to} {
			r := accessLine("", "", 0, sec, -1)
			r.File, r.Format, r.Client, r.Host, r.URI = "error.log", "nginx-error", nil, nil, nil
			t.Add(r, nil)
		}
	}
	conf := &Config{Sites: []Site{{Names: []string{"shop.test"}, Settings: []Setting{{"return", "503", "/etc/nginx/a:3"}}}}}
	for _, c := range []struct {
		name      string
		conf      *Config
		build     func(*Timeline)
		closed    int
		incidents int
		place     string
	}{
		{"nginx's page, its error log silent", nil, func(t *Timeline) { quiet(t, 0, 60) }, 6, 0, ""},
		{"the configuration says so", conf, func(*Timeline) {}, 6, 0, "/etc/nginx/a:3"},
		{"no error log", nil, func(*Timeline) {}, 0, 1, ""},
		{"an error log that ends before", nil, func(t *Timeline) { quiet(t, 0, 10) }, 0, 1, ""},
		{"a rate limit that says so", nil, func(t *Timeline) {
			quiet(t, 0, 60)
			for i := range 6 {
				r := accessLine("shop.test", "/", 0, 20+i, -1)
				r.File, r.Format = "error.log", "nginx-error"
				t.Add(r, []classifier.Event{{Rule: &classifier.Rule{Tag: "nginx/limit-req", Harm: "503", Family: classifier.App}, Record: r}})
			}
		}, 0, 1, ""},
	} {
		tl := New()
		tl.Configure(c.conf)
		c.build(tl)
		for i := range 6 {
			tl.Add(answer503(20+i, []int{197, 599}[i%2]), nil)
		}
		in := tl.Incidents()
		n, place := 0, ""
		for _, x := range tl.Closed() {
			n += x.Count
			place = x.Place
		}
		if len(in) != c.incidents || n != c.closed || place != c.place {
			t.Errorf("%s: %d incidents, %d closed by %q", c.name, len(in), n, place)
		}
	}
}

// A program that closes itself answers 503 too: known where the web server would have told of any other reason. One that
// answers so because of a fault is none of those.
func TestClosedByTheProgram(t *testing.T) {
	const php = "unix:/run/php/php8.2-fpm-shop.sock"
	line := func(file, format, host string, sec, status int, backend string) *parser.Record {
		r := accessLine(host, "/", status, sec, -1)
		r.File, r.Format, r.Duration = file, format, -1
		if status == 0 {
			r.Client, r.Host, r.URI = nil, nil, nil
		}
		if backend != "" {
			r.Upstream = []byte(backend)
		}
		return r
	}
	fault := []classifier.Event{{Rule: &classifier.Rule{Tag: "mysql/crashed", Signal: true}}}
	for _, c := range []struct {
		name           string
		access, format string
		backend        string
		errors         string // log of errors, silent from 0 to 60
		fault          bool
		closed         int
	}{
		{"PHP-FPM behind nginx", "/var/log/nginx/access.log", "nginx-access", php, "/var/log/nginx/error.log", false, 6},
		{"nginx's error log is missing", "/var/log/nginx/access.log", "nginx-access", php, "", false, 0},
		{"another server behind nginx", "/var/log/nginx/access.log", "nginx-access", "127.0.0.1:8080", "/var/log/nginx/error.log", false, 0},
		{"a fault of the database", "/var/log/nginx/access.log", "nginx-access", php, "/var/log/nginx/error.log", true, 0},
		{"Apache on cPanel", "/usr/local/apache/domlogs/shop.test", "apache-access", "", "/usr/local/apache/logs/error_log", false, 6},
		{"Apache, logs side by side", "/var/log/apache2/access.log", "apache-access", "", "/var/log/apache2/error.log", false, 6},
		{"Apache, the error log of others", "/srv/shop/logs/access.log", "apache-access", "", "/var/log/apache2/error.log", false, 0},
	} {
		tl := New()
		if c.errors != "" {
			kind := c.format[:len(c.format)-len("access")] + "error"
			tl.Add(line(c.errors, kind, "", 0, 0, ""), nil)
			tl.Add(line(c.errors, kind, "", 60, 0, ""), nil)
		}
		if c.fault {
			tl.Add(line("/var/log/mysql/error.log", "mysql-error", "", 15, 0, ""), fault)
		}
		for i := range 6 {
			tl.Add(line(c.access, c.format, "shop.test", 20+i, 503, c.backend), nil)
		}
		in, n := tl.Incidents(), 0
		for _, x := range tl.Closed() {
			if n += x.Count; !x.Program {
				t.Errorf("%s: taken for the web server's own answer", c.name)
			}
		}
		if n != c.closed || len(in) != min(6-n, 1) {
			t.Errorf("%s: %d incidents, %d closed, want %d", c.name, len(in), n, c.closed)
		}
	}
}

// A program that goes on answering 503 may just as well have lost its database: that is told.
func TestClosedForLong(t *testing.T) {
	for _, c := range []struct {
		minutes, pause, closed, incidents int
	}{
		{9, 0, 19, 0},
		{30, 0, 21, 1},
		{9, 20, 38, 0}, // twice
	} {
		tl := New()
		at := 0
		answer := func(file, format string, status int) {
			r := accessLine("shop.test", "/", status, at, -1)
			if r.File, r.Format, r.Duration = file, format, -1; status == 0 {
				r.Client, r.Host, r.URI = nil, nil, nil
			}
			tl.Add(r, nil)
		}
		closing := func() {
			for range 2*c.minutes + 1 {
				answer("/usr/local/apache/domlogs/shop.test", "apache-access", 503)
				at += 30
			}
		}
		answer("/usr/local/apache/logs/error_log", "apache-error", 0)
		if closing(); c.pause > 0 {
			at += 60 * c.pause
			closing()
		}
		answer("/usr/local/apache/logs/error_log", "apache-error", 0)
		in, n := tl.Incidents(), 0
		for _, x := range tl.Closed() {
			n += x.Count
		}
		if n != c.closed || len(in) != c.incidents {
			t.Errorf("%d minutes: %d incidents, %d closed; want %d, %d", c.minutes, len(in), n, c.incidents, c.closed)
		}
	}
}

// A backend's 503 is its own matter: its page has another size, or the log names it.
func TestOwnPage(t *testing.T) {
	for _, c := range []struct {
		bytes    int
		upstream string
		want     bool
	}{
		{190, "", true},
		{197, "-", true},
		{599, "", true},
		{206, "", true},
		{107, "", false},
		{282, "", false},
		{5120, "", false},
		{197, "unix:/run/php.sock", false},
	} {
		r := answer503(1, c.bytes)
		if c.upstream != "" {
			r.Upstream = []byte(c.upstream)
		}
		if got := ownPage(r); got != c.want {
			t.Errorf("%d bytes from %q: %v", c.bytes, c.upstream, got)
		}
	}
}
