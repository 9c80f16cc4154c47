package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What Whole promises must hold for every line there is: nothing continues it, and no other format is surer of it, so that
// reading with and without it gives the same.
func TestWholeChangesNothing(t *testing.T) {
	logs, err := filepath.Glob(filepath.Join("..", "fixtures", "formats", "*.log"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	for _, path := range logs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Formats {
			if f.Whole == nil {
				continue
			}
			sameWithoutWhole(t, f, text)
		}
	}
}

func sameWithoutWhole(t *testing.T, f *Format, text []byte) {
	t.Helper()
	slow := *f
	slow.Whole = nil
	got, gotErrs := readAll(t, f, testDecoder(), string(text))
	want, wantErrs := readAll(t, &slow, testDecoder(), string(text))
	if len(got) != len(want) || len(gotErrs) != len(wantErrs) {
		t.Errorf("%s: %d entries and %d errors, want %d and %d in\n%s", f.Name, len(got), len(gotErrs), len(want), len(wantErrs), text)
		return
	}
	for i := range got {
		if a, b := goldenRecord(t, got[i]), goldenRecord(t, want[i]); !bytes.Equal(a, b) {
			t.Errorf("%s\n got %s\nwant %s", f.Name, a, b)
		}
	}
}

func FuzzWhole(f *testing.F) {
	f.Add(`2026/11/22 10:00:00 [error] 12#12: *1 FastCGI sent in stderr: "PHP message: PHP Fatal error:  y in /b.php:2` + "\nStack trace:\n#0 {main}")
	f.Add("[22-Nov-2026 10:00:00] NOTICE: PHP message: PHP Warning:  x in /a.php on line 3\nStack trace:\n#0 {main}")
	f.Add("[Sun Nov 22 10:00:00.123456 2026] [core:error] [pid 1] AH00526: Syntax error on line 12 of /a.conf:\nInvalid command")
	f.Add(`192.0.2.7 - - [22/Nov/2026:18:01:15 +0000] "GET / HTTP/1.1" 200 53` + "\n\n[")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"nginx-error", "nginx-access", "php-fpm"} {
			sameWithoutWhole(t, Lookup(name), []byte(text))
		}
	})
}

func TestNoFormatKnowsAnEmptyLine(t *testing.T) {
	for _, f := range Formats {
		if n := f.Sniff(nil); n != 0 {
			t.Errorf("%s: %d", f.Name, n)
		}
	}
}
