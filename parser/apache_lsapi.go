package parser

import "bytes"

// lsapiOpenings begin the messages of CloudLinux's mod_lsapi and of lsphp, which writes past httpd.
var lsapiOpenings = [...]string{
	"Backend error on sending request(",
	"Connect to backend rejected on sending request(",
	"Could not connect to lsphp backend: ",
	"Error sending request",
	"Reached max children process limit: ",
	"fork() failed, please increase process limit",
	"lscgid: execve():", // LiteSpeed's stderr.log
	"lscgid: fork()",
	"Child process with pid: ",
	"Possible runaway process, UID: ",
	"Killing runaway process PID: ",
	"Force killing runaway process PID: ",
}

// lsapiLine says whether line is one of lsphp's own, which have their own head or none:
//
//	2026-11-22 10:00:00.123456 [UID:1001][2222] Reached max children process limit: 10, extra: 3, current: 13, busy: 13, please increase LSAPI_CHILDREN.
//	[UID:1001][2222] Child process with pid: 2230 was killed by signal: 11, core dumped: no
func lsapiLine(line []byte) bool {
	if _, n := iso8601(line); n > 0 && n+1 < len(line) {
		line = line[n+1:]
		return bytes.HasPrefix(line, []byte("[UID:"))
	}
	if bytes.HasPrefix(line, []byte("[UID:")) {
		return true
	}
	return lsapiOpening(line)
}

func lsapiOpening(text []byte) bool {
	for _, s := range lsapiOpenings {
		if len(text) >= len(s) && string(text[:len(s)]) == s {
			return true
		}
	}
	return false
}

var lsapiModule = []byte("lsapi")

// parseLsapi reads the lines that lsapiLine finds.
func parseLsapi(d *Decoder, b []byte, r *Record) error {
	if t, fold, n := d.iso(b); n > 0 {
		r.Time, r.Fold = t, fold
		b = b[n+1:]
	}
	if uid, rest, ok := bytes.Cut(b, []byte("][")); ok && bytes.HasPrefix(uid, []byte("[UID:")) {
		r.Add("uid", uid[len("[UID:"):])
		pid, n := number(rest)
		r.PID = int(pid)
		b = bytes.TrimPrefix(rest[n:], []byte("] "))
	}
	r.Message = b
	r.Add("module", lsapiModule)
	apacheLsapi(r, b)
	return nil
}

// apacheLsapi reads the messages of mod_lsapi and lsphp:
//
//	Backend error on sending request(GET /a.php HTTP/1.1); uri(/a.php) content-length(0) (lsphp is killed?): ReceiveAckHdr: nothing to read from backend socket (LVE ID 1001)
//	Backend error on sending request(…) …: backend process reset connection: errno 104 (possibly memory limit for LVE ID 1001 too small)
//	Could not connect to lsphp backend: connect to lsphp failed: 111 Connection refused. Increase memory limit for LVE ID 1001
//	Child process with pid: 2230 was killed by signal: 11, core dumped: no
//	Reached max children process limit: 10, extra: 3, current: 13, busy: 13, please increase LSAPI_CHILDREN.
func apacheLsapi(r *Record, text []byte) {
	if rest := afterWords(text, "on sending request("); rest != nil {
		if end := bytes.Index(rest, []byte(");")); end > 0 {
			r.SetRequest(rest[:end])
		}
		if uri := between(rest, " uri(", ")"); uri != nil {
			r.URI = uri
		}
	}
	r.addNumber("lve", text, "LVE ID ")
	r.addNumber("signal", text, "killed by signal: ")
	r.addNumber("limit", text, "max children process limit: ")
	for _, before := range [...]string{"Child process with pid: ", "unaway process PID: ", ", PID: "} {
		if rest := afterWords(text, before); rest != nil {
			if pid, n := number(rest); n > 0 {
				r.PID = int(pid)
			}
		}
	}
	if rest := afterWords(text, "connect to lsphp failed: ", " errno ", ", errno: "); rest != nil {
		n, _ := number(rest)
		r.Errno = int(n)
	}
}

// apacheLimits reads the refusals of CloudLinux's mod_hostinglimits:
//
//	mod_hostinglimits:Error on LVE enter: LVE(1001) HANDLER(application/x-httpd-lsphp) HOSTNAME(ex.test) URL(/index.php) TID(1) errno (7) Read more: http://e.cloudlinux.com/MHL-E2BIG min_uid (0)
func apacheLimits(r *Record, text []byte) {
	if lve := between(text, " LVE(", ")"); lve != nil {
		r.Add("lve", lve)
	}
	r.Vhost = between(text, " HOSTNAME(", ")")
	r.URI = between(text, " URL(", ")")
	if rest := afterWords(text, " errno ("); rest != nil {
		n, _ := number(rest)
		r.Errno = int(n)
	}
}
