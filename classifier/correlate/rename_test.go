package correlate

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"why502/parser"
)

// inFiles is a Timeline of entries that stand by turns in two files.
func inFiles(t *testing.T, format, one, two string) *Timeline {
	t.Helper()
	rules := loadRules(t)
	d := &parser.Decoder{Zone: time.UTC, Ref: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	tl, n := New(), 0
	for r, err := range parser.Records(t.Context(), given(strings.TrimSuffix(snapshotLogs, "\n")), parser.Formats[0], d) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(r.Format, format) {
			continue
		}
		r.File = one
		if n++; n%2 == 0 {
			r.File = two
		}
		tl.Add(r, rules.Classify(nil, r))
	}
	return tl
}

// Rotation gives a log the name that another one had: what is renamed is what would have been collected under these names.
func TestRename(t *testing.T) {
	for name, to := range map[string]map[string]string{
		"rotation": {"a.log": "a.log.1", "a.log.1": "a.log.2.gz"},
		"swap":     {"a.log": "a.log.1", "a.log.1": "a.log"},
		"nothing":  {"a.log": "a.log", "a.log.1": "a.log.1"},
		"into one": {"a.log": "a.log", "a.log.1": "a.log"},
	} {
		t.Run(name, func(t *testing.T) {
			got, want := inFiles(t, "", "a.log", "a.log.1"), inFiles(t, "", to["a.log"], to["a.log.1"])
			got.Rename(func(path string) string { return to[path] })
			for _, tl := range []*Timeline{got, want} {
				for _, part := range []*Timeline{tl, tl.undated, tl.booted} {
					part.Forget(time.Unix(1, 0)) // names that nothing uses
				}
			}
			if !bytes.Equal(encoded(t, got), encoded(t, want)) {
				t.Error("what was renamed is not what has that name")
			}
		})
	}
}

// A source that is gone is dropped when nothing of it is kept.
func TestDrop(t *testing.T) {
	tl := inFiles(t, "-access", "a.log", "a.log.1")
	drop := func(path string) bool { return path == "a.log.1" }
	tl.Drop(drop)
	if len(tl.Sources()) != 2 {
		t.Errorf("%d sources, though both have something", len(tl.Sources()))
	}
	tl.Forget(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	tl.Drop(drop)
	if s := tl.Sources(); len(s) != 1 || s[0].Path != "a.log" {
		t.Errorf("%d sources, though one is gone", len(s))
	}
}
