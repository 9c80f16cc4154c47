package parser

import (
	"bytes"
	"errors"
	"time"
)

// auditLog is what auditd writes. SELinux' denials stand here, and where auditd runs nowhere else.
//
//	type=AVC msg=audit(1773151200.123:456): avc:  denied  { connectto } for  pid=812 comm="nginx" path="/run/php-fpm/www.sock" …
//	type=SYSCALL msg=audit(1773151200.123:456): arch=c000003e syscall=42 success=no exit=-13 … comm="nginx" exe="/usr/sbin/nginx"
//	node=web1 type=SERVICE_STOP msg=audit(1773151201.456:457): pid=1 uid=0 … msg='unit=php-fpm comm="systemd" … res=success'
var auditLog = &Format{
	Name:  "audit",
	Doc:   "Linux audit log: SELinux' and AppArmor's denials",
	Paths: []string{"/var/log/audit/audit.log"},
	Sniff: sniffAudit,
	Parse: parseAudit,
}

var errNoAuditStamp = errors.New("no msg=audit(TIME:SERIAL): after its type")

var (
	auditType  = []byte("type=")
	auditStamp = []byte(" msg=audit(")
)

func sniffAudit(line []byte) int {
	if _, _, ok := cutAudit(line); !ok {
		return 0
	}
	return 98
}

// cutAudit finds the time and the text behind it.
func cutAudit(line []byte) (stamp, text []byte, ok bool) {
	if !bytes.HasPrefix(line, auditType) && !bytes.HasPrefix(line, []byte("node=")) {
		return nil, nil, false
	}
	i := bytes.Index(line[:min(len(line), 400)], auditStamp)
	if i < 0 || !bytes.Contains(line[:i], auditType) {
		return nil, nil, false
	}
	stamp, rest, ok := bytes.Cut(line[i+len(auditStamp):], []byte{':'})
	if !ok {
		return nil, nil, false
	}
	_, text, ok = bytes.Cut(rest, []byte("):"))
	return stamp, text, ok
}

func parseAudit(_ *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	stamp, text, ok := cutAudit(b)
	if !ok {
		return errNoAuditStamp
	}
	if r.Time, ok = epochTime(stamp, time.Second); !ok {
		return errNoAuditStamp
	}
	r.Message = bytes.TrimLeft(text, " ")
	r.Level = LevelInfo
	if bytes.Contains(r.Message, []byte("denied")) || bytes.Contains(r.Message, []byte("DENIED")) {
		r.Level = LevelError
	}
	if _, rest, ok := bytes.Cut(text, []byte(" pid=")); ok { // not "ppid="
		if pid, n := number(rest); n > 0 {
			r.PID = int(pid)
		}
	}
	if comm := between(r.Message, `comm="`, `"`); comm != nil {
		r.Add("comm", comm)
	}
	return nil
}
