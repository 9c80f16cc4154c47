package input

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
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

// What is called like a log and is none, or cannot be read, is found out by those who read its ends; what is called like an archive
// at once.
func TestTrust(t *testing.T) {
	dir := t.TempDir()
	ball := tarOf(t, []item{{"inner.log", "a line\n", tar.TypeReg}})
	for _, c := range []struct {
		name, text  string
		opens, ends bool // wrongly trusted
	}{
		{"a.log", "a line\n", false, false},
		{"b.log", "", false, false},
		{"c.gz", pack(t, gzipped, "a line\n"), false, false},
		{"d.tar", ball, true, false},
		{"e", ball, false, true},
		{"f", pack(t, gzipped, "a line\n"), false, true},
		{"g", pack(t, zstandard, ball), false, true},
		{"h", zipOf(t, []item{{"inner.log", "a line\n", tar.TypeReg}}), false, true},
		{"i", "\xff\xfea\x00\n\x00", false, true},
		{"j", "\x7fELF\x01\x02\x03\x04\x05\x06\x07\x08", false, false}, // no log, but opened it would be no other
	} {
		sub := filepath.Join(dir, "of-"+c.name)
		path := filepath.Join(sub, c.name)
		if err := os.Mkdir(sub, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		files, errs := Open([]string{sub}, Options{Trust: true})
		if got := errors.Is(errors.Join(errs...), ErrTrust); got != c.opens {
			t.Errorf("%s: opened: %v", c.name, errs)
		}
		if c.opens {
			continue
		}
		if len(files) != 1 {
			t.Fatalf("%s: %d files", c.name, len(files))
		}
		var ends Ends
		if err := ends.Read(files[0]); errors.Is(err, ErrTrust) != c.ends {
			t.Errorf("%s: its ends: %v", c.name, err)
		}
		ends.Close()
	}

	files, errs := Open([]string{filepath.Join(dir, "of-a.log")}, Options{Trust: true})
	if len(errs) > 0 || len(files) != 1 {
		t.Fatal(files, errs)
	}
	if err := os.Remove(files[0].Name()); err != nil {
		t.Fatal(err)
	}
	if err := new(Ends).Read(files[0]); !errors.Is(err, ErrTrust) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}
