package parser

import (
	"bytes"
	"errors"
)

// phpFPM reads the error_log of the FPM master:
//
//	[22-Nov-2026 10:00:00] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it
//	[22-Nov-2026 10:00:00.123456] DEBUG: pid 812, fpm_event_loop(), line 430: event module triggered 1 events
//	[WARNING] [pool www] child 695 exited on signal 11 (SIGSEGV) after 1.5 seconds from start     (inside syslog)
//	NOTICE: PHP message: PHP Warning:  x in /srv/a.php on line 3          (decorate_workers_output = no: no stamp)
var phpFPM = &Format{
	Name:      "php-fpm",
	Doc:       "PHP-FPM error log (error_log of the master)",
	Paths:     []string{"/var/log/php*-fpm.log", "/var/log/php-fpm/error.log", "/opt/cpanel/ea-php*/root/usr/var/log/php-fpm/error.log"},
	Sniff:     sniffFPM,
	Continues: continuesFPM,
	Begins:    func(line []byte) bool { return sniffFPM(line) == 100 },
	Whole:     wholeFPM,
	Parse:     parseFPM,
	sketch:    sketchFPM,
}

var errNoLevel = errors.New("no level after the stamp")

// cutFPMLevel cuts the level that b begins with: "WARNING: " or, in syslog, "[WARNING] ".
func cutFPMLevel(b []byte) (level Level, rest []byte) {
	word, end := b, ": "
	if len(b) > 0 && b[0] == '[' {
		word, end = b[1:], "] "
	}
	n := 0
	for n < len(word) && word[n] >= 'A' && word[n] <= 'Z' {
		n++
	}
	if !begins(word[n:], end) {
		return LevelNone, b
	}
	switch string(word[:n]) {
	case "DEBUG":
		level = LevelDebug
	case "NOTICE":
		level = LevelNotice
	case "WARNING":
		level = LevelWarn
	case "ERROR":
		level = LevelError
	case "ALERT":
		level = LevelAlert
	default:
		return LevelNone, b
	}
	return level, word[n+len(end):]
}

func sniffFPM(line []byte) int {
	s := cutPHPStamp(line)
	if s.zone != nil {
		return 0
	}
	level, rest := cutFPMLevel(bytes.TrimPrefix(line[s.n:], []byte(" ")))
	switch {
	case level == LevelNone && s.n == 0 && bareFPM(line):
		return 60
	case level == LevelNone:
		return 0
	case s.n > 0:
		return 100
	case bytes.HasPrefix(rest, []byte("[pool ")), bytes.HasPrefix(rest, []byte("PHP message: ")), bytes.HasPrefix(rest, []byte("fpm is running")),
		startFailedFPM(rest):
		return 95
	case line[0] == '[':
		return 40 // "[NOTICE] exiting, bye-bye!": others write such brackets too
	}
	return 0 // "ERROR: no such host": anybody's
}

// startFailedFPM knows what the master says on its terminal when it does not start.
func startFailedFPM(b []byte) bool {
	for _, begin := range [...]string{
		"FPM initialization failed", "unable to bind listening socket for ", "An another FPM instance seems ", "failed to post process the configuration",
	} {
		if begins(b, begin) {
			return true
		}
	}
	return false
}

// bareFPM recognises messages of the master whose stamp was cut off, as people paste them:
//
//	child 22612 exited on signal 11 (SIGSEGV)
//	server reached pm.max_children setting (5), consider raising it
func bareFPM(b []byte) bool {
	if rest, ok := bytes.CutPrefix(b, []byte("[pool ")); ok {
		i := bytes.Index(rest, []byte("] "))
		return i > 0 && i < 100
	}
	if rest, ok := bytes.CutPrefix(b, []byte("child ")); ok {
		_, n := number(rest)
		if n == 0 {
			n = blanked(rest)
		}
		rest = rest[n:]
		return n > 0 && (bytes.HasPrefix(rest, []byte(" exited ")) || bytes.HasPrefix(rest, []byte(", script '")) || bytes.HasPrefix(rest, []byte(" said into ")))
	}
	for _, begin := range [...]string{
		"server reached pm.max_children ", "server reached max_children ", "seems busy (you may need", "failed processes threshold (", "FPM initialization failed", "fpm is running, pid ",
	} {
		if bytes.HasPrefix(b, []byte(begin)) {
			return true
		}
	}
	return false
}

// blanked measures what people put in the place of a number: "xxx", "N", "***".
func blanked(b []byte) int {
	n := 0
	for n < len(b) && n < 8 && bytes.IndexByte([]byte("xX*#?N"), b[n]) >= 0 {
		n++
	}
	return n
}

// continuesFPM joins the trace of a PHP message that a worker wrote by itself; what the master passes on
// ("said into stderr") is an entry for every line.
func continuesFPM(entry, line []byte) bool {
	return phpTraceLine(line) && indexRare(entry, "PHP message: ") >= 0 &&
		bytes.Contains(entry, []byte(": PHP message: ")) && !bytes.Contains(entry, []byte(" said into std"))
}

// wholeFPM knows the lines that have FPM's own stamp and begin no trace.
func wholeFPM(line []byte) bool {
	s := cutPHPStamp(line)
	return s.n > 0 && s.zone == nil && !continuesFPM(line, nil)
}

func parseFPM(d *Decoder, entry []byte, r *Record) error {
	b := trimEnd(entry, " \r\n")
	if len(b) == 0 {
		return errSkip // some messages end with a line end of their own
	}
	stamp := cutPHPStamp(b)
	if stamp.zone != nil {
		stamp = phpStamp{} // PHP's own stamp, in text that a worker wrote
	}
	if stamp.n > 0 {
		var ok bool
		if r.Time, r.Fold, ok = stamp.time(d, b); !ok {
			return errStamp
		}
		b = bytes.TrimPrefix(b[stamp.n:], []byte(" "))
	}
	inSyslog := stamp.n == 0 && b[0] == '['
	r.Level, r.Message = cutFPMLevel(b)
	switch {
	case r.Level != LevelNone && (inSyslog || stamp.micro >= 0):
		r.PID, r.Message = cutFPMOrigin(r.Message)
	case r.Level == LevelNone && stamp.n > 0:
		return errNoLevel
	case r.Level == LevelNone && bareFPM(b):
		r.Message = b
	case r.Level == LevelNone:
		r.fpmWorkerText(b) // raw text of a worker
		return nil
	}
	r.fpmMessage()
	return nil
}

// cutFPMOrigin cuts the place in FPM's own source that log_level = debug puts before every message:
// "pid 812, fpm_event_loop(), line 430: "; syslog leaves out the pid, it has it already.
func cutFPMOrigin(b []byte) (pid int, rest []byte) {
	at := b
	if after, ok := bytes.CutPrefix(at, []byte("pid ")); ok {
		n, width := number(after)
		if !bytes.HasPrefix(after[width:], []byte(", ")) {
			return 0, b
		}
		pid, at = int(n), after[width+len(", "):]
	}
	i := bytes.Index(at[:min(len(at), 80)], []byte("(), line "))
	if i < 0 || bytes.IndexByte(at[:i], ' ') >= 0 {
		return 0, b
	}
	at = at[i+len("(), line "):]
	_, width := number(at)
	if width == 0 || !bytes.HasPrefix(at[width:], []byte(": ")) {
		return 0, b
	}
	return pid, at[width+len(": "):]
}
