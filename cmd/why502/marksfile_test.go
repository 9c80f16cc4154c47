package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"why502/parser/input/follow"
)

// Marks that could not be saved are saved again when that is possible, whether or not more lines come.
func TestMarksAreSavedAfterAFailure(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "error.log")
	if err := os.WriteFile(log, []byte("a\nb\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w, errs := follow.New([]string{log}, follow.Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	w.Begin(follow.From{})
	m := &marksFile{name: filepath.Join(dir, "later", "marks")}
	m.failed = true // else there is nothing to save: no line was read
	later := func() error {
		t.Helper()
		m.last = time.Time{}
		if !m.due(w.Progress()) {
			t.Fatal("not due")
		}
		err := m.save(w)
		for m.done != nil && len(m.done) == 0 {
			time.Sleep(time.Millisecond)
		}
		return err
	}
	if err := later(); err != nil {
		t.Fatal(err) // the disk is not waited for
	}
	if err := later(); err == nil {
		t.Fatal("no error where there is no folder")
	}
	if err := os.Mkdir(filepath.Dir(m.name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := later(); err != nil {
		t.Fatal(err)
	}
	if err := later(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(m.name); err != nil {
		t.Error(err)
	}
	m.last = time.Time{}
	if m.due(w.Progress()) {
		t.Error("due again, with nothing new")
	}
}
