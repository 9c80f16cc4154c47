package follow

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hpcloud/tail"
)

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// kindsOf are the events of a kind, as text.
func kindsOf(all []Event, k Kind) (found []string) {
	for _, e := range all {
		if e.Kind == k {
			switch k {
			case Changed:
				found = append(found, filepath.Base(e.Path)+" "+e.State.Status.String())
			case Lost:
				found = append(found, e.Gap.Why)
			default:
				found = append(found, filepath.Base(e.Path))
			}
		}
	}
	return found
}

func TestHalfLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a.log")
		write(t, path, "one\r\ntw")
		lines, all := events(t, Options{}, []string{path}, func() {
			write(t, path, "o\nthr")
			time.Sleep(5 * time.Second)
			write(t, path, "ee\nfour")
			must(t, os.Rename(path, path+".1"))
			write(t, path, "five\n")
			time.Sleep(12 * time.Second) // the end of an old generation is not waited for longer than that
		})
		equal(t, lines, "one", "two", "three", "five", "four")
		if n := len(kindsOf(all, Quiet)); n < 3 {
			t.Errorf("silence was told of %d times", n)
		}
		equal(t, kindsOf(all, Closed), "a.log")
	})
}

func TestLongLinesAndHoles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "a.log")
		write(t, path, "first\n")
		long := strings.Repeat("x", 3<<20)
		lines, _ := events(t, Options{}, []string{path}, func() {
			write(t, path, long[:1<<20])
			time.Sleep(2 * time.Second)
			write(t, path, long[1<<20:]+"\nafter\n")
			time.Sleep(2 * time.Second)
			must(t, os.Truncate(path, 0))
			must(t, os.Truncate(path, 5<<20)) // the writer keeps its place
			write(t, path, "behind\n")
		})
		equal(t, lines, "first", long[:maxLine], "after", "behind")
	})
}

// broken is a file system that fails for a while.
func TestFailingSystem(t *testing.T) {
	for _, err := range []error{syscall.ESTALE, syscall.EIO, fs.ErrPermission, syscall.EACCES} {
		synctest.Test(t, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path, "one\n")
			var bad atomic.Bool
			fail := func(op string) error {
				if bad.Load() {
					return &fs.PathError{Op: op, Path: path, Err: err}
				}
				return nil
			}
			old := realSystem
			defer func() { realSystem = old }()
			realSystem.stat = func(p string) (info, error) {
				if err := fail("stat"); err != nil {
					return info{}, err
				}
				return old.stat(p)
			}
			realSystem.fstat = func(f *os.File) (info, error) {
				if err := fail("fstat"); err != nil {
					return info{}, err
				}
				return old.fstat(f)
			}
			lines, all := events(t, Options{}, []string{path}, func() {
				bad.Store(true)
				time.Sleep(3 * time.Second)
				write(t, path, "two\n")
				must(t, os.Rename(path, path+".1"))
				write(t, path, "three\n")
				time.Sleep(3 * time.Second)
				bad.Store(false)
				time.Sleep(3 * time.Second)
				write(t, path, "four\n")
			})
			equal(t, lines, "one", "two", "three", "four")
			status := "failing"
			if errors.Is(err, fs.ErrPermission) {
				status = "denied"
			}
			if got := kindsOf(all, Changed); !slices.Contains(got, "a.log "+status) || got[len(got)-1] != "a.log rotating" {
				t.Errorf("states %q", got)
			}
			if got := kindsOf(all, Lost); got != nil {
				t.Errorf("gaps %q", got)
			}
		})
	}
}

// A stat that fails with anything but "no such file" makes the library end the process.
func TestLibraryMayNotEndTheProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dir")
	must(t, os.Mkdir(dir, 0o755))
	write(t, filepath.Join(dir, "a.log"), "one\n")
	lib, err := tail.TailFile(filepath.Join(dir, "a.log"), tail.Config{Follow: true, Poll: true, MustExist: true, Logger: listener{}})
	must(t, err)
	if l := <-lib.Lines; l.Text != "one" {
		t.Fatalf("%q", l.Text)
	}
	time.Sleep(300 * time.Millisecond) // the poller runs
	must(t, os.RemoveAll(dir))
	write(t, dir, "no folder any more\n") // its stat fails with ENOTDIR
	time.Sleep(600 * time.Millisecond)
	lib.Kill(nil)
	for range lib.Lines {
	}
}

