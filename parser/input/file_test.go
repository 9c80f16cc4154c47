package input

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// write puts files below a new folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// one opens the only file that path means.
func one(t *testing.T, path string) *File {
	t.Helper()
	files, errs := Open([]string{path}, Options{})
	if len(files) != 1 || len(errs) != 0 {
		t.Fatalf("%d files, %v", len(files), errs)
	}
	return files[0]
}

// text reads f to its end.
func text(t *testing.T, f *File) (lines []string, err error) {
	t.Helper()
	for line, err := range f.Lines(t.Context()) {
		if err != nil {
			return lines, err
		}
		lines = append(lines, string(line.Text))
	}
	return lines, nil
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d\n", i)
	}
	return b.String()
}

func pack(t testing.TB, kind compression, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch kind {
	case gzipped:
		w = gzip.NewWriter(&b)
	case zstandard:
		z, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w = z
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// "line 0\nline 1\nline 2\n", for which there is no packer in Go.
const (
	xzLines    = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AAUABFdADYaSh8IoCXB3pS6kMa8VhfAAAAAAKn2aGFyBz2aAAEtFS8LcW0ftvN9AQAAAAAEWVo="
	bzip2Lines = "QlpoOTFBWSZTWVONc4cAAAfZAAAQQABwAAIlIAAxBkxBHqDRpl4hDGcM8XckU4UJBTjXOHA="
)

func decode(t *testing.T, s string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFileArchives(t *testing.T) {
	dir := write(t, map[string]string{
		"plain.gz": numbered(3), // names say nothing
		"a.log":    pack(t, gzipped, numbered(3)),
		"b":        pack(t, gzipped, "line 0\nli") + pack(t, gzipped, "ne 1\nline 2\n"), // members
		"c":        pack(t, zstandard, numbered(3)),
		"d":        decode(t, xzLines),
		"e":        decode(t, bzip2Lines),
		"f":        "line 0\r\nline 1\r\nline 2",
	})
	for _, name := range []string{"plain.gz", "a.log", "b", "c", "d", "e", "f"} {
		f := one(t, filepath.Join(dir, name))
		for range 2 { // a file can be read again
			head, err := f.Head()
			if err != nil || len(head) != 3 || string(head[2]) != "line 2" {
				t.Errorf("%s: head %q, %v", name, head, err)
			}
			lines, err := text(t, f)
			if err != nil || strings.Join(lines, ",") != "line 0,line 1,line 2" {
				t.Errorf("%s: %q, %v", name, lines, err)
			}
			if f.BytesRead() != f.Size() {
				t.Errorf("%s: %d of %d bytes read", name, f.BytesRead(), f.Size())
			}
		}
	}
}

func TestFileDamagedArchives(t *testing.T) {
	const n = 20000
	whole := pack(t, gzipped, numbered(n))
	flipped := []byte(whole)
	flipped[len(flipped)/2] ^= 0xff
	z := pack(t, zstandard, numbered(n))
	dir := write(t, map[string]string{
		"cut":     whole[:len(whole)-100],
		"flipped": string(flipped),
		"zstd":    z[:len(z)-100],
		"xz":      decode(t, xzLines)[:60],
		"bzip2":   decode(t, bzip2Lines)[:30],
		"header":  whole[:5],
		"garbage": whole + "what is this",
	})
	for name, least := range map[string]int{"cut": n / 2, "flipped": 1, "zstd": 0, "xz": 0, "bzip2": 0, "header": 0, "garbage": n} {
		f := one(t, filepath.Join(dir, name))
		lines, err := text(t, f)
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := fmt.Sprintf("%d lines", len(lines)); !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), f.Name()) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
		if len(lines) < least || len(lines) > 0 && lines[0] != "line 0" {
			t.Errorf("%s: %d lines", name, len(lines))
		}
	}
}

func TestFileNotText(t *testing.T) {
	random := make([]byte, 100000)
	r := rand.NewChaCha8([32]byte{})
	_, _ = r.Read(random)
	records := bytes.Repeat([]byte("\x07\x00\x00\x00pts/0\x00\x00\x00root\x00\x00\x00\x00\x00"), 1000)
	for name, c := range map[string]struct{ text, want string }{
		"random":  {string(random), "is a binary file; not read"},
		"records": {string(records), "is a binary file; not read"},
		"packed":  {pack(t, gzipped, string(random)), "is a binary file; not read"},
		"bare16":  {strings.Repeat("a\x00", 50), "is a binary file; not read"},
	} {
		f := one(t, filepath.Join(write(t, map[string]string{name: c.text}), name))
		_, headErr := f.Head()
		_, err := text(t, f)
		for _, err := range []error{headErr, err} {
			if !errors.Is(err, ErrBinary) || err.Error() != f.Name()+": "+c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestFileTextWithRawBytes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		n    int
	}{
		"empty":    {"", 0},
		"hole":     {strings.Repeat("\x00", 3<<20) + "a\nb\n", 2},
		"only NUL": {strings.Repeat("\x00", 3<<20), 0},
		"crash":    {numbered(100) + strings.Repeat("\x00", 4096) + numbered(100), 200},
		"scanner":  {numbered(30) + "request: \"\x16\x03\x01\x01\xfc\x01\x00\x01\xf8\x03\x03\"\n", 31},
		"latin1":   {"\xe4\xf6\xfc\xdf \x1b[31mred\x1b[0m\n", 1},
		"few":      {"\x01\n", 1},
	} {
		f := one(t, filepath.Join(write(t, map[string]string{name: c.text}), name))
		lines, err := text(t, f)
		if err != nil || len(lines) != c.n {
			t.Errorf("%s: %d lines, want %d, %v", name, len(lines), c.n, err)
		}
	}
}

func TestFileHeadOfStdin(t *testing.T) {
	files, errs := Open([]string{"-", "-"}, Options{Stdin: strings.NewReader(numbered(100000))})
	if len(files) != 1 || len(errs) != 0 || files[0].Name() != "stdin" {
		t.Fatalf("%v, %v", files, errs)
	}
	f := files[0]
	for range 2 {
		head, err := f.Head()
		if err != nil || len(head) != headLines || string(head[63]) != "line 63" {
			t.Fatalf("%d lines, %v", len(head), err)
		}
	}
	n := 0
	for line, err := range f.Lines(t.Context()) {
		if err != nil || string(line.Text) != fmt.Sprintf("line %d", n) || line.Number != n+1 {
			t.Fatalf("%d: %q, %v", n, line.Text, err)
		}
		n++
	}
	if n != 100000 || f.BytesRead() != int64(len(numbered(n))) {
		t.Errorf("%d lines, %d bytes", n, f.BytesRead())
	}
	if lines, err := text(t, f); len(lines) != 0 || err != nil {
		t.Errorf("read twice: %d lines, %v", len(lines), err)
	}
	if head, err := f.Head(); len(head) != 0 || err != nil {
		t.Errorf("read twice: %d lines, %v", len(head), err)
	}
}

func TestFileHeadIsBounded(t *testing.T) {
	dir := write(t, map[string]string{"long": strings.Repeat(strings.Repeat("x", 50000)+"\n", 100), "huge": strings.Repeat("x", 2<<20)})
	for name, want := range map[string]int{"long": 6, "huge": 1} {
		head, err := one(t, filepath.Join(dir, name)).Head()
		if err != nil || len(head) < want || len(head) > want+2 || len(head[0]) > maxLine {
			t.Errorf("%s: %d lines, %v", name, len(head), err)
		}
	}
}

func TestFileStopsEarly(t *testing.T) {
	f := one(t, filepath.Join(write(t, map[string]string{"a": numbered(1000)}), "a"))
	for range 3 {
		for line := range f.Lines(t.Context()) {
			if line.Number == 5 {
				break
			}
		}
	}
	if lines, err := text(t, f); len(lines) != 1000 || err != nil {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

func TestFileCancel(t *testing.T) {
	f := one(t, filepath.Join(write(t, map[string]string{"a": strings.Repeat(numbered(1000), 1000)}), "a"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range f.Lines(ctx) {
		if last = err; err == nil {
			n++
		}
		cancel()
	}
	if !errors.Is(last, context.Canceled) || n == 0 || n > 500000 {
		t.Errorf("%v after %d lines", last, n)
	}
	n = 0
	for _, err := range f.Lines(ctx) {
		if n++; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if n != 1 {
		t.Errorf("%d lines after the end", n)
	}
}

func TestFileVanishes(t *testing.T) {
	dir := write(t, map[string]string{"a": "x\n"})
	f := one(t, filepath.Join(dir, "a"))
	if time.Since(f.ModTime()) > time.Hour || f.Size() != 2 {
		t.Errorf("%v, %d bytes", f.ModTime(), f.Size())
	}
	if err := os.Remove(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if _, err := text(t, f); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), f.Name()+": no such file") {
		t.Error(err)
	}
}

// What PowerShell writes is read as if it had been written in UTF-8.
func TestFileUTF16(t *testing.T) {
	const want = "web-1  | 2026/11/22 10:00:00 [error] é€😀"
	little, big := []byte("\xff\xfe"), []byte("\xfe\xff")
	for _, unit := range utf16.Encode([]rune(want + "\r\nnext\r\n")) {
		little, big = binary.LittleEndian.AppendUint16(little, unit), binary.BigEndian.AppendUint16(big, unit)
	}
	for name, text16 := range map[string]string{
		"little": string(little), "big": string(big), "half": string(little) + "x",
		"lone": string(little) + "\x00\xd8", "long": string(little) + strings.Repeat("a\x00", 100000) + "\n\x00",
	} {
		f := one(t, filepath.Join(write(t, map[string]string{name: text16}), name))
		head, err := f.Head()
		if err != nil || len(head) < 2 || strings.TrimSuffix(string(head[0]), "\r") != want {
			t.Errorf("%s: %q %v", name, head, err)
		}
		lines, err := text(t, f)
		if err != nil || len(lines) < 2 || strings.TrimSuffix(lines[0], "\r") != want || strings.TrimSuffix(lines[1], "\r") != "next" {
			t.Errorf("%s: %d lines, %v", name, len(lines), err)
		}
	}
}
