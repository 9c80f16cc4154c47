package follow

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"why502/parser"
)

// TestMain is, told so by the environment, the process that TestKill kills.
func TestMain(m *testing.M) {
	if path := os.Getenv("FOLLOW_CONSUMER"); path != "" {
		if err := consumer(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// consumer appends every line to path.out, and saves how long that is with the marks.
func consumer(path string) error {
	marks, err := LoadMarks(path + "-marks")
	if err != nil {
		return err
	}
	out, err := os.OpenFile(path+"-out", os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	var size int64
	if marks != nil {
		if err := json.Unmarshal(marks.Extra, &size); err != nil {
			return err
		}
	}
	if err := out.Truncate(size); err != nil {
		return err
	}
	w, errs := New([]string{path}, Options{Marks: marks, Tick: 20 * time.Millisecond, Poll: 20 * time.Millisecond})
	if errs != nil {
		return errors.Join(errs...)
	}
	for e := range w.Events(context.Background()) {
		switch e.Kind {
		case Line:
			n, err := out.Write(append(e.Line.Text, '\n'))
			if size += int64(n); err != nil {
				return err
			}
		case Lost:
			fmt.Fprintln(os.Stderr, e.Gap)
		case Tick:
			m := w.Marks()
			if m.Extra, err = json.Marshal(size); err != nil {
				return err
			}
			if err := m.Save(path + "-marks"); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestKill kills the consumer again and again, at any moment, while a log is written and rotated.
func TestKill(t *testing.T) {
	for _, name := range []string{"rename", "rename-gzip", "copytruncate", "copytruncate-gzip", "symlink", "rename-late"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "error.log")
			if name == "symlink" {
				must(t, os.Symlink(filepath.Join(filepath.Dir(path), "target-20261100"), path))
			}
			w := newWriter(t, path)
			written := make(chan struct{})
			go func() {
				defer close(written)
				for marks := (*Marks)(nil); marks == nil; time.Sleep(5 * time.Millisecond) {
					marks, _ = LoadMarks(path + "-marks") // what is rotated away before the first ones nobody has met
				}
				w.pace = 150 * time.Millisecond
				w.run(kinds[name], *tortureLines, *tortureTurns/2)
			}()
			for over := false; !over; {
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), "FOLLOW_CONSUMER="+path)
				cmd.Stderr = os.Stderr
				must(t, cmd.Start())
				life := time.Duration(rand.IntN(700)) * time.Millisecond
				select {
				case <-written:
					over, life = true, 1500*time.Millisecond
				default:
				}
				time.Sleep(life)
				must(t, cmd.Process.Kill())
				_ = cmd.Wait() // it was killed
			}
			out, err := os.Open(path + "-out")
			must(t, err)
			defer out.Close()
			c := tally{t: t, seen: map[int]int{}}
			for s := bufio.NewScanner(out); s.Scan(); {
				c.line(s.Bytes())
			}
			c.check(*tortureLines)
		})
	}
}

// between two runs a log is rotated in all ways; each line comes once, and what cannot be read any more is said.
func TestMarks(t *testing.T) {
	one, rest, fresh := "one "+lineOf(1), "two "+lineOf(2), "three "+lineOf(3)
	move := func(t *testing.T, from, to string) { must(t, os.Rename(from, to)) }
	for name, c := range map[string]struct {
		between func(t *testing.T, path string)
		gap     string
		lost    bool // the second line
	}{
		"none":   {between: func(t *testing.T, path string) { write(t, path, rest+fresh) }},
		"rename": {between: func(t *testing.T, path string) { write(t, path, rest); move(t, path, path+".1"); write(t, path, fresh) }},
		"date": {between: func(t *testing.T, path string) {
			write(t, path, rest)
			move(t, path, path+"-20261122")
			write(t, path, fresh)
		}},
		"gzip": {between: func(t *testing.T, path string) {
			write(t, path, rest)
			move(t, path, path+".1")
			pack(t, path+".1")
			write(t, path, fresh)
		}},
		"two": {between: func(t *testing.T, path string) {
			move(t, path, path+".2")
			pack(t, path+".2")
			time.Sleep(10 * time.Millisecond)
			write(t, path, rest)
			move(t, path, path+".1")
			write(t, path, fresh)
		}},
		"copytruncate": {between: func(t *testing.T, path string) {
			write(t, path, rest)
			text, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path+".1", text, 0o644))
			must(t, os.Truncate(path, 0))
			write(t, path, fresh)
		}},
		"appears": {between: func(t *testing.T, path string) {
			write(t, path, rest)
			move(t, path, path+".1")
			go func() {
				time.Sleep(5 * time.Second) // the next run waits for it
				write(t, path, fresh)
			}()
		}},
		"truncated": {
			between: func(t *testing.T, path string) { must(t, os.Truncate(path, 0)); write(t, path, fresh) }, lost: true,
			gap: "none beside it holds what",
		},
		"deleted": {
			between: func(t *testing.T, path string) { must(t, os.Remove(path)); write(t, path, fresh) }, lost: true,
			gap: "none beside it holds what",
		},
		"damaged": {between: func(t *testing.T, path string) {
			write(t, path, rest)
			move(t, path, path+".1")
			pack(t, path+".1")
			info, err := os.Stat(path + ".1.gz")
			must(t, err)
			must(t, os.Truncate(path+".1.gz", info.Size()/4))
			write(t, path, fresh)
		}, lost: true, gap: "cannot be read (unexpected EOF)"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "a.log")
				write(t, path, one)
				marks := firstRun(t, path)
				c.between(t, path)
				lines, all := events(t, Options{Marks: marks, From: End}, []string{path}, func() { time.Sleep(10 * time.Second) })
				want := []string{strings.TrimSuffix(rest, "\n"), strings.TrimSuffix(fresh, "\n")}
				if c.lost {
					want = want[1:]
				}
				equal(t, lines, want...)
				gaps := kindsOf(all, Lost)
				if len(gaps) > 0 != (c.gap != "") || !strings.Contains(strings.Join(gaps, "\n"), c.gap) {
					t.Errorf("gaps %q, want %q", gaps, c.gap)
				}
			})
		})
	}
}

