package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"why502/report"
)

// Pastes as people post them give the answer that their lines allow. What is wanted, a line each:
//
//	cause ID        the first cause of the first incident
//	failures N      how many requests it counts
//	host NAME       a site it names
//	start TIME      when it began, in UTC
//	confidence P    how sure that cause is
//	settle LOG      a log that would tell more
func TestSnippets(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/snippets/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d pastes (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(ar.Files) != 2 || ar.Files[0].Name != "paste" || ar.Files[1].Name != "want" {
				t.Fatal("not a paste and what is wanted of it")
			}
			r := pasted(t, ar.Files[0].Data)
			if len(r.Incidents) == 0 {
				t.Fatal("no incident")
			}
			for want := range strings.Lines(string(ar.Files[1].Data)) {
				key, value, _ := strings.Cut(strings.TrimSpace(want), " ")
				if got, ok := answers(&r.Incidents[0], key, value); !ok {
					t.Errorf("%s: %s, want %s", key, got, value)
				}
			}
		})
	}
}

// answers says whether an incident has a value, and what it has instead.
func answers(in *report.Incident, key, value string) (got string, ok bool) {
	var all []string
	switch key {
	case "cause":
		if len(in.Causes) > 0 {
			all = append(all, in.Causes[0].ID)
		}
	case "confidence":
		if len(in.Causes) > 0 {
			all = append(all, strconv.FormatFloat(in.Causes[0].Confidence, 'f', 2, 64))
		}
	case "failures":
		n := 0
		for _, k := range in.Failures {
			n += k
		}
		all = append(all, strconv.Itoa(n))
	case "host":
		for _, v := range in.Vhosts {
			all = append(all, v.Name)
		}
	case "start":
		all = append(all, in.Start.UTC().Format(time.DateTime))
	case "settle":
		for _, m := range in.Missing {
			all = append(all, m.Log)
		}
	}
	return strings.Join(all, ", "), slices.Contains(all, value)
}

func pasted(t *testing.T, text []byte) *report.Report {
	t.Helper()
	var out, errs bytes.Buffer
	root := newRoot()
	root.SetIn(bytes.NewReader(text))
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetArgs([]string{"analyze", "--format", "json", "--timezone", "UTC", "-"})
	if code := finish(&errs, root.ExecuteContext(t.Context())); code != statusDone {
		t.Fatalf("status %d: %s", code, errs.String())
	}
	r, err := report.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
