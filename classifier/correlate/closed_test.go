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
