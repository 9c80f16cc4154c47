package input

import (
	"archive/tar"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 100, 1000} {
		done := make([]atomic.Int32, n)
		Each(n, func(hand, i int) {
			if hand < 0 || hand >= MaxHands {
				t.Errorf("hand %d of %d", hand, MaxHands)
			}
			done[i].Add(1)
		})
		for i := range done {
			if got := done[i].Load(); got != 1 {
				t.Errorf("%d of %d was done %d times", i, n, got)
			}
		}
	}
}

// Files are probed several at a time, and taken in order of name nevertheless: logs, what is packed, archives and folders.
func TestWalkManyInOrder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for i := range 3 * probed / 2 {
		switch name := fmt.Sprintf("%04d", i); {
		case i%50 == 3:
			write(name, tarOf(t, []item{{"inner.log", "a line\n", tar.TypeReg}}))
			want = append(want, name+"!/inner.log")
		case i%50 == 7:
			write(name+"/below.log", "a line\n")
			want = append(want, name+"/below.log")
		case i%50 == 11:
			write(name, pack(t, gzipped, "a line\n"))
			want = append(want, name+" packed")
		case i%50 == 13:
			if err := os.Symlink("nowhere", filepath.Join(dir, name)); err != nil {
				t.Skip(err)
			}
		default:
			write(name, "a line\n")
			want = append(want, name)
		}
	}
	files, errs := Open([]string{dir}, Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	var got []string
	for _, f := range files {
		name := strings.TrimPrefix(f.Name(), dir+"/")
		if f.Packed() {
			name += " packed"
		}
		got = append(got, name)
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}
