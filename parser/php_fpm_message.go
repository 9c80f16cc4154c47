package parser

import (
	"bytes"
	"time"
)

// fpmPIDs are the messages that speak about one process, up to its number.
var fpmPIDs = [...]string{
	"child ",
	"fpm is running, pid ",
	"about to trace ",
	"finished trace of ",
	"failed to ptrace(ATTACH) child ",
	"failed to ptrace(DETACH) child ",
	"failed to ptrace(PEEKDATA) pid ",
	"failed to ptrace(PT_IO) pid ",
	"failed to send SIGSTOP to ",
	"failed to open /proc/",
	"oops, unknown child (",
	"unknown child (",
}

// fpmFigures are the numbers that messages state: how the message begins, what stands before the digits, and the
// field they become.
var fpmFigures = [...]struct{ message, before, key string }{
	{"server reached pm.max_children setting (", " setting (", "limit"}, // pm = dynamic
	{"server reached max_children setting (", " setting (", "limit"},    // pm = ondemand
	{"listening queue is not empty, #", ", #", "waiting"},               // patched builds only
	{"listening queue is not empty, #", " setting (", "limit"},
	{"failed processes threshold (", "threshold (", "threshold"},
	{"seems busy (", "), spawning ", "spawning"},
	{"seems busy (", ", there are ", "idle"},
	{"seems busy (", " idle, and ", "total"},
}

// fpmFigured are the bytes with which such a message begins.
var fpmFigured = func() (table [256]bool) {
	for i := range fpmFigures {
		table[fpmFigures[i].message[0]] = true
	}
	return
}()

// fpmMessage takes r.Message apart.
func (r *Record) fpmMessage() {
	b := r.Message
	const pool = "[pool "
	if begins(b, pool) {
		if i := indexRare(b, "] "); i >= 0 {
			r.Pool, b = b[len(pool):i], b[i+len("] "):]
		}
	}
	switch {
	case len(b) == 0:
		return
	case begins(b, "PHP message: "):
		r.fpmWorkerText(b)
		return
	case begins(b, "[/"):
		r.fpmConfig(b)
	}
	if fpmFigured[b[0]] {
		for i := range fpmFigures {
			if f := &fpmFigures[i]; begins(b, f.message) {
				r.addNumber(f.key, b, f.before)
			}
		}
	}
	for _, before := range fpmPIDs {
		if before[0] != b[0] || !begins(b, before) {
			continue
		}
		after := b[len(before):]
		pid, n := number(after)
		if n == 0 && before == "child " {
			n = blanked(after)
		}
		if n > 0 {
			r.PID = int(pid)
			r.fpmChild(bytes.TrimPrefix(after[n:], []byte(")")))
		}
		break
	}
	if r.Level >= LevelWarn && r.Field("said") == nil && r.Field("php") == nil {
		r.Errno = errnoAtEnd(b)
	}
}

// fpmConfig reads the place of a configuration error: "[/etc/php-fpm.d/www.conf:12] unknown entry 'foo'".
func (r *Record) fpmConfig(b []byte) {
	place, _, ok := bytes.Cut(b[1:], []byte("] "))
	if !ok {
		return
	}
	if i := bytes.LastIndexByte(place, ':'); i > 0 {
		r.Add("file", place[:i])
		r.Add("line", place[i+1:])
	}
}

// fpmChild reads what is said of a child, behind its number.
func (r *Record) fpmChild(b []byte) {
	switch {
	case string(b) == " started":
		r.Add("state", b[1:])
	case begins(b, " exited on signal "):
		r.addNumber("signal", b, " exited on signal ")
		r.fpmLifetime(b)
	case begins(b, " exited with code "):
		r.addNumber("code", b, " exited with code ")
		r.fpmLifetime(b)
	case begins(b, ", script '"):
		r.fpmScript(b[len(", script '"):])
	case begins(b, " said into std"):
		if _, text, ok := bytes.Cut(b, []byte(`: "`)); ok {
			// The text is not escaped: only its last quote closes it.
			text = bytes.TrimSuffix(text, []byte(", pipe is closed"))
			r.fpmWorkerText(bytes.TrimSuffix(text, []byte(`"`)))
		}
	}
}

