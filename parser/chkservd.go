package parser

import (
	"bytes"
	"errors"
)

// chkservdLog is cPanel's log of its own service checks: a run of several lines every five minutes, of which some have a
// time. An entry is a line with a time and what follows it.
//
//	Service Check Started
//	[2026-11-22 08:33:57 -0400] Service check ....
//	apache_php_fpm [[check command:+][socket connect:N/A][fail count:0]]...httpd [[check command:-][socket connect:-][socket failure threshold:1/3][fail count:1]Restarting httpd....[notify:failed service:httpd]]...Done
//	Service Check Finished
var chkservdLog = &Format{
	Name:      "chkservd",
	Doc:       "cPanel's service checks, chkservd.log",
	Paths:     []string{"/var/log/chkservd.log"},
	Sniff:     sniffChkservd,
	Continues: continuesChkservd,
	Parse:     parseChkservd,
}

var errNotChkservd = errors.New("no check that has a time")

// chkservdStamp measures "[2026-11-22 08:33:57 -0400] ", 0 if there is none.
func chkservdStamp(line []byte) int {
	if len(line) < 28 || line[0] != '[' || line[11] != ' ' || line[20] != ' ' || line[26] != ']' {
		return 0
	}
	if _, n := iso8601(line[1:]); n != 19 {
		return 0
	}
	if _, _, ok := offset(line[21:]); !ok {
		return 0
	}
	return 28
}

func sniffChkservd(line []byte) int {
	if n := chkservdStamp(line); n > 0 {
		for _, s := range [...]string{"Service check ", "Disk check ", "OOM check ", "Chkservd is ", "Service Check "} {
			if bytes.HasPrefix(line[n:], []byte(s)) {
				return 98
			}
		}
		if checked(line) {
			return 98
		}
		return 0
	}
	for _, s := range [...]string{"Service Check Started", "Service Check Finished", "Service Check Interrupted"} {
		if bytes.Equal(bytes.TrimRight(line, " \r"), []byte(s)) {
			return 90
		}
	}
	if checked(line) {
		return 90
	}
	return 0
}

// checked says whether a line holds the result of a check, "httpd [[check command:-][socket connect:-]".
func checked(line []byte) bool { return bytes.Contains(line, []byte(" [[check command:")) }

func continuesChkservd(entry, line []byte) bool {
	return chkservdStamp(entry) > 0 && chkservdStamp(line) == 0 && !bytes.HasPrefix(line, []byte("Service Check "))
}

func parseChkservd(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	n := chkservdStamp(b)
	switch {
	case len(b) == 0, bytes.HasPrefix(b, []byte("Service Check ")), bytes.HasPrefix(b, []byte("Loading services")):
		return errSkip
	case n == 0 && !checked(b):
		return errNotChkservd
	case n > 0:
		if r.Time, r.Fold, _ = d.spacedISO(b[1:26]); r.Time.IsZero() {
			return errStamp
		}
	}
	r.Message = b[n:]
	r.chkservdServices(b[n:])
	return nil
}

// chkservdServices lists the services that failed their check and those that were restarted. The message begins where
// the first of them does: the others were fine.
func (r *Record) chkservdServices(b []byte) {
	first := true
	for rest := b; ; {
		i := bytes.Index(rest, []byte(" [[check command:"))
		if i < 0 {
			return
		}
		name := rest[bytes.LastIndexAny(rest[:i], ". \n")+1 : i]
		result := rest[i:]
		if end := bytes.Index(result, []byte("]]")); end >= 0 {
			result = result[:end]
		}
		rest = rest[i+len(result):]
		failed := bytes.Contains(result, []byte("check command:-]")) || bytes.Contains(result, []byte("[socket connect:-]"))
		restarted := bytes.Contains(result, []byte("]Restarting ")) || bytes.Contains(result, []byte(" Restarting "))
		if !failed && !restarted {
			continue
		}
		if first {
			first, r.Level = false, LevelError
			r.Message = b[len(b)-len(rest)-len(result)-len(name):]
		}
		if failed {
			r.Add("failed", name)
		}
		if restarted {
			r.Add("restarted", name)
		}
	}
}