func TestFrom(t *testing.T) {
	zero := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	line := func(i int) string {
		return zero.Add(time.Duration(i)*time.Second).Format(time.DateTime) + fmt.Sprintf(" %05d", i)
	}
	text := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			b.WriteString(line(i) + "\n")
			if i%3 == 0 {
				b.WriteString("  a line without a stamp\n")
			}
		}
		return b.String()
	}
	when := func(string, [][]byte) func([]byte) time.Time {
		return func(l []byte) time.Time {
			got, err := time.Parse(time.DateTime, string(l[:min(len(l), len(time.DateTime))]))
			if err != nil {
				return time.Time{}
			}
			return got
		}
	}
	for _, c := range []struct {
		from  From
		first int
	}{
		{From{}, 20000},
		{End, 30000},
		{Since(zero.Add(29000 * time.Second)), 29000},
		{Since(zero.Add(15000 * time.Second)), 15000},
		{Since(zero.Add(4001 * time.Second)), 4001},
		{Since(zero.Add(-time.Hour)), 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			write(t, path+".2", text(0, 10000))
			pack(t, path+".2")
			time.Sleep(10 * time.Millisecond)
			write(t, path+".1", text(10000, 20000))
			now := zero.Add(30000 * time.Second)
			must(t, os.Chtimes(path+".2.gz", now, zero.Add(10000*time.Second)))
			must(t, os.Chtimes(path+".1", now, zero.Add(20000*time.Second)))
			all := text(20000, 30000) + line(30000)
			write(t, path, all[:len(all)-3]) // the last line is being written
			lines, _ := events(t, Options{From: c.from, When: when}, []string{path}, func() {
				write(t, path, all[len(all)-3:]+"\n"+line(30001)+"\n")
			})
			want := strings.Split(text(c.first, 30000)+line(30000)+"\n"+line(30001), "\n")
			if !slices.Equal(lines, want) {
				t.Errorf("%v: %d lines, the first %q; want %d, %q", c.from, len(lines), lines[:min(1, len(lines))], len(want), want[0])
			}
		})
	}
}

func TestFolders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		at := func(name string) string { return filepath.Join(dir, name) }
		write(t, at("error.log"), "old\n")
		write(t, at("error.log.1"), "older\n")
		write(t, at("app-2026-11-21.log"), "app\n")
		write(t, at("wtmp"), "\x01\x02\x03\x04\x05\x06\x00\x07\x08")
		must(t, os.Link(at("error.log"), at("same.log")))
		lines, all := events(t, Options{From: End}, []string{dir, at("nothing-*.log"), at("named.log")}, func() {
			write(t, at("error.log"), "new\n")
			must(t, os.Mkdir(at("sub"), 0o755))
			write(t, at("sub/deep.log"), "deep\n")
			time.Sleep(3 * time.Second)
			write(t, at("app-2026-11-22.log"), "app 2\n")
			time.Sleep(3 * time.Second)
			must(t, os.Rename(at("error.log"), at("error.log.2")))
			time.Sleep(3 * time.Second)
			write(t, at("error.log"), "newest\n")
			time.Sleep(3 * time.Second)
			write(t, at("named.log"), "named\n")
			write(t, at("wtmp"), "\x01\n\x02\n")
		})
		equal(t, lines, "new", "deep", "app 2", "newest", "named")
		got := kindsOf(all, Changed)
		if !slices.Contains(got, "named.log waiting") || !slices.Contains(got, "named.log following") || !slices.Contains(got, "error.log missing") {
			t.Errorf("states %q", got)
		}
	})
}

func TestSymlinkBackAndForth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		at := func(name string) string { return filepath.Join(dir, name) }
		point := func(to string) {
			must(t, os.Symlink(at(to), at("new")))
			must(t, os.Rename(at("new"), at("log")))
		}
		write(t, at("a"), "a1\n")
		write(t, at("b"), "b1\n")
		point("a")
		lines, _ := events(t, Options{}, []string{at("log")}, func() {
			point("b")
			time.Sleep(time.Second)
			write(t, at("b"), "b2\n")
			write(t, at("a"), "a2\n")
			time.Sleep(time.Second)
			point("a")
			time.Sleep(time.Second)
			write(t, at("a"), "a3\n")
			time.Sleep(30 * time.Second)
			point("b")
			time.Sleep(time.Second)
			write(t, at("b"), "b3\n")
		})
		slices.Sort(lines)
		equal(t, lines, "a1", "a2", "a3", "b1", "b2", "b3")
	})
}
