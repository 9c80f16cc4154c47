package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/classifier/rootcause"
	"why502/parser"
	"why502/parser/input"
	"why502/report"
)

// entry is a record of a log and when it was written.
type entry struct {
	*parser.Record
	at  time.Time
	loc *time.Location // in which its stamp was read, if it states no zone
}

// entriesOf are those of all logs of a labelled case, in the order in which they were written.
func entriesOf(t *testing.T, dir string) (all []entry) {
	t.Helper()
	zone, err := time.LoadLocation(readTruth(t, filepath.Dir(dir)).Timezone)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || input.Stem(path) != path {
			return err
		}
		files, errs := input.Open([]string{path}, input.Options{})
		if len(errs) > 0 {
			return errs[0]
		}
		head, err := files[0].Head()
		if err != nil {
			return nil // empty
		}
		d := &parser.Decoder{Zone: zone, Ref: files[0].ModTime(), Path: path}
		f := d.Detect(head)
		if f == nil {
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		all = append(all, parsed(t, files[0], f, d, rel)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	return all
}

// parsed are the entries of one log, under a name.
func parsed(t *testing.T, src parser.Source, f *parser.Format, d *parser.Decoder, name string) (all []entry) {
	t.Helper()
	var at time.Time
	for r, err := range parser.Records(t.Context(), src, f, d) {
		if err != nil {
			continue
		}
		r = r.Clone()
		r.File = name
		if !r.Time.IsZero() {
			at = r.Time
		}
		all = append(all, entry{Record: r, at: at})
	}
	var met stamps
	if met.add(d); met.unzoned && !met.zoned {
		for i := range all {
			all[i].loc = met.zone
		}
	}
	return all
}

// shifted are the same entries some time later.
func shifted(all []entry, by time.Duration) (out []entry) {
	for _, e := range all {
		r := e.Record.Clone()
		if !r.Time.IsZero() {
			r.Time = r.Time.Add(by)
		}
		out = append(out, entry{r, e.at.Add(by), e.loc})
	}
	return out
}

// runner analyses logs that grow.
type runner struct {
	rules *classifier.Rules
	ref   time.Time
}

func (r *runner) add(tl *correlate.Timeline, entries []entry) {
	var events []classifier.Event
	for _, e := range entries {
		events = r.rules.Classify(events[:0], e.Record)
		tl.Add(e.Record, events)
		if e.loc != nil {
			src := tl.Source(e.File)
			src.Zone, src.Clock, src.Loc = e.loc.String(), "assumed", e.loc
		}
	}
}

func (r *runner) conclude(tl *correlate.Timeline) *report.Report {
	tl.Align()
	tl.Settle(r.ref)
	return report.Build(report.Input{Timeline: tl, Diagnoses: rootcause.Diagnose(tl, time.UTC), Zone: time.UTC})
}

func (r *runner) decode(t *testing.T, state []byte) *correlate.Timeline {
	t.Helper()
	if state == nil {
		return correlate.New()
	}
	tl, err := correlate.Decode(bytes.NewReader(state), r.rules.Find)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

func encode(t *testing.T, tl *correlate.Timeline) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := tl.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inRuns analyses entries in as many runs as there are moments, each of which reads what was written since the one before, and
// keeps of what it read what those to come need. It returns the incidents of all runs, each as its last run told it.
func (r *runner) inRuns(t *testing.T, entries []entry, ends []time.Time) (last *report.Report, most int) {
	t.Helper()
	var state []byte
	var all []report.Incident
	open := map[string]report.Incident{} // by what they began with
	for i, end := range ends {
		n := len(entries)
		if i < len(ends)-1 {
			n, _ = slices.BinarySearchFunc(entries, end, func(e entry, end time.Time) int { return e.at.Compare(end) })
		}
		tl := r.decode(t, state)
		r.add(tl, entries[:n])
		entries = entries[n:]
		state = encode(t, tl)
		rep := r.conclude(tl)
		settled := tl.Settled(end, func(yield func(from, to time.Time) bool) {
			for i := range rep.Incidents {
				if !yield(rep.Incidents[i].Start, rep.Incidents[i].End) {
					return
				}
			}
		})
		for _, in := range rep.Incidents {
			if in.End.Before(settled.Final) || i == len(ends)-1 {
				all = append(all, in)
			}
			began := fmt.Sprint(in.Start, in.Vhosts)
			if was, known := open[began]; known && was.ID != in.ID {
				t.Errorf("%s is %s in a later run", was.ID, in.ID)
			}
			open[began] = in
		}
		last = rep
		tl = r.decode(t, state)
		tl.Release(settled)
		state = encode(t, tl)
		most = max(most, len(state))
	}
	last.Incidents = all
	return last, most
}

// told is what two analyses of the same must agree in, to the letter.
func told(t *testing.T, all []report.Incident) (out []string) {
	t.Helper()
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b report.Incident) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	for i := range all {
		b, err := json.MarshalIndent(all[i], "", " ")
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}

// equalReports compares what runs have told in the end with one analysis of all: incidents, tags, the profile of the slow log, coverage.
func equalReports(t *testing.T, got, want *report.Report) {
	t.Helper()
	g, w := told(t, got.Incidents), told(t, want.Incidents)
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			t.Fatalf("%d incidents, want %d; missing: %s", len(g), len(w), w[i])
		case i >= len(w):
			t.Fatalf("%d incidents, want %d; too many: %s", len(g), len(w), g[i])
		case g[i] != w[i]:
			t.Fatalf("incident %d is told as\n%s", i, diff(g[i], w[i]))
		}
	}
	rest := func(r report.Report) string {
		r.Incidents = nil
		b, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if g, w := rest(*got), rest(*want); g != w {
		t.Fatalf("beside the incidents: %s", diff(g, w))
	}
}

// diff are the lines in which two texts differ.
func diff(got, want string) string {
	var b bytes.Buffer
	g, w := bytes.Split([]byte(got), []byte("\n")), bytes.Split([]byte(want), []byte("\n"))
	for i, shown := 0, 0; i < max(len(g), len(w)) && shown < 12; i++ {
		var x, y []byte
		if i < len(g) {
			x = g[i]
		}
		if i < len(w) {
			y = w[i]
		}
		if !bytes.Equal(x, y) {
			fmt.Fprintf(&b, "%s    | want %s\n", x, y)
			shown++
		}
	}
	return string(w[1]) + "\n" + b.String()
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	rules := classifier.Load()
	return &runner{rules, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
}

// moments are some between the first and the last entry.
func moments(r *rand.Rand, entries []entry, n int) (ends []time.Time) {
	first, last := entries[0].at, entries[len(entries)-1].at
	for range n - 1 {
		ends = append(ends, first.Add(time.Duration(r.Int64N(int64(last.Sub(first))+1))))
	}
	slices.SortFunc(ends, time.Time.Compare)
	return append(ends, last.Add(time.Second))
}

func caseDirs(t *testing.T, glob string) (dirs []string) {
	t.Helper()
	dirs, err := filepath.Glob(glob)
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// However a log is cut into runs, they tell what one analysis of it tells.
func TestRunsEqualAnalyze(t *testing.T) {
	dirs := append(caseDirs(t, "../../fixtures/incidents/*/logs"), caseDirs(t, "../../../shared/cases/*/logs")...)
	for _, dir := range dirs {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) {
			t.Parallel()
			run, entries := newRunner(t), entriesOf(t, dir)
			tl := correlate.New()
			run.add(tl, entries)
			want := run.conclude(tl)
			r := rand.New(rand.NewPCG(1, 2))
			for range 4 {
				got, _ := run.inRuns(t, entries, moments(r, entries, 2+r.IntN(5)))
				equalReports(t, got, want)
			}
		})
	}
}

// So it is for days of trouble of one server, of which each run forgets what is settled.
func TestRunsOfDaysEqualAnalyze(t *testing.T) {
	dirs := append(caseDirs(t, "../../fixtures/incidents/*/logs"), caseDirs(t, "../../../shared/cases/*/logs")...)
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			run := newRunner(t)
			var entries []entry
			at := time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
			some := r.Perm(len(dirs))[:8]
			var known time.Time // who belongs to whom
			for i := range 40 {
				trouble := entriesOf(t, dirs[some[i%len(some)]])
				trouble = shifted(trouble, at.Sub(trouble[0].at))
				entries = append(entries, trouble...)
				if i < len(some) {
					known = trouble[len(trouble)-1].at
					at = known.Add(time.Minute)
				} else {
					at = at.Add(time.Duration(r.IntN(5*3600)) * time.Second)
				}
			}
			slices.SortStableFunc(entries, func(a, b entry) int { return a.at.Compare(b.at) })
			tl := correlate.New()
			run.add(tl, entries)
			size := len(encode(t, tl))
			want := run.conclude(tl)
			got, most := run.inRuns(t, entries, slices.DeleteFunc(moments(r, entries, 2+r.IntN(12)), known.After))
			t.Logf("%d incidents; the state takes at most %d bytes, all %d", len(want.Incidents), most, size)
			equalReports(t, got, want)
		})
	}
}

