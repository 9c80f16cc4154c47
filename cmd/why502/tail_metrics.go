package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input/follow"
	"why502/report"
)

// gauges is what Prometheus is shown. It is written by the loop that follows and read by those who serve it.
type gauges struct {
	mu       sync.Mutex
	began    time.Time
	failures map[failure]int64
	opened   map[string]int64 // incidents by cause
	open     map[string]int   // those that go on, by cause
	states   []follow.State
	report   *report.Report
	ticked   time.Time
}

// failure is what is counted of a failed request. The error log and the access log tell of the same requests: sums are to be
// taken over one kind of log.
type failure struct{ log, status, vhost string }

// maxFailures bounds the sites told apart: whoever sends requests chooses the Host header.
const maxFailures = 2000

func newGauges() *gauges {
	return &gauges{failures: map[failure]int64{}, opened: map[string]int64{}, open: map[string]int{}, began: time.Now()}
}

// record counts a failed request; status is what its visitor got.
func (g *gauges) record(r *parser.Record, status string) {
	f := failure{log: "error", status: status}
	if strings.HasSuffix(r.Format, "-access") {
		f.log = "access"
	}
	if status == "" || f.log == "access" && r.Status < 500 {
		return
	}
	f.vhost = string(correlate.Vhost(r))
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, known := g.failures[f]; !known && len(g.failures) >= maxFailures {
		f.vhost = correlate.Other
	}
	g.failures[f]++
}

func causeName(in *report.Incident) string {
	if top := in.Verdict(); top != nil && top.Confidence >= report.Low {
		return top.ID
	}
	return "unknown"
}

func (g *gauges) change(c *report.Change) {
	if c.Kind == report.Opened {
		g.mu.Lock()
		g.opened[causeName(c.Incident)]++
		g.mu.Unlock()
	}
}

func (g *gauges) set(r *report.Report, open []*report.Incident, states []follow.State, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.report, g.states, g.ticked = r, states, now
	clear(g.open)
	for _, in := range open {
		g.open[causeName(in)]++
	}
}

// write writes the text format of Prometheus.
// https://prometheus.io/docs/instrumenting/exposition_formats/
func (g *gauges) write(w io.Writer) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := &exposition{}
	p.family("why502_build_info", "gauge", "The program that runs.")
	p.sample("why502_build_info", 1, "version", version())
	p.family("why502_start_time_seconds", "gauge", "When it was started, in seconds since 1970.")
	p.sample("why502_start_time_seconds", float64(g.began.UnixMilli())/1e3)
	p.family("go_goroutines", "gauge", "Goroutines that exist.")
	p.sample("go_goroutines", float64(runtime.NumGoroutine()))
	p.family("why502_failures_total", "counter", "Failed requests by the status visitors got, as one kind of log tells; both tell of the same requests.")
	for _, f := range slices.SortedFunc(maps.Keys(g.failures), func(a, b failure) int {
		return cmp.Or(strings.Compare(a.log, b.log), strings.Compare(a.status, b.status), strings.Compare(a.vhost, b.vhost))
	}) {
		p.sample("why502_failures_total", float64(g.failures[f]), "log", f.log, "status", f.status, "vhost", f.vhost)
	}
	p.family("why502_incidents_open", "gauge", "Incidents that go on, by the cause that is held most likely.")
	for _, c := range slices.Sorted(maps.Keys(g.open)) {
		p.sample("why502_incidents_open", float64(g.open[c]), "cause", c)
	}
	if len(g.open) == 0 {
		p.sample("why502_incidents_open", 0, "cause", "unknown")
	}
	p.family("why502_incidents_total", "counter", "Incidents that opened, by the cause that looked most likely then.")
	for _, c := range slices.Sorted(maps.Keys(g.opened)) {
		p.sample("why502_incidents_total", float64(g.opened[c]), "cause", c)
	}
	g.logs(p)
	_, err := io.WriteString(w, p.String())
	return err
}

// logs writes how following each log goes.
func (g *gauges) logs(p *exposition) {
	unparsed := map[string]int64{}
	if g.report != nil {
		for i := range g.report.Coverage.Sources {
			s := &g.report.Coverage.Sources[i]
			unparsed[s.Path] = s.Unparsed
		}
	}
	for _, m := range []struct {
		name, kind, help string
		value            func(*follow.State) float64
	}{
		{"why502_log_lines_total", "counter", "Lines read.", func(s *follow.State) float64 { return float64(s.Lines) }},
		{"why502_log_read_bytes_total", "counter", "Bytes read.", func(s *follow.State) float64 { return float64(s.Bytes) }},
		{"why502_log_unparsed_total", "counter", "Entries that were not understood, as of the last report.", func(s *follow.State) float64 { return float64(unparsed[s.Path]) }},
		{"why502_log_lag_bytes", "gauge", "Bytes written and not read yet.", func(s *follow.State) float64 { return float64(s.Lag) }},
		{"why502_log_gaps_total", "counter", "Times that lines were lost before they could be read.", func(s *follow.State) float64 { return float64(s.Gaps) }},
		{"why502_log_followed", "gauge", "1 if the log is followed, 0 if it is missing or cannot be read.", func(s *follow.State) float64 {
			if s.Status == follow.Following || s.Status == follow.Rotating {
				return 1
			}
			return 0
		}},
	} {
		p.family(m.name, m.kind, m.help)
		for i := range g.states {
			p.sample(m.name, m.value(&g.states[i]), "path", g.states[i].Path)
		}
	}
}

// exposition is text in the format of Prometheus.
type exposition struct{ strings.Builder }

func (p *exposition) family(name, kind, help string) {
	fmt.Fprintf(p, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// labelEscapes are those of the format; further bytes may be any UTF-8.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func (p *exposition) sample(name string, value float64, labels ...string) {
	p.WriteString(name)
	for i := 0; i < len(labels); i += 2 {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		fmt.Fprintf(p, `%s%s="%s"`, sep, labels[i], labelEscapes.Replace(report.Clean(labels[i+1])))
	}
	if len(labels) > 0 {
		p.WriteByte('}')
	}
	p.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

// textfile is a file that node_exporter reads.
type textfile struct {
	name string
	due  time.Time
}

func (t *textfile) write(g *gauges, now time.Time) error {
	if now.Before(t.due) {
		return nil
	}
	t.due = now.Add(15 * time.Second)
	return writeFile(t.name, g.write)
}
