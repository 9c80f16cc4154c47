package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// stamps are the ways in which the logs of the cases write a time without a zone.
var stamps = []struct {
	find   *regexp.Regexp
	layout string
}{
	{regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`), "2006/01/02 15:04:05"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\d [ \d]\d:\d\d:\d\d`), "2006-01-02 15:04:05"},
	{regexp.MustCompile(`^\[\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d\]`), "[02-Jan-2006 15:04:05]"},
	{regexp.MustCompile(`^\[\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\]`), "[Mon Jan 02 15:04:05.000000 2006]"},
	{regexp.MustCompile(`^\w{3} [ \d]\d \d\d:\d\d:\d\d`), "Jan _2 15:04:05"},
}

// mapStamps gives each stamp at the beginning of a line another time.
func mapStamps(text string, move func(time.Time) time.Time) (string, int) {
	lines := strings.SplitAfter(text, "\n")
	moved := 0
	for i, l := range lines {
		for _, s := range stamps {
			stamp := s.find.FindString(l)
			at, err := time.Parse(s.layout, strings.Replace(stamp, "  ", " 0", 1))
			if err != nil {
				at, err = time.Parse(s.layout, stamp)
			}
			if stamp != "" && err == nil {
				lines[i] = move(at).Format(s.layout) + l[len(stamp):]
				moved++
				break
			}
		}
	}
	return strings.Join(lines, ""), moved
}

func by(d time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Add(d) }
}

// restamped writes all logs of a case anew, those that a pattern names with other stamps. It returns "" if the case has
// no such log.
func restamped(t *testing.T, dir string, move func(time.Time) time.Time, patterns ...string) string {
	t.Helper()
	to := t.TempDir()
	moved := 0
	for _, path := range logsBelow(t, dir) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(patterns, func(p string) bool { return (&fileZone{path: p}).means(path) }) {
			if rest, ok := strings.CutSuffix(name, ".gz"); ok {
				z, err := gzip.NewReader(bytes.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				if text, err = io.ReadAll(z); err != nil {
					t.Fatal(err)
				}
				name = rest
			}
			s, n := mapStamps(string(text), move)
			text = []byte(s)
			moved += n
		}
		out := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(out, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(out, info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
	if moved == 0 {
		return ""
	}
	return to
}

var (
	fpmLogs  = []string{"php*-fpm.log*", "php-fpm/error.log"}
	slowLogs = []string{"*-slow.log"}
)

// Logs of one server in several zones give the same verdicts as in one, with and without a zone by flag.
func TestSeveralZonesGiveTheSameVerdicts(t *testing.T) {
	matrix := []struct {
		name  string
		by    time.Duration
		paths []string
	}{
		{"FPM in Tokyo", 9 * time.Hour, fpmLogs},
		{"FPM and its slow logs in Tokyo", 9 * time.Hour, append(slices.Clone(fpmLogs), slowLogs...)},
		{"FPM's slow logs in UTC-3", -3 * time.Hour, slowLogs},
		{"MariaDB in New York", -5 * time.Hour, []string{"mysql/error.log"}},
		{"nginx in Los Angeles", -8 * time.Hour, []string{"nginx/error.log*"}},
		{"Apache in India", 330 * time.Minute, []string{"apache/logs/error_log"}},
		{"kernel in Chicago", -6 * time.Hour, []string{"messages"}},
		{"all of PHP and the database in Tokyo", 9 * time.Hour, append(append(slices.Clone(fpmLogs), slowLogs...), "mysql/error.log")},
	}
	cases(t, func(t *testing.T, dir string) {
		tr := readTruth(t, dir)
		logs := filepath.Join(dir, "logs")
		if strings.HasPrefix(filepath.Base(dir), "dst_") {
			return // a night in which no other zone is a constant away: tests of its own
		}
		want := firstCauses(analyzed(t, tr, logs))
		for _, m := range matrix {
			moved := restamped(t, logs, by(m.by), m.paths...)
			if moved == "" {
				continue
			}
			for _, zone := range []string{tr.Timezone, ""} {
				r := analyzed(t, truth{Timezone: zone}, moved)
				if diff := unlike(firstCauses(r), want); diff != "" {
					t.Errorf("%s, --timezone %q: %s\n%s", m.name, zone, diff, strings.Join(r.Notes, "\n"))
				}
			}
		}
	})
}

// firstCause is when an incident began and its verdict.
type firstCause struct {
	start time.Time
	cause string
}

func firstCauses(r *report.Report) (out []firstCause) {
	for _, in := range r.Incidents {
		f := firstCause{start: in.Start}
		if len(in.Causes) > 0 {
			f.cause = in.Causes[0].ID
		}
		out = append(out, f)
	}
	return out
}

func unlike(got, want []firstCause) string {
	same := slices.EqualFunc(got, want, func(a, b firstCause) bool {
		return a.cause == b.cause && a.start.Sub(b.start).Abs() <= 2*time.Second
	})
	if same {
		return ""
	}
	return fmt.Sprintf("%v, want %v", got, want)
}
