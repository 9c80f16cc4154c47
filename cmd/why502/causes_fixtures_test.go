package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"why502/classifier/rootcause"
	"why502/report"
)

// Each cause of the catalogue is found in logs that show it, and not taken for the look-alike that its documentation
// names. fixtures/causes/ID.txtar holds both: below hit the cause comes first, or, being a mechanism or a consequence,
// stands below what explains it; below miss something else comes first.
func TestCauses(t *testing.T) {
	for _, c := range rootcause.Catalogue {
		t.Run(c.ID, func(t *testing.T) {
			a, err := txtar.ParseFile(filepath.Join("../../fixtures/causes", c.ID+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := txtar.Write(a, dir); err != nil {
				t.Fatal(err)
			}
			for _, e := range expectations(t, a) {
				t.Run(e.set, func(t *testing.T) { e.check(t, c, analyzed(t, truth{Timezone: "UTC"}, filepath.Join(dir, e.set))) })
			}
		})
	}
}

// Nothing lies beside the causes that the test would not read.
func TestCauseFixturesBelongToCauses(t *testing.T) {
	files, err := os.ReadDir("../../fixtures/causes")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), ".txtar"); !ok || rootcause.Lookup(id) == nil {
			t.Errorf("fixtures/causes/%s is named like no cause", f.Name())
		}
	}
}

// withheld are kinds of logs that are often not at hand.
var withheld = map[string]string{"PHP-FPM's": "*fpm*", "access": "*access*", "domain access": "*domlogs*", "slow": "*slow*", "kernel": "*kern*"}

// indistinct are the pairs that without such a log nobody can tell apart, and where the likelier one is still worth its confidence.
var indistinct = map[string]string{
	"selinux_denial":           "fpm_socket_permission", // errno 13 on a unix socket is mostly owner and mode
	"oom_kill_global":          "db_unavailable",        // true, only not why
	"fpm_down_or_failed_start": "php_fatal_or_memory_limit",
	"io_stall":                 "slow_external_http", // file_get_contents() reads both, and mostly it is the service
}