// firstRun reads what is in path and returns marks that went through a file.
func firstRun(t *testing.T, path string) *Marks {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w, _ := New([]string{path}, Options{})
	for e := range w.Events(ctx) {
		if e.Kind == Tick {
			cancel()
		}
	}
	name := path + "-marks"
	must(t, w.Marks().Save(name))
	marks, err := LoadMarks(name)
	must(t, err)
	time.Sleep(time.Second) // the library's pollers end with their sleep
	return marks
}

// TestHeld: lines that the consumer held come again, those around them do not.
func TestHeld(t *testing.T) {
	for name, between := range map[string]func(path string){
		"none":   func(string) {},
		"rename": func(path string) { must(t, os.Rename(path, path+".1")); write(t, path, "") },
		"gzip":   func(path string) { must(t, os.Rename(path, path+".1")); pack(t, path+".1"); write(t, path, "") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "a.log")
				write(t, path, "one\ntwo\nthree\nfour\nfive\n")
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w, _ := New([]string{path}, Options{})
				for e := range w.Events(ctx) {
					if e.Kind == Line && string(e.Line.Text) == "five" {
						e.File.Hold([]parser.Held{{Offset: 4, Line: 2, Lines: 2}, {Offset: 19, Line: 5, Lines: 1}})
						cancel()
					}
				}
				marks := w.Marks()
				time.Sleep(time.Second)
				between(path)
				_, all := events(t, Options{Marks: marks}, []string{path}, func() {
					write(t, path, "six\n")
					time.Sleep(time.Second)
				})
				var got []string
				for _, e := range all {
					if e.Kind == Line {
						got = append(got, fmt.Sprint(e.Line.Number, " ", e.Line.Offset))
					}
				}
				last := "6 24"
				if name != "none" {
					last = "1 0"
				}
				equal(t, got, "2 4", "3 8", "5 19", last)
			})
		})
	}
}

func TestMarksFile(t *testing.T) {
	dir := t.TempDir()
	if m, err := LoadMarks(filepath.Join(dir, "none")); m != nil || err != nil {
		t.Errorf("%v, %v", m, err)
	}
	for text, want := range map[string]string{
		"":              "holds no marks (unexpected end of JSON input)",
		`{"version":2}`: "holds marks of version 2, not 1",
		`{"version":1,"files":[{"path":"x","offset":-1}]}`: "holds no marks (x is at -1)",
	} {
		name := filepath.Join(dir, "m")
		must(t, os.WriteFile(name, []byte(text), 0o600))
		if _, err := LoadMarks(name); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	m := &Marks{Version: marksVersion}
	if err := m.Save(filepath.Join(dir, "no", "m")); err == nil {
		t.Error("saved into a folder that is not there")
	}
	must(t, m.Save(filepath.Join(dir, "m")))
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("%v", names)
	}
}

// FuzzMarks: whatever a file of marks says, following with it neither panics nor yields a line twice.
func FuzzMarks(f *testing.F) {
	f.Add([]byte(`{"version":1,"files":[{"path":"a.log","dev":1,"inode":2,"offset":7,"crc":3,"held":[{"offset":9,"line":-4,"lines":99}]}]}`))
	f.Add([]byte(`{"version":1,"files":[{"path":"a.log","offset":9223372036854775807,"waits":true}],"journal":{"after":"x","done":["y"]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "m"), text, 0o600))
		m, err := LoadMarks(filepath.Join(dir, "m"))
		if err != nil {
			return
		}
		path := filepath.Join(dir, "a.log")
		write(t, path, "one\ntwo\nthree\n")
		write(t, path+".1", "zero\n")
		info, err := os.Stat(path)
		must(t, err)
		for i := range m.Files {
			if m.Files[i].Path = path; i%2 == 0 {
				m.Files[i].Dev, m.Files[i].Inode = Identity(info)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w, _ := New([]string{path}, Options{Marks: m, Tick: time.Millisecond})
		for e := range w.Events(ctx) {
			if e.Kind == Tick {
				cancel()
			}
		}
		w.Marks()
	})
}
