package follow

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	stepsSeed = flag.Int("steps.seed", -1, "the only seed that TestSteps runs, telling what it does")
	stepsRuns = flag.Int("steps.runs", 25, "seeds of TestSteps")
)

// stepped is a log that is written and rotated step by step: each may fall before or after any system call of a
// follower, and between two of its lives. It keeps the files' times, which have to be those of the bubble's clock.
type stepped struct {
	t     *testing.T
	rand  *rand.Rand
	path  string
	next  int
	todo  []step
	times map[identity]time.Time
	tell  bool
	rare  int  // how seldom steps are done around a system call
	still bool // nothing happens between system calls
}

type step struct {
	name string
	do   func()
}

// touch notes that name was written to.
func (l *stepped) touch(name string) {
	st, err := os.Stat(name)
	must(l.t, err)
	id, _ := identify(st)
	l.times[id] = time.Now()
}

func (l *stepped) add(name string, do func()) { l.todo = append(l.todo, step{name, do}) }

func (l *stepped) put(name, text string, flags int) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|flags, 0o644)
	must(l.t, err)
	_, err = f.WriteString(text)
	must(l.t, err)
	must(l.t, f.Close())
	l.touch(name)
}

func (l *stepped) write() {
	for range 1 + l.rand.IntN(3) {
		l.add("write", func() {
			var text strings.Builder
			for range 1 + l.rand.IntN(4) {
				text.WriteString(lineOf(l.next))
				l.next++
			}
			l.put(l.path, text.String(), os.O_APPEND)
		})
	}
}

func (l *stepped) shift() {
	for i := 7; i >= 1; i-- {
		for _, suffix := range []string{"", ".gz"} {
			l.add("shift", func() {
				_ = os.Rename(l.path+"."+strconv.Itoa(i)+suffix, l.path+"."+strconv.Itoa(i+1)+suffix) // most are not there
			})
		}
	}
}

// copyTo writes what text returns to name in pieces.
func (l *stepped) copyTo(name string, text func() []byte) {
	var all []byte
	l.add("create "+filepath.Base(name), func() { all = text(); l.put(name, "", os.O_TRUNC) })
	l.add("half", func() { l.put(name, string(all[:len(all)/2]), os.O_APPEND) })
	l.add("whole", func() { l.put(name, string(all[len(all)/2:]), os.O_APPEND) })
}

func (l *stepped) read(name string) []byte {
	text, err := os.ReadFile(name)
	must(l.t, err)
	return text
}

func (l *stepped) pack(name string) {
	l.copyTo(name+".gz", func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(l.read(name))
		must(l.t, err)
		must(l.t, z.Close())
		return b.Bytes()
	})
	l.add("times", func() {
		from, err := os.Stat(name)
		must(l.t, err)
		to, err := os.Stat(name + ".gz")
		must(l.t, err)
		a, _ := identify(from)
		b, _ := identify(to)
		l.times[b] = l.times[a]
	})
	l.add("remove plain", func() { must(l.t, os.Remove(name)) })
}

func (l *stepped) rename() {
	l.shift()
	l.add("rename", func() { must(l.t, os.Rename(l.path, l.path+".1")) })
	if l.rand.IntN(2) == 0 {
		l.add("create", func() { l.put(l.path, "", 0) })
	}
}

func (l *stepped) copytruncate() {
	l.shift()
	l.copyTo(l.path+".1", func() []byte { return l.read(l.path) })
	l.add("truncate", func() { must(l.t, os.Truncate(l.path, 0)); l.touch(l.path) })
}

// steppedKinds are the rotations, in steps. Each gets its number.
var steppedKinds = map[string]func(*stepped, int){
	"rename":       func(l *stepped, _ int) { l.rename() },
	"rename-gzip":  func(l *stepped, _ int) { l.rename(); l.pack(l.path + ".1") },
	"copytruncate": func(l *stepped, _ int) { l.copytruncate() },
	"copytruncate-gzip": func(l *stepped, _ int) {
		l.copytruncate()
		l.pack(l.path + ".1")
	},
	"symlink": func(l *stepped, n int) {
		target := filepath.Join(filepath.Dir(l.path), fmt.Sprintf("target-202611%02d", n))
		l.add("target", func() { l.put(target, "", 0); must(l.t, os.Symlink(target, l.path+".new")) })
		l.add("swap", func() { must(l.t, os.Rename(l.path+".new", l.path)) })
	},
}

// some does the next steps, with pauses, or none.
func (l *stepped) some(most int) {
	for n := l.rand.IntN(most + 1); n > 0 && len(l.todo) > 0; n-- {
		time.Sleep(time.Duration(1+l.rand.IntN(30)) * time.Millisecond)
		if l.tell {
			l.t.Logf("  %v %s", time.Now().Format("05.000"), l.todo[0].name)
		}
		l.todo[0].do()
		l.todo = l.todo[1:]
	}
}

