package follow

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

var tortureReal = flag.Bool("torture.real", false, "tortures take real time, beside each other")

// TestTorture rotates a log in every way while it is written and followed.
func TestTorture(t *testing.T) {
	for name, rotate := range kinds {
		t.Run(name, func(t *testing.T) {
			if !*tortureReal {
				synctest.Test(t, func(t *testing.T) { torture(t, rotate) })
				return
			}
			t.Parallel()
			torture(t, rotate)
		})
	}
}

func torture(t *testing.T, rotate func(*writer, int)) {
	path := filepath.Join(t.TempDir(), "error.log")
	w := newWriter(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f, errs := New([]string{path}, Options{})
	if errs != nil {
		t.Fatal(errs)
	}
	go func() {
		time.Sleep(100 * time.Millisecond)
		w.line()
		waitTailed(t, f)
		w.run(rotate, *tortureLines, *tortureTurns)
		time.Sleep(time.Second)
		cancel()
	}()
	c := tally{t: t, seen: map[int]int{}}
	for e := range f.Events(ctx) {
		switch e.Kind {
		case Line:
			c.line(e.Line.Text)
		case Lost:
			t.Error(e.Gap)
		}
	}
	time.Sleep(time.Second) // the library's pollers end with their sleep
	c.check(*tortureLines)
}

// waitTailed waits until the library follows the only log of w.
func waitTailed(t *testing.T, w *Watcher) {
	for end := time.Now().Add(time.Minute); !w.States()[0].Tailed; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Error("the library never followed it")
			return
		}
	}
}

// events follows paths in a bubble until during has returned and time for what it left, and returns what came.
func events(t *testing.T, opts Options, paths []string, during func()) (lines []string, all []Event) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w, errs := New(paths, opts)
	if errs != nil {
		t.Fatal(errs)
	}
	go func() {
		time.Sleep(time.Second)
		during()
		time.Sleep(time.Second)
		cancel()
	}()
	for e := range w.Events(ctx) {
		if e.Kind == Line {
			lines = append(lines, string(e.Line.Text))
			e.Line.Text = nil
		}
		if e.Kind != Tick {
			all = append(all, e)
		}
	}
	time.Sleep(time.Second) // as above
	return lines, all
}

func write(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	must(t, err)
	_, err = f.WriteString(text)
	must(t, err)
	must(t, f.Close())
}
