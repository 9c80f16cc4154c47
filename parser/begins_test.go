package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A line that surely begins an entry goes on with none of its format: where it stands a file may be cut.
func TestBegins(t *testing.T) {
	logs, err := filepath.Glob("../fixtures/formats/*.log")
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	var lines [][]byte
	for _, path := range logs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bytes.Split(text, []byte("\n"))...)
	}
	for _, f := range Formats {
		if f.Begins == nil {
			continue
		}
		known := 0
		for _, line := range lines {
			if !f.Begins(line) {
				continue
			}
			if known++; f.Sniff(line) < 50 {
				t.Errorf("%s: begins, and is not known by %q", f.Name, line)
			}
			for _, entry := range lines {
				if f.Continues != nil && f.Continues(entry, line) {
					t.Errorf("%s: %q takes in %q", f.Name, entry, line)
				}
			}
		}
		if known == 0 {
			t.Errorf("%s: no line in fixtures begins an entry", f.Name)
		}
	}
}
