package parser

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

var envelopeFixtures = []string{"docker", "cri", "docker-logs", "compose", "journal-json", "journal-export"}

func TestEnvelopes(t *testing.T) {
	for _, name := range envelopeFixtures {
		t.Run(name, func(t *testing.T) { golden(t, name, name, nil) })
	}
}

// A file of envelopes is recognised by its content, whatever is inside.
func TestDetectEnvelopes(t *testing.T) {
	for _, name := range envelopeFixtures {
		if f := Detect(fixtureLines(t, name)); f == nil || f.Name != name {
			t.Errorf("%s: %v", name, f)
		}
	}
	for _, line := range []string{
		"| a | table |", "a | b", `{"log":"status","x":1}`,
		"2026-11-22T10:00:00.123456Z 12 [Note] [MY-010914] [Server] Aborted connection",
	} {
		if f := DetectLine([]byte(line)); f != nil && f.unwrap != nil {
			t.Errorf("%s: %s", line, f.Name)
		}
	}
}

// The lines of one entry are joined although those of others stand between them, but not after a while.
func TestEnvelopeJoin(t *testing.T) {
	const head, rest = `"log":"[22-Nov-2026 10:00:05]  [pool www] pid 1\n"`, `"log":"script_filename = /a.php\n"`
	entry := func(log, stream, clock string) string {
		return "{" + log + `,"stream":"` + stream + `","time":"2026-11-22T10:00:` + clock + "Z\"}\n"
	}
	for _, tc := range []struct {
		what, text string
		scripts    int
	}{
		{"at once", entry(head, "stderr", "05") + entry(rest, "stderr", "05"), 1},
		{"with others between", entry(head, "stderr", "05") + strings.Repeat(entry(`"log":"x\n"`, "stdout", "05"), 200) + entry(rest, "stderr", "05"), 1},
		{"after a while", entry(head, "stderr", "05") + entry(rest, "stderr", "09"), 0},
		{"of another stream", entry(head, "stderr", "05") + entry(rest, "stdout", "05"), 0},
	} {
		recs, errs := readAll(t, dockerLog, testDecoder(), tc.text)
		n := 0
		for _, r := range recs {
			if r.PID == 1 && string(r.Script) == "/a.php" {
				n++
			}
		}
		if n != tc.scripts || len(errs) > 0 {
			t.Errorf("%s: %d scripts, want %d; %v", tc.what, n, tc.scripts, errs)
		}
	}
}

// An engine's stamp is certain: what is inside is read in the zone that brings both together.
func TestEnvelopeZone(t *testing.T) {
	zone := time.FixedZone("", -5*3600)
	const text = "2026-11-22T10:00:01.123456789Z [22-Nov-2026 11:00:00] NOTICE: ready to handle connections\n" +
		"2026-11-22T10:00:01.123456789Z [22-Nov-2026 10:37:00] NOTICE: ready to handle connections\n"
	d := testDecoder()
	d.Zone = zone
	recs, _ := readAll(t, dockerStamped, d, text)
	if len(recs) != 2 {
		t.Fatal(recs)
	}
	if want := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC); !recs[0].Time.Equal(want) {
		t.Errorf("%v, want %v", recs[0].Time, want)
	}
	if want := time.Date(2026, 11, 22, 10, 37, 0, 0, zone); !recs[1].Time.Equal(want) {
		t.Errorf("too far off for a zone: %v, want %v", recs[1].Time, want)
	}
}

// An entry is complete when the next envelope has been read: what that shows of the clock says nothing of the entry.
func TestEnvelopeSummerTimeEnds(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	d := testDecoder()
	d.Zone = berlin
	recs, _ := readAll(t, syslogFile, d, `Oct 25 02:59:58 web1 nginx: 2026/10/25 02:59:58 [error] 9#9: *1 recv() failed
Oct 25 02:59:59 web1 nginx: 2026/10/25 02:59:59 [error] 9#9: *2 recv() failed
Oct 25 02:00:00 web1 nginx: 2026/10/25 02:00:00 [error] 9#9: *3 recv() failed
`)
	if len(recs) != 3 {
		t.Fatal(recs)
	}
	for i, r := range recs {
		if want := time.Date(2026, 10, 25, 0, 59, 58+i, 0, time.UTC); !r.Time.Equal(want) {
			t.Errorf("%v, want %v", r.Time, want)
		}
	}
}

// Syslog daemons write line ends in octal: an entry of several lines is one line there.
func TestSyslogUnescape(t *testing.T) {
	recs, _ := readAll(t, syslogFile, testDecoder(), "Nov 22 10:00:05 web1 php: PHP Fatal error:  Uncaught Exception: x in /srv/a.php:3"+
		"#012Stack trace:#012#0 /srv/b.php(9): f()#012#1 {main}#012  thrown in /srv/a.php on line 3\n")
	if len(recs) != 1 || recs[0].Format != "php-error" || string(recs[0].Script) != "/srv/a.php" || len(recs[0].Frames) != 1 || recs[0].Frames[0].Line != 9 {
		t.Errorf("%+v", recs)
	}
	if got := string(testDecoder().syslogUnescape([]byte("a#012#011b#01#0123"))); got != "a\n\tb#01\n3" {
		t.Errorf("%q", got)
	}
}

// In a long stream nothing is allocated a line.
func TestEnvelopeAllocs(t *testing.T) {
	for _, name := range envelopeFixtures {
		f := Lookup(name)
		lines := fixtureLines(t, name)
		if name == "journal-export" {
			lines = bytes.SplitAfter(bytes.Join(lines, []byte("\n")), []byte("\n\n"))
		}
		d, r, u := testDecoder(), new(Record), new(unwrapper)
		read := func() {
			for i, line := range lines {
				_, _ = u.put(d, f, Pos{Line: i}, 1, bytes.TrimSpace(line), func(e *wrappedEntry) bool {
					r.Reset()
					_ = e.parse(d, r)
					return true
				})
			}
		}
		read()
		read()
		if n := testing.AllocsPerRun(20, read); n > 0 {
			t.Errorf("%s: %v allocations in %d lines", name, n, len(lines))
		}
	}
}

func FuzzDocker(f *testing.F)        { fuzzFormat(f, dockerLog, "docker") }
func FuzzDockerStamped(f *testing.F) { fuzzFormat(f, dockerStamped, "docker-logs") }
func FuzzCRI(f *testing.F)           { fuzzFormat(f, criLog, "cri") }
func FuzzCompose(f *testing.F)       { fuzzFormat(f, composeLog, "compose") }
func FuzzJournalJSON(f *testing.F)   { fuzzFormat(f, journalJSON, "journal-json") }
func FuzzJournalExport(f *testing.F) { fuzzFormat(f, journalExport, "journal-export") }
