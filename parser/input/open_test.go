//go:build unix

package input

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func names(dir string, files []*File) string {
	var out []string
	for _, f := range files {
		name, err := filepath.Rel(dir, f.Name())
		if err != nil {
			name = f.Name()
		}
		if f.Walked() {
			name += "*"
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func link(t *testing.T, old, path string) {
	t.Helper()
	if err := os.Symlink(old, path); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	dir := write(t, map[string]string{
		"var/log/nginx/error.log":    "a\n",
		"var/log/nginx/error.log.10": "b\n",
		"var/log/nginx/error.log.2":  "c\n",
		"var/log/.php.error.log":     "d\n",
		"var/log/a/b/c/deep":         "",
		"home/error_log":             "e\n",
		"odd/star*.log":              "f\n",
	})
	in := func(p string) string { return filepath.Join(dir, filepath.FromSlash(p)) }
	link(t, in("var"), in("var/log/a/up"))
	link(t, "/", in("var/log/a/root"))
	link(t, in("var/log/a"), in("var/log/a/b/loop"))
	link(t, in("home"), in("var/log/link"))
	link(t, in("nowhere"), in("var/log/dangling"))
	link(t, in("var/log/nginx/error.log"), in("var/log/nginx/zz"))
	if err := syscall.Mkfifo(in("var/log/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ paths, want string }{
		{"var/log", "var/log/.php.error.log* var/log/a/b/c/deep* var/log/link/error_log* " +
			"var/log/nginx/error.log* var/log/nginx/error.log.10* var/log/nginx/error.log.2*"},
		{"home/error_log var/log/link", "home/error_log"},
		{"var/log/nginx/error.log var/log/nginx/zz ./var/log/nginx/../nginx/error.log", "var/log/nginx/error.log"},
		{"var/log/nginx/*.log.[0-9]", "var/log/nginx/error.log.2"},
		{"var/log/nginx/zz var/log/ngin?", "var/log/nginx/zz var/log/nginx/error.log.10* var/log/nginx/error.log.2*"},
		{"odd/star*.log", "odd/star*.log"},
		{"home home home/.", "home/error_log*"},
	} {
		var paths []string
		for p := range strings.FieldsSeq(c.paths) {
			paths = append(paths, dir+"/"+p)
		}
		files, errs := Open(paths, Options{})
		if got := names(dir, files); got != c.want || len(errs) != 0 {
			t.Errorf("%s:\n got %s\nwant %s\n%v", c.paths, got, c.want, errs)
		}
	}
}

func TestOpenHardLink(t *testing.T) {
	dir := write(t, map[string]string{"a": "x\n"})
	if err := os.Link(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Skip(err)
	}
	if files, errs := Open([]string{dir}, Options{}); names(dir, files) != "a*" || len(errs) != 0 {
		t.Errorf("%s, %v", names(dir, files), errs)
	}
}

// Each input that cannot be read gives one clear error; the others are read.
func TestOpenErrors(t *testing.T) {
	dir := write(t, map[string]string{"good": "x\n", "empty/sub/.keep": ""})
	in := func(p string) string { return filepath.Join(dir, p) }
	if err := os.Remove(in("empty/sub/.keep")); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", in("sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	files, errs := Open([]string{in("nowhere"), "", in("empty"), in("*.none"), in("[x"), in("sock"), os.DevNull, in("good")}, Options{})
	if names(dir, files) != "good" {
		t.Errorf("read %s", names(dir, files))
	}
	want := []string{
		in("nowhere") + ": no such file or folder; check the spelling or give the folder it lies in",
		`"": an empty path; is a variable unset?`,
		in("empty") + ": no file in this folder; give the folder that holds the logs",
		in("*.none") + ": nothing matches; check the spelling or give the folder",
		in("[x") + `: is neither a file nor a glob; a "[" needs its "]"`,
		in("sock") + ": is a socket, not a log; give the log of the program that listens on it",
		os.DevNull + ": is a device, not a log",
	}
	for i, w := range want {
		if i >= len(errs) || errs[i].Error() != w {
			t.Errorf("error %d of %d\n got %v\nwant %s", i, len(errs), errs[min(i, len(errs)-1)], w)
		}
	}
	if len(errs) > len(want) {
		t.Errorf("more errors: %v", errs[len(want):])
	}
	if !errors.Is(errs[0], fs.ErrNotExist) {
		t.Error("the cause is lost")
	}
}

func TestOpenPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := write(t, map[string]string{"good": "x\n", "shut": "x\n", "closed/a": "x\n"})
	for _, p := range []string{"shut", "closed"} {
		path := filepath.Join(dir, p)
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(path, 0o755) })
	}
	files, errs := Open([]string{dir}, Options{})
	if names(dir, files) != "good*" || len(errs) != 2 {
		t.Fatalf("%s, %v", names(dir, files), errs)
	}
	for _, err := range errs {
		if !errors.Is(err, fs.ErrPermission) {
			t.Error(err)
		}
	}
}

func TestPathError(t *testing.T) {
	cause := &fs.PathError{Op: "open", Path: "/x", Err: syscall.EACCES}
	if got, want := pathError("/x", cause).Error(), "/x: no permission to read it; run as root or as a member of the group that owns it"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	cause.Err = syscall.EIO
	if got, want := pathError("/x", cause).Error(), "/x: cannot be read: input/output error"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// A named pipe is how a shell hands over <(zcat …); it is read once, by Head and Lines together.
func TestOpenPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() { _ = os.WriteFile(path, []byte("a\nb\n"), 0o600) }()
	f := one(t, path)
	if head, err := f.Head(); err != nil || len(head) != 2 {
		t.Fatalf("%q, %v", head, err)
	}
	if lines, err := text(t, f); err != nil || len(lines) != 2 {
		t.Errorf("%q, %v", lines, err)
	}
}
