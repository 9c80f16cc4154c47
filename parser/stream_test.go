package parser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestStreamHeld: what Held names, put into another Stream before the lines that follow, makes the same records.
func TestStreamHeld(t *testing.T) {
	for format, lines := range map[string][]string{
		"php-slow": {
			"", "[22-Nov-2026 10:00:05]  [pool www] pid 4242", "script_filename = /srv/index.php",
			"[0x00007f0000000001] curl_exec() /srv/a.php:3", "", "[22-Nov-2026 10:00:06]  [pool www] pid 4243", "script_filename = /srv/b.php",
			"[0x00007f0000000001] sleep() /srv/b.php:4",
		},
		"docker-logs": { // two entries that wait at once, with lines of others between
			"2026-11-22T10:00:05.000000001Z [22-Nov-2026 10:00:05]  [pool www] pid 4242",
			"2026-11-22T10:00:05.000000002Z script_filename = /srv/index.php",
			"2026-11-22T10:00:05.000000003Z [0x00007f0000000001] curl_exec() /srv/a.php:3",
			"2026-11-22T10:00:06.000000003Z 2026/11/22 10:00:06 [notice] 1#1: hello",
		},
		"compose": {
			"php-1    | [22-Nov-2026 10:00:05]  [pool www] pid 4242",
			"nginx-1  | 2026/11/22 10:00:05 [notice] 1#1: hello",
			"php-1    | script_filename = /srv/index.php",
			"php-2    | [22-Nov-2026 10:00:05]  [pool www] pid 4243",
			"php-1    | [0x00007f0000000001] curl_exec() /srv/a.php:3",
			"nginx-1  | 2026/11/22 10:00:06 [notice] 1#1: again",
			"php-2    | script_filename = /srv/b.php",
			"php-2    | [0x00007f0000000001] sleep() /srv/b.php:4",
		},
	} {
		want := pieces(t, format, lines, -1)
		if len(want) == 0 || strings.Contains(strings.Join(want, " "), "not a") {
			t.Errorf("%s: %q", format, want)
		}
		for at := range lines {
			if got := pieces(t, format, lines, at+1); !slices.Equal(got, want) {
				t.Errorf("%s, cut after line %d: %q, want %q", format, at+1, got, want)
			}
		}
	}
}

// pieces are the records of lines, read by one Stream up to the line number cut and by another from there on; sorted.
func pieces(t *testing.T, format string, lines []string, cut int) (records []string) {
	start := func() *Stream {
		return NewStream("log", Lookup(format), &Decoder{Ref: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}, func(r *Record, err error) bool {
			if err != nil {
				records = append(records, err.Error())
			} else {
				text := fmt.Sprintf("%d %s %s", r.Line, r.Format, r.Script)
				for _, f := range r.Frames {
					text += " " + string(f.Func)
				}
				records = append(records, text)
			}
			return true
		})
	}
	s := start()
	for i, l := range lines {
		s.Put(Line{Text: []byte(l), Number: i + 1, Offset: int64(i)})
		if i+1 == cut {
			held := s.Held()
			s = start()
			for _, h := range held {
				for n := range h.Lines {
					s.Put(Line{Text: []byte(lines[h.Line-1+n]), Number: h.Line + n, Offset: h.Offset + int64(n)})
				}
			}
		}
	}
	s.Flush()
	slices.Sort(records)
	return records
}
