package main

import (
	"os"
	"path/filepath"
	"strconv"
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
