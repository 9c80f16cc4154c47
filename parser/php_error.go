package parser

import (
	"bytes"
	"errors"
	"strconv"
)

// phpError reads the files PHP writes by its error_log directive, WordPress' debug.log among them. The stamp names
// the zone; lines without one belong to the error above them:
//
//	[22-Nov-2026 10:00:00 Europe/Berlin] PHP Fatal error:  Uncaught Error: x in /srv/a.php:3
//	Stack trace:
//	#0 {main}
//	  thrown in /srv/a.php on line 3
//	[22-Nov-2026 10:00:03 UTC] any text given to error_log()
var phpError = &Format{
	Name:      "php-error",
	Doc:       "PHP error_log file, WordPress debug.log",
	Paths:     []string{"error_log", "/home/*/logs/*.php.error.log", "wp-content/debug.log", "/var/log/php-fpm/*-error.log"},
	Sniff:     sniffPHPError,
	Continues: continuesPHPError,
	Begins:    func(line []byte) bool { return sniffPHPError(line) >= 90 },
	Parse:     parsePHPError,
}

var errNoStamp = errors.New("neither a stamp nor a severity")

func sniffPHPError(line []byte) int {
	s := cutPHPStamp(line)
	rest := line[s.n:]
	if s.n > 0 {
		rest = bytes.TrimPrefix(rest, []byte(" "))
	}
	word, _ := phpSeverity(rest)
	named := bytes.HasPrefix(rest, []byte("PHP "))
	switch {
	case s.n > 0 && word != nil && named:
		return 100
	case s.zone != nil:
		return 90
	case s.n > 0: // FPM's stamp has no zone
		return 0
	case word != nil && named:
		return 70 // pasted without its stamp
	case begins(rest, "PHP message: "):
		return 60 // pasted out of what nginx, Apache or PHP-FPM pass on
	case word != nil:
		if _, file, _ := phpMessage(rest); file != nil {
			return 55 // as a page shows it: "Fatal error: Uncaught Error: x in /srv/a.php:3"
		}
	}
	return 0
}

// continuesPHPError takes every line that no format knows: traces, SQL and dumps have no shape of their own.
func continuesPHPError(_, line []byte) bool {
	if phpTraceLine(line) {
		return true
	}
	return DetectLine(line) == nil
}

func parsePHPError(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimRight(entry, " \r\n")
	if len(b) == 0 {
		return errSkip
	}
	if s := cutPHPStamp(b); s.n > 0 {
		var ok bool
		if r.Time, r.Fold, ok = s.time(d, b); !ok {
			return errStamp
		}
		b = bytes.TrimPrefix(b[s.n:], []byte(" "))
	} else if head, _, _ := bytes.Cut(b, []byte("\n")); sniffPHPError(head) == 0 {
		return errNoStamp
	}
	r.phpErrorMessage(d, b)
	return nil
}

// phpErrorMessage reads what stands behind the stamp.
func (r *Record) phpErrorMessage(d *Decoder, b []byte) {
	r.Message = b
	var severity []byte
	var line int
	severity, r.Script, line = phpMessage(b)
	if severity != nil {
		_, r.Level = phpSeverity(b)
		r.Add("severity", severity)
	}
	if r.Script != nil {
		d.out = strconv.AppendInt(d.out[:0], int64(line), 10)
		r.Add("line", d.out)
	}
	r.phpTrace(b)
	r.wordPressError(b)
}

// wordPressError reads what wpdb writes when a query fails; the SQL may span lines, older WordPress leaves out who
// made it:
//
//	WordPress database error Table 'x' doesn't exist for query SELECT 1 made by require('wp-load.php'), get_option
func (r *Record) wordPressError(b []byte) {
	b, ok := bytes.CutPrefix(b, []byte("WordPress database error "))
	if !ok {
		return
	}
	r.Level = LevelError
	text, query, ok := bytes.Cut(b, []byte(" for query "))
	r.Add("db_error", text)
	if !ok {
		return
	}
	if i := bytes.LastIndex(query, []byte(" made by ")); i >= 0 {
		r.Add("made_by", query[i+len(" made by "):])
		query = query[:i]
	}
	r.Add("query", query)
}
