package correlate

import (
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

// What says what became of a request stands in the line after the one that people quote. A whole log would have it, and an access log
// says more.
func TestExcerpt(t *testing.T) {
	const log = "error.log"
	failed := []classifier.Event{{Rule: &classifier.Rule{Tag: "apache/connect-failed", Signal: true, Family: classifier.Down}}}
	answered := []classifier.Event{{Rule: &classifier.Rule{Tag: "apache/http-unreachable", Harm: "503", Family: classifier.Down}}}
	line := func(file, format string, sec int) *parser.Record {
		return &parser.Record{Pos: parser.Pos{File: file}, Format: format, Time: lunch.Add(time.Duration(sec) * time.Second), Duration: -1}
	}
	for _, c := range []struct {
		name         string
		more         int // entries of the log besides
		harm, access bool
		want         int
		wantFailures bool
	}{
		{"one line", 0, false, false, 1, false},
		{"a few lines", maxExcerpt - 1, false, false, 1, false},
		{"a log", maxExcerpt, false, false, 0, false},
		{"the next line, too", 0, true, false, 1, true},
		{"with the access log", 0, false, true, 0, false},
	} {
		tl := New()
		tl.Add(line(log, "apache-error", 0), failed)
		for i := range c.more {
			tl.Add(line(log, "apache-error", i), nil)
		}
		if c.harm {
			tl.Add(line(log, "apache-error", 0), answered)
		}
		if c.access {
			tl.Add(timedLine("access.log", "apache-access", "shop.test", -5, -1), nil)
			tl.Add(timedLine("access.log", "apache-access", "shop.test", 5, -1), nil)
		}
		in := tl.Incidents()
		if len(in) != c.want || c.want > 0 && (in[0].Total() > 0) != c.wantFailures {
			t.Errorf("%s: %d incidents", c.name, len(in))
		}
	}
}

// In a paste of several logs the time of all of them is not that of the requests in it.
func TestAccessOfAMixedFile(t *testing.T) {
	fatal := []classifier.Event{{Rule: &classifier.Rule{Tag: "php/fatal", Harm: "500", Presumed: true, Family: classifier.App}}}
	for _, c := range []struct {
		name string
		file string // of the requests
		at   int    // of the error, whose file is paste.txt
		want int
	}{
		{"hours before the requests of the same file", "paste.txt", -4 * 3600, 1},
		{"among them", "paste.txt", 30, 0},
		{"in the time of an access log", "access.log", 30, 0},
	} {
		tl := New()
		tl.Add(&parser.Record{Pos: parser.Pos{File: "paste.txt"}, Format: "nginx-error", Time: lunch.Add(time.Duration(c.at) * time.Second), Duration: -1}, fatal)
		tl.Add(timedLine(c.file, "nginx-access", "", 0, -1), nil)
		tl.Add(timedLine(c.file, "nginx-access", "", 60, -1), nil)
		if in := tl.Incidents(); len(in) != c.want {
			t.Errorf("%s: %d incidents", c.name, len(in))
		}
	}
}
