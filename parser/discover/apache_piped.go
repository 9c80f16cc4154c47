package discover

import (
	"path"
	"strings"
)

// piped is the file that a program writes which Apache hands its log to, with stars for dates and hosts; "" if that is
// not known.
//
//	"|/usr/bin/rotatelogs -l /var/log/apache2/shop.%Y%m%d.log 86400"   /var/log/apache2/shop.*.log
//	"|/usr/bin/rotatelogs /var/log/apache2/shop.log 86400"             /var/log/apache2/shop.log*: the time is added
//	"||/usr/sbin/cronolog /var/log/httpd/%Y/%m/access.log"             /var/log/httpd/*/*/access.log
//	"|/usr/local/cpanel/bin/splitlogs --dir=/etc/apache2/logs/domlogs" /etc/apache2/logs/domlogs/*
func piped(command string) string {
	words := apacheWords([]byte(strings.TrimLeft(command, "|$ ")))
	if len(words) == 0 {
		return ""
	}
	switch path.Base(words[0]) {
	case "rotatelogs", "rotatelogs2":
		for i := 1; i < len(words); i++ {
			switch w := words[i]; {
			case w == "-L" && i+1 < len(words): // a link to the newest
				return words[i+1]
			case w == "-n" || w == "-p" || w == "-m":
				i++
			case strings.HasPrefix(w, "-"):
			case strings.Contains(w, "%"):
				return dated(w)
			default:
				return w + "*"
			}
		}
	case "cronolog":
		for _, w := range words[1:] {
			if path.IsAbs(w) {
				return dated(w)
			}
		}
	case "splitlogs":
		for i, w := range words {
			dir, ok := strings.CutPrefix(w, "--dir=")
			if w == "--dir" && i+1 < len(words) {
				dir, ok = words[i+1], true
			}
			if ok && path.IsAbs(dir) {
				return path.Join(dir, "*")
			}
		}
	case "tee":
		if last := words[len(words)-1]; path.IsAbs(last) {
			return last
		}
	}
	return ""
}

// dated puts a star for each part of a date: "%Y", "%d".
func dated(p string) string {
	var out strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '%' || i+1 == len(p) {
			out.WriteByte(p[i])
			continue
		}
		i++
		if s := out.String(); !strings.HasSuffix(s, "*") {
			out.WriteByte('*')
		}
	}
	return out.String()
}
