package input

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	dir := t.TempDir()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("a\nb\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text, first, last string
		lines                   int
	}{
		{"short.log", "a\nb\nc\n", "a", "c", 3},
		{"open.log", "a\nb", "a", "b", 2},
		{"long.log", strings.Repeat("0123456789abcde\n", 4096) + "end\n", "0123456789abcde", "end", 2048},
		{"packed.log.gz", packed.String(), "", "", 0},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		files, errs := Open([]string{path}, Options{})
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		lines, err := files[0].Tail()
		if err != nil || len(lines) != c.lines {
			t.Errorf("%s: %d lines, %v; want %d", c.name, len(lines), err, c.lines)
			continue
		}
		if c.lines > 0 && (string(lines[0]) != c.first || string(lines[len(lines)-1]) != c.last) {
			t.Errorf("%s: from %q to %q, want %q to %q", c.name, lines[0], lines[len(lines)-1], c.first, c.last)
		}
	}
}
