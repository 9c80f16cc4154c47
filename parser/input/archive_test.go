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

// item is a member of a test archive.
type item struct {
	name, text string
	kind       byte
}

var archived = []item{
	{"var/log/", "", tar.TypeDir},
	{"var/log/a.log", "a1\na2\n", tar.TypeReg},
	{"var/log/null", "", tar.TypeChar},
	{"var/log/link", "", tar.TypeSymlink},
	{"../../etc/passwd", "p\n", tar.TypeReg},
	{"var/log/b.log", "b1\n", tar.TypeReg},
	{"./var/log/a.log", "a3\n", tar.TypeReg}, // put in later: replaces the first
}

func tarOf(t testing.TB, entries []item) string {
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

func zipOf(t testing.TB, entries []item) string {
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

// Packed members are unpacked, and archives within an archive opened; those within these are passed over.
func TestNested(t *testing.T) {
	const regular = tar.TypeReg
	deep := tarOf(t, []item{{"c.log", "c\n", regular}})
	in := []item{{"b.log", "b1\nb2\n", regular}, {"deep.tgz", pack(t, gzipped, deep), regular}}
	outer := []item{
		{"a.gz", pack(t, gzipped, "a1\na2\n"), regular},
		{"logs/in.tar", tarOf(t, in), regular},
		{"in.tgz", pack(t, gzipped, tarOf(t, in)), regular},
		{"in.zip", zipOf(t, in), regular},
		{"z.log", "z\n", regular},
	}
	for name, text := range map[string]string{
		"x.tar": tarOf(t, outer), "x.tgz": pack(t, gzipped, tarOf(t, outer)), "x.zip": zipOf(t, outer), "x.tar.zst": pack(t, zstandard, tarOf(t, outer)),
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{name: text})
			for _, path := range []string{filepath.Join(dir, name), dir} { // by name, and in a folder
				files, errs := Open([]string{path}, Options{})
				if len(errs) != 3 {
					t.Errorf("errors: %v", errs)
				}
				for _, err := range errs {
					if !errors.Is(err, ErrSkipped) || !strings.Contains(err.Error(), "deep.tgz: is an archive in an archive in an archive; not opened") {
						t.Error(err)
					}
				}
				want := "%[1]s!/logs/in.tar!/b.log:b1|b2 %[1]s!/in.tgz!/b.log:b1|b2 %[1]s!/in.zip!/b.log:b1|b2 %[1]s!/a.gz:a1|a2 %[1]s!/z.log:z"
				if got := texts(t, dir, files); got != fmt.Sprintf(want, name) {
					t.Errorf("\n got %s\nwant %s", got, fmt.Sprintf(want, name))
				}
				if got := texts(t, dir, files); got != fmt.Sprintf(want, name) {
					t.Errorf("again: %s", got)
				}
			}
		})
	}
}

