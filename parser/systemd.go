package parser

import (
	"bytes"
	"errors"
)

const systemdName = "systemd"

// systemdLog is what systemd says about its units. It stands in syslog files and the journal only, within their
// envelope, so no file is recognised as it.
var systemdLog = &Format{
	Name:  systemdName,
	Doc:   "what systemd says about services, within syslog or the journal",
	Sniff: func([]byte) int { return 0 },
	Parse: func(_ *Decoder, entry []byte, r *Record) error {
		b := bytes.TrimPrefix(entry, []byte("systemd[1]: "))
		if unit, _ := cutUnit(b); unit == nil && len(b) == len(entry) && systemdVerb(b) == nil {
			return errNotSystemd
		}
		r.systemdText(b)
		return nil
	},
}

var errNotSystemd = errors.New("it names no unit")

// systemdText reads systemd's messages, those of 219 and before too:
//
//	php8.2-fpm.service: Main process exited, code=killed, status=9/KILL
//	php8.2-fpm.service: Failed with result 'oom-kill'.
//	php8.2-fpm.service: Scheduled restart job, restart counter is at 5.
//	php8.2-fpm.service: Killing process 123 (php-fpm8.2) with signal SIGKILL.
//	Unit php-fpm.service entered failed state.
//	Stopping php8.2-fpm.service - The PHP 8.2 FastCGI Process Manager...
//	Failed to start The PHP 8.2 FastCGI Process Manager.
func (r *Record) systemdText(b []byte) {
	r.Message = b
	unit, rest := cutUnit(b)
	if unit == nil {
		if what := systemdVerb(b); what != nil {
			r.systemdJob(what)
			return
		}
		if rest, ok := bytes.CutPrefix(b, []byte("Unit ")); ok {
			if unit, _ = cutUnit(rest); unit != nil {
				r.Add("unit", unit)
			}
		}
		return
	}
	r.Add("unit", unit)
	switch {
	case bytes.Contains(rest, []byte("rocess exited, code=")):
		code := between(rest, "code=", ",")
		r.Add("code", code)
		r.Add("status", afterWords(rest, "status="))
		if string(code) == "killed" || string(code) == "dumped" {
			r.addNumber("signal", rest, "status=")
		}
	case bytes.HasPrefix(rest, []byte("Failed with result '")):
		r.Add("result", between(rest, "'", "'"))
	case bytes.HasPrefix(rest, []byte("Killing process ")):
		pid, _ := number(rest[len("Killing process "):])
		r.PID = int(pid)
		r.Add("comm", between(rest, "(", ") with signal"))
	default:
		r.addNumber("restarts", rest, "restart counter is at ")
	}
}

// systemdJob reads what a job was done to: a unit, its description, or both.
func (r *Record) systemdJob(what []byte) {
	if unit, rest := cutUnit(what); unit != nil {
		r.Add("unit", unit)
		what = bytes.TrimPrefix(rest, []byte("- "))
	}
	what = bytes.TrimRight(what, ".")
	if what = bytes.TrimSuffix(what, []byte("…")); len(what) > 0 {
		r.Add("desc", what)
	}
}

// systemdVerb returns what follows the verb of a job, nil if b begins with none.
func systemdVerb(b []byte) []byte {
	for _, verb := range [...]string{
		"Starting ", "Started ", "Stopping ", "Stopped ", "Reloading ", "Reloaded ", "Finished ",
		"Failed to start ", "Failed to reload ", "Dependency failed for ",
	} {
		if len(b) > len(verb) && string(b[:len(verb)]) == verb {
			return b[len(verb):]
		}
	}
	return nil
}

// cutUnit takes the name of a unit off the start of b, with the colon or full stop after it.
func cutUnit(b []byte) (unit, rest []byte) {
	unit, rest, _ = bytes.Cut(b, []byte(" "))
	unit = bytes.TrimRight(unit, ":.")
	dot := bytes.LastIndexByte(unit, '.')
	if dot <= 0 {
		return nil, b
	}
	switch string(unit[dot+1:]) {
	case "service", "socket", "scope", "slice", "timer", "mount", "target", "path", "device", "swap":
		return unit, rest
	}
	return nil, b
}
