package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// oneOutage is a server with one incident that was told.
func oneOutage(t *testing.T) *fortnight {
	t.Helper()
	zone := zoneNamed(t, "Europe/Berlin")
	f := newFortnight(t, time.Date(2026, 10, 16, 0, 0, 0, 0, zone))
	f.hum(f.now, f.now.Add(9*time.Hour))
	f.play("../../fixtures/incidents/socket_permission", f.now.Add(8*time.Hour))
	f.until(f.now.Add(9 * time.Hour))
	if code := f.daily(); code != statusDone || f.out.Len() == 0 {
		t.Fatalf("status %d: %s", code, f.errs.String())
	}
	return f
}

// change edits the state.
func (f *fortnight) change(edit func(*dailyState)) {
	f.t.Helper()
	s := &store{dir: f.state}
	st, err := s.load()
	f.check(err)
	edit(st)
	text, err := st.encode()
	f.check(err)
	f.check(os.WriteFile(filepath.Join(f.state, stateName), text, 0o644))
}

// quiet runs the command: nothing is told, and this said.
func (f *fortnight) quiet(says string) {
	f.t.Helper()
	if code := f.daily(); code != statusDone || f.out.Len() > 0 || !strings.Contains(f.errs.String(), says) || says == "" && f.errs.Len() > 0 {
		f.t.Errorf("status %d: %s%.300s", code, f.errs.String(), f.out.String())
	}
}

// A state and its logs that were copied to another machine: the files are others, what stands in them is known.
func TestDailyOnAnotherMachine(t *testing.T) {
	f := oneOutage(t)
	for _, name := range logsBelow(t, f.dir) {
		text, err := os.ReadFile(name)
		f.check(err)
		f.check(os.Remove(name))
		f.check(os.WriteFile(name, text, 0o644))
	}
	f.change(func(st *dailyState) { st.Machine, st.Host = "another", "web9" })
	f.quiet("was made on another machine (web9)")
	f.quiet("")
	f.equalsAnalyze()
}

// A clock that is set back changes nothing but that it is said.
func TestDailyClockSetBack(t *testing.T) {
	f := oneOutage(t)
	f.now = f.now.AddDate(0, -1, 0)
	f.quiet("the clock of this host was set back")
	f.equalsAnalyze()
	if entries, err := os.ReadDir(filepath.Join(f.state, reportFolder)); err != nil || len(entries) != 2 {
		t.Errorf("%d reports are kept, not 2 (%v)", len(entries), err)
	}
}

// Reports and incidents that are older than the days that are kept are dropped.
func TestDailyRetention(t *testing.T) {
	f := oneOutage(t)
	old := f.now.AddDate(0, 0, -3)
	for _, e := range []string{filepath.Join(reportFolder, "2026-10-13-1.json"), filepath.Join(finalFolder, "1.json")} {
		name := filepath.Join(f.state, e)
		f.check(os.MkdirAll(filepath.Dir(name), 0o755))
		f.check(os.WriteFile(name, []byte("[]"), 0o644))
		f.check(os.Chtimes(name, old, old))
	}
	f.daily("--retention", "2")
	for _, folder := range []string{reportFolder, finalFolder} {
		entries, err := os.ReadDir(filepath.Join(f.state, folder))
		f.check(err)
		for _, e := range entries {
			if e.Name() == "2026-10-13-1.json" || e.Name() == "1.json" {
				t.Errorf("%s is still there", e.Name())
			}
		}
	}
}

// What was reported and turned out to be none, or a part of another one, is said.
func TestWithdrawn(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 10, 16, 8, minute, 0, 0, time.UTC) }
	known := []report.Incident{{ID: "a", Start: at(1), End: at(2)}, {ID: "b", Start: at(3), End: at(4)}, {ID: "c", Start: at(30), End: at(31)}, {ID: "d", Start: at(40), End: at(41), Isolated: true}}
	found := []report.Incident{{ID: "x", Start: at(1), End: at(4)}}
	pairs := pair(known, found)
	got := strings.Join(withdrawn(known, pairs, found), "\n")
	want := "Incident b, which was reported before, is a part of incident x now.\n" +
		"Incident c, which was reported before, is none any more: lines that came since show that visitors were served."
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Whatever a damaged disk holds, it is a state or it is not; what is one is written as it was read.
func FuzzDailyState(f *testing.F) {
	st := dailyState{Run: 3, Saved: time.Date(2026, 11, 22, 6, 30, 0, 0, time.UTC), Parts: map[string]part{"facts": {7, "00"}}}
	text, err := st.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(bytes.Replace(text, []byte(`"version":1`), []byte(`"version":2`), 1))
	f.Add([]byte(`{"why502":"daily","version":1,"sha256":"","state":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		st, err := decodeState(text)
		if err != nil {
			return
		}
		again, err := st.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeState(again); err != nil {
			t.Errorf("%s cannot be read again: %v", again, err)
		}
	})
}
