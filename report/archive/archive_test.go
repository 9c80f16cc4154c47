package archive

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// daily is the report of a run on a day: the fixture, moved there.
func daily(t *testing.T, date string, since string) *report.Report {
	t.Helper()
	text, err := os.ReadFile("../../fixtures/reports/daily.json")
	if err != nil {
		t.Fatal(err)
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("2026-11-23T"), []byte(day.AddDate(0, 0, 1).Format("2006-01-02T")))
	text = bytes.ReplaceAll(text, []byte("2026-11-22"), []byte(date))
	text = bytes.ReplaceAll(text, []byte("20261122"), []byte(strings.ReplaceAll(date, "-", "")))
	r, err := report.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.History.Since = nil
	if since != "" {
		at, err := time.Parse(time.RFC3339, since)
		if err != nil {
			t.Fatal(err)
		}
		r.History.Since = &at
	}
	return r
}

func add(t *testing.T, a *Archive, reports ...*report.Report) {
	t.Helper()
	for _, r := range reports {
		if err := a.Add(r, report.Options{}); err != nil {
			t.Fatal(err)
		}
	}
}

// files lists what is below a folder.
func files(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, elem ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The page of a day with one run is the page of the run; every link of the index leads to a place that is there.
func TestAdd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	a := &Archive{Dir: dir}
	r := daily(t, "2026-11-22", "2026-11-22T00:15:02Z")
	add(t, a, daily(t, "2026-11-20", ""), r)
	var page bytes.Buffer
	if err := report.Lookup("html").Render(&page, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if read(t, dir, "2026/11/2026-11-22.html") != page.String() {
		t.Error("another page than that of the run")
	}
	index := read(t, dir, "index.html")
	links := regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(index, -1)
	if len(links) != 2+2*len(r.Incidents) {
		t.Errorf("%d links", len(links))
	}
	for _, m := range links {
		file, anchor, found := strings.Cut(html.UnescapeString(m[1]), "#")
		if text := read(t, dir, file); found && !strings.Contains(text, ` id="`+anchor+`"`) {
			t.Errorf("%s has no %q", file, anchor)
		}
	}
	want := "2026/11/2026-11-20.day.json 2026/11/2026-11-20.first.run.json 2026/11/2026-11-20.html " +
		"2026/11/2026-11-22.20261122T001502Z.run.json 2026/11/2026-11-22.day.json 2026/11/2026-11-22.html index.html"
	if got := strings.Join(files(t, dir), " "); got != want {
		t.Errorf("files are %s\nwant %s", got, want)
	}
	for name, mode := range map[string]fs.FileMode{".": 0o750, "2026": 0o750, "2026/11": 0o750, "index.html": 0o640, "2026/11/2026-11-22.html": 0o640} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm()&^mode != 0 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// A day with several runs has one page of them all; a run that is told again after a crash counts once.
func TestSeveralRuns(t *testing.T) {
	a := &Archive{Dir: t.TempDir()}
	night, noon := daily(t, "2026-11-22", "2026-11-21T18:00:00Z"), daily(t, "2026-11-22", "2026-11-22T06:00:00Z")
	night.Incidents = night.Incidents[:1]
	noon.Incidents[0].Failures = map[string]int{"502": 99}
	for range 2 {
		add(t, a, night, noon)
	}
	f, err := open(a.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	day, _ := time.Parse(time.DateOnly, "2026-11-22")
	r, err := f.joined(day, noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Incidents) != 3 || r.Incidents[0].Failures["502"] != 99 {
		t.Errorf("%d incidents, the first with %v", len(r.Incidents), r.Incidents[0].Failures)
	}
	if r.Coverage.Lines != 2*night.Coverage.Lines || len(r.Coverage.Sources) != len(night.Coverage.Sources) || r.Tags[0].Count != 2*night.Tags[0].Count {
		t.Errorf("%d lines of %d files, tags %+v", r.Coverage.Lines, len(r.Coverage.Sources), r.Tags[0])
	}
	one, two := &night.Profile.Slow, &r.Profile.Slow
	if two.Entries != 2*one.Entries || two.Functions[0].Count != 2*one.Functions[0].Count || two.Functions[0].Share != one.Functions[0].Share || len(two.Calls) != len(one.Calls) {
		t.Errorf("slow log: %+v", two)
	}
	if !r.History.Since.Equal(*night.History.Since) || len(r.History.Gaps) != 2 || noon.History.Gaps == nil {
		t.Errorf("history: since %v, gaps %v", r.History.Since, r.History.Gaps)
	}
	if n := strings.Count(read(t, a.Dir, "index.html"), "<a href="); n != 1+3 {
		t.Errorf("%d links", n)
	}
}

// What is older than is kept goes, with its folders; nothing else does, and a stamp in the future deletes nothing.
func TestRetention(t *testing.T) {
	a := &Archive{Dir: t.TempDir(), Keep: 3}
	add(t, a, daily(t, "2026-10-31", ""), daily(t, "2026-11-19", ""), daily(t, "2026-11-20", ""))
	foreign := []string{"notes.html", "2026/11/2026-11-01.txt", "2026/11/2026-11-01.x.run.json", "2026/09/2026-11-01.html", "2025/01/x"}
	for _, name := range foreign {
		p := filepath.Join(a.Dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o750), os.WriteFile(p, []byte("x"), 0o640)); err != nil {
			t.Fatal(err)
		}
	}
	add(t, a, daily(t, "2026-11-22", ""))
	future := daily(t, "2030-01-01", "")
	future.Generated = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	add(t, a, future)
	text := strings.Join(files(t, a.Dir), " ")
	for _, name := range append(foreign, "2026/11/2026-11-22.html", "2030/01/2030-01-01.html") {
		if !strings.Contains(text, name) {
			t.Errorf("%s is gone", name)
		}
	}
	for _, name := range []string{"2026/10", "2026-11-19."} {
		if strings.Contains(text, name) {
			t.Errorf("%s is still there", name)
		}
	}
	if _, err := os.Stat(filepath.Join(a.Dir, "2026/10")); !os.IsNotExist(err) {
		t.Error("an empty folder stays")
	}
	if strings.Contains(read(t, a.Dir, "index.html"), "October 2026") {
		t.Error("the calendar shows days that are not kept")
	}
}

// Links in the folder lead nowhere outside it.
func TestStaysInside(t *testing.T) {
	for _, link := range []string{"2026", "2026/11", "2026/11/2026-11-22.html.new", "2026/11/2026-11-22.html", "index.html"} {
		t.Run(link, func(t *testing.T) {
			dir, outside := t.TempDir(), t.TempDir()
			target := outside
			if strings.Contains(link, ".html") {
				target = filepath.Join(outside, "file")
				if err := os.WriteFile(target, []byte("untouched"), 0o640); err != nil {
					t.Fatal(err)
				}
			}
			at := filepath.Join(dir, link)
			if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o750), os.Symlink(target, at)); err != nil {
				t.Fatal(err)
			}
			err := (&Archive{Dir: dir, Keep: 1}).Add(daily(t, "2026-11-22", ""), report.Options{})
			got := files(t, outside)
			switch {
			case target == outside && (err == nil || len(got) > 0):
				t.Errorf("%v, outside lie %q", err, got)
			case target != outside && read(t, target) != "untouched":
				t.Error("the file outside was written")
			}
		})
	}
}