// any does steps around a system call, now and then many: the follower was not run for a while.
func (l *stepped) any() {
	if l.still {
		return
	}
	switch l.rand.IntN(l.rare) {
	case 0:
		l.some(3)
	case 1:
		l.some(40)
	}
}

// system lets steps fall before and after each call.
func (l *stepped) system(real system) system {
	around := func(i info, err error) (info, error) {
		if t, ok := l.times[i.id]; ok {
			i.mtime = t
		}
		i.owner = firstHuman + 1 + os.Getuid() // the library's goroutines would make seeds mean something else each time
		l.any()
		return i, err
	}
	return system{
		stat:  func(path string) (info, error) { l.any(); return around(real.stat(path)) },
		fstat: func(f *os.File) (info, error) { l.any(); return around(real.fstat(f)) },
		open: func(path string) (*os.File, error) {
			l.any()
			defer l.any()
			return real.open(path)
		},
	}
}

// live follows the log from the marks until it is killed or, in its last life, until nothing comes any more. It returns the marks that it saved
// last, with what had come by then.
func (l *stepped) live(saved []byte, out []string, last bool) ([]byte, []string) {
	var marks *Marks
	if saved != nil {
		marks = &Marks{}
		must(l.t, json.Unmarshal(saved, marks))
	}
	ctx, cancel := context.WithTimeout(l.t.Context(), 30*time.Second)
	defer cancel()
	w, errs := New([]string{l.path}, Options{Marks: marks, Tick: 20 * time.Millisecond, Poll: 20 * time.Millisecond})
	if errs != nil {
		l.t.Fatal(errs)
	}
	life := l.rand.IntN(60)
	kept := len(out)
	for e := range w.Events(ctx) {
		switch e.Kind {
		case Line:
			out = append(out, string(e.Line.Text))
			if l.tell {
				l.t.Logf("%v %.10s", time.Now().Format("05.000"), e.Line.Text)
			}
		case Lost:
			if l.tell {
				l.t.Log(e.Gap)
			}
		case Tick:
			var err error
			saved, err = json.Marshal(w.Marks())
			must(l.t, err)
			kept = len(out)
			if l.tell && !last {
				l.t.Logf("%v saved %s", time.Now().Format("05.000"), saved)
			}
		}
		if life--; life < 0 && !last && saved != nil {
			break
		}
	}
	if last {
		kept = len(out)
	}
	l.still = false
	return saved, slices.Clone(out[:kept])
}

// TestSteps: whatever steps of rotations fall between whichever system calls and lives of the follower, each line comes once.
func TestSteps(t *testing.T) {
	for name := range steppedKinds {
		t.Run(name, func(t *testing.T) {
			for seed := range *stepsRuns {
				if *stepsSeed >= 0 {
					seed = *stepsSeed
				}
				t.Run(strconv.Itoa(seed), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { runSteps(t, name, seed) })
				})
				if *stepsSeed >= 0 {
					break
				}
			}
		})
	}
}

func runSteps(t *testing.T, kind string, seed int) {
	rotate := steppedKinds[kind]
	dir := t.TempDir()
	l := &stepped{t: t, rand: rand.New(rand.NewPCG(uint64(seed), 0)), path: filepath.Join(dir, "error.log"), times: map[identity]time.Time{}, tell: *stepsSeed >= 0}
	for n := range 5 {
		l.write()
		rotate(l, n+1)
	}
	l.write()
	if name := filepath.Join(dir, "target-20261100"); kind == "symlink" {
		l.put(name, "", 0)
		must(t, os.Symlink(name, l.path))
	}
	l.put(l.path, lineOf(0), os.O_APPEND)
	l.next = 1
	old := realSystem
	defer func() { realSystem = old }()
	realSystem = l.system(old)
	l.rare = 4 << l.rand.IntN(6)
	var saved []byte
	var out []string
	for n := 0; len(l.todo) > 0; n++ {
		l.still = n == 0 // what came before the first marks cannot be known
		saved, out = l.live(saved, out, false)
		if l.tell {
			t.Log("killed")
		}
		l.some(40)
	}
	_, out = l.live(saved, out, true)
	c := tally{t: t, seen: map[int]int{}}
	for _, line := range out {
		c.line([]byte(line))
	}
	if lost, doubled, first := c.sum(l.next); lost+doubled+c.bad > 0 {
		t.Errorf("seed %d: %d lines: %d lost, %d doubled, %d broken; first %d", seed, l.next, lost, doubled, c.bad, first)
	}
}
