package report

import (
	"cmp"
	"slices"
	"strings"
)

// In a container PHP-FPM is process 1: there is no systemd to ask for it, it writes to what docker logs shows, and files that are changed
// there are lost when it is made anew. CONTAINER stands for a name that no log tells.

// containerWords are pairs of what remedies say and what stands for it there, the longer before those that they hold.
func (s *server) containerWords() []string {
	socket := cmp.Or(s.socket, "/run/php/php-fpm.sock")
	return []string{
		"systemctl status php8.2-fpm\nphp-fpm8.2 -t\nsystemctl start php8.2-fpm", "docker ps -a\ndocker logs --tail 50 CONTAINER\ndocker start CONTAINER",
		"systemctl status php8.2-fpm | grep -E 'Tasks|Memory'", "docker stats --no-stream CONTAINER",
		"systemctl is-active php8.2-fpm; ss -lx | grep fpm", "docker ps shows it up, and no \"Restarting\"",
		"systemctl reload php8.2-fpm", "docker kill -s USR2 CONTAINER   # docker restart would cut off what is under way",
		"systemctl restart php8.2-fpm", "docker restart CONTAINER",
		"systemctl start php8.2-fpm", "docker start CONTAINER",
		"# systemctl edit php8.2-fpm\n[Service]\nMemoryMax=70%\nRestart=on-failure", "docker update --memory 2G --memory-swap 2G --restart on-failure CONTAINER",
		"# systemctl edit php8.2-fpm\n[Service]\nMemoryMax=2G", "docker update --memory 2G --memory-swap 2G CONTAINER",
		"# systemctl edit php8.2-fpm\n[Service]\nRestart=on-failure\nRestartSec=2", "docker update --restart on-failure CONTAINER",
		"# systemctl edit php8.2-fpm\n[Service]\nTasksMax=512\nLimitNPROC=4096", "docker update --pids-limit 512 CONTAINER",
		"# systemctl edit php8.2-fpm\n[Service]\nLimitNOFILE=65535", "docker run --ulimit nofile=65535 ...   # compose: ulimits: {nofile: 65535}",
		"kill -USR1 $(cat /run/php/php8.2-fpm.pid)", "docker kill -s USR1 CONTAINER",
		"grep 'exited on signal' /var/log/php8.2-fpm.log", "docker logs CONTAINER 2>&1 | grep 'exited on signal'",
		"apt list --installed 2>/dev/null | grep -E '^php'\nphpdismod EXTENSION", "ls " + s.Modules + "\ndocker exec CONTAINER rm " + s.Modules + "docker-php-ext-EXTENSION.ini",
		"sudo -u www-data php8.2", "docker exec -u www-data CONTAINER php",
		"ps -o pid,etimes,cmd -C php-fpm8.2", "docker top CONTAINER -o pid,etimes,cmd",
		"gdb /usr/sbin/php-fpm8.2", "gdb /usr/local/sbin/php-fpm",
		"grep -rn '^listen *=' /etc/php/*/fpm/pool.d/", "docker exec CONTAINER grep -rn '^listen *=' " + s.Pools,
		"/run/php/php8.2-fpm.sock", socket,
		"/var/log/php8.2-fpm-$pool-slow.log", s.Slow,
		"/var/log/php8.2-fpm.log", s.Log,
		"/etc/php/*/fpm/pool.d/", s.Pools,
		"php8.2-fpm", s.Unit,
		"php-fpm8.2", s.FPM,
		"php -m;", s.PHP + " -m;",
		"php8.2", s.PHP,
	}
}

// inContainer is where a remedy that changes a file has to be put.
func (s *server) inContainer(a *Advice) string {
	changes := strings.Contains(a.Config, s.Modules) || strings.Contains(a.Config, "phpdismod")
	for line := range strings.Lines(a.Config) {
		begins := func(d string) bool { return strings.HasPrefix(line, d) }
		changes = changes || slices.ContainsFunc(globalDirectives, begins) || slices.ContainsFunc(poolDirectives, begins)
	}
	if !changes {
		return a.Caution
	}
	caution := a.Caution
	if strings.Contains(a.Config, "slowlog") {
		caution += " To trace children the container needs SYS_PTRACE (docker run --cap-add)."
	}
	return strings.TrimSpace(caution + " A file that is changed in a container is lost when it is made anew: change the image or a file that is mounted, then docker restart it.")
}
