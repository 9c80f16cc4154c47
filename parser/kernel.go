package parser

import (
	"bytes"
	"errors"
)

// kernelLog is what dmesg prints. The same messages within syslog lines come out as this format too.
//
//	[12345.678901] php-fpm[1845]: segfault at 0 ip 00007f1c2a3b4c5d sp 00007ffd12345678 error 4 in libc.so.6[7f1c2a300000+1bd000]
//	[Sun Nov 22 10:00:00 2026] Out of memory: Killed process 695 (php-fpm8.2) total-vm:316700kB, anon-rss:97076kB, …
//	2026-11-22T10:00:00,123456+01:00 php-fpm invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
var kernelLog = &Format{
	Name:  kernelName,
	Doc:   "messages of the Linux kernel: dmesg, dmesg -T, kern.log",
	Paths: []string{"/var/log/dmesg", "/var/log/kern.log", "/var/log/messages"},
	Sniff: sniffKernel,
	Parse: parseKernel,
}

const kernelName = "kernel"

var errNotKernel = errors.New("neither a time nor a known kernel message")

func sniffKernel(line []byte) int {
	if len(line) < 12 {
		return 0
	}
	if line[0] == '[' {
		if _, _, ok := cutUptime(line); ok {
			return 85
		}
		// Apache 2.2 writes the same stamp, and "[level]" after it.
		if n, fraction := apacheStamp(line); n > 0 && !fraction && line[1] >= 'A' && !levelAhead(line[n:]) {
			return 60
		}
		return 0
	}
	if n := commaStamp(line); n > 0 {
		return 70
	}
	if knownKernel(line) {
		return 65
	}
	return 0
}

// commaStamp measures the stamp of dmesg --time-format=iso, the only one here with a comma and an offset.
func commaStamp(line []byte) int {
	if len(line) < 20 || line[19] != ',' {
		return 0
	}
	s, n := iso8601(line)
	if !s.zoned || n >= len(line) || line[n] != ' ' {
		return 0
	}
	return n
}

// knownKernel says whether line is a message that only the kernel writes, for pastes without a time.
func knownKernel(line []byte) bool {
	switch line[0] {
	case 'O':
		return bytes.HasPrefix(line, []byte("Out of memory: Kill"))
	case 'M':
		return bytes.HasPrefix(line, []byte("Memory cgroup out of memory: Kill"))
	case 'o':
		if bytes.HasPrefix(line, []byte("oom-kill:constraint=")) {
			return true
		}
	case 'K':
		return bytes.HasPrefix(line, []byte("Killed process ")) && bytes.Contains(line, []byte(" total-vm:"))
	case 't':
		if bytes.HasPrefix(line, []byte("traps: ")) {
			return true
		}
	}
	// comm is at most 15 bytes long
	head := line[:min(len(line), 64)]
	return bytes.Contains(head, []byte("]: segfault at ")) || bytes.Contains(head, []byte(" invoked oom-killer: "))
}

func parseKernel(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r")
	if len(b) == 0 {
		return errSkip
	}
	if n := commaStamp(b); n > 0 {
		r.Time, r.Fold, _ = d.iso(b)
		r.kernelText(b[n+1:])
		return nil
	}
	if _, rest, ok := cutUptime(b); ok {
		// journalctl -o short-monotonic: "[12345.678901] web1 kernel: …"
		host, text, ok := bytes.Cut(rest, []byte(" kernel: "))
		if ok && bytes.IndexByte(host, ' ') < 0 {
			r.kernelText(text)
			r.addUptime(b)
			return nil
		}
		if e := &d.envs[0]; e.cutMonotonic(rest) {
			err := d.enveloped(e, d.inside(e), r)
			r.addUptime(b)
			return err
		}
	} else if n, fraction := apacheStamp(b); n > 0 && !fraction && !levelAhead(b[n:]) {
		r.Time, r.Fold, _ = d.ctime(b[1:])
		if b = b[n:]; len(b) == 0 {
			return errSkip
		}
	} else if !knownKernel(b) {
		return errNotKernel
	}
	r.kernelText(b)
	return nil
}

// cutMonotonic reads what journalctl -o short-monotonic prints of other programs: "web1 php-fpm[812]: …". The kernel's own
// messages have no process behind the second word.
func (e *envelope) cutMonotonic(b []byte) bool {
	host, rest, ok := bytes.Cut(b, []byte(" "))
	var s syslogEntry
	if !ok || bytes.IndexByte(host, ':') >= 0 || !s.cutTag(rest) || s.pid == 0 {
		return false
	}
	*e = envelope{ident: s.ident, pid: s.pid, text: s.text}
	return true
}

// cutUptime takes "[12345.678901] ", "[   12.345678] " off, and the caller that some kernels add: "[   T2278] ".
func cutUptime(b []byte) (uptime, rest []byte, ok bool) {
	if len(b) < 4 || b[0] != '[' {
		return nil, b, false
	}
	i := 1
	for i < len(b) && b[i] == ' ' {
		i++
	}
	start := i
	_, n := number(b[i:])
	i += n
	if n == 0 || i >= len(b) || b[i] != '.' {
		return nil, b, false
	}
	_, n = number(b[i+1:])
	i += 1 + n
	if n != 6 || i >= len(b) || b[i] != ']' {
		return nil, b, false
	}
	uptime, rest = b[start:i], bytes.TrimPrefix(b[i+1:], []byte(" "))
	if len(rest) > 3 && rest[0] == '[' {
		caller, after, ok := bytes.Cut(rest[1:], []byte("] "))
		caller = bytes.TrimLeft(caller, " ")
		if ok && len(caller) > 1 && (caller[0] == 'T' || caller[0] == 'C') {
			if _, n := number(caller[1:]); n == len(caller)-1 {
				rest = after
			}
		}
	}
	return uptime, rest, true
}

func (r *Record) addUptime(b []byte) {
	if uptime, _, ok := cutUptime(b); ok {
		r.Add("uptime", uptime)
	}
}
