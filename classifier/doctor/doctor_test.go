package doctor

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"why502/parser/discover"
)

// examine lays out a tree and makes all checks, as if it were that of this machine.
func examine(t *testing.T, tree string) map[string][]Finding {
	t.Helper()
	return examineAs(t, tree, true)
}

func examineAs(t *testing.T, tree string, live bool) map[string][]Finding {
	t.Helper()
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(tree)).Files {
		name := filepath.Join(root, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files := discover.Folder(root)
	formats, _ := discover.Formats(files)
	s := &Server{Server: discover.Configuration(files), Formats: formats, Exists: func(p string) bool { _, err := files.Stat(p); return err == nil }, Live: live}
	found := map[string][]Finding{}
	for _, r := range Examine(s) {
		found[r.ID] = append([]Finding{}, r.Findings...)
	}
	return found
}

const (
	main          = "-- etc/php/8.2/fpm/php-fpm.conf --\n[global]\n"
	pools         = "include=/etc/php/8.2/fpm/pool.d/*.conf\n-- etc/php/8.2/fpm/pool.d/shop.conf --\n[shop]\nlisten = /run/php/shop.sock\n"
	nginx         = "-- etc/nginx/nginx.conf --\nevents { worker_connections 512; }\nhttp {\n"
	debianSlowLog = "slowlog = /var/log/php8.2-fpm-$pool-slow.log"
	site          = "server { server_name shop.test; location ~ \\.php$ { fastcgi_pass unix:/run/php/shop.sock; "
)

// TestChecks has a hit and a near miss for each check.
func TestChecks(t *testing.T) {
	for _, c := range []struct {
		id, tree     string
		says, config string // of the hit; "" if nothing is to be found
	}{
		{"slow-log-off", main + pools, "neither slowlog nor request_slowlog_timeout", debianSlowLog + "\nrequest_slowlog_timeout = 5s"},
		{"slow-log-off", main + pools + "slowlog = /var/log/slow\n", "slowlog = /var/log/slow, request_slowlog_timeout = 0", "request_slowlog_timeout = 5s"},
		{"slow-log-off", main + pools + "request_terminate_timeout = 4s\n", "neither slowlog nor request_slowlog_timeout", debianSlowLog + "\nrequest_slowlog_timeout = 2s"},
		{"slow-log-off", main + pools + "request_slowlog_timeout = 2\n", "request_slowlog_timeout = 2 without slowlog: PHP-FPM will not start", debianSlowLog},
		{"slow-log-off", main + pools + "slowlog = /var/log/slow\nrequest_slowlog_timeout = 10s\n", "", ""},

		{"slow-log-late", main + pools + "slowlog = /s\nrequest_slowlog_timeout = 30s\nrequest_terminate_timeout = 30s\n", "request_slowlog_timeout = 30s, request_terminate_timeout = 30s", "request_slowlog_timeout = 5s"},
		{"slow-log-late", main + pools + "slowlog = /s\nrequest_slowlog_timeout = 2m\n" + nginx + site + "} } }", "request_slowlog_timeout = 2m, and shop.test waits 60 s", "request_slowlog_timeout = 5s"},
		{"slow-log-late", main + pools + "slowlog = /s\nrequest_slowlog_timeout = 2m\n" + nginx + site + "fastcgi_read_timeout 300; } } }", "", ""},
		{"slow-log-late", main + pools + "slowlog = /s\nrequest_slowlog_timeout = 29s\nrequest_terminate_timeout = 30s\n", "", ""},

		{"child-outlives-visitor", main + pools, "no request_terminate_timeout; the web server waits 60 s", "request_terminate_timeout = 50s"},
		{"child-outlives-visitor", main + pools + "request_terminate_timeout = 1d\n" + nginx + site + "fastcgi_read_timeout 5m; } } }", "request_terminate_timeout = 1d; the web server waits 300 s", "request_terminate_timeout = 250s"},
		{"child-outlives-visitor", main + pools + "request_terminate_timeout = 2m\n", "", ""},

		{"reload-cuts-requests", main, "no process_control_timeout", ""},
		{"reload-cuts-requests", main + "process_control_timeout = 0s\n", "process_control_timeout = 0s", ""},
		{"reload-cuts-requests", main + "process_control_timeout = 10s\n", "", ""},

		{"socket-of-nobody", main + pools + nginx + "server { server_name shop.test; fastcgi_pass unix:/run/php/other.sock; } }", "passes requests to unix:/run/php/other.sock", ""},
		{"socket-of-nobody", main + strings.ReplaceAll(pools, "shop.sock", "php8.3-fpm.sock") + nginx + "server { server_name shop.test; fastcgi_pass unix:/run/php/php8.2-fpm.sock; } }", "passes requests to unix:/run/php/php8.2-fpm.sock", "fastcgi_pass unix:/run/php/php8.3-fpm.sock;"},
		{"socket-of-nobody", main + pools + nginx + site + "} } server { server_name py.test; uwsgi_pass unix:/run/gunicorn.sock; } }", "", ""},

		{"connections-above-files", nginx + "} worker_rlimit_nofile 1000;", "worker_connections 512, worker_rlimit_nofile 1000", "worker_rlimit_nofile 2048;"},
		{"connections-above-files", nginx + "} worker_rlimit_nofile 1024;", "", ""},

		{"times-not-logged", nginx + "access_log /var/log/nginx/a.log; }", "format combined", nginxTimes},
		{"times-not-logged", nginx + "log_format t '$status $request_time'; access_log /var/log/nginx/a.log t; }", "", ""},
		{"times-not-logged", "-- etc/apache2/apache2.conf --\nLogFormat \"%h %t \\\"%r\\\" %>s\" c\nCustomLog /var/log/a c\n", "format c", apacheTimes},
		{"times-not-logged", "-- etc/apache2/apache2.conf --\nCustomLog /var/log/a \"%h %t \\\"%r\\\" %>s %{ms}T\"\nCustomLog /var/log/b \"%{%s}t %I .\"\n", "", ""},

		{"access-log-off", nginx + "server { server_name shop.test; access_log off; fastcgi_pass unix:/run/php/shop.sock; } }", "access_log off", ""},
		{"access-log-off", nginx + "server { server_name static.test; access_log off; } }", "", ""},

		{"error-log-quiet", nginx + "error_log /var/log/nginx/e.log crit; }", "level crit", "error_log /var/log/nginx/e.log error;"},
		{"error-log-quiet", nginx + "server { server_name shop.test; error_log /dev/null; } }", "error_log /dev/null", "error_log /var/log/nginx/error.log error;"},
		{"error-log-quiet", "-- etc/apache2/apache2.conf --\nLogLevel emerg\n", "LogLevel emerg", "LogLevel warn"},
		{"error-log-quiet", "-- etc/apache2/apache2.conf --\nLogLevel error\n", "", ""},
		{"error-log-quiet", nginx + "error_log /var/log/nginx/e.log warn; }", "", ""},

		{"fpm-log-quiet", main + "log_level = error\n", "log_level = error", ""},
		{"fpm-log-quiet", main + "log_level = warning\n", "", ""},

		{"php-errors-off", main + pools + "php_admin_flag[log_errors] = off\n", "php_admin_flag[log_errors] = off", ""},
		{"php-errors-off", main + pools + "php_admin_flag[log_errors] = on\n", "", ""},

		{"kernel-log-lost", "-- var/log/dpkg.log --\n", "neither journal nor kern.log, messages or syslog", ""},
		{"kernel-log-lost", "-- var/log/syslog --\n", "", ""},
	} {
		found, made := examine(t, c.tree)[c.id]
		switch {
		case !made:
			t.Errorf("%s was not made for\n%s", c.id, c.tree)
		case c.says == "" && len(found) > 0:
			t.Errorf("%s: %v for\n%s", c.id, found, c.tree)
		case c.says != "" && (len(found) != 1 || found[0].Says != c.says || found[0].Config != c.config):
			t.Errorf("%s: %+v, not %q with %q, for\n%s", c.id, found, c.says, c.config, c.tree)
		}
	}
}

// TestCopiesLackLogs: what was not copied is not lost.
func TestCopiesLackLogs(t *testing.T) {
	if found, made := examineAs(t, "-- var/log/dpkg.log --\n", false)["kernel-log-lost"]; made {
		t.Errorf("%+v", found)
	}
	if found, made := examineAs(t, "-- var/log/syslog --\n", false)["kernel-log-lost"]; !made || len(found) > 0 {
		t.Errorf("one that was copied is not found: %+v", found)
	}
}

// TestPoolsAboveMemory: what a child takes is measured, or nothing is said.
func TestPoolsAboveMemory(t *testing.T) {
	pool := func(name, children string) discover.Pool {
		return discover.Pool{Name: name, Settings: []discover.Setting{{Name: "pm.max_children", Value: children}}}
	}
	child := func(sizes map[string]int64) func(string) int64 { return func(p string) int64 { return sizes[p] << 20 } }
	for _, c := range []struct {
		pools  []discover.Pool
		memory int64
		child  func(string) int64
		made   bool
		says   string
	}{
		{[]discover.Pool{pool("a", "20"), pool("b", "10")}, 2000, child(map[string]int64{"a": 64, "b": 80}), true, "30 children may take 2080 MiB, and the server has 2000 MiB"},
		{[]discover.Pool{pool("a", "20"), pool("b", "9")}, 2000, child(map[string]int64{"a": 64, "b": 80}), true, ""},
		{[]discover.Pool{pool("a", "200"), pool("b", "x")}, 20_000, child(map[string]int64{"a": 64, "b": 64}), true, ""},
		{[]discover.Pool{pool("a", "99999999999")}, 20_000, child(map[string]int64{"a": 64}), true, "99999999999 children may take 67108864 MiB, and the server has 20000 MiB"},
		{[]discover.Pool{pool("a", "200")}, 2000, child(nil), false, ""},
		{[]discover.Pool{pool("a", "200")}, 0, child(map[string]int64{"a": 64}), false, ""},
	} {
		s := &Server{Server: &discover.Server{Pools: c.pools}, Exists: func(string) bool { return false }, Memory: c.memory << 20, Child: c.child}
		made, says := false, ""
		for _, r := range Examine(s) {
			if r.ID == "pools-above-memory" {
				made = true
				for _, f := range r.Findings {
					says += f.Says
				}
			}
		}
		if made != c.made || says != c.says {
			t.Errorf("%v with %d MiB: made %v, %q", c.pools, c.memory, made, says)
		}
	}
}

// TestNothingToExamine: what is not there is neither wrong nor fine.
func TestNothingToExamine(t *testing.T) {
	if found := examine(t, ""); len(found) > 0 {
		t.Errorf("%v", found)
	}
}

// TestChecksAreWhole holds what every check owes to who reads it.
func TestChecksAreWhole(t *testing.T) {
	var ids []string
	for _, c := range Checks {
		if c.Title == "" || c.Fine == "" || c.Why == "" || c.Verify == "" || c.Source == "" || c.Kind == "" || slices.Contains(ids, c.ID) {
			t.Errorf("%s lacks something, or is there twice", c.ID)
		}
		ids = append(ids, c.ID)
	}
	if !slices.IsSortedFunc(Checks, func(a, b *Check) int { return strings.Compare(string(a.Kind), string(b.Kind)) }) {
		t.Error("what breaks requests does not stand before what hides")
	}
}

// TestAdviceAgrees: what the checks advise of one pool, taken together, leaves nothing for them to find.
func TestAdviceAgrees(t *testing.T) {
	for _, wait := range []string{"3s", "30s", "60s", "10m"} {
		tree := nginx + site + "fastcgi_read_timeout " + wait + "; } } }\n" + main + pools
		set := "slowlog = /var/log/slow\n"
		for _, id := range []string{"slow-log-off", "child-outlives-visitor"} {
			lines := strings.Split(examine(t, tree)[id][0].Config, "\n")
			set += lines[len(lines)-1] + "\n"
		}
		for _, id := range []string{"slow-log-off", "slow-log-late", "child-outlives-visitor"} {
			if found := examine(t, tree+set)[id]; len(found) > 0 {
				t.Errorf("with %q, when the site waits %s: %s %v", set, wait, id, found)
			}
		}
	}
}

func TestSeconds(t *testing.T) {
	for v, want := range map[string]float64{"": 0, "0": 0, "0s": 0, "5": 5, "5s": 5, "2m": 120, "1m30s": 90, "500ms": .5, "1d": 86400, "1h 5m": 3900, "off": 0, "5x": 0, "-3": 0} {
		if got := seconds(v); got != want {
			t.Errorf("%q is %v seconds, not %v", v, got, want)
		}
	}
}
