package report

import (
	"bytes"
	_ "embed" // the template and its style
	"fmt"
	"html/template"
	"io"
	"slices"
	"time"
)

var (
	//go:embed html/index.gohtml
	indexText string
	//go:embed html/index.css
	indexStyle string

	indexTemplate = parsed("index", indexText, dailyText)
)

// Index is what is on the first page of an archive of daily reports.
type Index struct {
	Host      string
	Days      []Day             // by date
	Pages     map[string]string // by date: where the page lies, seen from the index
	Incidents []IndexIncident   // the latest first
	More      int               // further incidents, which are on the pages of their days only
}

// IndexIncident is a line of the index.
type IndexIncident struct {
	ID         string         `json:"id"`
	Start      time.Time      `json:"start"`
	End        time.Time      `json:"end"`
	Failures   map[string]int `json:"failures"`
	Isolated   bool           `json:"isolated,omitempty"`
	Sites      []Share        `json:"vhosts,omitempty"` // a few
	Cause      string         `json:"cause,omitempty"`
	Title      string         `json:"title,omitempty"`
	Confidence float64        `json:"confidence,omitempty"`
	Page       string         `json:"-"` // on which it is told
}

// NewIndexIncident keeps of an incident what an index shows.
func NewIndexIncident(in *Incident) IndexIncident {
	x := IndexIncident{
		ID: in.ID, Start: in.Start, End: in.End, Failures: in.Failures, Isolated: in.Isolated, Sites: firstOf(in.Vhosts, listed+1),
	}
	if top := in.Verdict(); top != nil {
		x.Cause, x.Title, x.Confidence = top.ID, top.Title, top.Confidence
	}
	return x
}

// ByHarm orders the incidents of a report as pages do: by how many requests failed, isolated ones last.
func ByHarm(r *Report) []*Incident { return byHarm(r) }

// What an index shows.
const (
	maxMonths    = 36
	maxIndexRows = 1000 // an archive hands over no more
)

type indexView struct {
	Policy, Title, Heading, Summary string
	Style                           template.CSS
	Script                          template.JS
	Trend                           *trend
	Months                          []monthView
	Incidents                       []indexRow
	Note                            string
	Levels                          []levelView
}

type monthView struct {
	Name  string
	Weeks [][]dayView
}

// dayView is a cell of the calendar; one without a number is outside the month.
type dayView struct {
	Number, Page, Text, Figure string
	Level                      string
}

type levelView struct{ Level, Text string }

type indexRow struct{ ID, Page, Sort, When, Failed, Failures, Sites, Cause, Sure string }