// A log withheld may cost the verdict, but no other one takes its place with confidence.
func TestCausesWithLogsWithheld(t *testing.T) {
	const sure = 0.55
	for _, c := range rootcause.Catalogue {
		a, err := txtar.ParseFile(filepath.Join("../../fixtures/causes", c.ID+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range expectations(t, a) {
			for name, pattern := range withheld {
				dir := t.TempDir()
				rest, all := unpack(t, a, e.set, pattern, dir)
				if rest == 0 || rest == all {
					continue
				}
				r := analyzed(t, truth{Timezone: "UTC"}, dir)
				for i := range r.Incidents {
					first := r.Incidents[i].Causes
					if len(first) > 0 && first[0].Confidence >= sure && first[0].ID != e.first && indistinct[e.first] != first[0].ID {
						t.Errorf("%s/%s without the %s log: %s with confidence %.2f, want %s or doubt\n%s", c.ID, e.set, name, first[0].ID, first[0].Confidence, e.first, ranking(r))
					}
				}
			}
		}
	}
}

// Where the log is missing that would tell the root, what may lie behind the verdict is named, and marked; where it is there, nothing is.
func TestPossibleCauses(t *testing.T) {
	for id, pattern := range map[string]string{
		"slow_external_http": "*fpm*", "slow_database_query": "*fpm*", "php_segfault": "*fpm*", "fpm_restart_or_reload": "*fpm*", "oom_kill_cgroup": "*kern*",
	} {
		a, err := txtar.ParseFile(filepath.Join("../../fixtures/causes", id+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, without := range []string{"", pattern} {
			dir := t.TempDir()
			if rest, all := unpack(t, a, "hit", without, dir); (rest < all) != (without != "") {
				t.Fatalf("%s: %d of %d logs left without %q", id, rest, all, without)
			}
			r := analyzed(t, truth{Timezone: "UTC"}, dir)
			found := false
			for _, in := range r.Incidents {
				for i, c := range in.Causes {
					found = found || i < 3 && c.ID == id
					switch {
					case c.Unseen == "":
					case without == "" && c.ID == id:
						t.Errorf("%s is told as unseen, with all logs at hand", id)
					case i == 0, c.Confidence >= in.Causes[0].Confidence, len(c.Advice) > 0, !slices.ContainsFunc(in.Missing, func(m report.Missing) bool { return m.Log == c.Unseen }):
						t.Errorf("%s without %q: %s is unseen, and is the verdict, as sure as it, has advice, or %s is not told to be missing", id, without, c.ID, c.Unseen)
					}
				}
			}
			if !found {
				t.Errorf("%s without %q: not among the first three\n%s", id, without, ranking(r))
			}
		}
	}
}

// unpack writes one set of logs without those whose names match a pattern, and says how many of them are left.
func unpack(t *testing.T, a *txtar.Archive, set, without, dir string) (rest, all int) {
	t.Helper()
	for _, f := range a.Files {
		name, ok := strings.CutPrefix(f.Name, set+"/")
		if !ok {
			continue
		}
		all++
		if m, err := path.Match(without, path.Base(name)); err != nil || m {
			continue
		}
		if ok, err := path.Match(without, path.Base(path.Dir(name))); err != nil || ok {
			continue
		}
		rest++
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return rest, all
}

// expectation is what an archive's comment says of the logs below one of its folders:
//
//	hit: php_segfault confidence>=0.9
//	hit-untold: fpm_socket_permission confidence<=0.5
//	miss: nginx_worker_crash
//	miss-idle: none
type expectation struct {
	set   string
	first string // id of the first cause; "none" if there may be no incident
	least float64
	most  float64 // 0 means no bound
}

// hit says whether the cause is expected there; folders are named hit, miss, hit-WORD, miss-WORD.
func (e expectation) hit() bool { return strings.HasPrefix(e.set, "hit") }

// expectations reads the comment and sees that it speaks of each folder: of a hit, and of at least one miss.
func expectations(t *testing.T, a *txtar.Archive) (all []expectation) {
	t.Helper()
	told := map[string]bool{}
	for line := range strings.Lines(string(a.Comment)) {
		set, rest, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || !slices.Contains([]string{"hit", "miss"}, strings.SplitN(set, "-", 2)[0]) {
			continue
		}
		words := strings.Fields(rest)
		e := expectation{set: set, first: words[0]}
		if e.first != "none" && rootcause.Lookup(e.first) == nil {
			t.Fatalf("%q: no such cause", line)
		}
		if len(words) > 1 {
			bound := &e.least
			number, ok := strings.CutPrefix(words[1], "confidence>=")
			if !ok {
				bound = &e.most
				number, ok = strings.CutPrefix(words[1], "confidence<=")
			}
			var err error
			if *bound, err = strconv.ParseFloat(number, 64); !ok || err != nil {
				t.Fatalf("%q: want confidence>=NUMBER or confidence<=NUMBER", line)
			}
		}
		told[set] = true
		all = append(all, e)
	}
	held := map[string]bool{}
	for _, f := range a.Files {
		set, _, _ := strings.Cut(f.Name, "/")
		held[set] = true
		if !told[set] {
			t.Fatalf("%s: the comment does not say what to expect of %s", f.Name, set)
		}
	}
	if !held["hit"] || !held["miss"] {
		t.Fatal("want logs of a hit and of a miss")
	}
	return all
}

func (e expectation) check(t *testing.T, c *rootcause.Cause, r *report.Report) {
	t.Helper()
	var found *report.Cause
	first := "none"
	for i := range r.Incidents {
		for j := range r.Incidents[i].Causes {
			if h := &r.Incidents[i].Causes[j]; h.ID == c.ID {
				found = h
			}
		}
	}
	if len(r.Incidents) > 0 {
		first = "an incident without a cause"
		if causes := r.Incidents[0].Causes; len(causes) > 0 {
			first = causes[0].ID
			if causes[0].Confidence < e.least {
				t.Errorf("%s has confidence %.2f, want %.2f or more", first, causes[0].Confidence, e.least)
			}
			if e.most > 0 && causes[0].Confidence > e.most {
				t.Errorf("%s has confidence %.2f, want %.2f at most", first, causes[0].Confidence, e.most)
			}
		}
	}
	switch {
	case first != e.first:
		t.Errorf("first cause: %s, want %s", first, e.first)
	case len(r.Incidents) > 1:
		t.Errorf("%d incidents, want one", len(r.Incidents))
	case !e.hit():
		if first == c.ID {
			t.Errorf("%s is the cause of the near miss too", c.ID)
		}
	case c.Kind == rootcause.Root && first != c.ID:
		t.Errorf("a root is expected to come first in its own logs, not %s", first)
	case c.Kind == rootcause.Benign:
		if found != nil {
			t.Errorf("%s is benign and never a verdict", c.ID)
		}
	case len(c.Needs) == 0:
		// It has no evidence of its own; the archive shows that it does not disturb the verdict.
	case found == nil:
		t.Errorf("%s is not among the causes", c.ID)
	case first != c.ID && found.Role == string(rootcause.Root):
		t.Errorf("%s stands beside %s as another root", c.ID, first)
	}
	if t.Failed() {
		t.Log(ranking(r))
	}
}

// ranking shows why the causes stand in the order they do.
func ranking(r *report.Report) string {
	var b strings.Builder
	for _, in := range r.Incidents {
		fmt.Fprintf(&b, "%s to %s %v %s\n", in.Start.Format("15:04:05"), in.End.Format("15:04:05"), in.Failures, in.Scope)
		for _, c := range in.Causes {
			fmt.Fprintf(&b, "  %-11s %-30s %.2f\n", c.Role, c.ID, c.Confidence)
			for _, e := range c.Evidence {
				fmt.Fprintf(&b, "    %+5.1f %s (%s)\n", e.Weight, e.Text, e.Tag)
			}
			for _, e := range c.Against {
				fmt.Fprintf(&b, "    %+5.1f %s\n", e.Weight, e.Text)
			}
		}
	}
	if len(r.Incidents) == 0 {
		b.WriteString("no incident\n")
	}
	for _, s := range r.Coverage.Sources {
		fmt.Fprintf(&b, "  %s: %s, %d records of %d lines\n", s.Path, s.Format, s.Records, s.Lines)
	}
	return b.String()
}
