//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"why502/report"
)

const lineOfOutage = `2026/11/22 10:00:00 [error] 7#7: *1 connect() to unix:/run/php.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: 192.0.2.7, server: shop.test, request: "GET / HTTP/1.1", upstream: "fastcgi://unix:/run/php.sock:", host: "shop.test"` + "\n"

// interruptible is the command, reading a named pipe whose writer has written one line and falls silent.
func interruptible(t *testing.T, args ...string) (c *exec.Cmd, writer *os.File) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the command")
	}
	pipe := filepath.Join(t.TempDir(), "error.log")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c = exec.Command(self, append(args, pipe)...)
	c.Args[0] = programName
	c.Env = append(os.Environ(), "WHY502_RUN_MAIN=1", "TZ=UTC")
	t.Cleanup(func() {
		if c.Process != nil {
			_ = c.Process.Kill() // where the test has failed; else it is gone
		}
	})
	writer, err = os.OpenFile(pipe, os.O_RDWR, 0) // opening for writing alone would wait for the reader
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = writer.Close() })
	if _, err := io.WriteString(writer, lineOfOutage); err != nil {
		t.Fatal(err)
	}
	return c, writer
}

// Ctrl-C gives the report of what was read.
func TestInterruptGivesTheReport(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		var out, errs bytes.Buffer
		c, _ := interruptible(t, "--format", "json")
		c.Stdout, c.Stderr = &out, &errs
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, func() { _ = c.Process.Signal(sig) })
		var exit *exec.ExitError
		if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != statusCut {
			t.Fatalf("%v: %v\n%s", sig, err, errs.String())
		}
		r, err := report.Decode(&out)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Partial || r.Coverage.Lines != 1 || len(r.Incidents) != 1 || !strings.Contains(r.Coverage.Sources[0].Error, "interrupted") {
			t.Errorf("%v: partial %v, %d lines, %d incidents, %q", sig, r.Partial, r.Coverage.Lines, len(r.Incidents), r.Coverage.Sources[0].Error)
		}
		if errs.Len() > 0 {
			t.Errorf("%v: %s", sig, errs.String())
		}
	}
}

// A second Ctrl-C ends at once a command that hangs in writing its report.
func TestSecondInterruptKills(t *testing.T) {
	read, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer stdout.Close()
	if err := stdout.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for err == nil { // until the pipe is full
		_, err = stdout.Write(make([]byte, 4096))
	}
	c, _ := interruptible(t)
	c.Stdout = stdout
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for i := range 2 {
		select {
		case err := <-ended:
			t.Fatalf("ended after %d interrupts: %v", i, err)
		case <-time.After(time.Second):
			_ = c.Process.Signal(os.Interrupt)
		}
	}
	select {
	case <-ended:
		if state := c.ProcessState.Sys().(syscall.WaitStatus); state.Signal() != syscall.SIGINT {
			t.Errorf("ended by %v", c.ProcessState)
		}
	case <-time.After(10 * time.Second):
		t.Error("two interrupts did not end it")
	}
}