// A clock that was found out once is known when little tells it: PHP-FPM's log is two hours off.
func TestRunsRememberClocks(t *testing.T) {
	t.Parallel()
	run := newRunner(t)
	var entries []entry
	at := time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
	for n, name := range []string{"slow_crash_down", "request_terminate_timeout", "fpm_down", "two_faults", "fpm_down", "slow_crash_down", "fpm_down"} {
		trouble := entriesOf(t, "../../fixtures/incidents/"+name+"/logs")
		trouble = shifted(trouble, at.Sub(trouble[0].at))
		for i := range trouble {
			if e := &trouble[i]; strings.HasSuffix(e.File, "fpm.log") {
				e.Time = e.Time.Add(2 * time.Hour)
			}
		}
		entries = append(entries, trouble...)
		if at = at.Add(5 * time.Minute); n >= 3 { // all were there once
			at = at.Add(20 * time.Hour)
		}
	}
	tl := correlate.New()
	run.add(tl, entries)
	want := run.conclude(tl)
	var ends []time.Time
	for n := range 16 {
		ends = append(ends, entries[0].at.Add(time.Duration(n+1)*6*time.Hour))
	}
	got, _ := run.inRuns(t, entries, ends)
	got.Tags, want.Tags = nil, nil // what was forgotten before its clock was known keeps its stamps
	equalReports(t, got, want)
}

