package follow

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

var (
	tortureLines = flag.Int("torture.lines", 6000, "lines of each torture")
	tortureTurns = flag.Int("torture.turns", 6, "rotations of each torture")
)

// kinds are the ways in which logs are rotated. Each gets the writer and the number of the rotation.
var kinds = map[string]func(*writer, int){
	"rename":            rename,
	"rename-late":       renameLate,
	"rename-gzip":       renameGzip,
	"delete-create":     deleteCreate,
	"copytruncate":      copytruncate,
	"copytruncate-gzip": func(w *writer, n int) { copytruncate(w, n); pack(w.t, w.path+".1") },
	"copytruncate-seek": copytruncateSeek,
	"truncate-refill":   truncateRefill,
	"symlink":           symlinkSwap,
	"half-lines":        func(w *writer, n int) { w.half(); rename(w, n) },
	"double":            func(w *writer, n int) { rename(w, n); w.lines(40); rename(w, n) },
	"missing-a-while":   missing,
}

// writer writes numbered lines with a sum, as a daemon does: a line a write, the file opened for appending.
type writer struct {
	t    testing.TB
	path string
	file *os.File
	next int
	nap  func(time.Duration)
	pace time.Duration // around each rotation
}

func newWriter(t testing.TB, path string) *writer {
	w := &writer{t: t, path: path, nap: time.Sleep, pace: 250 * time.Millisecond}
	w.open()
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func (w *writer) open() {
	if w.file != nil {
		must(w.t, w.file.Close())
	}
	var err error
	w.file, err = os.OpenFile(w.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	must(w.t, err)
}

// lineOf is the line with the number n: its length varies, its content repeats nothing.
func lineOf(n int) string {
	body := fmt.Sprintf("2026/11/22 18:03:04 [error] %d#%d: *%d upstream timed out %.*s", n%7, n%7, n, n%211, bytes.Repeat([]byte("x"), 211))
	return fmt.Sprintf("%d %08x %s\n", n, crc32.ChecksumIEEE([]byte(body)), body)
}

func (w *writer) line() { w.put(lineOf(w.next)); w.next++ }

func (w *writer) put(s string) {
	_, err := io.WriteString(w.file, s)
	must(w.t, err)
}

// half writes a line in three pieces.
func (w *writer) half() {
	l := lineOf(w.next)
	w.next++
	w.put(l[:5])
	w.nap(300 * time.Millisecond)
	w.put(l[5:20])
	w.nap(10 * time.Millisecond)
	w.put(l[20:])
}

func (w *writer) lines(n int) {
	for range n {
		w.line()
	}
}

func shift(w *writer) {
	for i := 5; i >= 1; i-- {
		for _, suffix := range []string{"", ".gz"} {
			_ = os.Rename(w.path+"."+strconv.Itoa(i)+suffix, w.path+"."+strconv.Itoa(i+1)+suffix) // most are not there
		}
	}
	_ = os.Remove(w.path + ".6")
	_ = os.Remove(w.path + ".6.gz")
}

func rename(w *writer, _ int) {
	shift(w)
	must(w.t, os.Rename(w.path, w.path+".1"))
	w.open()
}

func renameLate(w *writer, n int) {
	shift(w)
	must(w.t, os.Rename(w.path, w.path+".1"))
	old := w.file
	w.file = nil
	w.open()
	fresh := w.file
	for i := range 40 { // two workers, one of which has not opened the new file yet
		if w.file = fresh; i%2 == 0 {
			w.file = old
		}
		w.line()
		w.nap(5 * time.Millisecond)
	}
	w.file = fresh
	must(w.t, old.Close())
}

func renameGzip(w *writer, n int) {
	rename(w, n)
	if n%2 == 0 {
		w.nap(50 * time.Millisecond)
	}
	pack(w.t, w.path+".1")
}

// pack does what gzip does, the time of the file included.
func pack(t testing.TB, name string) {
	info, err := os.Stat(name)
	must(t, err)
	text, err := os.ReadFile(name)
	must(t, err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write(text)
	must(t, err)
	must(t, z.Close())
	must(t, os.WriteFile(name+".gz", b.Bytes(), 0o644))
	must(t, os.Chtimes(name+".gz", info.ModTime(), info.ModTime()))
	must(t, os.Remove(name))
}

func deleteCreate(w *writer, _ int) {
	must(w.t, os.Remove(w.path))
	w.line() // into the deleted file
	w.open()
}

func copytruncate(w *writer, _ int) {
	shift(w)
	text, err := os.ReadFile(w.path)
	must(w.t, err)
	must(w.t, os.WriteFile(w.path+".1", text, 0o644))
	must(w.t, os.Truncate(w.path, 0))
}

// copytruncateSeek is what becomes of a log whose writer keeps its place: a hole as large as the old text.
func copytruncateSeek(w *writer, n int) {
	at, err := w.file.Seek(0, io.SeekEnd)
	must(w.t, err)
	copytruncate(w, n)
	must(w.t, os.Truncate(w.path, at))
}

// truncateRefill leaves no copy: what was not read by then is lost, so it waits.
func truncateRefill(w *writer, _ int) {
	info, err := w.file.Stat()
	must(w.t, err)
	w.nap(1200 * time.Millisecond)
	must(w.t, os.Truncate(w.path, 0))
	for at := int64(0); at <= info.Size()+1000; { // more than there was, before anybody looks
		at += int64(len(lineOf(w.next)))
		w.line()
	}
}

func symlinkSwap(w *writer, n int) {
	target := filepath.Join(filepath.Dir(w.path), fmt.Sprintf("target-202611%02d", n))
	temp := w.path + ".new"
	f, err := os.Create(target)
	must(w.t, err)
	must(w.t, f.Close())
	must(w.t, os.Symlink(target, temp))
	w.line()
	must(w.t, os.Rename(temp, w.path))
	w.line() // into the old target
	w.open()
}

func missing(w *writer, n int) {
	shift(w)
	must(w.t, os.Rename(w.path, w.path+".1"))
	for range 20 {
		w.line()
		w.nap(40 * time.Millisecond)
	}
	w.open()
}

// run writes all lines, with a rotation now and then.
func (w *writer) run(rotate func(*writer, int), lines, turns int) {
	every := lines / (turns + 1)
	for turn := 0; w.next < lines; {
		w.line()
		if w.next%50 == 0 {
			w.nap(time.Millisecond)
		}
		if w.next >= (turn+1)*every && turn < turns {
			turn++
			w.nap(w.pace)
			rotate(w, turn)
			w.nap(w.pace)
		}
	}
	must(w.t, w.file.Close())
}

// tally counts how often each line came.
type tally struct {
	t    testing.TB
	seen map[int]int
	bad  int
}

func (c *tally) line(text []byte) {
	if c.take(text) {
		return
	}
	if c.bad++; c.bad < 5 {
		c.t.Errorf("a line that nobody wrote: %.80q", text)
	}
}

// take counts a line; false if nobody wrote it so.
func (c *tally) take(text []byte) bool {
	n, _ := strconv.Atoi(string(text[:max(0, bytes.IndexByte(text, ' '))]))
	if string(text)+"\n" != lineOf(n) {
		return false
	}
	c.seen[n]++
	return true
}

// check says what is lost or doubled.
func (c *tally) check(lines int) {
	lost, doubled, first := c.sum(lines)
	if lost+doubled+c.bad > 0 {
		c.t.Errorf("%d lines: %d lost, %d doubled, %d broken; first %d", lines, lost, doubled, c.bad, first)
	}
}

func (c *tally) sum(lines int) (lost, doubled, first int) {
	first = -1
	for n := range lines {
		switch {
		case c.seen[n] == 0:
			if lost++; first < 0 {
				first = n
			}
		case c.seen[n] > 1:
			if doubled++; first < 0 {
				first = n
			}
		}
	}
	return lost, doubled, first
}
