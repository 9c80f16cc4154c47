package rootcause

import (
	"slices"
	"strings"
	"testing"

	"why502/classifier/correlate"
)

func TestServersOf(t *testing.T) {
	source := func(format string, records int64) *correlate.Source {
		return &correlate.Source{Format: format, Records: records}
	}
	for name, c := range map[string]struct {
		sources []*correlate.Source
		want    servers
	}{
		"none":                     {nil, servers{}},
		"no web log":               {[]*correlate.Source{source("php-fpm", 9)}, servers{}},
		"nginx":                    {[]*correlate.Source{source("nginx-error", 9), source("apache-access", 9)}, servers{nginx: true}},
		"Apache":                   {[]*correlate.Source{source("apache-error", 9), source("nginx-error", 0)}, servers{apache: true}},
		"Apache behind nginx":      {[]*correlate.Source{source("apache-error", 9), source("nginx-error", 9)}, servers{true, true}},
		"Apache's access log only": {[]*correlate.Source{source("apache-access", 9)}, servers{apache: true}},
	} {
		if got := serversOf(c.sources); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A remedy is in the words of the server that is there.
func TestSay(t *testing.T) {
	steps := []Step{
		{Text: "timeouts", Config: "request_slowlog_timeout = 5s\nfastcgi_read_timeout 60s;", Apache: "request_slowlog_timeout = 5s\nProxyTimeout 60"},
		{Text: "next", Config: "proxy_next_upstream error;", NginxOnly: true},
		{Text: "pool", Config: "pm = static"},
	}
	for by, want := range map[servers]string{
		{}:                          "request_slowlog_timeout = 5s fastcgi_read_timeout 60s; | proxy_next_upstream error; | pm = static",
		{nginx: true}:               "request_slowlog_timeout = 5s fastcgi_read_timeout 60s; | proxy_next_upstream error; | pm = static",
		{apache: true}:              "request_slowlog_timeout = 5s ProxyTimeout 60 | pm = static",
		{nginx: true, apache: true}: "request_slowlog_timeout = 5s fastcgi_read_timeout 60s; # or, in Apache's configuration ProxyTimeout 60 | proxy_next_upstream error; | pm = static",
	} {
		var got []string
		for _, s := range by.say(slices.Clone(steps)) {
			got = append(got, strings.ReplaceAll(s.Config, "\n", " "))
		}
		if got := strings.Join(got, " | "); got != want {
			t.Errorf("%+v: %s\nwant %s", by, got, want)
		}
	}
}

// Directives of nginx in what the catalogue advises have a counterpart for Apache, unless the cause is nginx' own or Apache has none.
func TestApacheIsAdvised(t *testing.T) {
	nginx := []string{"fastcgi_", "proxy_", "limit_req", "location ", "log_format", "real_ip", "resolver ", "server 10."}
	both := map[string]bool{ // what they say of the web server is an example among others
		"disk_full": true, "ephemeral_ports_exhausted": true, "keepalive_race_reset": true, "request_too_large": true,
		"rewrite_or_htaccess_error": true, "no_live_upstreams": true, "upstream_header_too_big": true, "malformed_response_header": true,
		"ipv6_localhost_upstream": true, // nginx' own
	}
	for _, c := range Catalogue {
		for _, s := range c.Fix {
			for line := range strings.Lines(s.Config) {
				says := slices.ContainsFunc(nginx, func(p string) bool { return strings.HasPrefix(line, p) })
				if says && s.Apache == "" && !s.NginxOnly && !both[c.ID] {
					t.Errorf("%s: %q has no words for Apache", c.ID, strings.TrimSpace(line))
				}
			}
			if s.NginxOnly && s.Apache != "" {
				t.Errorf("%s: %q is nginx' only, and yet Apache's", c.ID, s.Text)
			}
		}
	}
}

// That the logs do not say why is told by the headline, where the cause stands first. A summary that tells it too says it twice, or
// wrongly where a root explains it.
func TestSummarySaysWhatIsKnown(t *testing.T) {
	for _, c := range Catalogue {
		if c.Kind != Root && c.Kind != Benign && strings.Contains(c.Summary, "logs") {
			t.Errorf("%s: %q", c.ID, c.Summary)
		}
	}
}
