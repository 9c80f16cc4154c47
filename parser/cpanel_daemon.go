package parser

import (
	"bytes"
	"errors"
	"time"
)

// cpanelDaemon is what cPanel's own daemons write; its file is called error_log, as Apache's and PHP's are.
//
//	[2026-02-24 13:38:29 +0700] warn [cpsrvd] The subprocess exited with an error: … line 155.
//		Cpanel::Server::Handlers::SubProcess::handler(…) called at cpsrvd.pl line 12
var cpanelDaemon = &Format{
	Name:      "cpanel",
	Doc:       "logs of cPanel's own daemons (cpsrvd, cphulkd, login_log); not of the sites",
	Paths:     []string{"/usr/local/cpanel/logs/error_log", "/usr/local/cpanel/logs/login_log", "/usr/local/cpanel/logs/cphulkd.log"},
	Sniff:     sniffCpanel,
	Continues: func(_, line []byte) bool { return len(line) > 1 && line[0] == '\t' },
	Parse:     parseCpanel,
}

var errNotCpanel = errors.New("no time, level and daemon at its beginning")

// cutCpanel cuts "[time] warn [cpsrvd] text".
func cutCpanel(b []byte) (level Level, daemon, rest []byte, ok bool) {
	n := chkservdStamp(b)
	if n == 0 {
		return LevelNone, nil, nil, false
	}
	word, rest, ok := bytes.Cut(b[n:], []byte(" ["))
	if !ok || len(word) > 8 {
		return LevelNone, nil, nil, false
	}
	switch string(word) {
	case "die", "panic", "fatal":
		level = LevelCrit
	default:
		if level = ParseLevel(word); level == LevelNone {
			return LevelNone, nil, nil, false
		}
	}
	daemon, rest, ok = bytes.Cut(rest, []byte{']'})
	return level, daemon, bytes.TrimPrefix(rest, []byte{' '}), ok
}

func sniffCpanel(line []byte) int {
	if _, _, _, ok := cutCpanel(line); ok {
		return 95
	}
	return 0
}

func parseCpanel(d *Decoder, entry []byte, r *Record) error {
	if len(bytes.TrimSpace(entry)) == 0 {
		return errSkip
	}
	level, daemon, rest, ok := cutCpanel(entry)
	if !ok {
		return errNotCpanel
	}
	if r.Time, r.Fold, ok = d.spacedISO(entry[1:26]); !ok {
		return errStamp
	}
	r.Level = level
	r.Message, _, _ = bytes.Cut(bytes.TrimRight(rest, " \r\n"), []byte{'\n'}) // Perl's backtrace follows
	r.Add("ident", daemon)
	return nil
}

// spacedISO reads "2026-11-22 08:33:57 -0400".
func (d *Decoder) spacedISO(b []byte) (t time.Time, fold, ok bool) {
	s, n := iso8601(b[:19])
	if n == 0 {
		return t, false, false
	}
	if s.east, _, s.zoned = offset(b[20:]); !s.zoned {
		return t, false, false
	}
	t, fold = d.moment(s)
	return t, fold, true
}
