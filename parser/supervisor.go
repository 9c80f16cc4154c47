package parser

import (
	"bytes"
	"errors"
)

// supervisorLog is what supervisord says of the programs it keeps running.
//
//	2026-11-22 10:00:00,938 INFO exited: php-fpm (exit status 70; not expected)
//	2026-11-22 10:00:00,394 WARN exited: php-fpm (terminated by SIGSEGV; not expected)
//	2026-11-22 10:00:07,022 INFO gave up: php-fpm entered FATAL state, too many start retries too quickly
//	2026-11-22 10:00:07,022 INFO spawnerr: can't find command '/usr/sbin/php-fpm8.2'
var supervisorLog = &Format{
	Name:  "supervisor",
	Doc:   "supervisord: programs that start, exit and are given up",
	Paths: []string{"/var/log/supervisor/supervisord.log", "/var/log/supervisord.log"},
	Sniff: sniffSupervisor,
	Parse: parseSupervisor,
}

var errNotSupervisor = errors.New("no time and level at its beginning, or nothing that supervisord says")

const supervisorStamp = len("2026-11-22 10:00:00,938 ")

// supervisorSays are the beginnings of what supervisord writes; other programs have the same stamp.
var supervisorSays = [...]string{
	"exited: ", "spawned: '", "success: ", "gave up: ", "spawnerr: ", "stopped: ", "reaped unknown pid ", "waiting for ",
	"supervisord started with pid ", "Supervisor running as root", "Supervisor is running as root", "Set uid to user ", "killing '",
	"Included extra file \"", "RPC interface '", "Server 'unix_http_server' running", "Server 'inet_http_server' running", "received SIG",
	"daemonizing the ", "restarting ", "Unlinking stale socket ", "parsing config file: ", "uncaptured python exception",
}

func cutSupervisor(b []byte) (level Level, rest []byte, ok bool) {
	if len(b) < supervisorStamp+len("INFO x") || b[19] != ',' || b[supervisorStamp-1] != ' ' {
		return LevelNone, nil, false
	}
	if s, n := iso8601(b); n != supervisorStamp-1 || s.zoned {
		return LevelNone, nil, false
	}
	word, rest, ok := bytes.Cut(b[supervisorStamp:], []byte{' '})
	if !ok {
		return LevelNone, nil, false
	}
	switch level = ParseLevel(word); {
	case string(word) == "CRIT", string(word) == "ERRO":
		level = LevelError
	case level == LevelNone:
		return LevelNone, nil, false
	}
	for _, s := range supervisorSays {
		if begins(rest, s) {
			return level, rest, true
		}
	}
	return LevelNone, nil, false
}

func sniffSupervisor(line []byte) int {
	if _, _, ok := cutSupervisor(line); ok {
		return 95
	}
	return 0
}

func parseSupervisor(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \t\r\n`")
	if len(b) == 0 {
		return errSkip
	}
	level, rest, ok := cutSupervisor(b)
	if !ok {
		return errNotSupervisor
	}
	r.Time, r.Fold, _ = d.iso(b)
	r.Level, r.Message = level, rest
	what, name, ok := bytes.Cut(rest, []byte(": "))
	if !ok {
		return nil
	}
	switch string(what) {
	case "exited", "gave up", "success", "stopped":
		name, _, _ = bytes.Cut(name, []byte{' '})
		r.Add("program", name)
		if status := between(rest, "(exit status ", ";"); status != nil {
			r.Add("code", status)
		}
		if name := between(rest, "(terminated by SIG", ";"); name != nil {
			r.signalNamed(name)
		}
	case "spawned":
		r.Add("program", between(rest, "'", "'"))
		if pid, n := number(afterWords(rest, "' with pid ")); n > 0 {
			r.PID = int(pid)
		}
	}
	return nil
}