// A file that cannot be written whole leaves the one before as it was.
func TestWriteIsWhole(t *testing.T) {
	dir := t.TempDir()
	f, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	fill := func(text string, err error) func(io.Writer) error {
		return func(w io.Writer) error { io.WriteString(w, text); return err }
	}
	if err := f.write("x/a", fill("first", nil)); err != nil {
		t.Fatal(err)
	}
	if err := f.write("x/a", fill("half", errors.New("disk full"))); err == nil {
		t.Error("no error")
	}
	if got := read(t, dir, "x/a"); got != "first" || len(files(t, dir)) != 1 {
		t.Errorf("%q, files %q", got, files(t, dir))
	}
}

// What the index needs of a day is made anew from its runs where it is lost or damaged.
func TestIndexIsRebuilt(t *testing.T) {
	a := &Archive{Dir: t.TempDir()}
	add(t, a, daily(t, "2026-11-19", ""), daily(t, "2026-11-20", ""), daily(t, "2026-11-22", ""))
	before := read(t, a.Dir, "index.html")
	damaged, lost := filepath.Join(a.Dir, "2026/11/2026-11-19.day.json"), filepath.Join(a.Dir, "2026/11/2026-11-20.day.json")
	if err := errors.Join(os.WriteFile(damaged, []byte(`{"schema": 1, "da`), 0o640), os.Remove(lost), os.Remove(filepath.Join(a.Dir, "index.html"))); err != nil {
		t.Fatal(err)
	}
	add(t, a, daily(t, "2026-11-22", ""))
	if read(t, a.Dir, "index.html") != before {
		t.Error("another index")
	}
}

// An archive of a year with an outage a minute still has an index that opens.
func TestIndexOfManyIncidents(t *testing.T) {
	a := &Archive{Dir: t.TempDir()}
	r := daily(t, "2026-11-22", "")
	in := r.Incidents[0]
	r.Incidents = nil
	for i := range 3 * maxKept {
		in.ID, in.Start = fmt.Sprint(i), in.Start.Add(time.Second)
		r.Incidents = append(r.Incidents, in)
	}
	for d := range 15 {
		r.History.Date = fmt.Sprintf("2026-11-%02d", d+1)
		f, err := open(a.Dir)
		if err != nil {
			t.Fatal(err)
		}
		e := newEntry(r)
		for i := range e.Incidents {
			e.Incidents[i].ID += "-" + r.History.Date
		}
		day, _ := time.Parse(time.DateOnly, r.History.Date)
		if err := f.write(dayPath(day, entrySuffix), encoded(e)); err != nil {
			t.Fatal(err)
		}
		f.close()
	}
	r.History.Date = "2026-11-22"
	add(t, a, r)
	if n := len(read(t, a.Dir, "index.html")); n > 1<<20 {
		t.Errorf("the index has %d bytes", n)
	}
	if n := len(read(t, a.Dir, "2026/11/2026-11-22.html")); n > 2<<20 {
		t.Errorf("the page has %d bytes", n)
	}
	kept, err := report.Decode(strings.NewReader(read(t, a.Dir, "2026/11/2026-11-22.first.run.json")))
	if err != nil || len(kept.Incidents) != maxKept {
		t.Errorf("%d incidents kept, %v", len(kept.Incidents), err)
	}
}

// What is no report of a day is refused before anything is written.
func TestAddRefuses(t *testing.T) {
	for _, date := range []string{"", "../../x", "2026-13-01", "2026-11-22x", "0000-01-01"} {
		dir := filepath.Join(t.TempDir(), "a")
		r := daily(t, "2026-11-22", "")
		r.History.Date = date
		if err := (&Archive{Dir: dir}).Add(r, report.Options{}); err == nil {
			t.Errorf("%q was taken", date)
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%q left something", date)
		}
	}
	if err := (&Archive{Dir: t.TempDir()}).Add(&report.Report{}, report.Options{}); err == nil {
		t.Error("a report without history was taken")
	}
}
