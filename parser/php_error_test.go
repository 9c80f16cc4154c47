package parser

import (
	"testing"
	"time"
)

func TestPHPError(t *testing.T) { golden(t, "php-error", "php-error", nil) }

func TestSniffPHPError(t *testing.T) {
	for _, c := range []struct {
		line string
		want bool
	}{
		{"[22-Nov-2026 10:00:00 UTC] PHP Warning:  x in /srv/a.php on line 3", true},
		{"[22-Nov-2026 10:00:00 Europe/Berlin] anything", true},
		{"[22-Nov-2026 10:00:00 +02:00] anything", true},
		{"[22-Nov-2026 10:00:00] PHP Warning:  x", true},
		{"PHP Fatal error:  Allowed memory size of 1 bytes exhausted", true},
		{"Fatal error: Uncaught Error: x in /srv/a.php:3", true},
		{"[22-Nov-2026 10:00:00] NOTICE: ready to handle connections", false},
		{"[22-Nov-2026 10:00:00]  [pool www] pid 1", false},
		{"Warning: the disk is nearly full", false},
		{"[22/Nov/2026:10:00:00 +0000] x", false},
		{"[22-Nov-2026 10:00:00 an unlikely zone] x", false},
		{"", false},
	} {
		if got := sniffPHPError([]byte(c.line)) >= 50; got != c.want {
			t.Errorf("%q: %v", c.line, got)
		}
	}
}

func TestPHPErrorAllocs(t *testing.T) {
	for _, line := range []string{
		"[22-Nov-2026 10:00:00 UTC] PHP Warning:  x in /srv/a.php on line 3",
		"[22-Nov-2026 10:00:00 America/Argentina/Buenos_Aires] PHP Warning:  x in /srv/a.php on line 3",
		"[22-Nov-2026 10:00:00 Moon/Crater] custom text",
		"[22-Nov-2026 10:00:00 UTC] PHP Fatal error:  Uncaught A: x in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(9): f('x')\n#1 {main}\n  thrown in /srv/a.php on line 3",
		"[22-Nov-2026 10:00:00 UTC] WordPress database error Disk full for query SELECT 1 made by f",
	} {
		allocs(t, phpError, line)
	}
}

// A night in which the clock goes back shows 02:30 twice; the order of the lines tells which one is meant.
func TestPHPErrorRepeatedHour(t *testing.T) {
	recs, _ := readAll(t, phpError, testDecoder(), `[25-Oct-2026 02:30:00 Europe/Berlin] a
[25-Oct-2026 02:59:00 Europe/Berlin] b
[25-Oct-2026 02:05:00 Europe/Berlin] c
[25-Oct-2026 03:05:00 Europe/Berlin] d`)
	want := []string{"00:30", "00:59", "01:05", "02:05"}
	for i, r := range recs {
		if got := r.Time.UTC().Format("15:04"); got != want[i] {
			t.Errorf("%s: %s, want %s", r.Message, got, want[i])
		}
	}
	if len(recs) != len(want) {
		t.Fatalf("%d records", len(recs))
	}
	if !recs[0].Fold || recs[2].Fold || recs[3].Fold {
		t.Error("only stamps that nothing decides are marked")
	}
}

func TestPHPStampZones(t *testing.T) {
	d := testDecoder()
	d.Zone = time.FixedZone("", 3600)
	for _, c := range []struct{ stamp, want string }{
		{"[22-Nov-2026 10:00:00] ", "09:00:00"},
		{"[22-Nov-2026 10:00:00.250000] ", "09:00:00.25"},
		{"[22-Nov-2026 10:00:00 UTC] ", "10:00:00"},
		{"[22-Nov-2026 10:00:00 Asia/Kolkata] ", "04:30:00"},
		{"[22-Nov-2026 10:00:00 -02:00] ", "12:00:00"},
		{"[22-Nov-2026 10:00:00 Local] ", "09:00:00"},
		{"[22-Nov-2026 10:00:00 ../../etc] ", ""},
	} {
		s := cutPHPStamp([]byte(c.stamp))
		if s.n == 0 {
			if c.want != "" {
				t.Errorf("%s: no stamp", c.stamp)
			}
			continue
		}
		at, _, ok := s.time(d, []byte(c.stamp))
		if got := at.UTC().Format("15:04:05.999999"); !ok || got != c.want {
			t.Errorf("%s: %s %v, want %s", c.stamp, got, ok, c.want)
		}
	}
	if !d.Zoned || !d.Unzoned {
		t.Errorf("zoned %v, unzoned %v", d.Zoned, d.Unzoned)
	}
	// Zone names are the file's to invent: they must not fill memory.
	for i := range 1000 {
		d.zoneNamed([]byte("A/" + string(rune('a'+i%26)) + time.Duration(i).String()))
	}
	if len(d.zones) > maxZones {
		t.Errorf("%d zones kept", len(d.zones))
	}
}

func FuzzPHPError(f *testing.F) { fuzzFormat(f, phpError, "php-error") }
