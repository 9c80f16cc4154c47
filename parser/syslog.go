package parser

import (
	"bytes"
	"errors"
	"time"
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
	Parse: parseSyslog,
}

const syslogName = "syslog"

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

func parseSyslog(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r")
	if len(b) == 0 || journalNote(b) {
		return errSkip
	}
	e, ok := cutSyslog(b)
	if !ok {
		return errNotSyslog
	}
	if repeated(e.text) {
		return errSkip
	}
	r.Level, r.PID = e.level, e.pid
	r.Time, r.Fold, ok = d.syslogTime(e.kind, e.stamp)
	if !ok {
		return errNotSyslog
	}
	switch {
	case string(e.ident) == kernelName:
		r.kernelText(e.text)
		return nil
	case string(e.ident) == systemdName:
		r.Format = systemdName
		r.Add("ident", e.ident)
		r.systemdText(e.text)
		return nil
	case d.inner(e, r):
		return nil
	}
	r.Message = e.text
	if e.ident != nil {
		r.Add("ident", e.ident)
	}
	r.syslogText(e.ident, e.text)
	return nil
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

// inner reads the text of an envelope by the format it is in, if another format is sure enough of it, or if the
// program that wrote it is known and its format does not object. The inner time goes before the envelope's.
func (d *Decoder) inner(e syslogEntry, r *Record) bool {
	f := DetectLine(e.text)
	if f == nil {
		if f = Lookup(formatOf(e.ident)); f == nil || f.Sniff(e.text) == 0 {
			return false
		}
	}
	if f.Name == syslogName || f.Name == kernelName {
		return false // a line passed on twice, or somebody quotes the kernel
	}
	outer := *r
	r.Format, r.Time, r.Level, r.PID = f.Name, time.Time{}, LevelNone, 0
	if f.Parse(d, e.text, r) != nil {
		*r = outer
		return false
	}
	if r.Time.IsZero() {
		r.Time, r.Fold = outer.Time, outer.Fold
	}
	if r.Level == LevelNone {
		r.Level = outer.Level
	}
	if r.PID == 0 {
		r.PID = outer.PID
	}
	if e.ident != nil {
		r.Add("ident", e.ident)
	}
	return true
}

// formatOf names the format in which the program behind a syslog tag writes.
func formatOf(ident []byte) string {
	switch {
	case string(ident) == "nginx":
		return "nginx-error"
	case string(ident) == "httpd", string(ident) == "apache2":
		return "apache-error"
	case bytes.HasPrefix(ident, []byte("php-fpm")), bytes.HasPrefix(ident, []byte("ea-php")):
		return "php-fpm"
	case string(ident) == "php":
		return "php-error"
	case string(ident) == "mysqld", string(ident) == "mariadbd":
		return "mysql-error"
	}
	return ""
}
