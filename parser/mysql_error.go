package parser

import (
	"bytes"
	"errors"
	"time"
)

// mysqlError is the error log of MySQL and MariaDB. Five families of heads are about, and what follows a head without
// one of its own (crash reports, "Version: …") belongs to it:
//
//	2026-11-22T10:00:00.123456Z 12 [Note] [MY-010914] [Server] Aborted connection 12 to db: …     MySQL 8, UTC
//	2021-09-10T07:00:01.822816+08:00 1323700 [Note] Aborted connection …                          MySQL 5.7
//	2023-06-05  7:12:22 0 [Note] InnoDB: Starting crash recovery from checkpoint …                MariaDB, local; MySQL 5.6
//	250405  8:42:39 [ERROR] mariadbd got signal 11 ;                                              MariaDB's crashes, 5.5 and before
//	22:20:45 UTC - mysqld got signal 11 ;                                                         MySQL's crashes
var mysqlError = &Format{
	Name:      "mysql-error",
	Doc:       "error log of MySQL 5.5 to 8 and of MariaDB",
	Paths:     []string{"/var/log/mysql/error.log", "/var/log/mysqld.log", "/var/log/mariadb/mariadb.log", "/var/lib/mysql/HOSTNAME.err"},
	Sniff:     sniffMySQLError,
	Continues: continuesMySQLError,
	Parse:     parseMySQLError,
}

var errNotMySQL = errors.New("no time and level at its beginning")

// mysqlHead is what stands before the message.
type mysqlHead struct {
	kind   mysqlStamp
	stamp  []byte
	thread []byte
	level  Level
	rest   []byte
	sure   int
}

type mysqlStamp uint8

const (
	mysqlISO   mysqlStamp = iota // "2026-11-22T10:00:00.123456Z", "2023-06-05  7:12:22"
	mysqlShort                   // "250405  8:42:39"
	mysqlClock                   // "22:20:45", UTC
)

func cutMySQLHead(b []byte) (h mysqlHead, ok bool) {
	if len(b) < 16 || b[0] < '0' || b[0] > '9' {
		return h, false
	}
	var n int
	if _, n = iso8601(b); n > 0 {
		h.kind = mysqlISO
	} else if _, _, _, ok := clockTime(b[7:]); ok && b[6] == ' ' && digits(b, 6) > 0 {
		h.kind, n = mysqlShort, 15
	} else if _, _, _, ok := clockTime(b); ok {
		h.kind, n = mysqlClock, 8
	}
	if n == 0 || n >= len(b) || b[n] != ' ' {
		return h, false
	}
	h.stamp, h.rest = b[:n], bytes.TrimLeft(b[n:], " ")
	if rest, ok := bytes.CutPrefix(h.rest, []byte("UTC - ")); ok || bytes.HasPrefix(h.rest, []byte("- mysqld got ")) {
		h.rest, h.level, h.sure = bytes.TrimPrefix(rest, []byte("- ")), LevelError, 90
		return h, bytes.Contains(rest, []byte(" got "))
	}
	if h.kind == mysqlClock {
		return h, false
	}
	if h.kind == mysqlISO {
		h.cutThread()
	}
	if inner, rest, ok := bracket(h.rest); ok {
		if h.level = ParseLevel(inner); h.level != LevelNone && !(h.kind == mysqlISO && h.thread == nil) {
			h.rest, h.sure = rest, 95
			return h, true
		}
		return h, false
	}
	switch {
	case bytes.HasPrefix(h.rest, []byte("mysqld_safe ")), bytes.HasPrefix(h.rest, []byte("mariadbd-safe ")):
		h.sure = 90
	case bytes.HasPrefix(h.rest, []byte("InnoDB: ")): // 5.5, and 5.6 with the thread in hexadecimal
		h.sure = 80
	}
	return h, h.sure > 0
}

// cutThread takes "12 ", "7f3a5c7b8700 " or "0x7f3a " off.
func (h *mysqlHead) cutThread() {
	end := bytes.IndexByte(h.rest, ' ')
	if end < 1 || end > 20 {
		return
	}
	for _, c := range bytes.TrimPrefix(h.rest[:end], []byte("0x")) {
		if hexDigit(c) < 0 {
			return
		}
	}
	h.thread, h.rest = h.rest[:end], h.rest[end+1:]
}

