package parser

import (
	"bytes"
	"errors"
)

// appConsole is what application servers say on their console without a time, in pastes and where a container's engine dates it.
//
//	[21147] ! Terminating timed out worker: 13143                                         Puma
//	worker=2 PID:13127 timeout (31s > 30s), killing                                       Unicorn, quoted
//	Error: listen EADDRINUSE: address already in use :::3000                              Node.js
//	gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>                   gunicorn
//	System.IO.IOException: Failed to bind to address http://127.0.0.1:5010: address already in use.   Kestrel
//	[2026-11-22 10:00:00] ERROR connect ECONNREFUSED 127.0.0.1:3306                       Ghost, which dates it
var appConsole = &Format{
	Name:      "app-console",
	Doc:       "what Node.js, Puma, Ghost and others say on their console as they fail",
	Sniff:     sniffApp,
	Continues: continuesApp,
	Parse:     parseApp,
}

var errNotApp = errors.New("nothing that an application server is known to say")

// appSays are the beginnings of messages, and what must stand behind them somewhere.
var appSays = [...]struct{ begins, has string }{
	{"Error: listen EADDRINUSE", ""},
	{"Uncaught Error: listen EADDRINUSE", ""},
	{"Error: listen EACCES", ""},
	{"Error: connect ECONNREFUSED ", ":"},
	{"connect ECONNREFUSED ", ":"},
	{"Error: bind EADDRINUSE", ""},
	{"FATAL ERROR: ", "heap out of memory"},
	{"gunicorn.errors.HaltServer: ", "failed to "},
	{"System.IO.IOException: Failed to bind to address ", ""},
	{"Unhandled exception. System.IO.IOException: Failed to bind to address ", ""},
	{"worker=", "), killing"},
	{"Address already in use - bind(2) for ", "(Errno::EADDRINUSE)"},
}

// cutPuma takes "[21147] ! " off; what follows is a complaint of Puma.
func cutPuma(b []byte) (pid int, rest []byte, ok bool) {
	if len(b) < len("[1] ! x") || b[0] != '[' {
		return 0, nil, false
	}
	n, width := number(b[1:])
	if width == 0 || !begins(b[1+width:], "] ! ") {
		return 0, nil, false
	}
	return int(n), b[1+width+len("] ! "):], true
}

// cutGhost takes "[2026-11-22 10:00:00] ERROR " off.
func cutGhost(b []byte) (stamp []byte, level Level, rest []byte, ok bool) {
	const head = len("[2026-11-22 10:00:00] ")
	if len(b) < head+len("INFO x") || b[0] != '[' || b[20] != ']' || b[21] != ' ' {
		return nil, LevelNone, nil, false
	}
	if _, n := iso8601(b[1:20]); n != 19 {
		return nil, LevelNone, nil, false
	}
	word, _, ok := bytes.Cut(b[head:min(len(b), head+len("ERROR "))], []byte{' '})
	switch string(word) {
	case "ERROR", "WARN", "INFO":
		return b[1:20], ParseLevel(word), b[head+len(word)+1:], ok
	}
	return nil, LevelNone, nil, false
}

func knownApp(b []byte) bool {
	for i := range appSays {
		if s := &appSays[i]; begins(b, s.begins) && (s.has == "" || bytes.Contains(b, []byte(s.has))) {
			return true
		}
	}
	return false
}

func sniffApp(line []byte) int {
	if len(line) < 12 {
		return 0
	}
	switch line[0] {
	case '[':
		if _, _, ok := cutPuma(line); ok {
			return 90
		}
		if _, _, _, ok := cutGhost(line); ok {
			return 60
		}
	case 'E', 'U', 'c', 'F', 'g', 'S', 'w', 'A':
		if knownApp(line) {
			return 70
		}
	}
	return 0
}

// continuesApp knows the lines of a trace of JavaScript, .NET or Java.
func continuesApp(_, line []byte) bool {
	return begins(bytes.TrimLeft(line, " \t"), "at ") && len(line) > 3 && (line[0] == ' ' || line[0] == '\t')
}

func parseApp(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n,")
	if len(b) == 0 {
		return errSkip
	}
	r.Message, r.Level = b, LevelError
	if pid, rest, ok := cutPuma(b); ok {
		r.PID, r.Message = pid, rest
		if worker := afterWords(rest, "worker: "); worker != nil {
			if pid, n := number(worker); n > 0 {
				r.PID = int(pid)
			}
		}
		return nil
	}
	if stamp, level, rest, ok := cutGhost(b); ok {
		r.Time, r.Fold, _ = d.iso(stamp)
		r.Level, r.Message = level, rest
		return nil
	}
	if !knownApp(b) {
		return errNotApp
	}
	r.unicornWorker()
	return nil
}
