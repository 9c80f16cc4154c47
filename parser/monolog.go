package parser

import (
	"bytes"
	"errors"
)

// monologLog is what applications on Monolog write: Laravel, Symfony, Magento, Shopware, Drupal. Traces follow on lines of
// their own. What they say of databases and exceptions is PHP's.
//
//	[2026-11-22 10:00:00] production.ERROR: SQLSTATE[HY000] [2002] Connection refused {"exception":"[object] (PDOException(code: 2002)…
//	[stacktrace]
//	#0 /srv/app/vendor/laravel/framework/src/Illuminate/Database/Connectors/Connector.php(70): PDO->__construct()
//	[2026-11-22T10:00:00.123456+01:00] request.CRITICAL: Uncaught PHP Exception TypeError: "x" at /srv/app/src/A.php line 3 {"exception":…} []
var monologLog = &Format{
	Name:      "monolog",
	Doc:       "logs of applications on Monolog: Laravel, Symfony, Magento, Shopware, Drupal",
	Paths:     []string{"storage/logs/laravel*.log", "var/log/prod.log", "var/log/system.log", "var/log/exception.log"},
	Sniff:     sniffMonolog,
	Continues: continuesPHPError,
	Begins:    func(line []byte) bool { return sniffMonolog(line) > 0 },
	Parse:     parseMonolog,
}

var errNotMonolog = errors.New("no time, channel and level at its beginning")

func sniffMonolog(line []byte) int {
	if _, _, _, ok := cutMonolog(line); ok {
		return 95
	}
	return 0
}

// cutMonolog parts a line: its stamp, its level and the rest.
func cutMonolog(line []byte) (stamp []byte, level Level, text []byte, ok bool) {
	const shortest = len("[2026-11-22 10:00:00] a.INFO: ")
	if len(line) < shortest || line[0] != '[' || line[5] != '-' {
		return nil, LevelNone, nil, false
	}
	_, n := iso8601(line[1:])
	if n == 0 || 1+n+2 >= len(line) || line[1+n] != ']' || line[2+n] != ' ' {
		return nil, LevelNone, nil, false
	}
	const longest = 64
	rest := line[3+n:]
	dot := bytes.IndexByte(rest[:min(len(rest), longest)], '.')
	if dot <= 0 || bytes.IndexByte(rest[:dot], ' ') >= 0 {
		return nil, LevelNone, nil, false
	}
	word, text, ok := bytes.Cut(rest[dot+1:min(len(rest), dot+1+len("EMERGENCY: "))], []byte(": "))
	if !ok {
		return nil, LevelNone, nil, false
	}
	switch string(word) {
	case "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY":
		return line[1 : 1+n], ownLevel(word), rest[dot+1+len(word)+2:], true
	}
	return nil, LevelNone, text, false
}

func parseMonolog(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	stamp, level, text, ok := cutMonolog(b)
	if !ok {
		return errNotMonolog
	}
	r.Time, r.Fold, _ = d.iso(stamp)
	r.Level, r.Message = level, text
	switch level {
	case LevelError, LevelCrit, LevelAlert, LevelEmerg: // what is logged below that has failed nobody, whatever it quotes
		r.Format = phpError.Name
		r.phpErrorMessage(d, text)
		r.Level = level
	}
	return nil
}
