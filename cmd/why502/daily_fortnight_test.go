package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"why502/report"
)

// fortnight is a server whose days are played: its logs are written and rotated as its clock goes on, and why502 daily runs on them.
type fortnight struct {
	t     *testing.T
	dir   string // logs lie below it
	state string
	zone  *time.Location
	now   time.Time

	shown  func([]report.Incident) string // what is compared of incidents
	lines  []playedLine                   // still to be written, by time
	out    bytes.Buffer                   // of the last run
	errs   bytes.Buffer
	told   int // incidents in all reports
	silent int // runs that printed nothing
}

type playedLine struct {
	at   time.Time
	path string
	text string
}

func newFortnight(t *testing.T, start time.Time) *fortnight {
	dir := t.TempDir()
	f := &fortnight{t: t, dir: filepath.Join(dir, "log"), state: filepath.Join(dir, "state"), shown: whole, zone: start.Location(), now: start}
	dailyNow, flush = func() time.Time { return f.now }, func(*os.File) error { return nil }
	t.Cleanup(func() { dailyNow, flush, step = time.Now, (*os.File).Sync, func(string) error { return nil } })
	return f
}

// play puts the lines of a case where its first one falls on a moment.
func (f *fortnight) play(dir string, at time.Time) {
	f.t.Helper()
	zone := time.UTC
	if tz := readTruth(f.t, dir).Timezone; tz != "" {
		zone = zoneNamed(f.t, tz)
	}
	logs := readLogs(f.t, filepath.Join(dir, "logs"), zone)
	var first time.Time
	for _, l := range logs {
		if len(l.entries) > 0 && (first.IsZero() || l.entries[0].at.Before(first)) {
			first = l.entries[0].at
		}
	}
	for _, l := range logs {
		own := l.entries // the server of a case is started before and stopped after it, this one goes on
		for len(own) > 0 && turning.MatchString(own[len(own)-1].lines[0]) {
			own = own[:len(own)-1]
		}
		for len(own) > 0 && turning.MatchString(own[0].lines[0]) {
			own = own[1:]
		}
		for i := range own {
			e := &own[i]
			if e.form == nil {
				continue
			}
			moved := e.at.Add(at.Sub(first))
			lines := slices.Clone(e.lines)
			s := lines[e.stamped]
			in := f.zone
			if e.form.layout == phpZoned {
				in = time.UTC
			}
			lines[e.stamped] = s[:e.from] + e.form.write(moved.In(in)) + s[e.to:]
			f.lines = append(f.lines, playedLine{moved, l.name, strings.Join(lines, "\n") + "\n"})
		}
	}
}

var turning = regexp.MustCompile(`NOTICE: (fpm is running|ready to handle|systemd monitor|Terminating|Finishing|exiting, bye-bye)|signal \d+ \(SIG|gracefully shutting down|: exit(ing)?$`)

// hum is what happens on every day: pages are served, and nginx and PHP-FPM note what hurts nobody.
func (f *fortnight) hum(from, to time.Time) {
	n := 0
	for at := from; at.Before(to); at = at.Add(7 * time.Minute) {
		n++
		f.lines = append(f.lines, playedLine{at, "var/log/nginx/access.log", fmt.Sprintf(
			"shop.test 198.51.100.%d - - [%s] \"GET /product/%d HTTP/1.1\" 200 %d \"-\" \"Mozilla/5.0\" 0.0%d 0.0%d\n",
			n%200+1, at.In(f.zone).Format("02/Jan/2006:15:04:05 -0700"), n%17, 2000+n%999, n%8+1, n%8+1)})
		if n%29 == 0 {
			f.lines = append(f.lines, playedLine{at, "var/log/nginx/error.log", fmt.Sprintf(
				"%s [error] 700#700: *%d open() \"/var/www/shop.test/favicon-%d.ico\" failed (2: No such file or directory), client: 198.51.100.7, server: shop.test, request: \"GET /favicon-%d.ico HTTP/1.1\", host: \"shop.test\"\n",
				at.In(f.zone).Format("2006/01/02 15:04:05"), n, n, n)})
		}
		if n%101 == 0 {
			f.lines = append(f.lines, playedLine{at, "var/log/php8.2-fpm.log", at.In(f.zone).Format("[02-Jan-2006 15:04:05]") + " NOTICE: error log file re-opened\n"})
		}
	}
}

