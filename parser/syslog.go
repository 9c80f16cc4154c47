package parser

import (
	"bytes"
	"errors"
	"slices"
)

// syslogFile is what syslog daemons and journalctl write: an envelope around the lines of others. What the kernel,
// systemd, nginx, PHP-FPM, Apache and the databases say in it comes out as their own formats.
//
//	Nov 22 17:55:24 web1 kernel: [ 3407.615025] php-fpm[31271]: segfault at 7ffed8d36ff0 ip …
//	2026-11-22T17:57:31.311148+00:00 web1 systemd[1]: php8.2-fpm.service: Failed with result 'oom-kill'.
//	<165>1 2026-11-22T10:00:00.123Z web1 nginx 12 - - 2026/11/22 10:00:00 [error] 12#12: *1 connect() failed …
//	Sun 2026-11-22 10:00:00 CET web1 php-fpm[12]: [NOTICE] fpm is running, pid 12
var syslogFile = &Format{
	Name:  syslogName,
	Doc:   "syslog files and journalctl output; what is inside is read as its own format",
	Paths: []string{"/var/log/syslog", "/var/log/messages", "/var/log/kern.log", "/var/log/daemon.log", "/var/log/lfd.log"},
	Sniff: sniffSyslog,
	Parse: parseEnvelope(syslogName, errNotSyslog),

	unwrap: unwrapSyslog,
}

const syslogName = "syslog"

// The programs that two loggers name otherwise.
var (
	kernelIdent  = []byte(kernelName)
	systemdIdent = []byte(systemdName)
)

var errNotSyslog = errors.New("no time and program at its beginning")

func sniffSyslog(line []byte) int {
	if journalNote(line) {
		return 50
	}
	e, ok := cutSyslog(line)
	switch {
	case !ok:
		return 0
	case e.ident == nil:
		return 30
	}
	return 90
}

// journalNote says whether line is one that journalctl puts between entries: "-- Journal begins at Mon …; ends at … --",
// "-- Boot 0123456789abcdef --", "-- No entries --".
func journalNote(line []byte) bool {
	return bytes.HasPrefix(line, []byte("-- ")) && bytes.HasSuffix(line, []byte(" --"))
}

// unwrapSyslog takes the envelope off a line.
func unwrapSyslog(d *Decoder, entry []byte, e *envelope) bool {
	b := bytes.TrimRight(entry, " \t\r")
	if journalNote(b) {
		e.quiet = true
		return true
	}
	s, ok := cutSyslog(b)
	if !ok {
		return false
	}
	zoned := d.Zoned
	d.Zoned = false
	e.time, e.fold, ok = d.syslogTime(s.kind, s.stamp)
	e.stated = d.Zoned
	d.Zoned = d.Zoned || zoned
	e.level, e.ident, e.pid, e.key, e.text = s.level, s.ident, s.pid, s.key, s.text
	if string(e.ident) == "init.scope" { // journalctl -o with-unit names systemd so
		e.ident = systemdIdent
	}
	e.quiet = repeated(s.text)
	if bytes.Contains(s.text, []byte("#012")) {
		e.text, e.encoded = d.syslogUnescape(s.text), true
	}
	return ok
}

// syslogUnescape gives back the line ends and tabs that syslog daemons write in octal, since a message is one line:
//
//	php: PHP Fatal error:  Uncaught Exception: x in /srv/a.php:3#012Stack trace:#012#0 {main}#012  thrown in /srv/a.php on line 3
func (d *Decoder) syslogUnescape(b []byte) []byte {
	d.out = slices.Grow(d.out, len(b))
	from := len(d.out)
	for i := 0; i < len(b); i++ {
		c := b[i]
		if rest := b[i:]; bytes.HasPrefix(rest, []byte("#012")) {
			c = '\n'
		} else if bytes.HasPrefix(rest, []byte("#011")) {
			c = '\t'
		}
		if c != b[i] {
			i += 3
		}
		d.out = append(d.out, c)
	}
	return d.out[from:]
}

// repeated says whether text only counts what was said before: "last message repeated 3 times", "-- MARK --",
// "message repeated 3 times: [ text]".
func repeated(text []byte) bool {
	for _, s := range [...]string{"last message repeated ", "message repeated ", "-- MARK --"} {
		if len(text) >= len(s) && string(text[:len(s)]) == s {
			return true
		}
	}
	return false
}
