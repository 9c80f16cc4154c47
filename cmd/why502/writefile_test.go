package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	say := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	holds := func(want string) {
		t.Helper()
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("holds %q (%v), want %q", got, err, want)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Errorf("%d files left behind, want 1", len(entries))
		}
	}
	if err := writeFile(path, say("one")); err != nil {
		t.Fatal(err)
	}
	holds("one")

	// A report that fails half way leaves the one before.
	broken := errors.New("broken")
	err := writeFile(path, func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return broken })
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	holds("one")

	// Who may read a report stays as it was set.
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(path, say("two")); err != nil {
		t.Fatal(err)
	}
	holds("two")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v (%v)", info.Mode(), err)
	}
	if err := writeFile(filepath.Join(dir, "nowhere", "x"), say("")); err == nil {
		t.Error("wrote below a folder that is not there")
	}
	if err := writeFile(os.DevNull, say("x")); err != nil {
		t.Errorf("a device: %v", err)
	}
}
