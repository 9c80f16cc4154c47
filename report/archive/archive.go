// Package archive keeps the pages of daily reports: a page a day, and an index of them.
//
//	index.html                                     calendar, last days, incidents
//	2026/11/2026-11-22.html                        the page of a day
//	2026/11/2026-11-22.day.json                    what the index shows of it
//	2026/11/2026-11-22.20261121T063002Z.run.json   the report of each run, which the page is drawn from
//
// Nothing but these files is written or deleted, and nothing outside the folder, wherever links in it point.
package archive

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"why502/report"
)

// Archive is a folder with the reports of one server.
type Archive struct {
	Dir  string
	Keep int // days; 0: all
}

// entry is what the index shows of a day.
type entry struct {
	Schema    int                    `json:"schema"`
	Date      string                 `json:"date"`
	Host      string                 `json:"host,omitempty"`
	Days      []report.Day           `json:"days"` // those up to this one, as they were known then
	Incidents []report.IndexIncident `json:"incidents"`
	More      int                    `json:"more,omitempty"`
}

const (
	schema       = 1
	maxIncidents = 100     // of a day in the index
	maxIndex     = 1000    // in the whole index
	maxKept      = 2000    // of a run: as many as a page tells
	maxEntry     = 4 << 20 // bytes that are read of one
)

// Add keeps the report of a run: its day's page is drawn anew from all runs of the day. A run that is told again, after a crash,
// takes the place of the one before.
func (a *Archive) Add(r *report.Report, o report.Options) error {
	if r.History == nil {
		return errors.New("not a daily report: it has no history")
	}
	day, err := time.Parse(time.DateOnly, r.History.Date)
	if err != nil || day.Year() < 1 {
		return fmt.Errorf("%q is no day", r.History.Date)
	}
	f, err := open(a.Dir)
	if err != nil {
		return err
	}
	defer f.close()
	kept := trimmed(r)
	if err := f.write(runPath(day, r.History.Since), func(w io.Writer) error { return report.Lookup("json").Render(w, kept, o) }); err != nil {
		return err
	}
	whole, err := f.joined(day, r)
	if err != nil {
		return err
	}
	if err := f.write(dayPath(day, pageSuffix), func(w io.Writer) error { return report.Lookup("html").Render(w, whole, o) }); err != nil {
		return err
	}
	if err := f.write(dayPath(day, entrySuffix), encoded(newEntry(whole))); err != nil {
		return err
	}
	first := time.Time{}
	if a.Keep > 0 {
		first = oldest(day, r.Generated, a.Keep)
		f.sweep(first)
	}
	return f.index(first, o)
}

// oldest is the first day that is kept. A stamp in the future does not delete what is there: the earlier of the last day and of
// today counts.
func oldest(day, now time.Time, keep int) time.Time {
	if today := now.UTC().Truncate(24 * time.Hour); !now.IsZero() && today.Before(day) {
		day = today
	}
	return day.AddDate(0, 0, 1-keep)
}

// trimmed is a report with no more incidents than a page tells.
func trimmed(r *report.Report) *report.Report {
	if len(r.Incidents) <= maxKept {
		return r
	}
	out := *r
	out.Incidents = make([]report.Incident, 0, maxKept)
	for _, in := range report.ByHarm(r)[:maxKept] {
		out.Incidents = append(out.Incidents, *in)
	}
	slices.SortStableFunc(out.Incidents, func(x, y report.Incident) int { return x.Start.Compare(y.Start) })
	out.Notes = append(slices.Clone(r.Notes), fmt.Sprintf("The archive keeps %d of the %d incidents of this run, those that hurt most.", maxKept, len(r.Incidents)))
	return &out
}

// newEntry is what is shown of a day's whole report.
func newEntry(r *report.Report) *entry {
	e := &entry{Schema: schema, Date: r.History.Date, Host: r.History.Host, Days: r.History.Days, Incidents: []report.IndexIncident{}}
	ranked := report.ByHarm(r)
	for _, in := range ranked[:min(len(ranked), maxIncidents)] {
		e.Incidents = append(e.Incidents, report.NewIndexIncident(in))
	}
	e.More = len(ranked) - len(e.Incidents)
	return e
}

func encoded(e *entry) func(io.Writer) error {
	return func(w io.Writer) error { return json.NewEncoder(w).Encode(e) }
}

// joined is the report on a day from all its runs. r is the last of them, as it is, with all its incidents.
func (f *folder) joined(day time.Time, r *report.Report) (*report.Report, error) {
	own := runPath(day, r.History.Since)
	var runs []*report.Report
	for _, name := range f.runs(day) {
		if name == own {
			runs = append(runs, r)
			continue
		}
		run, err := f.report(name)
		if err != nil { // the page of this run is worth more than none
			continue
		}
		runs = append(runs, run)
	}
	return join(runs), nil
}

func (f *folder) report(name string) (*report.Report, error) {
	in, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r, err := report.Decode(in)
	if err == nil && r.History == nil {
		err = errors.New("no history")
	}
	return r, err
}

// index draws the index from what is kept of the days from first on.
func (f *folder) index(first time.Time, o report.Options) error {
	x := &report.Index{Pages: map[string]string{}}
	told := map[string]bool{} // days and incidents: what was said of them last holds
	for _, day := range slices.Backward(f.days()) {
		page := dayPath(day, pageSuffix)
		if _, err := f.root.Lstat(page); err == nil {
			x.Pages[day.Format(time.DateOnly)] = page
		}
		e := f.entry(day)
		if e == nil {
			continue
		}
		x.Host, x.More = cmp.Or(x.Host, e.Host), x.More+e.More
		for _, d := range e.Days {
			if at, err := time.Parse(time.DateOnly, d.Date); err == nil && !told[d.Date] && !at.Before(first) {
				told[d.Date] = true
				x.Days = append(x.Days, d)
			}
		}
		for _, in := range e.Incidents {
			switch {
			case told["incident "+in.ID]:
			case len(x.Incidents) == maxIndex:
				x.More++
			default:
				told["incident "+in.ID] = true
				in.Page = page
				x.Incidents = append(x.Incidents, in)
			}
		}
	}
	slices.SortFunc(x.Days, func(a, b report.Day) int { return strings.Compare(a.Date, b.Date) })
	slices.SortStableFunc(x.Incidents, func(a, b report.IndexIncident) int { return b.Start.Compare(a.Start) })
	return f.write("index.html", func(w io.Writer) error { return report.WriteIndex(w, x, o) })
}

// entry is what is kept of a day, made anew from its runs if it is not there or of another version; nil if that fails, too.
func (f *folder) entry(day time.Time) *entry {
	var e entry
	if in, err := f.root.Open(dayPath(day, entrySuffix)); err == nil {
		err = json.NewDecoder(io.LimitReader(in, maxEntry)).Decode(&e)
		in.Close()
		if err == nil && e.Schema == schema {
			return &e
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var runs []*report.Report
	for _, name := range f.runs(day) {
		if r, err := f.report(name); err == nil {
			runs = append(runs, r)
		}
	}
	if len(runs) == 0 {
		return nil
	}
	return newEntry(join(runs))
}