// until writes what is logged up to a moment.
func (f *fortnight) until(at time.Time) {
	f.t.Helper()
	slices.SortStableFunc(f.lines, func(a, b playedLine) int { return a.at.Compare(b.at) })
	texts, last := map[string]*strings.Builder{}, map[string]time.Time{}
	n := 0
	for ; n < len(f.lines) && f.lines[n].at.Before(at); n++ {
		l := &f.lines[n]
		if texts[l.path] == nil {
			texts[l.path] = &strings.Builder{}
		}
		texts[l.path].WriteString(l.text)
		last[l.path] = l.at
	}
	f.lines = f.lines[n:]
	for path, text := range texts {
		name := filepath.Join(f.dir, path)
		f.check(os.MkdirAll(filepath.Dir(name), 0o755))
		file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		f.check(err)
		_, err = file.WriteString(text.String())
		f.check(cmp.Or(err, file.Close(), os.Chtimes(name, last[path], last[path])))
	}
	f.now = at
}

func (f *fortnight) check(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// rotate does to all logs what logrotate does at night: one way for each program.
func (f *fortnight) rotate() {
	f.t.Helper()
	for _, name := range logsBelow(f.t, f.dir) {
		base := filepath.Base(name)
		if info, err := os.Stat(name); err != nil || info.Size() == 0 || strings.ContainsAny(base[len(base)-1:], "0123456789z") {
			continue
		}
		switch {
		case strings.Contains(name, "/nginx/"): // create, delaycompress
			f.shift(name, 2)
			f.check(os.Rename(name, name+".1"))
			f.check(os.WriteFile(name, nil, 0o644))
		case strings.Contains(name, "php"): // copytruncate, compress
			f.shift(name, 1)
			info, err := os.Stat(name)
			f.check(err)
			text, err := os.ReadFile(name)
			f.check(cmp.Or(err, os.WriteFile(name+".1", text, 0o644), os.Chtimes(name+".1", f.now, info.ModTime()), os.Truncate(name, 0)))
			f.pack(name + ".1")
		default: // dateext, compress
			old := name + f.now.Format("-20060102")
			f.check(cmp.Or(os.Rename(name, old), os.WriteFile(name, nil, 0o644)))
			f.pack(old)
		}
	}
}

// shift gives numbered generations the next number, and packs the one that gets number packed.
func (f *fortnight) shift(name string, packed int) {
	for n := 40; n >= 1; n-- {
		for _, suffix := range []string{"", ".gz"} {
			old := fmt.Sprintf("%s.%d%s", name, n, suffix)
			if _, err := os.Stat(old); err != nil {
				continue
			}
			next := fmt.Sprintf("%s.%d", name, n+1)
			f.check(os.Rename(old, next+suffix))
			if suffix == "" && n+1 >= packed {
				f.pack(next)
			}
		}
	}
}

func (f *fortnight) pack(name string) {
	f.t.Helper()
	info, err := os.Stat(name)
	f.check(err)
	text, err := os.ReadFile(name)
	f.check(err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write(text)
	f.check(cmp.Or(err, z.Close(), os.WriteFile(name+".gz", b.Bytes(), 0o644), os.Chtimes(name+".gz", info.ModTime(), info.ModTime()), os.Remove(name)))
}

// daily runs the command and returns its status.
func (f *fortnight) daily(args ...string) int {
	f.t.Helper()
	f.out.Reset()
	f.errs.Reset()
	root := newRoot()
	root.SetOut(&f.out)
	root.SetErr(&f.errs)
	root.SetArgs(append([]string{"daily", "--state", f.state, "--timezone", f.zone.String(), "--format", "json", "--retention", "400", f.dir}, args...))
	code := finish(&f.errs, root.ExecuteContext(f.t.Context()))
	if f.out.Len() == 0 {
		f.silent++
	}
	return code
}

// incidents are all that are on record.
func (f *fortnight) incidents() []report.Incident {
	f.t.Helper()
	s := &store{dir: f.state}
	st, err := s.load()
	f.check(err)
	text, err := s.part(st, "incidents.json")
	f.check(err)
	live, err := decodeIncidents(text)
	f.check(err)
	all := append(s.finals(st.Whole, st.Run), live...)
	slices.SortStableFunc(all, func(a, b report.Incident) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	return all
}

// equalsAnalyze compares what is on record with what one analysis of all logs says.
func (f *fortnight) equalsAnalyze() {
	f.t.Helper()
	all := analyzed(f.t, truth{Timezone: f.zone.String()}, f.dir)
	slices.SortStableFunc(all.Incidents, func(a, b report.Incident) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	got, want := f.shown(f.incidents()), f.shown(all.Incidents)
	if got != want {
		f.t.Errorf("daily and analyze differ (daily has %d incidents, analyze %d): %s", len(f.incidents()), len(all.Incidents), firstDifferentLine(got, want))
		if dir := os.Getenv("WHY502_KEEP"); dir != "" {
			f.check(cmp.Or(os.WriteFile(filepath.Join(dir, "daily"), []byte(got), 0o644), os.WriteFile(filepath.Join(dir, "analyze"), []byte(want), 0o644)))
		}
	}
}

// whole is all of incidents as text but the places of their lines, which were right when they were told, and the advice, which
// reckons the size of pools from the time that a report is on.
func whole(list []report.Incident) string {
	var b strings.Builder
	for _, in := range list {
		in.Continues, in.Recurs = false, nil
		for c := range in.Causes {
			in.Causes[c].Advice = nil
			for _, ev := range [][]report.Evidence{in.Causes[c].Evidence, in.Causes[c].Against} {
				for i := range ev {
					ev[i].Source, ev[i].Line = "", 0
				}
			}
		}
		for i := range in.Timeline {
			in.Timeline[i].Source, in.Timeline[i].Line = "", 0
		}
		text, err := json.MarshalIndent(in, "", " ")
		if err != nil {
			panic(err) // a report can always be written
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.String()
}

// dayOf is a moment of the days that are played. Summer time ends in the tenth night.
func dayOf(zone *time.Location) func(n, hour, minute int) time.Time {
	return func(n, hour, minute int) time.Time { return time.Date(2026, 10, 16+n, hour, minute, 0, 0, zone) }
}

// TestFortnight plays two weeks: real cases on days of normal traffic, rotation each night in three ways, two runs a day, a day missed,
// runs that die at every step of writing, and the night in which summer time ends. What a later case teaches about a server would show in
// the analysis of all logs only (which pool is whose), so the first one knows all of it.
func TestFortnight(t *testing.T) {
	t.Run("nginx", func(t *testing.T) {
		day := dayOf(zoneNamed(t, "Europe/Berlin"))
		playDays(t, "../../fixtures/incidents/", 14, "slow_plugin", map[string]time.Time{
			"request_terminate_timeout": day(0, 3, 0), "slow_plugin": day(0, 11, 0), "fpm_down": day(1, 23, 59), "php_memory_limit": day(2, 6, 29),
			"database_down": day(3, 3, 0), "socket_permission": day(4, 18, 29), "header_too_big": day(5, 10, 0), "rotated": day(7, 0, 9),
			"two_faults": day(9, 2, 20), "upstream_dns_nxdomain": day(10, 0, 9), "slow_crash_down": day(12, 17, 50), "quiet_control": day(13, 9, 0),
		}, whole)
	})
	t.Run("apache", func(t *testing.T) {
		day := dayOf(zoneNamed(t, "Europe/Berlin"))
		playDays(t, "../../fixtures/incidents/", 4, "apache_fcgi_timeout", map[string]time.Time{
			"apache_fcgi_timeout": day(0, 5, 0), "apache_fcgi_segfault": day(1, 23, 59), "apache_database_down": day(3, 6, 29),
		}, whole)
	})
}

// TestLongFortnight plays all labelled cases, where they are at hand, at times that the seed chooses; .ci/fortnight runs it. What a
// later case teaches about the server may show in the causes, so it compares incidents, their counts and verdicts.
func TestLongFortnight(t *testing.T) {
	seed, err := strconv.ParseUint(os.Getenv("WHY502_FORTNIGHT"), 10, 64)
	if err != nil {
		t.Skip("WHY502_FORTNIGHT names no seed")
	}
	day := dayOf(zoneNamed(t, "Europe/Berlin"))
	play := func(t *testing.T, days int, conf string, apache bool) {
		var names []string
		for _, d := range caseDirs(t, "../../../shared/cases/*/logs") {
			if name := filepath.Base(filepath.Dir(d)); strings.HasPrefix(name, "apache_") == apache && name != "waf_drop_modsec" {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			t.Skip("no labelled cases here")
		}
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		cases := map[string]time.Time{}
		for i, name := range names { // hours apart: what bears on one is not to bear on the next
			cases[name] = day(0, 1, 0).Add(time.Duration(i)*time.Duration(days)*24*time.Hour/time.Duration(len(names)) + time.Duration(r.IntN(3*60))*time.Minute)
		}
		playDays(t, "../../../shared/cases/", days, conf, cases, counts)
	}
	t.Run("nginx", func(t *testing.T) { play(t, 14, "slow_plugin", false) })
	t.Run("apache", func(t *testing.T) { play(t, 5, "apache_fcgi_timeout", true) })
}

// deaths are where a run dies: one a day, the next run follows at once.
var deaths = []string{"before run-", "within run-", "after run-", "before final", "within final", "before reports", "after reports", "before state.json", "within state.json"}

func playDays(t *testing.T, dir string, days int, conf string, cases map[string]time.Time, shown func([]report.Incident) string) {
	day := dayOf(zoneNamed(t, "Europe/Berlin"))
	f := newFortnight(t, day(0, 0, 0))
	f.shown = shown
	f.hum(day(0, 0, 0), day(days, 0, 0))
	f.check(os.CopyFS(filepath.Join(filepath.Dir(f.dir), "conf"), os.DirFS(dir+conf+"/conf")))
	for name, at := range cases {
		f.play(dir+name, at)
	}
	for n := range days {
		f.until(day(n, 0, 10))
		f.rotate()
		if n == 6 {
			continue // the day that is missed
		}
		for _, hour := range []int{6, 18} {
			f.until(day(n, hour, 30))
			if n < len(deaths) && hour == 18 {
				step = func(at string) error {
					if strings.HasPrefix(at, deaths[n]) {
						return errDied
					}
					return nil
				}
				f.daily()
				step = func(string) error { return nil }
			}
			f.runTwice()
		}
	}
	f.equalsAnalyze()
	f.comesLate(day(days-2, 13, 0))
	f.losesLogs(day(days/2, 0, 0))
	t.Logf("%d incidents on record, told %d times, %d silent runs", len(f.incidents()), f.told, f.silent)
}

// comesLate lets a log turn up that nobody could read before: what it says of days that are told is told as if it had been there.
func (f *fortnight) comesLate(at time.Time) {
	f.t.Helper()
	for n := range 40 {
		f.lines = append(f.lines, playedLine{at.Add(time.Duration(n) * time.Second), "var/log/nginx/other.test-error.log", fmt.Sprintf(
			"%s [error] 9#9: *%d connect() to unix:/run/php/other.sock failed (2: No such file or directory) while connecting to upstream, client: 203.0.113.%d, server: other.test, request: \"GET /%d HTTP/1.1\", upstream: \"fastcgi://unix:/run/php/other.sock:\", host: \"other.test\"\n",
			at.Add(time.Duration(n)*time.Second).In(f.zone).Format("2006/01/02 15:04:05"), n, n+1, n)})
	}
	known := len(f.incidents())
	f.until(f.now.Add(time.Minute))
	f.runTwice()
	if len(f.incidents()) != known+1 {
		f.t.Errorf("%d incidents on record after a log came late, %d before", len(f.incidents()), known)
	}
	f.equalsAnalyze()
}

// losesLogs deletes what was written before a moment and has all read again: what cannot be told any more stays as it was told. The rest
// may be told with less of what spoke for it.
func (f *fortnight) losesLogs(before time.Time) {
	f.t.Helper()
	want := counts(f.incidents())
	for _, name := range logsBelow(f.t, f.dir) {
		if info, err := os.Stat(name); err == nil && info.ModTime().Before(before) {
			f.check(os.Remove(name))
		}
	}
	if code := f.daily("--rebuild"); code != statusDone || f.out.Len() > 0 {
		f.t.Errorf("all read again: status %d: %s%s", code, f.errs.String(), f.out.String())
	}
	if got := counts(f.incidents()); got != want {
		f.t.Errorf("all read again where logs are gone: %s\nbefore: %s", got, want)
	}
}

// counts are incidents in a line each, without the id: it holds the site that failed first, which a later line may have told.
func counts(list []report.Incident) string {
	var b strings.Builder
	for i := range list {
		in := &list[i]
		fmt.Fprintf(&b, "%s-%s %v %d %s %s\n", in.Start.Format(time.DateTime), in.End.Format(time.TimeOnly), in.Failures, in.Clients, in.Scope, strings.Fields(verdict(in) + " none")[0])
	}
	return b.String()
}

var errDied = errors.New("died")

// runTwice runs the command; a second time at once there is nothing to read and to tell.
func (f *fortnight) runTwice() {
	f.t.Helper()
	if code := f.daily(); code != statusDone || f.errs.Len() > 0 {
		f.t.Errorf("%s: status %d: %s", f.now, code, f.errs.String())
	}
	if f.out.Len() > 0 {
		r, err := report.Decode(&f.out)
		f.check(err)
		f.told += len(r.Incidents)
	}
	if code := f.daily("--always"); code != statusDone {
		f.t.Errorf("%s, again: status %d: %s", f.now, code, f.errs.String())
	}
	if r, err := report.Decode(&f.out); err != nil || r.Coverage.Lines > 0 || len(r.Incidents) > 0 {
		f.t.Errorf("%s: a second run at once read %d lines and told %d incidents (%v)", f.now, r.Coverage.Lines, len(r.Incidents), err)
	}
}
