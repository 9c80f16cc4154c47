package correlate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"why502/parser"
)

// Which files are told apart does not hang on who read them, nor when: the first by name are.
func TestFolderTellsTheFirstApart(t *testing.T) {
	const files = maxSpecial + 200
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	read := func(to *Timeline, i int) {
		path := fmt.Sprintf("logs/shop%03d.example", i)
		to.Begin(path, "logs", "nginx-access")
		for range 2 {
			r := &parser.Record{Pos: parser.Pos{File: path, Line: 1}, Format: "nginx-access", Time: at.Add(time.Duration(i) * time.Second), Status: 502, URI: []byte("/"), Duration: -1}
			to.Add(r, nil)
		}
		why := Failing
		rest := &Source{Format: "nginx-access", Lines: 2, Bytes: 100}
		if i%10 == 0 {
			why, rest.Error = Unread, "it is cut"
		}
		to.End("logs", rest, why)
	}
	one := New()
	for i := range files {
		read(one, i)
	}
	several := []*Timeline{New(), New(), New()}
	for i := range files {
		n := files - 1 - i
		read(several[n%3], n)
	}
	for _, o := range several[1:] {
		several[0].Take(o)
	}
	for _, tl := range []*Timeline{one, several[0]} {
		all := tl.Sources()
		if len(all) != 1 || all[0].Path != "logs/* (nginx-access)" || all[0].Files != files || all[0].Failed != files/10 || all[0].Records != 2*files ||
			all[0].Lines != 2*files || all[0].Error != "" || !all[0].To.Equal(at.Add((files-1)*time.Second)) {
			t.Fatalf("%+v", all[0])
		}
		special := tl.Special()
		if len(special) != maxSpecial+files/10 {
			t.Fatalf("%d files are told apart", len(special))
		}
		for i, f := range special[:maxSpecial] {
			if f.Path != fmt.Sprintf("logs/shop%03d.example", i) || f.Records != 2 || f.Lines != 2 || f.In != all[0].Path || f.Error != "" != (i%10 == 0) {
				t.Fatalf("%d: %+v", i, f.Source)
			}
		}
	}
}

// The site that a file is about is read off its own name, also in a folder.
func TestFolderKeepsSites(t *testing.T) {
	tl := New()
	for _, file := range []string{"domlogs/shop.example", "domlogs/blog.example"} {
		tl.Begin(file, "domlogs", "apache-access")
		tl.Add(&parser.Record{Pos: parser.Pos{File: file, Line: 1}, Format: "apache-access", Time: time.Unix(1e9, 0), Status: 200, URI: []byte("/"), Duration: -1}, nil)
		tl.End("domlogs", &Source{Format: "apache-access"}, Usual)
	}
	sites := ""
	for _, b := range tl.Loads() {
		sites += b.Vhost + " "
	}
	if sites != "blog.example shop.example " {
		t.Errorf("sites: %s", sites)
	}
}

// A path may be longer than any name that a log line holds.
func TestLongPath(t *testing.T) {
	tl := New()
	file := strings.Repeat("a-folder/", 60) + "access.log"
	tl.Add(&parser.Record{Pos: parser.Pos{File: file, Line: 1}, Format: "nginx-access", Time: time.Unix(1e9, 0), Status: 502, URI: []byte("/"), Duration: -1}, nil)
	tl.Source(file).Lines = 1
	if all := tl.Incidents(); len(all) != 1 {
		t.Errorf("%d incidents", len(all))
	}
}
