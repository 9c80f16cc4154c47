package parser

import (
	"bytes"
	"testing"
)

func TestPHPSlow(t *testing.T) { golden(t, "php-slow", "php-slow", nil) }

func TestSniffPHPSlow(t *testing.T) {
	for _, c := range []struct {
		line string
		want bool
	}{
		{"[22-Nov-2026 10:00:05]  [pool www] pid 4242", true},
		{"[22-Nov-2026 10:00:05.123456]  [pool www] pid 4242", true},
		{"script_filename = /srv/index.php", true},
		{"[0x00007f1c2a013f80] sleep() /srv/a.php:1", true},
		{"[22-Nov-2026 10:00:05] WARNING: [pool www] child 5 started", false},
		{"[22-Nov-2026 10:00:05 UTC]  [pool www] pid 4242", false},
		{"[0x00007f1c2a013f80]", false},
		{"", false},
	} {
		if got := sniffPHPSlow([]byte(c.line)) >= 50; got != c.want {
			t.Errorf("%q: %v", c.line, got)
		}
	}
}

func TestPHPSlowAllocs(t *testing.T) {
	text := bytes.Join(fixtureLines(t, "php-slow"), []byte("\n"))
	first, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n\n"))
	allocs(t, phpSlow, string(first))
}

func FuzzPHPSlow(f *testing.F) { fuzzFormat(f, phpSlow, "php-slow") }