// fpmLifetime reads " after 21.376492 seconds from start".
func (r *Record) fpmLifetime(b []byte) {
	b, ok := bytes.CutSuffix(b, []byte(" seconds from start"))
	if !ok {
		return
	}
	if i := bytes.LastIndexByte(b, ' '); i >= 0 && bytes.HasSuffix(b[:i], []byte(" after")) {
		r.Add("lifetime", b[i+1:])
	}
}

// fpmRequest stands between the script and the request.
const fpmRequest = `' (request: "`

// fpmScript reads the rest of a line about a request that takes too long:
//
//	/srv/a.php' (request: "GET /a.php?x=(1)") executing too slow (5.004321 sec), logging
//	/srv/a.php' (request: "GET /a.php") execution timed out (30.012345 sec), terminating
func (r *Record) fpmScript(b []byte) {
	i := indexRare(b, fpmRequest)
	if i < 0 {
		r.Script = b
		return
	}
	r.Script, b = b[:i], b[i+len(fpmRequest):]
	if !r.fpmVerdict(b) {
		r.SetRequest(bytes.TrimSuffix(b, []byte("..."))) // FPM cut the line at log_limit
	}
}

// fpmVerdict reads the request and what became of it; false if that is missing. The URI is raw and may hold anything, the end
// of the message included.
func (r *Record) fpmVerdict(b []byte) bool {
	verdict := []byte(`") executing too slow (`)
	if bytes.HasSuffix(b, []byte(" sec), terminating")) {
		verdict = []byte(`") execution timed out (`)
	}
	i := bytes.LastIndexByte(b, '(') + 1 - len(verdict) // mostly the last one is that of the verdict
	if i < 0 || string(b[i:i+len(verdict)]) != string(verdict) {
		if i = lastIndex(b, verdict); i < 0 {
			return false
		}
	}
	r.SetRequest(b[:i])
	r.Duration = seconds(b[i+len(verdict):])
	return true
}

// fpmWorkerText reads what a worker wrote by itself:
//
//	NOTICE: PHP message: PHP Fatal error:  Uncaught Error: x in /srv/a.php:3
//	[22-Nov-2026 10:00:00 UTC] PHP Warning:  x in /srv/a.php on line 3
//	  thrown in /srv/a.php on line 3
//	free(): double free detected in tcache 2
func (r *Record) fpmWorkerText(text []byte) {
	b := text
	if s := cutPHPStamp(b); s.n > 0 {
		b = bytes.TrimPrefix(b[s.n:], []byte(" "))
	}
	_, b = cutFPMLevel(b)
	b, php := bytes.CutPrefix(b, []byte("PHP message: "))
	severity, file, _ := phpMessage(b)
	r.Script = file
	switch {
	case php, severity != nil:
		r.Add("php", b)
		if severity != nil {
			r.Add("php_severity", severity)
		}
		r.phpTrace(b)
	case len(text) != len(r.Message): // within "said into"
		r.Add("said", text)
	}
}

// addNumber adds the digits that follow before in b, if there are any.
func (r *Record) addNumber(key string, b []byte, before string) {
	if !begins(b, before) {
		i := bytes.Index(b, []byte(before))
		if i < 0 {
			return
		}
		b = b[i:]
	}
	b = b[len(before):]
	if _, n := number(b); n > 0 {
		r.Add(key, b[:n])
	}
}

// errnoAtEnd reads the number at the end of "fork() failed: Resource temporarily unavailable (11)"; 0 if none.
func errnoAtEnd(b []byte) int {
	if len(b) == 0 || b[len(b)-1] != ')' {
		return 0
	}
	open := lastIndex(b, []byte(" ("))
	if open < 0 || !bytes.Contains(b[:open], []byte(": ")) {
		return 0
	}
	n, width := number(b[open+len(" ("):])
	if width == 0 || width > 4 || open+len(" (")+width+1 != len(b) {
		return 0
	}
	return int(n)
}

// seconds reads "5.004321" at the start of b; -1 if there is no number.
func seconds(b []byte) time.Duration {
	whole, n := number(b)
	if n == 0 || n > 9 {
		return -1
	}
	t := time.Duration(whole) * time.Second
	if n == len(b) || b[n] != '.' {
		return t
	}
	unit := time.Second
	for _, c := range b[n+1:] {
		if c < '0' || c > '9' || unit < 10 {
			break
		}
		unit /= 10
		t += time.Duration(c-'0') * unit
	}
	return t
}
