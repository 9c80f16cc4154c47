package report

import (
	"slices"
	"strings"

	"why502/classifier/correlate"
	"why502/parser/discover"
)

// Remedies are written in the words of Debian's PHP 8.2. Where an incident shows another packager's paths, or another version, theirs take
// the place: systemctl start php8.2-fpm starts nothing on cPanel.

// server is what a server calls its files and services; the zero one is not known.
type server struct {
	discover.Package
	socket string // PHP-FPM's, of the site that was hit
	user   string // the web server's
}

func serverOf(php discover.Package, in *Incident, c *Cause) (s server) {
	if s.Package = php; php == (discover.Package{}) {
		return s
	}
	for _, u := range in.Upstreams {
		if path, ok := strings.CutPrefix(u.Name, "unix:/"); ok && plainName(path, "/.-_") {
			s.socket = "/" + path
			break
		}
	}
	switch {
	case php.CPanel:
		s.user = "nobody"
	case php.Apache == "httpd":
		s.user = "apache"
		for _, e := range c.Evidence {
			if strings.HasPrefix(e.Tag, "nginx/") {
				s.user = "nginx"
			}
		}
	}
	return s
}

// packageOf is the one whose PHP-FPM an incident is about: by the pool files, else the sockets, else the log lines that speak for a cause.
// Where they name several it is not known.
func packageOf(pools []*correlate.Pool, in *Incident) discover.Package {
	var p packager
	for _, pool := range pools {
		p.see(pool.Place())
	}
	if !p.known() {
		for _, u := range in.Upstreams {
			p.see(u.Name)
		}
	}
	if !p.known() {
		for i := range in.Causes {
			for _, e := range in.Causes[i].Evidence {
				p.see(e.Source)
				p.see(e.Excerpt)
			}
		}
	}
	if p.several {
		return discover.Package{}
	}
	return p.Package
}

// packager gathers what texts say of it.
type packager struct {
	discover.Package
	several bool
}

// known says whether one was seen, with its version.
func (p *packager) known() bool { return p.Unit != "" && !vague(p.Package) }

// vague says that it is cPanel's PHP, but not which.
func vague(p discover.Package) bool { return p.CPanel && strings.Contains(p.Unit, "XX") }

func (p *packager) see(text string) {
	found, ok := discover.PackageOf(text)
	switch {
	case !ok || found == p.Package || vague(found) && p.CPanel:
	case p.Unit == "" || vague(p.Package) && found.CPanel:
		p.Package = found
	default:
		p.several = true
	}
}

// words are pairs of what remedies say and what stands for it here, the longer before those that they hold.
func (s *server) words() (pairs []string) {
	put := func(old, here string) {
		if here != "" {
			pairs = append(pairs, old, here)
		}
	}
	switch {
	case s.Unit == "":
		return nil
	case s.Container:
		return s.containerWords()
	}
	program := s.FPM
	if program[0] != '/' {
		program = "/usr/sbin/" + program
	}
	put("/run/php/php8.2-fpm.sock", s.socket)
	put("/run/php/php8.2-fpm.pid", s.PID)
	put("/var/log/php8.2-fpm-$pool-slow.log", s.Slow)
	put("/var/log/php8.2-fpm.log", s.Log)
	put("/etc/php/*/fpm/pool.d/", s.Pools)
	put("/usr/sbin/php-fpm8.2", program)
	switch {
	case s.CPanel:
		put("systemctl start apache2   # httpd on RHEL, AlmaLinux and cPanel", "/scripts/restartsrv_httpd")
		put("systemctl reload apache2", "/scripts/restartsrv_httpd")
		put("/var/log/apache2/access.log", "/etc/apache2/logs/domlogs/*")
		put("tail -n 100 /var/log/mysql/error.log", "tail -n 100 /var/lib/mysql/$(hostname).err")
	case s.Apache == "httpd":
		put("systemctl start apache2   # httpd on RHEL, AlmaLinux and cPanel", "systemctl start httpd")
		put("systemctl reload apache2", "systemctl reload httpd")
		put("/var/log/apache2/access.log", "/var/log/httpd/access_log")
		put("tail -n 100 /var/log/mysql/error.log", "tail -n 100 /var/log/mariadb/mariadb.log")
	case s.Apache != "":
		put("   # httpd on RHEL, AlmaLinux and cPanel", " ")
	}
	if s.Apache == "httpd" { // no Debian
		put("apt list --installed 2>/dev/null | grep -E '^php'", "rpm -qa 'php*' 'ea-php*'")
		put("phpdismod EXTENSION", "mv "+s.Modules+"*EXTENSION.ini /root/")
		put("grep -E 'install|upgrade' /var/log/dpkg.log", "grep -iE 'installed|upgrade' /var/log/dnf.rpm.log")
		put("www-data", s.user)
	}
	put("php8.2-fpm", s.Unit)
	put("php-fpm8.2", s.FPM)
	put("php8.2", s.PHP)
	return pairs
}

// How lines of php-fpm.conf and of a pool file begin.
var (
	globalDirectives = []string{"process_control_", "emergency_restart_", "process.max ", "log_level "}
	poolDirectives   = []string{"pm ", "pm.", "request_", "slowlog ", "listen.", "php_admin_", "rlimit_", "process.dumpable "}
)

// caution is what a remedy can break, with where cPanel wants it: what stands in the files that it writes anew is lost.
func (s *server) caution(a *Advice) string {
	if s.Container {
		return s.inContainer(a)
	}
	if !s.CPanel || strings.Contains(a.Config+a.Caution, "/var/cpanel/") || strings.Contains(a.Caution, "cPanel") {
		return a.Caution
	}
	global, pool, apache := false, false, false
	for line := range strings.Lines(a.Config) {
		begins := func(d string) bool { return strings.HasPrefix(line, d) }
		global = global || slices.ContainsFunc(globalDirectives, begins)
		pool = pool || slices.ContainsFunc(poolDirectives, begins)
		word, _, _ := strings.Cut(line, " ") // MaxRequestWorkers 400, <Files "x.php">; not OOMScoreAdjust=-600 nor SHOW PROCESSLIST;
		apache = apache || line[0] == '<' || 'A' <= line[0] && line[0] <= 'Z' && !strings.HasSuffix(strings.TrimSpace(line), ";") && !strings.Contains(word, "=")
	}
	out := a.Caution
	if pool {
		out += " cPanel writes pool files anew: put it into /var/cpanel/userdata/USER/DOMAIN.php_fpm.yaml (pm.max_children = 9 is pm_max_children: 9 there), then run /scripts/php_fpm_config --rebuild."
	}
	if global {
		out += " cPanel writes php-fpm.conf anew: put it into /var/cpanel/ApachePHPFPM/system.yaml (process_control_timeout: 10s), then run /scripts/php_fpm_config --rebuild."
	}
	if apache {
		out += " cPanel writes httpd.conf anew: put it into WHM's Include Editor (/etc/apache2/conf.d/includes)."
	}
	return strings.TrimSpace(out)
}
