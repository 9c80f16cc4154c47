package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// ChangeKind names what happened to an incident while its logs grew.
type ChangeKind string

// The kinds of change. Every incident that opened closes, whatever becomes of it.
const (
	Opened       ChangeKind = "opened"
	Grew         ChangeKind = "grew"          // another site, another status, twice the failures
	CauseChanged ChangeKind = "cause"         // later lines tell it otherwise, or name who it is
	Closed       ChangeKind = "closed"        // nothing of it was seen for a while; with its summary
	Withdrawn    ChangeKind = "withdrawn"     // later lines show that there was none, or that it was part of another
	reopened                = " (it goes on)" // what is added to an opening of one that was closed
)

// Change is one thing that happened to an incident while its logs grew. Its JSON is part of the contract.
type Change struct {
	Kind     ChangeKind `json:"change"`
	Time     time.Time  `json:"time"`          // when it was noticed
	Text     string     `json:"text"`          // one or two sentences
	Was      string     `json:"was,omitempty"` // of a changed cause: the id of the one before
	Incident *Incident  `json:"incident"`
}

// WriteLine writes a change as one line that no log text can break out of:
//
//	18:03:02 OPENED 20261122-180257-41ac  2026-11-22 18:02:57 to 18:03:01: 12 requests failed (502) on shop.test. …
func (c *Change) WriteLine(w io.Writer, o Options) error {
	ink := newInk(o.Color)
	paint := ink.warn
	switch c.Kind {
	case Opened:
		paint = ink.bad
	case Closed, Withdrawn:
		paint = ink.good
	}
	at := clock{o.Zone}.in(c.Time).Format("15:04:05")
	_, err := fmt.Fprintf(w, "%s %s %s  %s\n", at, paint(strings.ToUpper(string(c.Kind))), clean(c.Incident.ID), clean(c.Text))
	return err
}

// WriteJSON writes a change as one line of JSON.
func (c *Change) WriteJSON(w io.Writer) error {
	r := withoutNulls(Report{Incidents: []Incident{*c.Incident}})
	c.Incident = &r.Incidents[0]
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = w.Write(append(escapeInvisible(b), '\n'))
	return err
}

// grown says what is new about in against what was told of it, "" if nothing that matters.
func grown(in *Incident, t *told) string {
	var parts []string
	if names := unlisted(shareNames(in.Vhosts), t.vhosts); len(names) > 0 {
		parts = append(parts, "now also on "+someNames(names))
	}
	if kinds := unlisted(statuses(in), t.statuses); len(kinds) > 0 {
		parts = append(parts, "now also "+strings.Join(kinds, ", "))
	}
	n := in.Failed()
	doubled := t.failures > 0 && n >= 2*t.failures && n >= 10
	spread := t.isolated && !in.Isolated
	if len(parts) == 0 && !doubled && !spread {
		return ""
	}
	return strings.Join(append(parts, fmt.Sprintf("%s so far, %s when last told", harm(in), thousands(t.failures))), "; ") + "."
}

// turned says how the verdict on in differs from the one told.
func turned(in *Incident, before string) string {
	if before == "" {
		before = "nothing that names a cause"
	}
	c := in.Verdict()
	if c == nil || c.Confidence < Low {
		return "Looked like " + before + "; what came since speaks against it, and names no other cause."
	}
	why := c.Summary
	if why == "" {
		why = c.Title
	}
	return fmt.Sprintf("Looked like %s; now: %s. Confidence: %s (%.0f%%).", before, strings.TrimRight(why, ". "), sureness(c.Confidence), c.Confidence*100)
}

// summary tells an incident that is over.
func summary(in *Incident) string {
	s := "Over"
	if d := length(in); d != "" {
		s += " after " + d
	}
	if in.Clients > 0 {
		s += ", " + count(in.Clients, "client")
	}
	return s + ". " + in.Headline
}

func statuses(in *Incident) []string {
	var out []string
	for k := range in.Failures {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// unlisted returns those of names that are not in known.
func unlisted(names []string, known map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(names), func(s string) bool { return known[s] })
}

// someNames lists names, the first three of many.
func someNames(names []string) string {
	if len(names) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
	}
	return strings.Join(names, ", ")
}
