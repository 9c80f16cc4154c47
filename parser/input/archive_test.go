package input

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is a member of a test archive.
type entry struct {
	name, text string
	kind       byte
}

var archived = []entry{
	{"var/log/", "", tar.TypeDir},
	{"var/log/a.log", "a1\na2\n", tar.TypeReg},
	{"var/log/null", "", tar.TypeChar},
	{"var/log/link", "", tar.TypeSymlink},
	{"../../etc/passwd", "p\n", tar.TypeReg},
	{"var/log/b.log", "b1\n", tar.TypeReg},
	{"./var/log/a.log", "a3\n", tar.TypeReg}, // put in later: replaces the first
}

func tarOf(t testing.TB, entries []entry) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o644, Size: int64(len(e.text)), Linkname: ""}
		if e.kind == tar.TypeSymlink {
			h.Linkname = "/etc/shadow"
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zipOf(t testing.TB, entries []entry) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		if e.kind != tar.TypeReg {
			continue
		}
		f, err := w.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// texts reads all files and lists them as "name:line|line".
func texts(t *testing.T, dir string, files []*File) string {
	t.Helper()
	var out []string
	for _, f := range files {
		head, err := f.Head()
		if err != nil {
			t.Errorf("%s: %v", f.Name(), err)
		}
		var lines []string
		for l, err := range f.Lines(t.Context()) {
			if err != nil {
				t.Errorf("%s: %v", f.Name(), err)
				break
			}
			lines = append(lines, string(l.Text))
		}
		if got := string(bytes.Join(head, []byte("|"))); got != strings.Join(lines, "|") {
			t.Errorf("%s: head %q, lines %q", f.Name(), got, lines)
		}
		out = append(out, strings.TrimPrefix(f.Name(), dir+"/")+":"+strings.Join(lines, "|"))
	}
	return strings.Join(out, " ")
}

func TestArchives(t *testing.T) {
	ball := tarOf(t, archived)
	const members = "%[1]s!/var/log/a.log:a3 %[1]s!/etc/passwd:p %[1]s!/var/log/b.log:b1"
	for name, text := range map[string]string{
		"x.tar": ball, "x.tgz": pack(t, gzipped, ball), "x.tar.zst": pack(t, zstandard, ball),
		"no-suffix": pack(t, gzipped, ball), "x.zip": zipOf(t, archived),
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{name: text})
			files, errs := Open([]string{filepath.Join(dir, name)}, Options{})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			want := fmt.Sprintf(members, name)
			if got := texts(t, dir, files); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			// Again, in the other order, and all at once.
			for i := range files {
				if _, err := files[len(files)-1-i].Head(); err != nil {
					t.Error(err)
				}
			}
			if got := texts(t, dir, files); got != want {
				t.Errorf("again:\n got %s\nwant %s", got, want)
			}
		})
	}
}

// Packed members are unpacked; an archive within an archive is not.
func TestArchiveOfPacked(t *testing.T) {
	dir := write(t, map[string]string{"x.tar": tarOf(t, []entry{
		{"a.gz", pack(t, gzipped, "a1\na2\n"), tar.TypeReg},
		{"in.tar", tarOf(t, archived), tar.TypeReg},
	})})
	files, errs := Open([]string{filepath.Join(dir, "x.tar")}, Options{})
	if len(errs) > 0 || len(files) != 2 {
		t.Fatal(files, errs)
	}
	if got, want := texts(t, dir, files[:1]), "x.tar!/a.gz:a1|a2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := files[1].Head(); !errors.Is(err, ErrBinary) {
		t.Errorf("an archive within: %v", err)
	}
}

// What an archive cannot do: be cut without a word, unpack to what no log is.
func TestArchiveDamage(t *testing.T) {
	var long []string
	for i := range 20_000 {
		long = append(long, fmt.Sprintf("line %d %x", i, i*2654435761))
	}
	text := strings.Join(long, "\n") + "\n"
	whole := pack(t, gzipped, tarOf(t, []entry{{"a.log", "a\n", tar.TypeReg}, {"b.log", text, tar.TypeReg}, {"c.log", "c\n", tar.TypeReg}}))
	zipped := zipOf(t, []entry{{"a.log", text, tar.TypeReg}})
	dir := write(t, map[string]string{"cut.tgz": whole[:len(whole)/2], "cut.zip": zipped[:len(zipped)/2], "empty.tar": tarOf(t, archived[:1])})
	open := func(name string) ([]*File, string) {
		files, errs := Open([]string{filepath.Join(dir, name)}, Options{})
		return files, fmt.Sprint(errs)
	}
	files, said := open("cut.tgz")
	if len(files) != 2 || !strings.Contains(said, "2 files of it are read, what follows is lost") {
		t.Fatal(files, said)
	}
	n, last := 0, error(nil)
	for _, err := range files[1].Lines(t.Context()) {
		if last = err; err == nil {
			n++
		}
	}
	if n < 5000 || !errors.Is(last, ErrDamaged) {
		t.Errorf("%d lines, then %v", n, last)
	}
	if files, said := open("cut.zip"); len(files) > 0 || !strings.Contains(said, "cannot be read") {
		t.Error(files, said)
	}
	if files, said := open("empty.tar"); len(files) > 0 || !strings.Contains(said, "no file in this archive") {
		t.Error(files, said)
	}
}

func TestBomb(t *testing.T) {
	for _, c := range []struct {
		size, text int64
		want       bool
	}{{1 << 20, 1 << 29, false}, {1 << 20, 1 << 31, true}, {1 << 28, 1 << 33, false}} {
		if got := bomb(c.size, c.text); got != c.want {
			t.Errorf("%d bytes of %d: %v", c.text, c.size, got)
		}
	}
}

// Whatever bytes stand in an archive: nothing is read outside it and nothing panics.
func FuzzArchive(f *testing.F) {
	f.Add([]byte(tarOf(f, archived)))
	f.Add([]byte(pack(f, gzipped, tarOf(f, archived))))
	f.Add([]byte(zipOf(f, archived)))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		files, _ := Open([]string{name}, Options{})
		for _, f := range files {
			if f.Name() != name && !strings.HasPrefix(f.Name(), name+"!/") {
				t.Errorf("%q", f.Name())
			}
			_, _ = f.Head()
			for range f.Lines(t.Context()) {
			}
		}
	})
}
