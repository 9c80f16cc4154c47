package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// split makes files of any size be read in parts of so many bytes, until the test ends.
func split(t *testing.T, block int) {
	was := large
	t.Cleanup(func() { large = was })
	large.plain, large.packed, large.block = 1, 1, block
}

// However a log is cut into parts, and however many read them, the report is the same.
func TestSplitReport(t *testing.T) {
	inputs := map[string]truth{}
	cases, err := filepath.Glob("../../fixtures/incidents/*/truth.json")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, c := range cases {
		dir := filepath.Dir(c)
		inputs[filepath.Join(dir, "logs")] = readTruth(t, dir)
	}
	for kind := range genKinds {
		inputs[benchLog(t, kind, 300<<10)] = truth{Timezone: "America/New_York"}
	}
	for path, tr := range inputs {
		want := asJSON(t, analyzed(t, tr, "--workers", "1", path))
		for _, block := range []int{1, 999, 20_000} {
			if info, err := os.Stat(path); err == nil && block == 1 && info.Size() > 100_000 {
				continue // slow
			}
			for workers := 1; workers <= 4; workers += 3 {
				t.Run("", func(t *testing.T) {
					split(t, block)
					if got := asJSON(t, analyzed(t, tr, "--workers", strconv.Itoa(workers), path)); got != want {
						t.Errorf("%s: %d workers, blocks of %d: another report", path, workers, block)
					}
				})
			}
		}
	}
}

// Where there is no room for several workers, one reads what they leave, and the report is the same.
func TestCrowdedReport(t *testing.T) {
	var b strings.Builder
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for i := range 6000 { // enough for each worker to hand over more than once
		fmt.Fprintf(&b, "%s [error] 7#7: *%d upstream timed out (110: Connection timed out) while reading response header from upstream, "+
			"client: 203.0.113.%d, server: shop%d.example, request: \"GET /%d/ HTTP/1.1\", upstream: \"fastcgi://unix:/run/php.sock\", host: \"shop%[4]d.example\"\n",
			at.Add(time.Duration(i)*time.Second).Format("2006/01/02 15:04:05"), i, i%250, i%7, i%40)
	}
	path := filepath.Join(t.TempDir(), "error.log")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	split(t, 20_000)
	tr := truth{Timezone: "UTC"}
	want := asJSON(t, analyzed(t, tr, "--workers", "1", path))
	was, percent := roomForSome, debug.SetGCPercent(1) // it goes by the garbage collector, which is to run now
	t.Cleanup(func() {
		roomForSome = was
		debug.SetGCPercent(percent)
	})
	roomForSome = 0
	if got := asJSON(t, analyzed(t, tr, "--workers", "4", path)); got != want {
		t.Error("another report")
	}
}

func TestSteady(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		zone     *time.Location
		from, to string
		want     bool
	}{
		{time.UTC, "2025-01-01", "2026-12-31", true},
		{time.FixedZone("", 3600), "2025-01-01", "2026-12-31", true},
		{berlin, "2026-03-01", "2026-04-30", true}, // set forward
		{berlin, "2026-10-27", "2026-12-31", true},
		{berlin, "2026-10-26", "2026-12-31", false}, // it may be the day before elsewhere
		{berlin, "2026-10-01", "2026-10-24", false},
		{berlin, "2026-10-01", "2026-10-22", true},
		{berlin, "2026-11-01", "2027-11-01", false},
	} {
		from, errFrom := time.Parse(time.DateOnly, c.from)
		to, errTo := time.Parse(time.DateOnly, c.to)
		if errFrom != nil || errTo != nil {
			t.Fatal(errFrom, errTo)
		}
		if got := steady(c.zone, from, to); got != c.want {
			t.Errorf("%s, %s to %s: %v", c.zone, c.from, c.to, got)
		}
	}
}