// A zip whose list is cut off is read by the headers before its files.
func TestZipWithoutList(t *testing.T) {
	whole := zipOf(t, archived)
	list := strings.Index(whole, "PK\x01\x02")
	second := strings.Index(whole[1:], zipMagic) + 1
	noise := whole[:second+46] + "\xff\xff\xff" + whole[second+49:]
	for name, c := range map[string]struct{ text, want, said string }{
		"no list":       {whole[:list], "x.zip!/var/log/a.log:a3 x.zip!/etc/passwd:p x.zip!/var/log/b.log:b1", "the list of its files at the end is missing or broken): 3 files of it are read"},
		"half a list":   {whole[:list+50], "x.zip!/var/log/a.log:a3 x.zip!/etc/passwd:p x.zip!/var/log/b.log:b1", "3 files of it are read"},
		"one file":      {whole[:second], "x.zip!/var/log/a.log:a1|a2", "1 files of it are read"},
		"half a header": {whole[:10], "", "is an archive that cannot be read"},
		"noise":         {noise[:list] + "PK", "x.zip!/var/log/a.log:a3 x.zip!/var/log/b.log:b1", "3 files of it are read"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{"x.zip": c.text})
			files, errs := Open([]string{filepath.Join(dir, "x.zip")}, Options{})
			if len(errs) != 1 || !strings.Contains(errs[0].Error(), c.said) || !errors.Is(errs[0], ErrDamaged) {
				t.Errorf("errors: %v", errs)
			}
			if name == "noise" { // the second file is read as far as it goes
				kept := files[:0]
				for _, f := range files {
					if !strings.HasSuffix(f.Name(), "passwd") {
						kept = append(kept, f)
					} else if n, err := lineCount(t, f); !errors.Is(err, ErrDamaged) {
						t.Errorf("%d lines, %v", n, err)
					}
				}
				files = kept
			}
			if got := texts(t, dir, files); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func lineCount(t *testing.T, f *File) (n int, err error) {
	t.Helper()
	for _, err := range f.Lines(t.Context()) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// An archive is looked at like a file system.
func TestView(t *testing.T) {
	const regular = tar.TypeReg
	items := []item{
		{"srv1/etc/nginx/nginx.conf", "http {}", regular},
		{"srv1/etc/nginx/big.conf", strings.Repeat("# \n", maxConf), regular},
		{"srv1/etc/odd", "odd\n", regular},
		{"srv1/link", "", tar.TypeSymlink},
		{"srv2/x", "x\n", regular},
	}
	for name, text := range map[string]string{"x.tgz": pack(t, gzipped, tarOf(t, items)), "x.zip": zipOf(t, items)} {
		dir := write(t, map[string]string{name: text})
		files, errs := Open([]string{filepath.Join(dir, name)}, Options{})
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		a, inside := files[0].Archive()
		if inside != "/srv1/etc/nginx/nginx.conf" {
			t.Error(inside)
		}
		v := a.Below("/").Below("srv1")
		if got, _ := v.List("/etc"); fmt.Sprint(got) != "[nginx odd]" {
			t.Errorf("%s: %v", name, got)
		}
		for p, want := range map[string]string{"/etc/nginx/nginx.conf": "http {}", "/etc/odd": "odd\n", "/x": "", "/../srv2/x": ""} {
			got := ""
			if r, err := v.Open(p); err == nil {
				b, _ := io.ReadAll(r)
				_, got = r.Close(), string(b)
			}
			if got != want {
				t.Errorf("%s: %s: %q", name, p, got)
			}
		}
		if info, err := v.Stat("/etc/nginx/big.conf"); err != nil || info.Size() != 3*maxConf || !info.Mode().IsRegular() {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		if info, err := v.Stat("/etc"); err != nil || !info.IsDir() {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		if _, err := v.Stat("/none"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
		if to, ok := v.Readlink("/link"); name == "x.tgz" && (!ok || to != "/etc/shadow") {
			t.Errorf("%s: %q, %v", name, to, ok)
		}
		if got, want := v.Name("/etc"), filepath.Join(dir, name)+"!/srv1/etc"; got != want {
			t.Error(got)
		}
	}
}

// What an archive cannot do: be cut without a word, unpack to what no log is.
func TestArchiveDamage(t *testing.T) {
	var long []string
	for i := range 20_000 {
		long = append(long, fmt.Sprintf("line %d %x", i, i*2654435761))
	}
	text := strings.Join(long, "\n") + "\n"
	whole := pack(t, gzipped, tarOf(t, []item{{"a.log", "a\n", tar.TypeReg}, {"b.log", text, tar.TypeReg}, {"c.log", "c\n", tar.TypeReg}}))
	zipped := zipOf(t, []item{{"a.log", text, tar.TypeReg}})
	dir := write(t, map[string]string{"cut.tgz": whole[:len(whole)/2], "cut.zip": zipped[:len(zipped)/2], "empty.tar": tarOf(t, archived[:1])})
	open := func(name string) ([]*File, string) {
		files, errs := Open([]string{filepath.Join(dir, name)}, Options{})
		return files, fmt.Sprint(errs)
	}
	files, said := open("cut.tgz")
	if len(files) != 2 || !strings.Contains(said, "2 files of it are read, what follows is lost") {
		t.Fatal(files, said)
	}
	n, last := lineCount(t, files[1])
	if n < 5000 || !errors.Is(last, ErrDamaged) {
		t.Errorf("%d lines, then %v", n, last)
	}
	if files, said = open("cut.zip"); len(files) != 1 || !strings.Contains(said, "1 files of it are read, what follows is lost") {
		t.Fatal(files, said)
	}
	if n, err := lineCount(t, files[0]); n < 5000 || !errors.Is(err, ErrDamaged) {
		t.Errorf("%d lines, then %v", n, err)
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
	f.Add([]byte(zipOf(f, archived)[:100]))
	f.Add([]byte(tarOf(f, []item{{"in.zip", zipOf(f, archived), tar.TypeReg}})))
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
