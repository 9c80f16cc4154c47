package parser

import (
	"bytes"
	"errors"
)

// lveStats is the log of CloudLinux' lve-stats. Which account met which limit stands in its database (lveinfo), not here.
//
//	2026-11-22 10:00:00,123: [lvestats.core] INFO: Loaded plugins: CloudLinuxReader
//	2026-11-22 10:00:00,123 - lvestats.main - ERROR - Database error
var lveStats = &Format{
	Name:      "lve-stats",
	Doc:       "log of CloudLinux' lve-stats; the limits that were met are in lveinfo",
	Paths:     []string{"/var/log/lve-stats.log"},
	Sniff:     sniffLVE,
	Continues: func(_, line []byte) bool { return sniffLVE(line) == 0 },
	Parse:     parseLVE,
}

var errNotLVE = errors.New("no time, module and level at its beginning")

func sniffLVE(line []byte) int {
	if len(line) < 30 || line[10] != ' ' || line[19] != ',' {
		return 0
	}
	if _, n := iso8601(line); n == 0 || !bytes.Contains(line[:min(len(line), 80)], []byte("lvestats")) {
		return 0
	}
	return 95
}

func parseLVE(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if sniffLVE(b) == 0 {
		if len(b) == 0 {
			return errSkip
		}
		return errNotLVE
	}
	var n int
	r.Time, r.Fold, n = d.iso(b)
	r.Message = bytes.TrimLeft(b[n:], ": -")
	// The level stands between the module and the text, in brackets' or hyphens' company.
	for rest := b[n:]; len(rest) > 0; {
		var word []byte
		word, rest, _ = bytes.Cut(rest, []byte{' '})
		if level := ParseLevel(bytes.TrimRight(word, ":")); level != LevelNone {
			r.Level, r.Message = level, bytes.TrimLeft(rest, "- ")
			break
		}
	}
	return nil
}

// dbGovernor is what CloudLinux' MySQL Governor writes of accounts whose queries it slows down.
//
//	[Sun Nov 22 10:00:00 2026] shopacct LIMIT_ENFORCED cpu current 100 short 98 mid 40 long 0 SERVER_LOAD …
var dbGovernor = &Format{
	Name:  "dbgovernor",
	Doc:   "CloudLinux' MySQL Governor: accounts whose queries are slowed down",
	Paths: []string{"/var/log/dbgovernor-restrict.log", "/var/log/dbgovernor-error.log", "/var/log/dbgovernor-kill.log"},
	Sniff: sniffGovernor,
	Parse: parseGovernor,
}

var errNotGovernor = errors.New("no time and account at its beginning")

// governorWords are what the governor does to an account.
var governorWords = [...]string{" LIMIT_ENFORCED ", " LIMIT_RENEWED ", " PENALTY ", " TRACKED_VALUES_DUMP="}

func sniffGovernor(line []byte) int {
	if len(line) < 30 || line[0] != '[' {
		return 0
	}
	for _, w := range governorWords {
		if bytes.Contains(line, []byte(w)) {
			if _, _, ok := governorHead(line); ok {
				return 98
			}
		}
	}
	return 0
}

// governorHead cuts "[time] account ".
func governorHead(b []byte) (stamp, rest []byte, ok bool) {
	end := bytes.IndexByte(b, ']')
	if end < 20 || end+2 >= len(b) || b[end+1] != ' ' {
		return nil, nil, false
	}
	return b[1:end], b[end+2:], true
}

func parseGovernor(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	stamp, rest, ok := governorHead(b)
	if !ok {
		return errNotGovernor
	}
	n := 0
	if r.Time, r.Fold, n = d.ctime(stamp); n == 0 {
		if r.Time, r.Fold, n = d.iso(stamp); n == 0 {
			return errStamp
		}
	}
	r.Message = rest
	if user, _, ok := bytes.Cut(rest, []byte{' '}); ok {
		r.Add("user", user)
	}
	return nil
}