// WriteIndex draws the first page of an archive: a calendar, the last days, the incidents.
func WriteIndex(w io.Writer, x *Index, o Options) error {
	c := clock{o.Zone}
	v := indexView{Policy: pagePolicy, Style: template.CSS(pageStyle + indexStyle), Script: template.JS(pageScript), Heading: "Daily reports"}
	if x.Host != "" {
		v.Heading += " of " + clean(x.Host)
	}
	v.Title = "why502: " + v.Heading
	v.Summary = x.summary()
	if n := len(x.Days); n > 0 {
		h := &History{Date: x.Days[n-1].Date, Days: x.Days}
		of := map[string]int{}
		addColours(of, &History{Days: x.Days[max(0, n-trendDays):]})
		v.Trend = newTrend(h, of)
	}
	v.Months = x.months()
	v.Levels = levels
	for i := range firstOf(x.Incidents, maxIndexRows) {
		in := &x.Incidents[i]
		row := indexRow{
			ID: clean(in.ID), Page: in.Page, Sort: in.Start.UTC().Format(time.RFC3339), When: c.period(in.Start, in.End),
			Failed: fmt.Sprint(sumOf(in.Failures)), Failures: failureWords(in.Failures), Sites: names(in.Sites), Cause: "unknown",
		}
		if in.Cause != "" {
			row.Cause, row.Sure = clean(in.Title), confidence(&Cause{Confidence: in.Confidence})
		}
		v.Incidents = append(v.Incidents, row)
	}
	if n := x.More + len(x.Incidents) - len(v.Incidents); n > 0 {
		v.Note = thousands(n) + " more are on the pages of their days."
	}
	var b bytes.Buffer
	if err := indexTemplate().Execute(&b, &v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// summary is the archive in a sentence.
func (x *Index) summary() string {
	if len(x.Days) == 0 {
		return "No day is on record yet."
	}
	bad, failures := 0, int64(0)
	for i := range x.Days {
		if d := &x.Days[i]; d.Incidents > 0 {
			bad++
		}
		failures += sumOf(x.Days[i].Failures)
	}
	first, last := clean(x.Days[0].Date), clean(x.Days[len(x.Days)-1].Date)
	return fmt.Sprintf("%s on record from %s to %s: incidents on %s of them; %s failed.",
		count(len(x.Days), "day"), first, last, thousands(bad), count(failures, "request"))
}

// levels of harm, by failed requests.
var levels = []levelView{
	{"l0", "no failure"}, {"l1", "up to 9"}, {"l2", "10 and more"}, {"l3", "100 and more"}, {"l4", "1,000 and more"},
}

func level(d *Day) string {
	switch n := sumOf(d.Failures); {
	case n >= 1000:
		return "l4"
	case n >= 100:
		return "l3"
	case n >= 10:
		return "l2"
	case n > 0 || d.Incidents > 0:
		return "l1"
	}
	return "l0"
}

// months are the calendar, the latest first.
func (x *Index) months() []monthView {
	days := map[string]*Day{}
	var first, last time.Time
	for i := range x.Days {
		at, err := time.Parse(time.DateOnly, x.Days[i].Date)
		if err != nil {
			continue
		}
		days[x.Days[i].Date] = &x.Days[i]
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	if last.IsZero() {
		return nil
	}
	var out []monthView
	for m := last.AddDate(0, 0, 1-last.Day()); !m.AddDate(0, 1, -1).Before(first) && len(out) < maxMonths; m = m.AddDate(0, -1, 0) {
		if v := x.month(m, first, last, days); v.Name != "" {
			out = append(out, v)
		}
	}
	return out
}

// month is one page of the calendar, empty if nothing is on record of it.
func (x *Index) month(m, first, last time.Time, days map[string]*Day) monthView {
	week := make([]dayView, (int(m.Weekday())+6)%7, 7) // Monday comes first
	v, any := monthView{}, false
	for at := m; at.Month() == m.Month(); at = at.AddDate(0, 0, 1) {
		date := at.Format(time.DateOnly)
		cell := dayView{Number: fmt.Sprint(at.Day()), Text: dayWords(date) + ": nothing on record", Page: x.Pages[date]}
		switch d := days[date]; {
		case d != nil:
			any = true
			cell.Level, cell.Text = level(d), dayTitle(d)
			if n := sumOf(d.Failures); n > 0 {
				cell.Figure = short(n)
			}
		case at.Before(first) || at.After(last):
			cell.Level, cell.Text = "out", ""
		}
		if week = append(week, cell); len(week) == 7 {
			v.Weeks, week = append(v.Weeks, week), nil
		}
	}
	if len(week) > 0 {
		v.Weeks = append(v.Weeks, slices.Concat(week, make([]dayView, 7-len(week))))
	}
	if !any {
		return monthView{}
	}
	v.Name = m.Format("January 2006")
	return v
}

// short writes a count in as many letters as a cell holds: 812, 12k, 3M.
func short(n int64) string {
	switch {
	case n >= 1e6:
		return thousands(n/1e6) + "M"
	case n >= 1e4:
		return fmt.Sprintf("%dk", n/1e3)
	}
	return fmt.Sprint(n)
}
