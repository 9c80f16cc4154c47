package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strconv"
	"time"

	"why502/report"
	"why502/report/history"
)

// remember adds what the run found to the facts, and what they say of the days to the report.
func (d *dailyRun) remember(counts history.Counts) {
	if d.rebuild && !d.told.IsZero() {
		d.facts.Reread(d.host, d.told.In(d.facts.Zone()).Format(time.DateOnly), counts)
	}
	d.facts.Take(history.Run{
		Host: d.host, Number: d.number, Counts: counts, Report: d.whole, Gaps: d.gaps, Tail: d.told, Open: d.st.Final,
	})
	d.facts.Keep(d.o.retention, d.now)
	n := d.news
	n.Tags, n.Profile = d.fresh.Tags, d.fresh.Profile
	n.Coverage = d.readNow()
	n.History = d.facts.Compare(d.facts.Date(d.lastLine()))
	n.History.Host, n.History.Gaps = d.host, d.gaps
	if d.old != nil && !d.old.Read.IsZero() {
		t := d.old.Read.In(d.zone)
		n.History.Since = &t
	}
	d.facts.Recur(d.host, n)
}

// lastLine is up to when the logs tell what happened.
func (d *dailyRun) lastLine() time.Time {
	if to := d.whole.Coverage.To; to != nil && to.Before(d.now) {
		return *to
	}
	return d.now
}

// readNow is what this run read: of all that is kept, the sources that had new lines or could not be read.
func (d *dailyRun) readNow() report.Coverage {
	c := d.fresh.Coverage
	c.Since, c.Folded = d.whole.Coverage.Since, d.whole.Coverage.Folded
	kept := map[string]*report.Source{}
	for i := range d.whole.Coverage.Sources {
		s := &d.whole.Coverage.Sources[i]
		kept[s.Path] = s
	}
	c.Sources = slices.Clone(c.Sources)
	for i := range c.Sources {
		if k := kept[c.Sources[i].Path]; k != nil { // clocks are known of all that was read
			c.Sources[i].Timezone, c.Sources[i].Clock = k.Timezone, k.Clock
		}
	}
	for _, e := range d.lost {
		if k := kept[e.Path]; k != nil && !slices.ContainsFunc(c.Sources, func(s report.Source) bool { return s.Path == e.Path }) {
			c.Sources = append(c.Sources, report.Source{Path: e.Path, Format: report.FormatUnknown, Error: e.What})
		}
	}
	return c
}

// leave writes the state of this run, which counts from when the new state.json is in its place.
func (d *dailyRun) leave() error {
	st := d.st
	st.Run, st.Saved, st.Tool, st.Host, st.Machine, st.Read = d.number, d.now, version(), d.host, machineID(), d.now
	st.Parts = map[string]part{}
	folder := runFolder(d.number)
	if err := os.RemoveAll(d.store.path(folder)); err != nil { // of a run that did not come to its end
		return err
	}
	for _, p := range []struct {
		name string
		fill func(io.Writer) error
	}{
		{"timeline", d.kept.Encode},
		{"incidents.json", encoded(d.live)},
		{"facts", d.facts.Encode},
	} {
		written, err := d.store.write(p.fill, folder, p.name)
		if err != nil {
			return err
		}
		st.Parts[p.name] = written
	}
	if len(d.done) > 0 {
		if _, err := d.store.write(encoded(d.done), finalFolder, strconv.Itoa(d.number)+".json"); err != nil {
			return err
		}
	}
	if d.rebuild {
		st.Whole = d.number // those before are in it
	}
	name := d.news.Generated.In(d.zone).Format(time.DateOnly) + "-" + strconv.Itoa(d.number) + ".json"
	if _, err := d.store.write(func(w io.Writer) error { return report.Lookup("json").Render(w, d.news, report.Options{Zone: d.zone}) }, reportFolder, name); err != nil {
		return err
	}
	text, err := st.encode()
	if err != nil {
		return err
	}
	if _, err := d.store.write(func(w io.Writer) error { _, err := w.Write(text); return err }, stateName); err != nil {
		return err
	}
	oldest := d.now.AddDate(0, 0, -d.o.retention)
	if d.old != nil && d.now.Before(d.old.Saved) {
		oldest = time.Time{} // nobody knows what time it is
	}
	d.store.sweep(st, oldest)
	return nil
}

// encoded writes a list, one incident after the other: there may be tens of thousands.
func encoded(list []report.Incident) func(io.Writer) error {
	return func(w io.Writer) error {
		out := bufio.NewWriter(w)
		between := "["
		for i := range list {
			text, err := json.Marshal(&list[i])
			if err != nil {
				return err
			}
			out.WriteString(between)
			out.Write(text)
			between = ","
		}
		if len(list) == 0 {
			out.WriteString(between)
		}
		out.WriteString("]\n")
		return out.Flush()
	}
}

// highest is the number of the highest run that has left anything.
func (s *store) highest() (n int) {
	for _, of := range []struct {
		folder string
		number func(string) int
	}{{"", runNumber}, {finalFolder, finalNumber}, {reportFolder, reportNumber}} {
		entries, _ := os.ReadDir(s.path(of.folder))
		for _, e := range entries {
			n = max(n, of.number(e.Name()))
		}
	}
	return n
}

// finals are the incidents that could not change any more up to a run.
func (s *store) finals(from, to int) (all []report.Incident) {
	entries, _ := os.ReadDir(s.path(finalFolder))
	for _, e := range entries {
		if n := finalNumber(e.Name()); n < max(from, 1) || n > to {
			continue
		}
		text, err := os.ReadFile(s.path(finalFolder, e.Name()))
		if err != nil {
			continue
		}
		if list, err := decodeIncidents(text); err == nil {
			all = append(all, list...)
		}
	}
	slices.SortFunc(all, func(a, b report.Incident) int { return a.Start.Compare(b.Start) })
	return all
}

// newest is a file of the latest run that has left it, whatever became of the rest of the state.
func (s *store) newest(name string) ([]byte, error) {
	run := s.newestWith(name)
	if run == 0 {
		return nil, os.ErrNotExist
	}
	return os.ReadFile(s.path(runFolder(run), name))
}

// newestWith is the latest run that has left a file, 0 if none has.
func (s *store) newestWith(name string) (run int) {
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		n := runNumber(e.Name())
		if _, err := os.Stat(s.path(e.Name(), name)); n > run && err == nil {
			run = n
		}
	}
	return run
}
