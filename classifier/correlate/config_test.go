package correlate

import (
	"slices"
	"testing"
)

// A server where no name tells who belongs to whom: sockets are numbers, pools are letters.
var wired = &Config{
	Pools: []Pool{
		{Name: "a", Listen: []string{"unix:/run/1.sock"}, Settings: []Setting{{"pm", "static", "a.conf"}, {"pm", "dynamic", "a.conf"}}},
		{Name: "b", Listen: []string{"unix:/run/2.sock"}},
		{Name: "www", Listen: []string{"unix:/run/74.sock"}, Settings: []Setting{{"pm", "ondemand", "74.conf"}}},
		{Name: "www", Listen: []string{"unix:/run/82.sock"}, Settings: []Setting{{"pm", "static", "82.conf"}}},
	},
	Sites: []Site{
		{Names: []string{"shop.test", "www.shop.test"}, Roots: []string{"/home/acct1/public_html"}, Backends: []string{"127.0.0.1:8080", "unix:/run/1.sock"}, Settings: []Setting{{"proxy_read_timeout", "10s", "shop"}}},
		{Names: []string{"blog.test"}, Roots: []string{"/home/acct2/public_html", "/srv/both"}, Backends: []string{"127.0.0.1:8080", "unix:/run/2.sock"}},
		{Names: []string{"old.test"}, Roots: []string{"/srv/both"}, Backends: []string{"unix:/run/82.sock"}},
	},
	Settings: []Setting{{"worker_connections", "512", "nginx.conf"}},
	Files:    map[string]string{"copy/error_log": "blog.test"},
}

func hit(vhosts, backends []string) *Incident {
	in := &Incident{}
	for _, v := range vhosts {
		in.vhosts.add(v)
	}
	for _, b := range backends {
		in.backends.add(b)
	}
	return in
}

func TestRelationByConfiguration(t *testing.T) {
	shop := hit([]string{"shop.test"}, []string{"127.0.0.1:8080"}) // nginx in front of Apache
	for _, c := range []struct {
		name         string
		mark         Mark
		in           *Incident
		bare, config float64
	}{
		{"the pool listens at the backend", Mark{About: &About{Pool: "a"}}, hit(nil, []string{"unix:/run/1.sock"}), Unknown, Same},
		{"another pool does", Mark{About: &About{Pool: "b"}}, hit(nil, []string{"unix:/run/1.sock"}), Unknown, Alien},
		{"the pool serves the site", Mark{About: &About{Pool: "a"}}, shop, Unknown, Same},
		{"by any of its names", Mark{About: &About{Pool: "a"}}, hit([]string{"www.shop.test"}, nil), Unknown, Same},
		{"another pool serves the site", Mark{About: &About{Pool: "b"}}, shop, Unknown, Alien},
		{"one of the sites is not known", Mark{About: &About{Pool: "b"}}, hit([]string{"shop.test", "new.test"}, nil), Unknown, Unknown},
		{"the pool is not known", Mark{About: &About{Pool: "c"}}, shop, Unknown, Unknown},
		{"either of two pools of that name", Mark{About: &About{Pool: "www"}}, hit([]string{"old.test"}, nil), Unknown, Same},
		{"a socket behind the site's proxy", Mark{About: &About{Backend: "unix:/run/1.sock"}}, shop, Alien, Same},
		{"a socket of another site", Mark{About: &About{Backend: "unix:/run/2.sock"}}, shop, Alien, Alien},
		{"a file of the site's account", Mark{About: &About{File: "/home/acct1/logs/x.log"}}, shop, Unknown, Same},
		{"a file of another account", Mark{About: &About{File: "/home/acct2/logs/x.log"}}, shop, Unknown, Alien},
		{"a file of an account without a site", Mark{About: &About{File: "/home/acct3/logs/x.log"}}, shop, Unknown, Unknown},
	} {
		bare, known := New(), New()
		bare.Configure(nil)
		known.Configure(wired)
		if got := bare.Relation(&c.mark, c.in); got != c.bare {
			t.Errorf("%s: %v without a configuration, want %v", c.name, got, c.bare)
		}
		if got := known.Relation(&c.mark, c.in); got != c.config {
			t.Errorf("%s: %v, want %v", c.name, got, c.config)
		}
	}
}

func TestSitesByConfiguration(t *testing.T) {
	for _, w := range []*wiring{nil, {}} {
		if v := w.vhostOfFile("x") + w.vhostOfScript([]byte("/srv/x.php")) + w.vhostOfBackend([]byte("unix:/x")); v != "" {
			t.Errorf("%q out of nothing", v)
		}
	}
	tl := New()
	tl.Configure(wired)
	for script, want := range map[string]string{
		"/home/acct1/public_html/wp-content/plugins/x/y.php": "shop.test", "/home/acct1/public_html": "", "/home/acct1/public_html2/x.php": "",
		"/srv/both/index.php": "", "": "",
	} {
		if got := tl.wiring.vhostOfScript([]byte(script)); got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
	for addr, want := range map[string]string{"unix:/run/1.sock": "shop.test", "127.0.0.1:8080": "", "unix:/run/9.sock": ""} {
		if got := tl.wiring.vhostOfBackend([]byte(addr)); got != want {
			t.Errorf("%s: %q, want %q", addr, got, want)
		}
	}
	if got := tl.Source("copy/error_log").Vhost; got != "blog.test" {
		t.Errorf("copy/error_log is of %q", got)
	}
	if got := tl.Source("domlogs/shop.test").Vhost; got != "shop.test" {
		t.Errorf("a log that is not configured is of %q", got)
	}
}

func TestSettings(t *testing.T) {
	tl := New()
	in := hit([]string{"shop.test"}, []string{"unix:/run/82.sock"})
	in.Pools, in.Vhosts = []Share{{Name: "www"}, {Name: "none"}}, []Share{{Name: "shop.test"}}
	if got := tl.Settings(in); got != nil {
		t.Errorf("%v without a configuration", got)
	}
	tl.Configure(wired)
	want := []InForce{
		{Setting{"pm", "static", "82.conf"}, "www", ""},
		{Setting{"proxy_read_timeout", "10s", "shop"}, "", "shop.test"},
		{Setting{"worker_connections", "512", "nginx.conf"}, "", ""},
	}
	got := tl.Settings(in)
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
	in.Pools = nil
	if pools := tl.PoolsOf(in); len(pools) != 1 || pools[0].Name != "www" || !slices.Contains(pools[0].Listen, "unix:/run/82.sock") {
		t.Errorf("no log speaks of a pool, and the socket is that of %+v", pools)
	}
	if got := wired.Pools[0].Get("pm").Value; got != "dynamic" {
		t.Errorf("pm = %s, the last one counts", got)
	}
}
