package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"why502/parser"
	"why502/report"
)

// truth is what was broken in a labelled case.
type truth struct {
	Timezone string
	Faults   []struct {
		Accept     []string
		Start, End time.Time
		Optional   bool
	}
}

func readTruth(t *testing.T, dir string) truth {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tr truth
	if err := json.Unmarshal(text, &tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

// analyzed runs the command in this process and returns its report without the moment it was made.
func analyzed(t *testing.T, tr truth, args ...string) *report.Report {
	t.Helper()
	var out, errs bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetErr(&errs)
	args = append([]string{"analyze", "--format", "json"}, args...)
	if tr.Timezone != "" {
		args = append(args, "--timezone", tr.Timezone)
	}
	root.SetArgs(args)
	if code := finish(&errs, root.ExecuteContext(t.Context())); code != statusDone {
		t.Fatalf("status %d: %s", code, errs.String())
	}
	r, err := report.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	r.Generated = time.Time{}
	return r
}

func cases(t *testing.T, each func(t *testing.T, dir string)) {
	dirs, err := filepath.Glob("../../fixtures/incidents/*/truth.json")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no labelled cases (%v)", err)
	}
	for _, d := range dirs {
		d = filepath.Dir(d)
		t.Run(filepath.Base(d), func(t *testing.T) { each(t, d) })
	}
}

// grace is how far an incident may lie from the fault it belongs to.
const grace = 15 * time.Second

// Every fault that was made is found and its cause comes first; nothing else is reported.
func TestIncidents(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		tr := readTruth(t, dir)
		r := analyzed(t, tr, filepath.Join(dir, "logs"))
		explained := make([]bool, len(r.Incidents))
		for _, f := range tr.Faults {
			found := f.Optional
			for i := range r.Incidents {
				in := &r.Incidents[i]
				if in.End.Before(f.Start.Add(-grace)) || in.Start.After(f.End.Add(grace)) {
					continue
				}
				explained[i] = true
				if len(in.Causes) > 0 && slices.Contains(f.Accept, in.Causes[0].ID) {
					found = true
				}
			}
			if !found {
				t.Errorf("no incident from %s to %s whose first cause is one of %q", f.Start, f.End, f.Accept)
			}
		}
		for i, ok := range explained {
			if !ok {
				t.Errorf("reported and not so: %s", r.Incidents[i].Headline)
			}
		}
	})
}

// The order of the files and the number of workers do not show in the report.
func TestOrderAndWorkersDoNotShow(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		tr := readTruth(t, dir)
		files := logsBelow(t, filepath.Join(dir, "logs"))
		want := asJSON(t, analyzed(t, tr, append([]string{"--workers", "1"}, files...)...))
		for _, workers := range []string{"1", "2", "7"} {
			slices.Reverse(files)
			if got := asJSON(t, analyzed(t, tr, append([]string{"--workers", workers}, files...)...)); got != want {
				t.Errorf("%s workers, another order: another report", workers)
			}
		}
	})
}

// Logs cut into pieces, as rotation does, lead to the same incidents.
func TestPiecesLeadToTheSameIncidents(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		tr := readTruth(t, dir)
		var pieces []string
		for _, path := range logsBelow(t, filepath.Join(dir, "logs")) {
			pieces = append(pieces, cutInThree(t, path)...)
		}
		got, want := verdicts(analyzed(t, tr, pieces...)), verdicts(analyzed(t, tr, filepath.Join(dir, "logs")))
		if got != want {
			t.Errorf("in pieces:\n%s\nwhole:\n%s", got, want)
		}
	})
}

// What the slow log names and the page that was asked for stand together.
func TestSlowPagesStandWithTheirPlugin(t *testing.T) {
	for name, want := range map[string]report.Request{
		"slow_plugin":               {URI: "/cart/", Culprit: &report.Culprit{Kind: "plugin", Name: "acme-shipping-rates"}},
		"apache_fcgi_timeout":       {URI: "/cart/", Culprit: &report.Culprit{Kind: "plugin", Name: "acme-shipping-rates"}},
		"request_terminate_timeout": {URI: "/v1/export", Culprit: &report.Culprit{Kind: "file", Name: "ReportExporter.php"}},
	} {
		dir := filepath.Join("../../fixtures/incidents", name)
		r := analyzed(t, readTruth(t, dir), filepath.Join(dir, "logs"))
		if len(r.Incidents) != 1 || len(r.Incidents[0].Causes) == 0 || len(r.Incidents[0].Causes[0].Requests) == 0 {
			t.Errorf("%s: no page beside the slow log's entries", name)
			continue
		}
		c := r.Incidents[0].Causes[0]
		got := c.Requests[0]
		if got.URI != want.URI || got.Culprit == nil || got.Culprit.Kind != want.Culprit.Kind || got.Culprit.Name != want.Culprit.Name || got.Sure > got.Traces || got.Traces > got.Of || got.Of == 0 {
			t.Errorf("%s: %+v of %+v", name, got, got.Culprit)
		}
		if !slices.ContainsFunc(c.Evidence, func(e report.Evidence) bool {
			return strings.Contains(e.Text, want.Culprit.Name) && strings.Contains(e.Text, want.URI)
		}) {
			t.Errorf("%s: no evidence has both the page and %s", name, want.Culprit.Name)
		}
	}
}

func logsBelow(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// cutInThree writes the pieces of a log as NAME.2, NAME.1 and NAME. Archives and small logs stay whole. A cut is where an
// entry begins and the format is still told by the first lines.
func cutInThree(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	format := parser.Detect(lines)
	if format == nil || len(lines) < 30 || filepath.Ext(path) == ".gz" {
		return []string{path}
	}
	stem := filepath.Join(t.TempDir(), path)
	if err := os.MkdirAll(filepath.Dir(stem), 0o755); err != nil {
		t.Fatal(err)
	}
	var out []string
	from := 0
	for i, suffix := range []string{".2", ".1", ""} {
		to := len(lines) * (i + 1) / 3
		for to < len(lines) && format.Sniff(bytes.TrimRight(lines[to], "\n")) < 50 {
			to++
		}
		if err := os.WriteFile(stem+suffix, bytes.Join(lines[from:to], nil), 0o644); err != nil {
			t.Fatal(err)
		}
		out, from = append(out, stem+suffix), to
	}
	return out
}

// verdicts is what of a report does not depend on how the lines lie in files.
func verdicts(r *report.Report) string {
	var b strings.Builder
	for _, in := range r.Incidents {
		fmt.Fprintln(&b, in.Start, in.End, in.Failures, in.Clients, in.Scope, in.Persistence, in.Vhosts, in.URIs)
		for _, c := range in.Causes {
			fmt.Fprintf(&b, "  %s %s %.3f %v\n", c.Role, c.ID, c.Confidence, c.Culprits)
			for _, q := range c.Requests {
				fmt.Fprintf(&b, "    %s %d of %d, %d sure\n", q.URI, q.Traces, q.Of, q.Sure)
			}
		}
	}
	return b.String()
}

func asJSON(t *testing.T, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Lookup("json").Render(&b, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
