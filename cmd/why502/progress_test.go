//go:build linux

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// onTerminal runs the command over a pipe that is written to for a while, with stderr a terminal, and returns what the terminal got.
func onTerminal(t *testing.T, env ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	pipe := filepath.Join(t.TempDir(), "error.log")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	master, terminal, err := pty.Open()
	if err != nil {
		t.Skip(err)
	}
	defer master.Close()
	defer master.Close()
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 24, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "--format", "json", pipe)
	c.Env = append(append(os.Environ(), "WHY502_RUN_MAIN=1", "TZ=UTC", "TERM=xterm"), env...)
	c.Stdout, c.Stderr = io.Discard, terminal
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	writer, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 15 {
		if _, err := io.WriteString(writer, strings.Repeat(lineOfOutage, 100)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	_ = c.Process.Signal(os.Interrupt)
	got := make(chan string)
	go func() {
		var b bytes.Buffer
		_, _ = io.Copy(&b, master) // ends with an error when nobody has the terminal open
		got <- b.String()
	}()
	_ = c.Wait() // its status is another test's
	_ = writer.Close()
	_ = terminal.Close()
	return <-got
}

// shown is what stands on a terminal at the end: lines that the cursor went up over and erased are gone.
func shown(text string) string {
	const up = "\x1b[1A\x1b[J"
	var lines []string
	for _, l := range strings.SplitAfter(text, "\n") {
		for strings.HasPrefix(l, up) && len(lines) > 0 {
			l, lines = l[len(up):], lines[:len(lines)-1]
		}
		lines = append(lines, l)
	}
	return strings.Join(lines, "")
}

func TestProgressOnTerminal(t *testing.T) {
	got := onTerminal(t)
	if !strings.Contains(got, "lines/s") || !strings.Contains(got, "failures") {
		t.Errorf("no progress: %q", got)
	}
	if left := shown(got); strings.TrimSpace(left) != "" {
		t.Errorf("it leaves %q of %q", left, got)
	}
}

func TestNoProgressOnDumbTerminal(t *testing.T) {
	if got := onTerminal(t, "TERM=dumb"); got != "" {
		t.Errorf("%q", got)
	}
}
