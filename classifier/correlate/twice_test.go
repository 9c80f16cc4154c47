package correlate

import (
	"testing"
	"time"

	"why502/classifier"
	"why502/parser"
)

func TestOneEventInTwoFilesIsOne(t *testing.T) {
	at := time.Unix(1_795_370_000, 0)
	line := "2026/11/22 10:00:00 [alert] 12#12: 768 worker_connections are not enough"
	mark := func(file, text string, pids ...int) *Mark {
		return &Mark{
			About: &About{Tag: classifier.Tag("phpfpm/child-segv"), File: file, Pool: "shop"}, Count: 1, First: at, Last: at, PIDs: pids,
			Sample: Sample{Pos: parser.Pos{File: file, Line: 1}, Time: at, Text: text},
		}
	}
	for _, c := range []struct {
		name string
		a, b *Mark
		want int
	}{
		{"the same child in a file and in syslog", mark("fpm.log", "a", 7), mark("syslog", "b", 7), 1},
		{"two children", mark("fpm.log", "a", 7), mark("syslog", "b", 8), 2},
		{"two lines of one file", mark("fpm.log", "a", 7), mark("fpm.log", "b", 7), 2},
		{"a line with an envelope in front", mark("error.log", line), mark("syslog", "Nov 22 10:00:00 web1 nginx: "+line), 1},
		{"another line", mark("error.log", line), mark("syslog", "Nov 22 10:00:00 web1 nginx: 2026/11/22 10:00:00 [alert] 13#13: 768 worker_connections are not enough"), 2},
	} {
		if got := len(dropTwice([]*Mark{c.a, c.b})); got != c.want {
			t.Errorf("%s: %d marks, want %d", c.name, got, c.want)
		}
	}
}
