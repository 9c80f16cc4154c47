package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// Files that are counted together count as many, wherever a report tells of them.
func TestFilesOfFolders(t *testing.T) {
	r := &Report{Coverage: Coverage{
		Lines: 5003, Records: 5000,
		Sources: []Source{
			{Path: "/srv/logs/*", Files: 1200, Format: "nginx-access", Lines: 4000, Records: 4000},
			{Path: "/srv/logs/*", Files: 2, Format: FormatUnknown, Lines: 3},
			{Path: "/srv/logs/*", Files: 40, Format: "apache-access", Lines: 900, Records: 900, Error: "3 of them could not be read to the end"},
			{Path: "/srv/logs/shop.example", Format: "nginx-access", Lines: 100, Records: 100},
		},
		Folded: []Folded{{Kind: foldedFiles, Names: 1242}},
	}}
	want := []string{
		"Read 1,241 files, 5,000 lines, all understood.",
		"Could not be read: /srv/logs/* (40 files) (3 of them could not be read to the end).",
		"Of no known format: /srv/logs/* (2 files).",
		"Too much to tell all apart: counted together are 1,242 files by their folders.",
	}
	if got := coverage(r, clock{}, ""); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, format := range []string{"text", "md", "html"} {
		var b bytes.Buffer
		if err := Lookup(format).Render(&b, r, Options{Verbose: true}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "/srv/logs/* (1,200 files)") && !strings.Contains(b.String(), `/srv/logs/\* (1,200 files)`) {
			t.Errorf("%s does not say of how many files a row is:\n%s", format, b.String())
		}
	}
}
