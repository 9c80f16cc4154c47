package parser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestPHPFPM(t *testing.T) { golden(t, "php-fpm", "php-fpm", nil) }

func TestSniffFPM(t *testing.T) {
	for _, c := range []struct {
		line string
		want bool
	}{
		{"[22-Nov-2026 10:00:00] NOTICE: ready to handle connections", true},
		{"[22-Nov-2026 10:00:00.123456] DEBUG: pid 812, f(), line 1: x", true},
		{"[WARNING] [pool www] server reached pm.max_children setting (5), consider raising it", true},
		{"[NOTICE] fpm is running, pid 812", true},
		{"NOTICE: PHP message: PHP Warning:  x in /srv/a.php on line 3", true},
		{"[22-Nov-2026 10:00:00 UTC] PHP Warning:  x", false},
		{"[22-Nov-2026 10:00:00]  [pool www] pid 1", false},
		{"[22/Nov/2026:10:00:00 +0000] NOTICE: x", false},
		{"[WARNING] could not resolve", false},
		{"ERROR: no such host", false},
		{"[Sun Nov 22 10:00:00 2026] [error] x", false},
		{"", false},
	} {
		if got := sniffFPM([]byte(c.line)) >= 50; got != c.want {
			t.Errorf("%q: %v", c.line, got)
		}
	}
}

// TestFPMCatalogue parses every message that FPM's source can print into its error log.
func TestFPMCatalogue(t *testing.T) {
	f, err := os.Open("../fixtures/formats/php-fpm.messages")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := 0
	for s := bufio.NewScanner(f); s.Scan(); lines++ {
		level, format, _ := strings.Cut(s.Text(), "\t")
		msg := strings.NewReplacer("%s (%d)", "Cannot allocate memory (12)", "%ld.%06d", "5.004321", "%d.%06d", "5.004321",
			"%zu", "4096", "%d", "7", "%s", "x", "%%", "%").Replace(format)
		line := "[22-Nov-2026 10:00:00] " + level + ": " + msg
		recs, errs := readAll(t, phpFPM, testDecoder(), line)
		if len(errs) > 0 || len(recs) != 1 {
			t.Errorf("%s: %d records, %v", line, len(recs), errs)
			continue
		}
		r := recs[0]
		if string(r.Message) != msg || r.Time.IsZero() || strings.ToUpper(r.Level.String()) != strings.TrimSuffix(level, "ING") {
			t.Errorf("%s: %v %v %q", line, r.Time, r.Level, r.Message)
		}
		if want := strings.HasSuffix(format, "%s (%d)"); want != (r.Errno == 12) {
			t.Errorf("%s: errno %d", line, r.Errno)
		}
		if want := strings.HasPrefix(format, "[pool %s] "); want != (string(r.Pool) == "x") {
			t.Errorf("%s: pool %q", line, r.Pool)
		}
		wrapped(t, "php-fpm[812]", "["+level+"] "+msg, r)
	}
	if lines < 100 {
		t.Errorf("only %d messages read", lines)
	}
}

// allocs fails if parsing line again and again allocates.
func allocs(t *testing.T, f *Format, line string) {
	t.Helper()
	d, r, b := testDecoder(), new(Record), []byte(line)
	parse := func() {
		r.Reset()
		if err := f.Parse(d, b, r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	parse() // makes room for fields, frames and zones
	if n := testing.AllocsPerRun(100, parse); n != 0 {
		t.Errorf("%v allocations for %s", n, line)
	}
}

func TestPHPFPMAllocs(t *testing.T) {
	for _, line := range fixtureLines(t, "php-fpm") {
		if f := sniffFPM(line); f > 0 && !bytes.Contains(line, []byte("-Foo-")) {
			allocs(t, phpFPM, string(line))
		}
	}
}

// wrapped checks that a text which a program hands to syslog or the journal is read as the record that its own log gives.
func wrapped(t *testing.T, ident, text string, want *Record) {
	t.Helper()
	saysTheSame(t, syslogFile, "Nov 22 10:00:00 web1 "+ident+": "+text, want)
	program, _, _ := strings.Cut(ident, "[")
	for _, message := range []string{text, string(want.Raw)} {
		entry, err := json.Marshal(map[string]string{
			"__REALTIME_TIMESTAMP": "1795341600123456", "PRIORITY": "6", "_PID": "812", "SYSLOG_IDENTIFIER": program, "MESSAGE": message,
		})
		if err != nil {
			t.Fatal(err)
		}
		saysTheSame(t, journalJSON, string(entry), want)
	}
}

func saysTheSame(t *testing.T, f *Format, line string, want *Record) {
	t.Helper()
	recs, errs := readAll(t, f, testDecoder(), line)
	if len(errs) > 0 || len(recs) != 1 {
		t.Errorf("%s: %d records, %v", line, len(recs), errs)
		return
	}
	if r := recs[0]; r.Format != want.Format || string(r.Message) != string(want.Message) || r.Errno != want.Errno || r.Level != want.Level {
		t.Errorf("%s: %s %v %d %q", line, r.Format, r.Level, r.Errno, r.Message)
	}
}

// fixtureLines returns the lines of fixtures/formats/NAME.log.
func fixtureLines(tb testing.TB, name string) [][]byte {
	tb.Helper()
	text, err := os.ReadFile("../fixtures/formats/" + name + ".log")
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.Split(text, []byte("\n"))
}

func FuzzPHPFPM(f *testing.F) { fuzzFormat(f, phpFPM, "php-fpm") }

// fuzzFormat feeds any bytes to a format, seeded with the lines of its fixture: nothing may panic, and what is cut
// out of an entry lies within it.
func fuzzFormat(f *testing.F, format *Format, fixture string) {
	text := bytes.Join(fixtureLines(f, fixture), []byte("\n"))
	f.Add(text)
	for _, line := range fixtureLines(f, fixture) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d := testDecoder()
		for r, err := range Records(t.Context(), memory{"fuzz", text}, format, d) {
			if err != nil {
				continue
			}
			if len(r.Message) > len(r.Raw) || r.Lines < 1 {
				t.Errorf("message of %d bytes in an entry of %d, %d lines", len(r.Message), len(r.Raw), r.Lines)
			}
		}
	})
}
