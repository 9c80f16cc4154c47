package parser

import (
	"strings"
	"testing"
	"time"
)

func TestMySQLError(t *testing.T) { golden(t, "mysql-error", "mysql-error", nil) }

func TestMySQLSlow(t *testing.T) { golden(t, "mysql-slow", "mysql-slow", nil) }

// Stamps without an offset are local, those of MySQL 8 and "SET timestamp" are not.
func TestMySQLZones(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	for _, tc := range []struct {
		f          *Format
		text, want string
	}{
		{mysqlError, "2026-11-22  9:00:00 0 [Note] x", "2026-11-22T07:00:00Z"},
		{mysqlError, "2026-11-22T09:00:00.5Z 0 [Note] [MY-010914] [Server] x", "2026-11-22T09:00:00Z"},
		{mysqlError, "261122  9:00:00 [Note] x", "2026-11-22T07:00:00Z"},
		{mysqlSlow, "# Time: 261122  9:00:00\n# User@Host: a[a] @ localhost []\n# Query_time: 1 Lock_time: 0\nSELECT 1;", "2026-11-22T07:00:00Z"},
		{mysqlSlow, "# Time: 261122  9:00:00\n# User@Host: a[a] @ localhost []\n# Query_time: 1 Lock_time: 0\nSET timestamp=1795370556;\nSELECT 1;", "2026-11-22T18:02:36Z"},
		{mysqlSlow, "# Time: 2026-11-22T09:00:00Z\n# User@Host: a[a] @ localhost []\n# Query_time: 1 Lock_time: 0\nSET timestamp=1795370556;\nSELECT 1;", "2026-11-22T09:00:00Z"},
	} {
		d := testDecoder()
		d.Zone = zone
		recs, errs := readAll(t, tc.f, d, tc.text)
		if len(recs) != 1 || len(errs) > 0 {
			t.Errorf("%d records, %v: %s", len(recs), errs, tc.text)
			continue
		}
		if got := recs[0].Time.UTC().Truncate(time.Second).Format(time.RFC3339); got != tc.want {
			t.Errorf("%s, want %s: %s", got, tc.want, tc.text)
		}
	}
}

// A statement of any length is one entry at most, and what does not fit in it is no error.
func TestMySQLSlowLongStatement(t *testing.T) {
	head := "# Time: 261122 18:02:36\n# User@Host: a[a] @ localhost []\n# Query_time: 1 Lock_time: 0\nINSERT INTO x VALUES\n"
	recs, errs := readAll(t, mysqlSlow, testDecoder(), head+strings.Repeat("(1, 2),\n", 2*maxEntryLines)+"(3, 4);\n"+head)
	if len(recs) != 2 || len(errs) != 0 {
		t.Fatalf("%d records, %d errors", len(recs), len(errs))
	}
	if recs[0].Lines > maxEntryLines {
		t.Errorf("%d lines", recs[0].Lines)
	}
}

func TestMySQLAllocs(t *testing.T) {
	for _, name := range []string{"mysql-error", "mysql-slow"} {
		f := Lookup(name)
		recs, _ := readAll(t, f, testDecoder(), string(joinLines(fixtureLines(t, name))))
		for _, r := range recs {
			if r.Format == name {
				allocs(t, f, string(r.Raw))
			}
		}
	}
}

func FuzzMySQL(f *testing.F) { fuzzFormat(f, mysqlError, "mysql-error") }

func FuzzMySQLSlow(f *testing.F) { fuzzFormat(f, mysqlSlow, "mysql-slow") }

// A line that surely is another log's ends a statement, with an empty line between too.
func TestMySQLSlowEnds(t *testing.T) {
	const entry = "# Query_time: 1.0  Lock_time: 0.0\nSELECT 1;"
	const other = `203.0.113.9 - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 502 157 "-" "curl/8.5.0"`
	for _, between := range []string{"", "\n", "\n\n"} {
		if continuesMySQLSlow([]byte(entry+between), []byte(other)) {
			t.Errorf("goes on after %q", between)
		}
	}
	if !continuesMySQLSlow([]byte(entry), []byte("SELECT 2;")) {
		t.Error("the second statement is lost")
	}
	text := "# Time: 261122 10:00:00\n" + entry + "\n\n==> access.log <==\n" + other + "\n"
	if recs, errs := readAll(t, mysqlSlow, testDecoder(), text); len(recs) != 2 || len(errs) != 0 {
		t.Errorf("below each other: %d records, %v", len(recs), errs)
	}
}
