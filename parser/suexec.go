package parser

import (
	"bytes"
	"errors"
)

// suexecLog is the log of Apache's suexec, through which CGI scripts run as the account they belong to.
//
//	[2026-02-07 10:23:00]: uid: (501/shop) gid: (501/shop) cmd: php-cgi
//	[2026-02-07 10:23:00]: directory is writable by others: (/home/shop/public_html)
var suexecLog = &Format{
	Name:  "suexec",
	Doc:   "log of Apache's suexec: what it ran and what it refused to",
	Paths: []string{"/var/log/apache2/suexec_log", "/var/log/apache2/suexec.log", "/var/log/httpd/suexec.log"},
	Sniff: sniffSuexec,
	Parse: parseSuexec,
}

var errNotSuexec = errors.New("no time at its beginning")

const suexecStamp = len("[2026-02-07 10:23:00]: ")

func sniffSuexec(line []byte) int {
	if len(line) <= suexecStamp || line[0] != '[' || line[20] != ']' || line[21] != ':' || line[22] != ' ' {
		return 0
	}
	if _, n := iso8601(line[1:20]); n != 19 {
		return 0
	}
	return 95
}

func parseSuexec(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	if sniffSuexec(b) == 0 {
		return errNotSuexec
	}
	r.Time, r.Fold, _ = d.iso(b[1:20])
	r.Message = b[suexecStamp:]
	if bytes.HasPrefix(r.Message, []byte("uid: (")) {
		r.Level = LevelInfo
		if user := between(r.Message, "/", ")"); user != nil {
			r.Add("user", user)
		}
		return nil
	}
	r.Level = LevelError
	if path := between(r.Message, "(/", ")"); path != nil {
		r.Script = r.Message[bytes.Index(r.Message, []byte("(/"))+1:][:len(path)+1]
	}
	return nil
}

// suphpLog is the log of suPHP; its lines have the shape of Apache 2.2's, and their text tells them apart.
//
//	[Sun Nov 22 10:00:00 2026] [info] Executing "/home/shop/public_html/index.php" as UID 1001, GID 1001
//	[Sun Nov 22 10:00:00 2026] [warn] Directory "/home/shop/public_html" is writeable by group
var suphpLog = &Format{
	Name:  "suphp",
	Doc:   "log of suPHP: what it ran and what it refused to",
	Paths: []string{"/usr/local/apache/logs/suphp_log", "/var/log/suphp/suphp.log"},
	Sniff: sniffSuphp,
	Parse: parseSuphp,
}

var errNotSuphp = errors.New("no time and level at its beginning")

func sniffSuphp(line []byte) int {
	if len(line) < 40 || line[0] != '[' {
		return 0
	}
	n, fraction := apacheStamp(line)
	if n == 0 || fraction {
		return 0
	}
	_, rest, ok := bracket(line[n:])
	if !ok {
		return 0
	}
	for _, begin := range [...]string{`Executing "`, `Script "`, `Directory "`, `File "`, "UID of script ", "GID of script ", "Mismatch between target ", "Could not stat ", "Handler not found in configuration"} {
		if bytes.HasPrefix(rest, []byte(begin)) {
			return 99
		}
	}
	return 0
}

func parseSuphp(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	n, _ := apacheStamp(b)
	word, rest, ok := bracket(b[n:])
	if n == 0 || !ok {
		return errNotSuphp
	}
	var width int
	if r.Time, r.Fold, width = d.ctime(b[1:]); width == 0 {
		r.Time, r.Fold, _ = d.iso(b[1:])
	}
	r.Level, r.Message = ParseLevel(word), rest
	r.Script = between(rest, `"`, `"`)
	return nil
}
