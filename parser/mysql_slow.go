package parser

import (
	"bytes"
	"errors"
	"time"
)

// mysqlSlow is the slow query log of MySQL and MariaDB. "# Time:" is missing where it equals the entry's before.
//
//	# Time: 261122 18:02:36
//	# User@Host: wp[wp] @ localhost []
//	# Thread_id: 110  Schema: wordpress  QC_hit: No
//	# Query_time: 22.000188  Lock_time: 0.000000  Rows_sent: 1  Rows_examined: 0
//	use wordpress;
//	SET timestamp=1795370556;
//	SELECT * FROM wp_postmeta
//	WHERE meta_value LIKE '%x%';
var mysqlSlow = &Format{
	Name:      "mysql-slow",
	Doc:       "slow query log of MySQL and MariaDB",
	Paths:     []string{"/var/log/mysql/mysql-slow.log", "/var/log/mysql/mariadb-slow.log", "/var/lib/mysql/HOSTNAME-slow.log"},
	Sniff:     sniffMySQLSlow,
	Continues: continuesMySQLSlow,
	Parse:     parseMySQLSlow,
}

var errNoQueryTime = errors.New("no Query_time")

const (
	slowTime  = "# Time: "
	slowUser  = "# User@Host: "
	slowQuery = "# Query_time: "
)

func sniffMySQLSlow(line []byte) int {
	switch {
	case len(line) == 0:
		return 0
	case line[0] != '#':
		if slowBanner(line) {
			return 80
		}
	case bytes.HasPrefix(line, []byte(slowUser)), bytes.HasPrefix(line, []byte(slowQuery)):
		return 95
	case bytes.HasPrefix(line, []byte(slowTime)):
		if b := line[len(slowTime):]; len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
			return 90
		}
	}
	return 0
}

// slowBanner says whether line is the first of the three that each start of the server writes:
//
//	/usr/sbin/mariadbd, Version: 10.11.19-MariaDB-log (Debian 12). started with:
//	Tcp port: 3306  Unix socket: /run/mysqld/mysqld.sock
//	Time		    Id Command	Argument
func slowBanner(line []byte) bool {
	return bytes.HasSuffix(line, []byte(" started with:")) && bytes.Contains(line, []byte(", Version: "))
}

func continuesMySQLSlow(entry, line []byte) bool {
	if len(entry) == 0 {
		return false
	}
	if entry[0] != '#' {
		first, _, _ := bytes.Cut(entry, []byte("\n"))
		return slowBanner(first) && (bytes.HasPrefix(line, []byte("Tcp port: ")) || bytes.HasPrefix(line, []byte("Time ")))
	}
	switch {
	case bytes.HasPrefix(line, []byte(slowTime)), slowBanner(line):
		return false
	case bytes.HasPrefix(line, []byte(slowUser)):
		return bytes.HasPrefix(entry, []byte(slowTime)) && bytes.IndexByte(entry, '\n') < 0
	case bytes.HasSuffix(bytes.TrimRight(entry, "\n\r "), []byte(";")): // the statement is over
		return len(line) == 0 || line[0] == '#' || DetectLine(line) == nil
	}
	return true
}

func parseMySQLSlow(d *Decoder, entry []byte, r *Record) error {
	b := bytes.TrimSpace(entry)
	if len(b) == 0 || b[0] != '#' {
		return errSkip // a banner, or the rest of a statement longer than an entry may be
	}
	var at, stamp []byte
	for len(b) > 0 && b[0] == '#' {
		at, b, _ = bytes.Cut(b, []byte("\n"))
		at = bytes.TrimRight(at, " \r")
		switch {
		case bytes.HasPrefix(at, []byte(slowTime)):
			stamp = at[len(slowTime):]
		case bytes.HasPrefix(at, []byte(slowUser)):
			r.slowUser(at[len(slowUser):])
		case bytes.HasPrefix(at, []byte(slowQuery)):
			r.Duration = seconds(at[len(slowQuery):])
			r.addWord("lock_time", at, " Lock_time:")
			r.addWord("rows_examined", at, " Rows_examined:")
		}
		r.addWord("thread", at, " Thread_id:", " Id:")
		r.addWord("db", at, " Schema:")
	}
	if r.Duration < 0 {
		if stamp != nil {
			return errSkip // a "# Time:" that nothing follows: the file was cut there
		}
		return errNoQueryTime
	}
	r.slowStatement(d, b, stamp)
	return nil
}

// slowUser reads "wp[wp] @ localhost []  Id:    12" and "wp[wp] @ db-client [10.0.0.5]".
func (r *Record) slowUser(b []byte) {
	if open := bytes.IndexByte(b, '['); open > 0 {
		r.Add("user", b[:open])
	}
	if _, host, ok := bytes.Cut(b, []byte(" @ ")); ok {
		if ip := between(host, "[", "]"); len(ip) > 0 {
			r.Client = ip
		}
	}
}

// slowStatement reads what follows the lines with "#". "SET timestamp" states a moment beyond doubt, "# Time:" only
// if it has an offset.
func (r *Record) slowStatement(d *Decoder, b, stamp []byte) {
	var unix int64
	for {
		line, rest, _ := bytes.Cut(b, []byte("\n"))
		if db, ok := bytes.CutPrefix(line, []byte("use ")); ok {
			if db = bytes.Trim(db, "`; \r"); len(db) > 0 && r.Field("db") == nil {
				r.Add("db", db)
			}
		} else if digits, ok := bytes.CutPrefix(line, []byte("SET timestamp=")); ok {
			unix, _ = number(digits)
		} else {
			break
		}
		b = rest
	}
	if b = bytes.TrimSpace(b); len(b) > 0 {
		r.Message = b
		r.Add("query", b)
	}
	const plausible = 1 << 33 // the year 2242
	s, n := iso8601(stamp)
	switch {
	case n > 0 && s.zoned, n > 0 && unix == 0:
		r.Time, r.Fold = d.moment(s)
	case unix > 0 && unix < plausible:
		d.Zoned = true
		r.Time = time.Unix(unix, 0).UTC()
	case len(stamp) >= 15:
		r.Time, r.Fold, _ = readShortDate(d, stamp[:15])
	}
}
