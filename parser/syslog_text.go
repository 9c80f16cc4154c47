package parser

import "bytes"

// syslogText reads the lines of programs that kill processes or report their deaths, and of PHP.
func (r *Record) syslogText(ident, text []byte) {
	switch string(ident) {
	case "systemd-oomd":
		// Killed /system.slice/php8.2-fpm.service due to memory pressure for /system.slice being 65.41% > 50.00% …
		if group := between(text, "Killed ", " due to "); group != nil {
			r.Add("cgroup", group)
		}
	case "earlyoom":
		// sending SIGTERM to process 123 uid 33 "php-fpm": badness 800, VmRSS 900 MiB
		if rest := afterWords(text, " to process "); rest != nil {
			r.victim(rest, between(rest, `"`, `"`))
		}
	case "systemd-coredump", "abrt-hook-ccpp":
		// Process 12345 (php-fpm) of user 1001 dumped core.
		if rest := afterWords(text, "Process "); rest != nil {
			pid, n := number(rest)
			if name := between(rest, "(", ") of user "); n > 0 && name != nil {
				r.PID = int(pid)
				r.Add("comm", name)
			}
		}
	case "lfd":
		// *User Processing* PID:2222 Kill:1 User:shop VM:600(MB) EXE:/usr/sbin/php-fpm CMD:php-fpm: pool shop_test
		if rest := afterWords(text, " PID:"); rest != nil {
			r.victim(rest, between(text, " EXE:", " CMD:"))
			r.addNumber("kill", text, " Kill:")
			if user := between(text, " User:", " "); user != nil {
				r.Add("user", user)
			}
			if pool := afterWords(text, "php-fpm: pool "); pool != nil {
				r.Pool, _, _ = bytes.Cut(pool, []byte(" "))
			}
		}
	default:
		if bytes.HasPrefix(ident, []byte("php")) || bytes.HasPrefix(ident, []byte("ea-php")) {
			r.phpText(text)
		}
	}
}

// victim takes the process number at the start of b, and its name.
func (r *Record) victim(b, name []byte) {
	if pid, n := number(b); n > 0 {
		r.PID = int(pid)
		if name != nil {
			r.Add("victim", name[bytes.LastIndexByte(name, '/')+1:])
		}
	}
}
