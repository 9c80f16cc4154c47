package parser

import (
	"bytes"
	"errors"
	"time"
)

// uwsgiLog is uWSGI's log. Only what its master says now and then has a time; the others are dated by the line before.
//
//	Sun Nov 22 10:00:00 2026 - *** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***
//	Sun Nov 22 10:01:07 2026 - *** HARAKIRI ON WORKER 9 (pid: 18949, try: 1) ***
//	DAMN ! worker 9 (pid: 18949) died, killed by signal 9 :( trying respawn ...
//	[pid: 7|app: 0|req: 6255/12909] 203.0.113.9 () {50 vars in 850 bytes} [Sun Nov 22 10:00:16 2026] GET / => generated 3334 bytes in 832 msecs (HTTP/1.1 200) 2 headers in 85 bytes (1 switches on core 0)
var uwsgiLog = &Format{
	Name:  "uwsgi",
	Doc:   "uWSGI: its requests, its listen queue, and workers that are ended (harakiri) or die",
	Paths: []string{"/var/log/uwsgi/*.log", "/var/log/uwsgi/app/*.log"},
	Sniff: sniffUWSGI,
	Parse: parseUWSGI,
}

var errNotUWSGI = errors.New("nothing that uWSGI is known to say")

// uwsgiHead measures "Sun Nov 22 10:00:00 2026 - ", 0 if the line does not begin with it.
func uwsgiHead(line []byte) int {
	const stamp = len("Sun Nov 22 10:00:00 2026")
	if len(line) < stamp+len(" - x") || line[3] != ' ' || line[stamp] != ' ' || line[stamp+1] != '-' || line[stamp+2] != ' ' {
		return 0
	}
	if n, fraction := ctimeLen(line); n != stamp || fraction {
		return 0
	}
	return stamp + len(" - ")
}

// uwsgiSays are the beginnings of lines that have no time.
var uwsgiSays = [...]string{
	"*** uWSGI listen queue of socket ", "*** HARAKIRI ON WORKER ", "DAMN ! worker ", "DAMN ! process ", "Respawned uWSGI worker ",
	"*** Starting uWSGI ", "*** uWSGI is running in ", "spawned uWSGI ", "*** Operational MODE: ", "WSGI app 0 (mountpoint='",
	"unable to load app 0 (mountpoint='", "*** no app loaded. ", "--- no python application found", "uWSGI worker ", "*** has_emperor mode",
	"SIGPIPE: writing to a closed pipe/socket/fd", "uwsgi_response_", "...gracefully killing workers...", "mounting ", "[pid: ",
}

func sniffUWSGI(line []byte) int {
	if len(line) < 16 {
		return 0
	}
	if n := uwsgiHead(line); n > 0 {
		return 92
	}
	switch line[0] {
	case '*', 'D', 'R', 's', 'W', 'u', '-', 'S', '.', 'm', '[':
	default:
		return 0
	}
	for _, s := range uwsgiSays {
		switch {
		case !begins(line, s):
		case s == "[pid: ":
			if bytes.Contains(line[:min(len(line), 64)], []byte("|req: ")) {
				return 95
			}
			return 0
		case s == "mounting ":
			if bytes.Contains(line, []byte(" on /")) {
				return 55
			}
			return 0
		default:
			return 90
		}
	}
	return 0
}

func parseUWSGI(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n")
	if len(b) == 0 {
		return errSkip
	}
	r.Message = b
	switch n := uwsgiHead(b); {
	case n > 0:
		r.Time, r.Fold, _ = d.ctime(b)
		r.Message = b[n:]
		d.uwsgiLast = r.Time
	case begins(b, "[pid: "):
		return r.uwsgiRequest(d, b)
	case sniffUWSGI(b) == 0:
		return errNotUWSGI
	default:
		r.Time = d.uwsgiLast
	}
	if rest := afterWords(r.Message, "(pid: "); rest != nil {
		if pid, n := number(rest); n > 0 {
			r.PID = int(pid)
		}
	}
	r.addNumber("signal", r.Message, "killed by signal ")
	if rest := afterWords(r.Message, " full !!! ("); rest != nil {
		if _, limit, ok := bytes.Cut(rest, []byte{'/'}); ok {
			if _, n := number(limit); n > 0 {
				r.Add("limit", limit[:n])
			}
		}
		if socket := between(r.Message, `socket "`, `"`); socket != nil {
			r.Add("socket", socket)
		}
	}
	return nil
}

// uwsgiRequest reads the line of a request. The status is the application's word, not what the visitor got: the proxy in front may
// have gone by then.
func (r *Record) uwsgiRequest(d *Decoder, b []byte) error {
	pid, n := number(b[len("[pid: "):])
	if n == 0 {
		return errNotUWSGI
	}
	r.PID, r.Level = int(pid), LevelInfo
	for rest := b; ; {
		open := bytes.IndexByte(rest, '[')
		if open < 0 {
			break
		}
		if rest = rest[open+1:]; len(rest) > 0 {
			if t, fold, n := d.ctime(rest); n > 0 {
				r.Time, r.Fold, d.uwsgiLast = t, fold, t
				break
			}
		}
	}
	if rest := afterWords(b, " bytes in "); rest != nil {
		if ms, n := number(rest); n > 0 && n < 12 && begins(rest[n:], " msecs") {
			r.Duration = time.Duration(ms) * time.Millisecond
		}
	}
	return nil
}