func sniffMySQLError(line []byte) int {
	h, ok := cutMySQLHead(line)
	if !ok {
		return 0
	}
	return h.sure
}

func continuesMySQLError(_, line []byte) bool {
	if _, ok := cutMySQLHead(line); ok {
		return false
	}
	return len(line) == 0 || DetectLine(line) == nil
}

func parseMySQLError(d *Decoder, entry []byte, r *Record) error {
	h, ok := cutMySQLHead(entry)
	if !ok {
		if len(bytes.TrimSpace(entry)) == 0 || bytes.HasPrefix(entry, []byte("Version: '")) {
			return errSkip
		}
		return errNotMySQL
	}
	switch h.kind {
	case mysqlISO:
		r.Time, r.Fold, ok = d.mysqlISO(h.stamp)
	case mysqlShort:
		r.Time, r.Fold, ok = d.cached(h.stamp, readShortDate)
	case mysqlClock:
		r.Time = d.clockAfter(h.stamp)
	}
	if !ok {
		return errNotMySQL
	}
	if !r.Time.IsZero() {
		d.mysqlLast = r.Time
	}
	r.Level = h.level
	if h.thread != nil {
		r.Add("thread", h.thread)
	}
	if inner, rest, ok := bracket(h.rest); ok && bytes.HasPrefix(inner, []byte("MY-")) {
		r.Add("code", inner)
		if inner, after, ok := bracket(rest); ok {
			r.Add("subsystem", inner)
			rest = after
		}
		h.rest = rest
	} else if bytes.HasPrefix(h.rest, []byte("InnoDB: ")) {
		r.Add("subsystem", h.rest[:len("InnoDB")])
	}
	text, more, _ := bytes.Cut(h.rest, []byte("\n"))
	r.Message = bytes.TrimRight(text, " \r")
	r.mysqlText(r.Message, more)
	return nil
}

// mysqlText reads the numbers of a message, and of a crash report the statement that was running:
//
//	/usr/sbin/mariadbd got signal 11 ;
//	…
//	Query (0x7f0c2c0113b0): SELECT * FROM wp_posts
func (r *Record) mysqlText(text, more []byte) {
	r.addNumber("signal", text, " got signal ")
	if rest := afterWords(text, " as process "); rest != nil {
		if pid, n := number(rest); n > 0 {
			r.PID = int(pid)
		}
	}
	// Can't create thread to handle new connection(errno= 11) · (Errcode: 28 "No space left on device") · Unable to lock ./ibdata1 error: 11
	if rest := afterWords(text, "errno= ", "errno: ", "Errcode: ", "ibdata1 error: "); rest != nil {
		n, _ := number(rest)
		r.Errno = int(n)
	}
	if rest := afterWords(more, "\nQuery ("); rest != nil {
		if rest = afterWords(rest, "): "); rest != nil {
			rest, _, _ = bytes.Cut(rest, []byte("\n"))
			r.Add("query", rest)
		}
	}
}

func (d *Decoder) mysqlISO(b []byte) (t time.Time, fold, ok bool) {
	t, fold, n := d.iso(b)
	return t, fold, n > 0
}

// readShortDate reads "250405  8:42:39".
func readShortDate(d *Decoder, b []byte) (t time.Time, fold, ok bool) {
	year, mon, day := 2000+digits(b, 2), digits(b[2:], 2), digits(b[4:], 2)
	h, m, s, ok := clockTime(b[7:])
	if !ok || year < 2000 || mon < 1 || mon > 12 || day < 1 || day > 31 {
		return t, false, false
	}
	t, fold = d.Local(year, time.Month(mon), day, h, m, s, 0)
	return t, fold, true
}

// clockAfter gives a time of day in UTC the day that puts it next to the entry before.
func (d *Decoder) clockAfter(b []byte) time.Time {
	if d.mysqlLast.IsZero() {
		return time.Time{}
	}
	h, m, s, _ := clockTime(b)
	last := d.mysqlLast.UTC()
	t := time.Date(last.Year(), last.Month(), last.Day(), h, m, s, 0, time.UTC)
	if t.Before(last.Add(-12 * time.Hour)) {
		t = t.Add(24 * time.Hour)
	}
	return t
}
