package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// seen is an incident as one reading shows it, from noon until so many seconds later.
func seen(id string, until, failures int, cause string, sure float64, sites ...string) Incident {
	in := Incident{
		ID: id, Start: noon, End: noon.Add(time.Duration(until) * time.Second), Failures: map[string]int{"502": failures},
		Headline: fmt.Sprintf("%d requests failed.", failures),
	}
	for _, s := range sites {
		in.Vhosts = append(in.Vhosts, Share{Name: s})
	}
	if cause != "" {
		id, who, _ := strings.Cut(cause, "/")
		c := Cause{ID: id, Title: "the " + id, Confidence: sure}
		if who != "" {
			c.Culprits = []Culprit{{Kind: "plugin", Name: who}}
		}
		in.Causes = []Cause{c}
	}
	return in
}

// A step is what one report shows, so many seconds after noon, and what is to be told of it.
type step struct {
	at   int
	in   []Incident
	want []string // kind, id, part of the text
}

func TestWatch(t *testing.T) {
	for name, steps := range map[string][]step{
		"opens, is left alone, closes once": {
			{1, []Incident{seen("a", 1, 3, "full", 0.9, "x")}, []string{"opened a 3 requests failed."}},
			{2, []Incident{seen("a", 2, 5, "full", 0.9, "x")}, nil},
			{63, []Incident{seen("a", 2, 5, "full", 0.9, "x")}, []string{"closed a Over after 2 s. 5 requests failed."}},
			{90, []Incident{seen("a", 2, 5, "full", 0.9, "x")}, nil},
		},
		"was over before anybody watched": {
			{99, []Incident{seen("a", 2, 5, "", 0, "x")}, []string{"closed a Over"}},
		},
		"grows by a site, by doubling, not by a few": {
			{1, []Incident{seen("a", 1, 10, "", 0, "x")}, []string{"opened a"}},
			{2, []Incident{seen("a", 2, 19, "", 0, "x")}, nil},
			{3, []Incident{seen("a", 3, 20, "", 0, "x")}, []string{"grew a 20 requests failed (502) so far, 10 when last told"}},
			{4, []Incident{seen("a", 4, 21, "", 0, "x", "y", "z")}, []string{"grew a now also on y, z;"}},
		},
		"keeps one that an earlier line renames": {
			{1, []Incident{seen("a", 1, 3, "", 0, "x")}, []string{"opened a"}},
			{2, []Incident{seen("b", 2, 4, "", 0, "x")}, nil},
			{3, []Incident{seen("b", 3, 20, "", 0, "x")}, []string{"grew a 20 requests"}}, // whoever was told of a waits for its end
			{4, []Incident{seen("c", 3, 20, "", 0, "x")}, nil},
			{64, []Incident{seen("c", 3, 20, "", 0, "x")}, []string{"closed a Over"}},
		},
		"no two are told under one id": {
			{1, []Incident{seen("a", 1, 3, "", 0, "x")}, []string{"opened a"}},
			{2, []Incident{seen("b", 2, 4, "", 0, "x")}, nil},
			{3, []Incident{seen("a", 1, 3, "", 0, "x"), seen("b", 3, 4, "", 0, "x")}, []string{"opened b"}},
		},
		"one becomes part of another that was renamed": {
			{1, []Incident{seen("a", 1, 3, "", 0, "x"), seen("b", 1, 3, "", 0, "y")}, []string{"opened a", "opened b"}},
			{2, []Incident{seen("c", 2, 6, "", 0, "x"), seen("b", 1, 3, "", 0, "y")}, nil},
			{3, []Incident{seen("c", 3, 6, "", 0, "x", "y")}, []string{"withdrawn b Part of incident a", "grew a now also on y"}},
		},
		"another site at the same time is another": {
			{1, []Incident{seen("a", 1, 3, "", 0, "x")}, []string{"opened a"}},
			{2, []Incident{seen("a", 1, 3, "", 0, "x"), seen("b", 2, 3, "", 0, "y")}, []string{"opened b"}},
		},
		"one that becomes part of another": {
			{1, []Incident{seen("a", 1, 3, "", 0, "x"), seen("b", 1, 3, "", 0, "y")}, []string{"opened a", "opened b"}},
			{2, []Incident{seen("a", 2, 6, "", 0, "x", "y")}, []string{"withdrawn b Part of incident a", "grew a now also on y"}},
		},
		"visitors were served after all": {
			{1, []Incident{seen("a", 1, 3, "", 0, "x")}, []string{"opened a"}},
			{2, nil, []string{"withdrawn a Lines that came since"}},
		},
		"the verdict turns, and names whom": {
			{1, []Incident{seen("a", 1, 3, "full", 0.5, "x")}, []string{"opened a"}},
			{2, []Incident{seen("a", 2, 3, "slow", 0.7, "x")}, []string{"cause a Looked like the full; now: the slow. Confidence: medium (70%)."}},
			{3, []Incident{seen("a", 3, 3, "slow/acme", 0.8, "x")}, []string{"cause a Looked like the slow; now: the slow."}},
			{4, []Incident{seen("a", 3, 3, "full", 0.8, "x")}, nil}, // sways back: not at once
			{13, []Incident{seen("a", 12, 3, "full", 0.8, "x")}, nil},
			{14, []Incident{seen("a", 13, 3, "full", 0.8, "x")}, []string{"cause a Looked like the slow (acme); now: the full."}},
		},
		"no longer sure": {
			{1, []Incident{seen("a", 1, 3, "full", 0.5, "x")}, []string{"opened a"}},
			{2, []Incident{seen("a", 2, 3, "full", 0.1, "x")}, nil},
			{12, []Incident{seen("a", 12, 3, "full", 0.1, "x")}, []string{"cause a Looked like the full; what came since speaks against it"}},
		},
		"goes on after it was closed": {
			{1, []Incident{seen("a", 1, 3, "", 0, "x")}, []string{"opened a"}},
			{62, []Incident{seen("a", 1, 3, "", 0, "x")}, []string{"closed a"}},
			{80, []Incident{seen("a", 80, 9, "", 0, "x")}, []string{"opened a 9 requests failed. (it goes on)"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := Watch{Quiet: time.Minute}
			for _, s := range steps {
				var got []string
				for _, c := range w.Look(&Report{Incidents: s.in}, noon.Add(time.Duration(s.at)*time.Second)) {
					got = append(got, fmt.Sprintf("%s %s %s", c.Kind, c.Incident.ID, c.Text))
				}
				ok := len(got) == len(s.want)
				for i := 0; ok && i < len(got); i++ {
					ok = strings.HasPrefix(got[i], s.want[i])
				}
				if !ok {
					t.Errorf("after %d s: %q, want %q", s.at, got, s.want)
				}
			}
		})
	}
}

// Whatever opened closes, once.
func TestWatchEnd(t *testing.T) {
	w := Watch{Quiet: time.Minute}
	w.Look(&Report{Incidents: []Incident{seen("a", 1, 3, "", 0, "x"), seen("b", 1, 3, "", 0, "y")}}, noon.Add(time.Second))
	if n := len(w.Open()); n != 2 {
		t.Errorf("%d are open", n)
	}
	if got := w.End(noon); len(got) != 2 || got[0].Kind != Closed {
		t.Errorf("%v", got)
	}
	if got := w.End(noon); len(got) != 0 || len(w.Open()) != 0 {
		t.Errorf("%v", got)
	}
}

// Names come out of logs: none of them makes a second line or drives the terminal.
func TestChangeLines(t *testing.T) {
	in := seen("a\n", 1, 3, "", 0, "x")
	in.Headline = "failed on \x1b[2Jevil\nOPENED b  \u202e"
	c := Change{Kind: Opened, Time: noon, Text: in.Headline, Incident: &in}
	var b bytes.Buffer
	if err := c.WriteLine(&b, Options{Zone: time.UTC}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), `12:00:00 OPENED a\n  failed on \x1b[2Jevil\nOPENED b  \u202e`+"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	b.Reset()
	if err := c.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || bytes.Count(b.Bytes(), []byte("\n")) != 1 || strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Errorf("%v: %q", err, b.String())
	}
	if back["change"] != "opened" || strings.Contains(b.String(), "null") {
		t.Errorf("%s", b.String())
	}
}
