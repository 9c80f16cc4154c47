package input

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

// A writer that falls silent is waited for until the interrupt; what it wrote before counts.
func TestInterrupted(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	files, errs := Open([]string{"-"}, Options{Stdin: r, Interrupted: ctx.Done()})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	go io.WriteString(w, "the one\nthe two\n")
	var got []string
	for l, err := range files[0].Lines(ctx) {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		if got = append(got, string(l.Text)); len(got) == 2 {
			cancel()
		}
	}
	if s := strings.Join(got, " "); s != "the one the two context canceled" {
		t.Error(s)
	}
}

// Interrupted while the beginning is looked at, what has come is read all the same.
func TestInterruptedHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		defer w.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		files, _ := Open([]string{"-"}, Options{Stdin: r, Interrupted: ctx.Done()})
		go func() {
			io.WriteString(w, "the first line\n")
			io.WriteString(w, "tw")
			synctest.Wait() // it has come, and all wait for more
			cancel()
		}()
		if head, err := files[0].Head(); err != nil || len(head) != 2 {
			t.Fatalf("%q, %v", head, err)
		}
		n := 0
		var last error
		for _, err := range files[0].Lines(ctx) {
			if last = err; err == nil {
				n++
			}
		}
		if n != 2 || !errors.Is(last, context.Canceled) {
			t.Errorf("%d lines, %v", n, last)
		}
	})
}

// A named pipe that nobody writes to does not hold up the end.
func TestInterruptedPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	files, errs := Open([]string{path}, Options{Interrupted: ctx.Done()})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	cancel()
	if head, err := files[0].Head(); len(head) > 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v", head, err)
	}
}
