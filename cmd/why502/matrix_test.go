package main

import (
	"archive/tar"
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	casesDir  = flag.String("cases", "", "derive from the labelled cases in this folder")
	derivedTo = flag.String("derived", "", "write the derived cases into this folder, a folder for each derivation")
)

// derivations are the containers in which admins have their logs.
var derivations = []derivation{
	{"rotated", rotated, nil},
	{"syslog", eachLog(inSyslog("")), nil},
	{"syslog-joined", eachLog(inSyslog("#012")), nil},
	{"archive", inArchive, nil},
	{"docker", eachLog(inDocker), nil},
	{"journal", eachLog(inJournal), nil},
	{"paste", inPaste, nil},
}

func init() {
	for _, name := range slices.Sorted(maps.Keys(zoneLayouts)) {
		derivations = append(derivations, zoneLayouts[name].derivation(name))
	}
}

func packTree(t *testing.T, tree, archive string) {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.AddFS(os.DirFS(tree)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(archive, []byte(gzipped(t, b.String())), 0o644); err != nil {
		t.Fatal(err)
	}
}

func zoneOfCase(t *testing.T, tr truth) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(tr.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The same logs in another container lead to the same verdict.
func TestContainersKeepTheVerdict(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		t.Parallel()
		tr := readTruth(t, dir)
		zone := zoneOfCase(t, tr)
		logs := readLogs(t, filepath.Join(dir, "logs"), zone)
		want := firstCauses(analyzed(t, tr, filepath.Join(dir, "logs")))
		for _, d := range derivations {
			if strings.HasPrefix(filepath.Base(dir), "dst_") && strings.HasPrefix(d.name, "zones") {
				continue // a night in which no other zone is a constant away: tests of its own
			}
			to := filepath.Join(t.TempDir(), "logs")
			d.make(t, logs, zone, to)
			asked := tr
			if d.zone != nil {
				asked.Timezone = d.zone(logs)
			}
			r := analyzed(t, asked, to)
			if diff := unlike(firstCauses(r), want); diff != "" {
				t.Errorf("%s: %s\n%s", d.name, diff, strings.Join(r.Notes, "\n"))
			}
		}
	})
}

var statedZone = regexp.MustCompile(`"timezone":\s*"[^"]*"`)

// TestDerive writes the derived cases for .ci/matrix, which scores them.
func TestDerive(t *testing.T) {
	if *casesDir == "" || *derivedTo == "" {
		t.Skip("no -cases, no -derived")
	}
	dirs, err := filepath.Glob(filepath.Join(*casesDir, "*", "truth.json"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no labelled cases (%v)", err)
	}
	for _, file := range dirs {
		tr := readTruth(t, filepath.Dir(file))
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		zone := zoneOfCase(t, tr)
		logs := readLogs(t, filepath.Join(filepath.Dir(file), "logs"), zone)
		for _, d := range derivations {
			to := filepath.Join(*derivedTo, d.name, filepath.Base(filepath.Dir(file)))
			if err := os.MkdirAll(to, 0o755); err != nil {
				t.Fatal(err)
			}
			derived := string(text)
			if d.zone != nil {
				derived = statedZone.ReplaceAllString(derived, `"timezone": "`+d.zone(logs)+`"`)
			}
			if err := os.WriteFile(filepath.Join(to, "truth.json"), []byte(derived), 0o644); err != nil {
				t.Fatal(err)
			}
			d.make(t, logs, zone, filepath.Join(to, "logs"))
		}
	}
}
