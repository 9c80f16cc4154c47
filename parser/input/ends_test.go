package input

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEnds(t *testing.T) {
	dir := t.TempDir()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("a\nb\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var ends Ends
	for _, c := range []struct {
		name, text, first, last string
		lines                   int
		head                    int
		whole                   bool
	}{
		{"long.log", strings.Repeat("0123456789abcde\n", 4096) + "end\n", "0123456789abcde", "end", 2048, headLines, false},
		{"short.log", "a\nb\nc\n", "a", "c", 3, 3, true},
		{"open.log", "a\nb", "a", "b", 2, 2, true},
		{"some.log", strings.Repeat("0123456789abcde\n", 100), "0123456789abcde", "0123456789abcde", 100, headLines, true},
		{"marked.log", "\xef\xbb\xbfa\nb\n", "\xef\xbb\xbfa", "b", 2, 2, false},
		{"packed.log.gz", packed.String(), "", "", 0, 2, false},
		{"empty.log", "", "", "", 1, 0, true},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		files, errs := Open([]string{path}, Options{})
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		head, err := files[0].Head()
		if err == nil {
			err = ends.Read(files[0])
		}
		if err != nil || len(ends.Tail) != c.lines || len(head) != c.head || ends.Whole != c.whole {
			t.Errorf("%s: %d lines, %d at its head, whole: %v, %v", c.name, len(ends.Tail), len(head), ends.Whole, err)
			continue
		}
		if !slices.EqualFunc(head, ends.Head, bytes.Equal) {
			t.Errorf("%s: the head is %q, want %q", c.name, ends.Head, head)
		}
		if c.lines > 0 && (string(ends.Tail[0]) != c.first || string(ends.Tail[c.lines-1]) != c.last) {
			t.Errorf("%s: from %q to %q, want %q to %q", c.name, ends.Tail[0], ends.Tail[c.lines-1], c.first, c.last)
		}
	}
}
