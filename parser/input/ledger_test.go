package input

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ledgerRun is a folder of logs that is read again and again with a ledger.
type ledgerRun struct {
	t      *testing.T
	dir    string
	ledger Ledger
	now    time.Time
	opened []string // files that the last run opened
	gone   []string // what it missed
	lost   []string
}

func newLedgerRun(t *testing.T) *ledgerRun {
	r := &ledgerRun{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)}
	r.check(os.WriteFile(r.path("empty.log"), nil, 0o644))
	return r
}

func (r *ledgerRun) path(name string) string { return filepath.Join(r.dir, name) }

func (r *ledgerRun) check(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// append writes lines from one number to another; what one run reads is older than the next one.
func (r *ledgerRun) append(name string, from, to int) {
	r.t.Helper()
	f, err := os.OpenFile(r.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	r.check(err)
	for n := from; n <= to; n++ {
		fmt.Fprintf(f, "line %d of a log, long enough to be told from others: %s\n", n, strings.Repeat("x", n%50))
	}
	r.check(f.Close())
	r.now = r.now.Add(time.Minute)
	r.check(os.Chtimes(r.path(name), r.now, r.now))
}

func (r *ledgerRun) pack(from, to string) {
	r.t.Helper()
	text, err := os.ReadFile(r.path(from))
	r.check(err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write(text)
	r.check(err)
	r.check(z.Close())
	r.check(os.WriteFile(r.path(to), b.Bytes(), 0o644))
}

func (r *ledgerRun) rename(from, to string) { r.check(os.Rename(r.path(from), r.path(to))) }
func (r *ledgerRun) remove(name string)     { r.check(os.Remove(r.path(name))) }

// read is one run: it returns the numbers of the lines that are new, as "3-7 9-9".
func (r *ledgerRun) read() string {
	r.t.Helper()
	text, err := json.Marshal(&r.ledger) // as if it came from the disk
	r.check(err)
	var l Ledger
	r.check(json.Unmarshal(text, &l))
	r.check(l.Check())
	files, errs := Open([]string{r.dir}, Options{Ledger: &l})
	if len(errs) > 0 {
		r.t.Fatal(errs)
	}
	var got []int
	r.opened = nil
	for _, f := range files {
		if f.Known() != nil {
			continue
		}
		_, err := f.Head()
		r.check(err)
		if !f.Packed() {
			f.Until(f.Size())
		}
		r.opened = append(r.opened, filepath.Base(f.Name()))
		for line, err := range f.Lines(r.t.Context()) {
			r.check(err)
			n := 0
			if _, err := fmt.Sscanf(string(line.Text), "line %d of", &n); err != nil {
				r.t.Fatalf("%s:%d: %q", f.Name(), line.Number, line.Text)
			}
			got = append(got, n)
		}
	}
	r.gone, r.lost = nil, nil
	for _, g := range l.Gone() {
		r.gone = append(r.gone, filepath.Base(g.Path))
	}
	for _, g := range l.Lost() {
		r.lost = append(r.lost, filepath.Base(g.Path))
	}
	r.now = r.now.Add(time.Hour)
	r.ledger = *l.Next(files, r.now)
	return ranges(got)
}

func ranges(list []int) string {
	var out []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		out = append(out, fmt.Sprintf("%d-%d", list[i], list[j]))
		i = j + 1
	}
	return strings.Join(out, " ")
}

// Every way in which rotation treats a log, with reading between the steps or not: each line is read once.
func TestLedger(t *testing.T) {
	for name, steps := range map[string]func(*ledgerRun) []any{
		"grows":       func(r *ledgerRun) []any { return []any{"1-9", func() { r.append("e.log", 10, 30) }, "10-30"} },
		"nothing new": func(r *ledgerRun) []any { return []any{"1-9", ""} },
		"renamed":     func(r *ledgerRun) []any { return []any{"1-9", func() { r.rename("e.log", "e.log.1") }, ""} },
		"renamed, late": func(r *ledgerRun) []any {
			return []any{"1-9", func() { r.rename("e.log", "e.log.1"); r.append("e.log.1", 10, 12); r.append("e.log", 13, 14) }, "13-14 10-12"}
		},
		"packed": func(r *ledgerRun) []any {
			return []any{"1-9", func() { r.append("e.log", 10, 90); r.pack("e.log", "e.log.1.gz"); r.remove("e.log") }, "10-90"}
		},
		"packed, no news": func(r *ledgerRun) []any {
			return []any{"1-9", func() { r.pack("e.log", "e.log-20261122.gz"); r.remove("e.log"); r.append("e.log", 10, 11) }, "10-11", ""}
		},
		"two rotations": func(r *ledgerRun) []any {
			return []any{"1-9", func() {
				r.rename("e.log", "e.log.1")
				r.append("e.log.1", 10, 10)
				r.append("e.log", 11, 40)
				r.pack("e.log.1", "e.log.2.gz")
				r.remove("e.log.1")
				r.rename("e.log", "e.log.1")
				r.append("e.log", 41, 42)
			}, "41-42 11-40 10-10"}
		},
		"copytruncate": func(r *ledgerRun) []any {
			return []any{"1-9", func() {
				r.append("e.log", 10, 20)
				text, _ := os.ReadFile(r.path("e.log"))
				r.check(os.WriteFile(r.path("e.log.1"), text, 0o644))
				r.check(os.Truncate(r.path("e.log"), 0))
				r.append("e.log", 21, 60)
			}, "21-60 10-20", ""}
		},
		"copied, not truncated yet": func(r *ledgerRun) []any {
			return []any{"1-9", func() {
				r.append("e.log", 10, 20)
				text, _ := os.ReadFile(r.path("e.log"))
				r.check(os.WriteFile(r.path("e.log.1"), text, 0o644))
				r.append("e.log", 21, 22)
			}, "10-22", func() { r.check(os.Truncate(r.path("e.log"), 0)); r.append("e.log", 23, 24) }, "23-24"}
		},
		"both plain and packed": func(r *ledgerRun) []any {
			return []any{"1-9", func() { r.pack("e.log", "e.log.1.gz") }, "", func() { r.remove("e.log") }, ""}
		},
		"emptied and filled again": func(r *ledgerRun) []any {
			return []any{"1-9", func() { r.check(os.Truncate(r.path("e.log"), 0)); r.append("e.log", 100, 190) }, "100-190"}
		},
		"deleted and created": func(r *ledgerRun) []any {
			return []any{"1-9", func() { r.remove("e.log"); r.append("e.log", 100, 190) }, "100-190"}
		},
		"moved to another folder": func(r *ledgerRun) []any {
			return []any{"1-9", func() {
				r.append("e.log", 10, 10)
				r.check(os.MkdirAll(r.path("old"), 0o755))
				r.pack("e.log", "old/e.log.1.gz")
				r.remove("e.log")
				r.append("e.log", 11, 12)
			}, "11-12 10-10"}
		},
		"joined to an archive of the month": func(r *ledgerRun) []any { // cPanel appends each day
			return []any{"1-9", func() {
				r.pack("e.log", "m.gz")
				r.rename("m.gz", "e.log-Nov-2026.gz")
				r.remove("e.log")
				r.append("e.log", 10, 30)
			}, "10-30", func() {
				old, _ := os.ReadFile(r.path("e.log-Nov-2026.gz"))
				r.append("e.log", 31, 33)
				r.pack("e.log", "day.gz")
				day, _ := os.ReadFile(r.path("day.gz"))
				r.remove("day.gz")
				r.check(os.WriteFile(r.path("e.log-Nov-2026.gz"), append(old, day...), 0o644))
				r.remove("e.log")
				r.append("e.log", 34, 35)
			}, "34-35 31-33", ""}
		},
		"comes back": func(r *ledgerRun) []any {
			return []any{"1-9", func() { r.rename("e.log", "../away"+filepath.Base(r.dir)) }, "", func() { r.rename("../away"+filepath.Base(r.dir), "e.log"); r.append("e.log", 10, 11) }, "10-11"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newLedgerRun(t)
			r.append("e.log", 1, 9)
			n := 0
			for _, s := range steps(r) {
				switch s := s.(type) {
				case func():
					s()
				case string:
					if n++; r.read() != s {
						t.Errorf("run %d did not read %q", n, s)
					}
				}
			}
			if got := r.read(); got != "" || len(r.opened) > 0 {
				t.Errorf("a run without news read %q and opened %q", got, r.opened)
			}
		})
	}
}

// A log that was written to when it was met last, and is gone, is missed; one that rotation deleted in its turn is not.
func TestLedgerGone(t *testing.T) {
	r := newLedgerRun(t)
	r.append("e.log.2", 1, 5)
	r.append("e.log.1", 6, 9)
	r.append("e.log", 10, 20)
	r.read()
	r.remove("e.log.2")
	r.rename("e.log.1", "e.log.2")
	if r.read(); len(r.gone) > 0 || len(r.lost) != 1 {
		t.Errorf("missed: %q, lost: %q", r.gone, r.lost)
	}
	r.remove("e.log")
	r.append("e.log", 30, 31)
	if got := r.read(); got != "30-31" || len(r.gone) != 1 {
		t.Errorf("read %s, missed %q", got, r.gone)
	}
	if r.read(); len(r.gone) > 0 {
		t.Errorf("missed again: %q", r.gone)
	}
}

// The inode of an empty log that was deleted may be that of another log's file: that log is not what the empty one is called now.
func TestLedgerEmpty(t *testing.T) {
	for to, want := range map[string]string{"empty.log.1": "empty.log.1", "other.log": ""} {
		r := newLedgerRun(t)
		r.read()
		r.rename("empty.log", to)
		r.append(to, 1, 3)
		if _, errs := Open([]string{r.dir}, Options{Ledger: &r.ledger}); len(errs) > 0 {
			t.Fatal(errs)
		}
		got, known := r.ledger.Renamed()[r.path("empty.log")]
		if want != "" {
			want = r.path(want)
		}
		if !known || got != want {
			t.Errorf("renamed to %s: %q %v", to, got, known)
		}
	}
}

// Half a line that was consumed is not read again as another one; a place in the middle of a file may be read again before it.
func TestLedgerWithin(t *testing.T) {
	r := newLedgerRun(t)
	r.append("e.log", 1, 400)
	r.check(os.WriteFile(r.path("e.log"), append(must(os.ReadFile(r.path("e.log"))), "line 401 of "...), 0o644))
	if got := r.read(); got != "1-401" {
		t.Errorf("read %s", got)
	}
	r.check(os.WriteFile(r.path("e.log"), append(must(os.ReadFile(r.path("e.log"))), "a log\nline 402 of\nline 403 of\n"...), 0o644))
	r.check(os.Chtimes(r.path("e.log"), r.now, r.now))
	l := r.ledger
	files, _ := Open([]string{r.dir}, Options{Ledger: &l})
	if got := r.read(); got != "402-403" {
		t.Errorf("read %s", got)
	}
	f := files[0]
	if at, line := f.Consumed(); line != 401 || at == 0 {
		t.Errorf("consumed up to %d, line %d", at, line)
	}
}

func TestLedgerAgain(t *testing.T) {
	r := newLedgerRun(t)
	r.append("e.log", 1, 400)
	r.read()
	r.append("e.log", 401, 402)
	for _, size := range []int64{1000, 1 << 20} {
		l := r.ledger
		files, _ := Open([]string{r.dir}, Options{Ledger: &l})
		f := files[0]
		r.check(f.Again(size))
		first, last := 0, 0
		for line, err := range f.Lines(t.Context()) {
			r.check(err)
			n := 0
			_, err = fmt.Sscanf(string(line.Text), "line %d of", &n)
			r.check(err)
			if n != line.Number {
				t.Errorf("line %d has the number %d", n, line.Number)
			}
			if first == 0 {
				first = n
			}
			last = n
		}
		if last != 402 || first == 401 || size > 1000 && first != 1 || size == 1000 && (first < 380 || first > 395) {
			t.Errorf("%d bytes again: lines %d to %d", size, first, last)
		}
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// Whatever a ledger on a damaged disk says, reading with it neither fails nor hangs.
func FuzzLedger(f *testing.F) {
	f.Add([]byte(`{"generations":[{"path":"/x/e.log","size":10,"mtime":"2026-11-22T06:00:00Z","head":"00","head_len":5,"offset":5,"line":1,"sum":7,"seen":"2026-11-22T06:00:00Z"}]}`))
	f.Add([]byte(`{"generations":[{"path":"e.log","offset":-1},null]}`))
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "e.log"), []byte("one\ntwo\nthree\n"), 0o644); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var l Ledger
		if json.Unmarshal(text, &l) != nil || l.Check() != nil {
			return
		}
		files, _ := Open([]string{dir}, Options{Ledger: &l})
		for _, file := range files {
			if file.Known() == nil {
				for range file.Lines(t.Context()) {
				}
			}
		}
		if next := l.Next(files, time.Now()); next.Check() != nil {
			t.Errorf("from %s a ledger is made that cannot be true", text)
		}
	})
}