// written is a log that is in memory.
type written struct {
	name  string
	lines []string
}

func (w *written) Name() string { return w.name }

func (w *written) Lines(context.Context) iter.Seq2[parser.Line, error] {
	return func(yield func(parser.Line, error) bool) {
		for i, l := range w.lines {
			if !yield(parser.Line{Text: []byte(l), Number: i + 1}, nil) {
				return
			}
		}
	}
}

// Failures that never end are counted from the first to the last, as are others meanwhile: an outage over midnight, errors that no visitor feels.
func TestRunsCountWhatNeverEnds(t *testing.T) {
	t.Parallel()
	const days = 5
	access, errs := written{name: "access.log"}, written{name: "error.log"}
	start := time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
	serve := func(at time.Time, client, site, uri string, status int) {
		access.lines = append(access.lines, fmt.Sprintf(`%s %s - - [%s] "GET %s HTTP/1.1" %d 512 "-" "-"`, site, client, at.Format("02/Jan/2006:15:04:05 -0700"), uri, status))
	}
	fail := func(at time.Time, n int, client, site, uri, text string) {
		errs.lines = append(errs.lines, fmt.Sprintf(`%s [error] 8#8: *%d %s, client: %s, server: %s, request: "GET %s HTTP/1.1", upstream: "fastcgi://unix:/run/php/%[5]s.sock:", host: "%[5]s"`,
			at.Format("2006/01/02 15:04:05"), n, text, client, site, uri))
	}
	for n := range days * 24 * 180 {
		at := start.Add(time.Duration(n) * 20 * time.Second)
		client, hour := fmt.Sprintf("192.0.2.%d", n%50), at.Hour()
		switch {
		case n%2 == 0 && n > 12*180: // from the first noon on, for ever
			fail(at, n, client, "old.test", "/feed/", "upstream timed out (110: Connection timed out) while reading response header from upstream")
			serve(at, client, "old.test", "/feed/", 504)
		case n%2 == 1 && hour >= 2 && hour < 9: // the next upstream answered
			fail(at, n, client, "api.test", "/v1/", "connect() failed (111: Connection refused) while connecting to upstream")
			serve(at, client, "api.test", "/v1/", 200)
		case hour == 23 && at.Minute() >= 57, hour == 0 && at.Minute() < 5 && n > 180:
			fail(at, n, client, "shop.test", "/cart/", "connect() to unix:/run/php/shop.sock failed (2: No such file or directory) while connecting to upstream")
			serve(at, client, "shop.test", "/cart/", 502)
		default:
			serve(at, client, "shop.test", "/product/", 200)
		}
	}
	d := &parser.Decoder{Zone: time.UTC, Ref: start.AddDate(0, 0, days)}
	formats := map[string]*parser.Format{}
	for _, f := range parser.Formats {
		formats[f.Name] = f
	}
	entries := append(parsed(t, &access, formats["nginx-access"], d, access.name), parsed(t, &errs, formats["nginx-error"], d, errs.name)...)
	slices.SortStableFunc(entries, func(a, b entry) int { return a.at.Compare(b.at) })
	run := newRunner(t)
	tl := correlate.New()
	run.add(tl, entries)
	whole := len(encode(t, tl))
	want := run.conclude(tl)
	var ends []time.Time
	for n := range days + 1 {
		ends = append(ends, start.Add(time.Duration(n)*24*time.Hour+30*time.Minute))
	}
	got, most := run.inRuns(t, entries, ends)
	t.Logf("%d incidents; the state takes at most %d bytes, all %d", len(want.Incidents), most, whole)
	counts := func(r *report.Report) (out []string) {
		for _, in := range r.Incidents {
			out = append(out, fmt.Sprint(in.ID, in.Start, in.End, in.Failures, in.Clients, in.Vhosts, in.URIs))
		}
		slices.Sort(out)
		return out
	}
	g, w := counts(got), counts(want)
	for i := range max(len(g), len(w)) {
		var x, y string
		if i < len(g) {
			x = g[i]
		}
		if i < len(w) {
			y = w[i]
		}
		if x != y {
			t.Errorf("%s\nwant %s", x, y)
		}
	}
}
