package discover

import (
	"slices"
	"strings"
)

// Package is whose PHP-FPM a server runs, and how it calls its parts. What one has to type hangs on it: cPanel's PHP 8.2 is no
// php8.2-fpm.
type Package struct {
	Unit    string // of systemd: php8.2-fpm, ea-php82-php-fpm
	FPM     string // the program: php-fpm8.2
	PHP     string // the one for the shell: php8.2
	Pools   string // the folder of the pool files, with its slash
	Modules string // the folder of the files that load PHP's extensions, with its slash
	Log     string // of the master
	Slow    string // a slow log for each pool, in a folder that is there
	PID     string // file
	Apache  string // how it is called there; "" where that is not sure
	CPanel  bool   // pool files and httpd.conf are written anew at will

	Container bool // Unit is what the reader calls it, its master is process 1 there, and no systemd knows of it
}

// Reload is the command that tests the configuration and brings it into force.
func (p *Package) Reload() string {
	if p.Container {
		return p.FPM + " -t && docker kill -s USR2 " + p.Unit
	}
	return p.FPM + " -t && systemctl reload " + p.Unit
}

// PackageOf tells it by the first of its paths that a text holds: a file of its configuration, a log, a socket. Of cPanel the logs of
// Apache tell, too, but not which PHP it is: then it is XX.
//
//	/opt/cpanel/ea-php82/root/etc/php-fpm.d/shop.test.conf      unix:/run/php/php8.3-fpm.sock      logs/var/log/php8.1-fpm.log.2.gz
func PackageOf(text string) (p Package, ok bool) {
	first := len(text)
	for _, k := range packagers {
		for _, head := range k.heads {
			for from := 0; ; {
				i := strings.Index(text[from:], head)
				if i < 0 || from+i >= first {
					break
				}
				from += i + len(head)
				n := 0
				for n < len(text)-from && ('0' <= text[from+n] && text[from+n] <= '9' || text[from+n] == '.' && k.dotted) {
					n++
				}
				version, rest := text[from:from+n], text[from+n:]
				if k.tails != nil && (version == "" || n > len("10.10") || !slices.ContainsFunc(k.tails, func(t string) bool { return strings.HasPrefix(rest, t) })) {
					continue
				}
				first, p, ok = from-len(head), k.name(version), true
			}
		}
	}
	return p, ok && p.Unit != ""
}

var packagers = []struct {
	heads, tails []string // what stands before and behind the version; no tails: there is none
	dotted       bool     // 8.2, not 82
	name         func(v string) Package
}{
	{[]string{"etc/php/", "run/php/php", "log/php"}, []string{"/fpm/", "-fpm"}, true, func(v string) Package {
		unit := "php" + v + "-fpm"
		return Package{
			Unit: unit, FPM: "php-fpm" + v, PHP: "php" + v, Pools: "/etc/php/" + v + "/fpm/pool.d/", Modules: "/etc/php/" + v + "/fpm/conf.d/",
			Log: "/var/log/" + unit + ".log", Slow: "/var/log/" + unit + "-$pool-slow.log", PID: "/run/php/" + unit + ".pid", Apache: "apache2",
		}
	}},
	{[]string{"opt/cpanel/ea-php"}, []string{"/"}, false, cpanel},
	{[]string{"usr/local/apache/", "etc/apache2/logs/domlogs/"}, nil, false, func(string) Package { return cpanel("XX") }},
	{[]string{"opt/plesk/php/", "log/plesk-php"}, []string{"/", "-fpm"}, true, func(v string) Package {
		flat := strings.ReplaceAll(v, ".", "")
		if len(flat) == 2 {
			v = flat[:1] + "." + flat[1:]
		}
		root := "/opt/plesk/php/" + v
		log := "/var/log/plesk-php" + flat + "-fpm/"
		return Package{
			Unit: "plesk-php" + flat + "-fpm", FPM: root + "/sbin/php-fpm", PHP: root + "/bin/php", Pools: root + "/etc/php-fpm.d/", Modules: root + "/etc/php.d/",
			Log: log + "error.log", Slow: log + "$pool-slow.log", PID: "/run/plesk-php" + flat + "-fpm.pid",
		}
	}},
	{[]string{"opt/remi/php"}, []string{"/"}, false, func(v string) Package {
		etc, data := "/etc/opt/remi/php"+v, "/var/opt/remi/php"+v
		return Package{
			Unit: "php" + v + "-php-fpm", FPM: "/opt/remi/php" + v + "/root/usr/sbin/php-fpm", PHP: "php" + v, Pools: etc + "/php-fpm.d/", Modules: etc + "/php.d/",
			Log: data + "/log/php-fpm/error.log", Slow: data + "/log/php-fpm/$pool-slow.log", PID: data + "/run/php-fpm/php-fpm.pid", Apache: "httpd",
		}
	}},
	// Official images of PHP. FreeBSD's port has the same folder, and no systemd either.
	{[]string{"usr/local/etc/php-fpm.d/", "usr/local/etc/php-fpm.conf", "lib/docker/containers/", "memcg=/system.slice/docker-", "memcg=/docker/"}, nil, false, func(string) Package {
		return Package{
			Unit: "CONTAINER", FPM: "docker exec CONTAINER php-fpm", PHP: "docker exec CONTAINER php", Pools: "/usr/local/etc/php-fpm.d/",
			Modules: "/usr/local/etc/php/conf.d/", Log: "/proc/self/fd/2", Slow: "/proc/self/fd/2", Container: true,
		}
	}},
	// Built from source, by DirectAdmin among others, Bitnami's and CloudLinux': what starts them is not known. RHEL's does not.
	{[]string{"usr/local/php", "opt/bitnami/php/", "opt/alt/php"}, nil, false, func(string) Package { return Package{} }},
	{[]string{"etc/php-fpm.d/", "run/php-fpm/"}, nil, false, func(string) Package {
		return Package{
			Unit: "php-fpm", FPM: "php-fpm", PHP: "php", Pools: "/etc/php-fpm.d/", Modules: "/etc/php.d/",
			Log: "/var/log/php-fpm/error.log", Slow: "/var/log/php-fpm/$pool-slow.log", PID: "/run/php-fpm/php-fpm.pid", Apache: "httpd",
		}
	}},
}

func cpanel(v string) Package {
	root := "/opt/cpanel/ea-php" + v + "/root"
	return Package{
		Unit: "ea-php" + v + "-php-fpm", FPM: root + "/usr/sbin/php-fpm", PHP: "ea-php" + v, Pools: root + "/etc/php-fpm.d/", Modules: root + "/etc/php.d/",
		Log: root + "/usr/var/log/php-fpm/error.log", Slow: root + "/usr/var/log/php-fpm/$pool-slow.log", PID: root + "/usr/var/run/php-fpm/php-fpm.pid",
		Apache: "httpd", CPanel: true,
	}
}
