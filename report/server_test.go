package report

import (
	"slices"
	"strings"
	"testing"

	"why502/classifier/correlate"
	"why502/classifier/rootcause"
	"why502/parser/discover"
)

func TestPackageOf(t *testing.T) {
	pool := func(file string) []*correlate.Pool {
		return []*correlate.Pool{{Settings: []correlate.Setting{{Name: "pm", Value: "static", Place: file}}}}
	}
	evidence := func(texts ...string) Incident {
		var c Cause
		for _, s := range texts {
			c.Evidence = append(c.Evidence, Evidence{Source: s})
		}
		return Incident{Causes: []Cause{c}}
	}
	for name, c := range map[string]struct {
		pools []*correlate.Pool
		in    Incident
		unit  string
	}{
		"nothing":                    {nil, evidence("/var/log/nginx/error.log"), ""},
		"a log":                      {nil, evidence("/var/log/nginx/error.log", "/var/log/php8.1-fpm.log"), "php8.1-fpm"},
		"two versions":               {nil, evidence("/var/log/php8.2-fpm.log", "/var/log/php8.1-fpm.log"), ""},
		"the pool's file":            {pool("/etc/php/8.3/fpm/pool.d/a.conf"), evidence("/var/log/php8.1-fpm.log"), "php8.3-fpm"},
		"Apache's log of cPanel":     {nil, evidence("/usr/local/apache/logs/error_log"), "ea-phpXX-php-fpm"},
		"PHP's log of cPanel, too":   {nil, evidence("/usr/local/apache/logs/error_log", "/opt/cpanel/ea-php82/root/usr/var/log/php-fpm/error.log"), "ea-php82-php-fpm"},
		"PHP's log of cPanel, first": {nil, evidence("/opt/cpanel/ea-php82/root/usr/var/log/php-fpm/error.log", "/usr/local/apache/logs/error_log"), "ea-php82-php-fpm"},
		"a socket":                   {nil, Incident{Upstreams: []Share{{"unix:/run/php-fpm/www.sock", 1}}}, "php-fpm"},
	} {
		if got := packageOf(c.pools, &c.in); got.Unit != c.unit {
			t.Errorf("%s: %q, want %q", name, got.Unit, c.unit)
		}
	}
}

// What is to be typed is what the server at hand knows.
func TestFillServer(t *testing.T) {
	advice := []Advice{
		{Config: "systemctl start php8.2-fpm\nphp-fpm8.2 -t\nls -l /run/php/php8.2-fpm.sock"},
		{Config: "slowlog = /var/log/php8.2-fpm-$pool-slow.log", Caution: "Disk."},
		{Config: "<Files \"a.php\">\n</Files>\nKeepAlive On"},
		{Config: "; php-fpm.conf, [global]\nprocess.max = 40"},
		{Config: "[Service]\nRestart=on-failure\nSHOW FULL PROCESSLIST;"},
	}
	verify := []string{"sudo -u www-data php8.2 -v", "apachectl -t && systemctl start apache2   # httpd on RHEL, AlmaLinux and cPanel"}
	for place, want := range map[string][]string{
		"/etc/php/7.4/fpm/pool.d/www.conf": {
			"systemctl start php7.4-fpm\nphp-fpm7.4 -t\nls -l /run/php/php7.4-fpm-shop.sock", "slowlog = /var/log/php7.4-fpm-$pool-slow.log", "Disk.", "", "",
			"sudo -u www-data php7.4 -v", "apachectl -t && systemctl start apache2 ",
		},
		"/etc/php-fpm.d/www.conf": {
			"systemctl start php-fpm\nphp-fpm -t\nls -l /run/php/php7.4-fpm-shop.sock", "slowlog = /var/log/php-fpm/$pool-slow.log", "Disk.", "", "",
			"sudo -u nginx php -v", "apachectl -t && systemctl start httpd",
		},
		"/opt/cpanel/ea-php81/root/etc/php-fpm.d/shop.conf": {
			"systemctl start ea-php81-php-fpm\n/opt/cpanel/ea-php81/root/usr/sbin/php-fpm -t\nls -l /run/php/php7.4-fpm-shop.sock",
			"slowlog = /opt/cpanel/ea-php81/root/usr/var/log/php-fpm/$pool-slow.log",
			"Disk. cPanel writes pool files anew: put it into /var/cpanel/userdata/USER/DOMAIN.php_fpm.yaml (pm.max_children = 9 is pm_max_children: 9 there), then run /scripts/php_fpm_config --rebuild.",
			"cPanel writes httpd.conf anew: put it into WHM's Include Editor (/etc/apache2/conf.d/includes).",
			"cPanel writes php-fpm.conf anew: put it into /var/cpanel/ApachePHPFPM/system.yaml (process_control_timeout: 10s), then run /scripts/php_fpm_config --rebuild.",
			"sudo -u nobody ea-php81 -v", "apachectl -t && /scripts/restartsrv_httpd",
		},
	} {
		php, _ := discover.PackageOf(place)
		b := builder{shelf: newShelf()}
		c := Cause{ID: "fpm_socket_missing", Advice: advice, Verify: verify, Evidence: []Evidence{{Tag: "nginx/upstream-missing"}}}
		b.fill(&Incident{Upstreams: []Share{{"unix:/run/php/php7.4-fpm-shop.sock", 1}}}, &c, php)
		a := c.Advice
		got := []string{a[0].Config, a[1].Config, a[1].Caution, a[2].Caution, a[3].Caution, c.Verify[0], c.Verify[1]}
		if strings.Join(got, "|") != strings.Join(want, "|") || a[4].Caution != "" {
			t.Errorf("%s:\n%s%s\nwant\n%s", place, strings.Join(got, "\n"), a[4].Caution, strings.Join(want, "\n"))
		}
	}
}

