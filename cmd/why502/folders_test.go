package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// crowds makes files of a folder be counted together from so many on, until the test ends.
func crowds(t *testing.T, told, least int) {
	wasTold, wasCrowd := maxTold, crowded
	t.Cleanup(func() { maxTold, crowded = wasTold, wasCrowd })
	maxTold, crowded = told, least
}

// What is said of incidents does not hang on whether files are told apart.
func TestCrowdsKeepIncidents(t *testing.T) {
	cases(t, func(t *testing.T, dir string) {
		tr, logs := readTruth(t, dir), filepath.Join(dir, "logs")
		want := analyzed(t, tr, logs)
		crowds(t, 0, 1)
		got := analyzed(t, tr, logs)
		want.Coverage.Sources, got.Coverage.Sources, want.Coverage.Folded, got.Coverage.Folded = nil, nil, nil, nil
		if w, g := asJSON(t, want), asJSON(t, got); w != g {
			t.Errorf("another report: %s", firstDifference(w, g))
		}
	})
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d: %s, not %s", i+1, y[i], x[i])
		}
	}
	return "one is longer"
}

// A host with many sites: the logs of most are counted together, those that matter are named.
func TestCrowds(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	access := func(n int, status int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "203.0.113.%d - - [%s +0000] \"GET /cart/ HTTP/1.1\" %d 512 \"-\" \"x\"\n", i, at.Add(time.Duration(i)*time.Second).Format("02/Jan/2006:15:04:05"), status)
		}
		return b.String()
	}
	write := func(name, text string) { writeDated(t, filepath.Join(dir, name), text, at.Add(time.Hour)) }
	for i := range 30 {
		write(fmt.Sprintf("domlogs/shop%d.example", i), access(3, 200))
		write(fmt.Sprintf("vhosts/system/shop%d.example/logs/access_log", i), access(2, 200))
		write(fmt.Sprintf("notes/%d.txt", i), "this is no log\n")
		write(fmt.Sprintf("domlogs/empty%d.example", i), "")
	}
	write("domlogs/broken.example", access(12, 502))
	write("domlogs/odd.example", access(2, 200)+"what is this\n")
	write("domlogs/cut.example.gz", gzipped(t, access(200, 200))[:200])
	write("var/log/php-fpm.log", "[22-Nov-2026 09:00:00] NOTICE: fpm is running, pid 700\n")

	told := coverageOf(t, dir)
	crowds(t, 20, 10)
	got := coverageOf(t, dir)
	if got.Bytes != told.Bytes || got.Lines != told.Lines || got.Records != told.Records || got.Unparsed != told.Unparsed || !got.From.Equal(*told.From) || !got.To.Equal(*told.To) {
		t.Errorf("%+v, told apart %+v", got, told)
	}
	var rows []string
	var lines, records, unparsed int64
	files := 0
	for _, s := range got.Sources {
		name, _ := filepath.Rel(dir, s.Path)
		rows = append(rows, fmt.Sprintf("%s %s ×%d %d", filepath.ToSlash(name), s.Format, s.Files, s.Lines))
		lines, records, unparsed, files = lines+s.Lines, records+s.Records, unparsed+s.Unparsed, files+max(1, s.Files)
	}
	if lines != got.Lines || records != got.Records || unparsed != got.Unparsed || files != len(told.Sources) {
		t.Errorf("the rows are of %d files and sum up to %d lines, %d records, %d not understood: %+v", files, lines, records, unparsed, got)
	}
	want := []string{
		"domlogs/* apache-access ×30 90", "domlogs/* empty ×30 0", "domlogs/broken.example apache-access ×0 12", "domlogs/cut.example.gz apache-access ×0 17",
		"domlogs/odd.example apache-access ×0 3", "var/log/php-fpm.log php-fpm ×0 1", "vhosts/system/* apache-access ×30 60",
	}
	for i := range 30 {
		want = append(want, fmt.Sprintf("notes/%d.txt unknown ×0 1", i))
	}
	for _, rows := range [][]string{rows, want} {
		slices.Sort(rows)
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Contains(got.Folded, report.Folded{Kind: "file", Names: 90}) {
		t.Errorf("folded: %+v", got.Folded)
	}
}

func coverageOf(t *testing.T, dir string) *report.Coverage {
	t.Helper()
	var first *report.Report
	for workers := 1; workers <= 4; workers += 3 {
		var out, errs bytes.Buffer
		root := newRoot()
		root.SetOut(&out)
		root.SetErr(&errs)
		root.SetArgs([]string{"analyze", "--format", "json", "--timezone", "UTC", "--workers", strconv.Itoa(workers), dir})
		if code := finish(&errs, root.ExecuteContext(t.Context())); code != statusUnread || !strings.Contains(errs.String(), "cut.example.gz") {
			t.Fatalf("status %d: %s", code, errs.String())
		}
		r, err := report.Decode(&out)
		if err != nil {
			t.Fatal(err)
		}
		r.Generated = time.Time{}
		if first != nil && asJSON(t, r) != asJSON(t, first) {
			t.Fatalf("%d workers: another report", workers)
		}
		first = r
	}
	return &first.Coverage
}

// writeDated writes a file in a folder that need not be there, as if it was written last at that time.
func writeDated(t *testing.T, path, text string, last time.Time) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, last, last); err != nil {
		t.Fatal(err)
	}
}
