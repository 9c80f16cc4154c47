package archive

import (
	"fmt"
	"testing"

	"why502/report"
)

// A folder has a row for the files of each format.
func TestJoinFolders(t *testing.T) {
	run := &report.Report{Coverage: report.Coverage{Sources: []report.Source{
		{Path: "logs/*", Files: 1200, Format: "nginx-access", Lines: 10},
		{Path: "logs/*", Files: 30, Format: "nginx-error", Lines: 5},
	}}}
	got := ""
	for _, s := range joinCoverage([]*report.Report{run, run}).Sources {
		got += fmt.Sprintf("%s %d %s %d, ", s.Path, s.Files, s.Format, s.Lines)
	}
	if want := "logs/* 1200 nginx-access 20, logs/* 30 nginx-error 10, "; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