// Nobody is told to ask systemd for what runs in a container: whatever a cause advises, its words are docker's.
func TestFillContainer(t *testing.T) {
	php, _ := discover.PackageOf("/usr/local/etc/php-fpm.d/www.conf")
	for _, cause := range rootcause.Catalogue {
		b := builder{shelf: newShelf()}
		c := Cause{ID: cause.ID, Verify: cause.Verify}
		for _, f := range cause.Fix {
			c.Advice = append(c.Advice, Advice{Config: f.Config, Caution: f.Caution})
		}
		b.fill(&Incident{}, &c, php)
		texts := slices.Clone(c.Verify)
		for i, a := range c.Advice {
			texts = append(texts, a.Config)
			if strings.HasPrefix(cause.Fix[i].Config, "slowlog") && !strings.Contains(a.Caution, "is lost when it is made anew") {
				t.Errorf("%s: %s may be put where it is lost: %s", c.ID, a.Config, a.Caution)
			}
		}
		for _, text := range texts {
			for line := range strings.Lines(text) {
				if strings.Contains(line, "8.2") || strings.Contains(line, "systemctl") && strings.Contains(line, "CONTAINER") {
					t.Errorf("%s: %s", c.ID, line)
				}
			}
		}
	}
}

// What only cPanel has is advised there, and where nobody knows whose server it is.
func TestFillCPanel(t *testing.T) {
	advice := []Advice{{Text: "rebuild", CPanel: true}, {Text: "start", Config: "systemctl start php8.2-fpm"}}
	for place, want := range map[string]int{"": 2, "/etc/php/8.2/fpm/pool.d/a.conf": 1, "/opt/cpanel/ea-php82/root/": 2} {
		php, _ := discover.PackageOf(place)
		b := builder{shelf: newShelf()}
		c := Cause{ID: "fpm_down_or_failed_start", Advice: advice}
		if b.fill(&Incident{}, &c, php); len(c.Advice) != want || len(advice) != 2 {
			t.Errorf("%q: %+v", place, c.Advice)
		}
	}
}

// A group of backends is named by the address of the first and all ports.
func TestFillBackends(t *testing.T) {
	b := builder{shelf: newShelf()}
	c := Cause{ID: "upstream_backend_down", Advice: []Advice{{Config: "ss -ltnp | grep -E ':(8080|8443|3000) '\ncurl -sI http://127.0.0.1:8080/"}}}
	b.fill(&Incident{Upstreams: []Share{{"app_backends", 9}, {"10.0.0.2:8101", 5}, {"10.0.0.3:8101", 5}, {"10.0.0.2:8102", 4}}}, &c, discover.Package{})
	if got, want := c.Advice[0].Config, "ss -ltnp | grep -E ':(8101|8102) '\ncurl -sI http://10.0.0.2:8101/"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// However many sites there are, the lines are those of the server's own packages.
func TestFillRoomKeepsTheServer(t *testing.T) {
	b := builder{shelf: newShelf()}
	php, _ := discover.PackageOf("/opt/cpanel/ea-php81/root/")
	for i := range 3 * fillRoom {
		c := Cause{ID: "fpm_down_or_failed_start", Advice: []Advice{{Config: "systemctl start php8.2-fpm"}}}
		b.fill(&Incident{Vhosts: []Share{{strings.Repeat("s", i%99+1) + strings.Repeat("t", i/99) + ".test", 1}}}, &c, php)
		if c.Advice[0].Config != "systemctl start ea-php81-php-fpm" {
			t.Fatalf("%d: %q", i, c.Advice[0].Config)
		}
	}
	if len(b.filled) > 2*fillRoom {
		t.Errorf("%d kept", len(b.filled))
	}
}
