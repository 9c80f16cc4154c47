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

type stamp struct {
	find   *regexp.Regexp
	layout string
}

// unzoned are the ways in which the logs of the cases write a time without a zone.
var unzoned = []stamp{
	{regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`), "2006/01/02 15:04:05"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\d [ \d]\d:\d\d:\d\d`), "2006-01-02 15:04:05"},
	{regexp.MustCompile(`^\[\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d\]`), "[02-Jan-2006 15:04:05]"},
	{regexp.MustCompile(`^\[\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\]`), "[Mon Jan 02 15:04:05.000000 2006]"},
	{regexp.MustCompile(`^\w{3} [ \d]\d \d\d:\d\d:\d\d`), "Jan _2 15:04:05"},
}

// zoned are those with one.
var zoned = []stamp{
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d`), "2006-01-02T15:04:05.000000-07:00"},
	{regexp.MustCompile(`\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}`), "02/Jan/2006:15:04:05 -0700"},
	{regexp.MustCompile(`^\[\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d UTC\]`), "[02-Jan-2006 15:04:05 MST]"},
}

// mapStamps gives the first stamp of each line another time.
func mapStamps(text string, stamps []stamp, move func(time.Time) time.Time) (string, int) {
	lines := strings.SplitAfter(text, "\n")
	moved := 0
	for i, l := range lines {
		for _, s := range stamps {
			span := s.find.FindStringIndex(l)
			if span == nil {
				continue
			}
			text := l[span[0]:span[1]]
			at, err := time.Parse(s.layout, strings.Replace(text, "  ", " 0", 1))
			if err != nil {
				at, err = time.Parse(s.layout, text)
			}
			if err == nil {
				lines[i] = l[:span[0]] + move(at).Format(s.layout) + l[span[1]:]
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
	return rewritten(t, dir, time.Time{}, func(path, text string) (string, int) {
		if !slices.ContainsFunc(patterns, func(p string) bool { return (&fileZone{path: p}).means(path) }) {
			return text, 0
		}
		return mapStamps(text, unzoned, move)
	})
}

// readLog reads a log of a case, unpacked: its name below dir without .gz, its text, and the time of the file.
func readLog(t *testing.T, dir, path string) (name string, text []byte, at time.Time) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if name, err = filepath.Rel(dir, path); err != nil {
		t.Fatal(err)
	}
	if rest, ok := strings.CutSuffix(name, ".gz"); ok {
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err == nil {
			text, err = io.ReadAll(z)
		}
		if err != nil {
			t.Fatal(err)
		}
		name = rest
	}
	return name, text, info.ModTime()
}

// rewritten writes all logs of a case anew. It returns "" if nothing changed. written is the time of the files, that of
// the originals if it is zero.
func rewritten(t *testing.T, dir string, written time.Time, edit func(path, text string) (string, int)) string {
	t.Helper()
	to := t.TempDir()
	moved := 0
	for _, path := range logsBelow(t, dir) {
		name, text, at := readLog(t, dir, path)
		edited, n := edit(path, string(text))
		moved += n
		out := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(out, []byte(edited), 0o644); err != nil {
			t.Fatal(err)
		}
		if !written.IsZero() {
			at = written
		}
		if err := os.Chtimes(out, at, at); err != nil {
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

// berlin returns a function that reads the stamps of a log in their order, in the night when summer time ends: the hour that
// is repeated is told by the step back.
func berlin(to *time.Location) func(time.Time) time.Time {
	var last time.Time
	east := 2 * time.Hour
	return func(wall time.Time) time.Time {
		if wall.Before(last.Add(-30 * time.Minute)) {
			east = time.Hour
		}
		last = wall
		return wall.Add(-east).In(to)
	}
}

func zoneNamed(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// In the night when summer time ends: the logs in one zone, and PHP-FPM or nginx in UTC.
func TestNightWhenSummerTimeEnds(t *testing.T) {
	logs := "../../fixtures/incidents/dst_fall_back/logs"
	want := firstCauses(analyzed(t, truth{Timezone: "Europe/Berlin"}, logs))
	for _, paths := range [][]string{{"none"}, fpmLogs, {"nginx/error.log"}, {"mysql/error.log"}} {
		moved := logs
		if paths[0] != "none" {
			moved = restamped(t, logs, berlin(time.UTC), paths...)
		}
		for _, zone := range []string{"Europe/Berlin", ""} {
			r := analyzed(t, truth{Timezone: zone}, moved)
			if diff := unlike(firstCauses(r), want); diff != "" {
				t.Errorf("%v in UTC, --timezone %q: %s\n%s", paths, zone, diff, strings.Join(r.Notes, "\n"))
			}
		}
	}
}

// Outages moved into the moments at which local stamps are not a steady clock are found as at any other time.
func TestNightsOnWhichStampsJump(t *testing.T) {
	for _, c := range []struct {
		name, dir, zone string
		outage, to      time.Time // a moment in an outage, and what it is moved to
		written         time.Time
	}{
		{
			"summer time begins", "two_faults", "Europe/Berlin", time.Date(2026, 11, 22, 18, 4, 55, 0, time.UTC), time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC),
			time.Time{},
		},
		{
			"summer time ends", "two_faults", "America/New_York", time.Date(2026, 11, 22, 18, 4, 55, 0, time.UTC), time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC),
			time.Time{},
		},
		{
			"the year ends", "apache_fcgi_segfault", "Asia/Tokyo", time.Date(2026, 11, 22, 17, 55, 35, 0, time.UTC), time.Date(2025, 12, 31, 15, 0, 0, 0, time.UTC),
			time.Date(2026, 1, 1, 1, 0, 0, 0, time.UTC),
		},
		{
			"the year ends and the logs are copied later", "apache_fcgi_segfault", "Asia/Tokyo", time.Date(2026, 11, 22, 17, 55, 35, 0, time.UTC), time.Date(2025, 12, 31, 15, 0, 0, 0, time.UTC),
			time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			logs := filepath.Join("../../fixtures/incidents", c.dir, "logs")
			want := firstCauses(analyzed(t, truth{Timezone: "UTC"}, logs))
			by := c.to.Sub(c.outage)
			for i := range want {
				want[i].start = want[i].start.Add(by)
			}
			zone := zoneNamed(t, c.zone)
			moved := rewritten(t, logs, c.written, func(_, text string) (string, int) {
				text, n := mapStamps(text, slices.Concat(zoned[:2], unzoned), func(at time.Time) time.Time {
					if at.Year() == 0 {
						at = at.AddDate(2026, 0, 0)
					}
					return at.Add(by).In(zone)
				})
				text, m := mapStamps(text, zoned[2:], func(at time.Time) time.Time { return at.Add(by) })
				return text, n + m
			})
			for _, flag := range []string{c.zone, ""} {
				r := analyzed(t, truth{Timezone: flag}, moved)
				if diff := unlike(firstCauses(r), want); diff != "" {
					t.Errorf("--timezone %q: %s\n%s", flag, diff, strings.Join(r.Notes, "\n"))
				}
			}
		})
	}
}

// The clock of one log is seven seconds off.
func TestSkewedClock(t *testing.T) {
	logs := "../../fixtures/incidents/two_faults/logs"
	want := firstCauses(analyzed(t, truth{Timezone: "UTC"}, logs))
	for _, skew := range []time.Duration{7 * time.Second, -7 * time.Second} {
		for _, paths := range [][]string{fpmLogs, {"nginx/error.log"}} {
			r := analyzed(t, truth{Timezone: "UTC"}, restamped(t, logs, by(skew), paths...))
			if diff := unlike(firstCauses(r), want); diff != "" {
				t.Errorf("%v by %s: %s\n%s", paths, skew, diff, strings.Join(r.Notes, "\n"))
			}
		}
	}
}
