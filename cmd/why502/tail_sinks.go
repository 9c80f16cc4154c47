package main

import (
	"context"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input/follow"
	"why502/report"
	"why502/report/alert"
	"why502/report/screen"
)

// sinks are those who hear what is watched: standard output, alert targets, Prometheus.
type sinks struct {
	c       *cobra.Command
	json    bool
	options report.Options
	alerts  *alert.Notifier
	gauges  *gauges
	server  *http.Server
	text    *textfile
	screen  *screen.Screen // nil: there is none, changes are lines
	err     error          // of standard output
}

func (s *sinks) open(c *cobra.Command, o *tailing, targets []*alert.Target) error {
	s.c, s.json, s.gauges = c, o.format == "json", newGauges()
	coloured, err := (&output{color: o.color}).coloured(c.OutOrStdout())
	if err != nil {
		return err
	}
	s.options = report.Options{Color: coloured && !s.json}
	s.retarget(targets)
	if o.textfile != "" {
		s.text = &textfile{name: o.textfile}
	}
	if o.listen != "" {
		if s.server, err = serve(o.listen, s.gauges); err != nil {
			return usage("--listen %s: %s; give an address and a free port, such as 127.0.0.1:9502", o.listen, reason(err))
		}
	}
	return nil
}

// retarget tells others from now on.
func (s *sinks) retarget(targets []*alert.Target) {
	s.stopAlerts()
	if len(targets) == 0 {
		return
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	s.alerts = &alert.Notifier{Host: host, Fail: func(target string, err error) {
		complain(s.c.ErrOrStderr(), "alert "+target+": "+err.Error())
	}}
	s.alerts.Start(targets)
}

func (s *sinks) stopAlerts() {
	if s.alerts == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	if err := s.alerts.Close(ctx); err != nil {
		complain(s.c.ErrOrStderr(), err.Error())
	}
	s.alerts = nil
}

func (s *sinks) close() {
	s.stopAlerts()
	if s.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = s.server.Shutdown(ctx)
	}
}

// line hears of every record.
func (s *sinks) line(r *parser.Record, events []classifier.Event) {
	status := statusOf(r, events)
	s.gauges.record(r, status)
	if s.screen == nil {
		return
	}
	if status != "" {
		s.screen.Count(r.Time, r.Format, status)
	}
	if len(events) == 0 {
		return
	}
	l := screen.Line{
		Time: r.Time, Status: status, Vhost: string(correlate.Vhost(r)), Pool: string(r.Pool), Text: string(r.Message), Source: r.File, Line: r.Line,
	}
	for i := range events {
		l.Tags = append(l.Tags, string(events[i].Rule.Tag))
	}
	s.screen.Feed(l)
}

// statusOf is what the visitor got of whom a record speaks; "" if it speaks of none.
func statusOf(r *parser.Record, events []classifier.Event) string {
	if r.Status > 0 && strings.HasSuffix(r.Format, "-access") {
		return strconv.Itoa(r.Status)
	}
	for i := range events {
		if rule := events[i].Rule; rule.Harm != "" && !rule.Presumed {
			return rule.Harm
		}
	}
	return ""
}

// change hears of every change.
func (s *sinks) change(c *report.Change) {
	switch {
	case s.screen != nil:
		s.screen.Change(*c)
	case s.err != nil:
	case s.json:
		s.err = c.WriteJSON(s.c.OutOrStdout())
	default:
		s.err = c.WriteLine(s.c.OutOrStdout(), s.options)
	}
	s.gauges.change(c)
	if s.alerts != nil {
		s.alerts.Tell(c)
	}
}

// tick lets those who look by themselves see how things are.
func (s *sinks) tick(t *watching, states []follow.State, now time.Time) {
	s.gauges.set(t.latest, t.watch.Open(), states, now)
	if s.screen != nil {
		s.screen.Update(t.snapshot(states, now))
	}
	if s.text != nil {
		if err := s.text.write(s.gauges, now); err != nil {
			complain(s.c.ErrOrStderr(), "--textfile "+s.text.name+": "+unwritten(err)+"; it is tried again")
		}
	}
}

// snapshot is what the screen shows beside the lines.
func (t *watching) snapshot(states []follow.State, now time.Time) screen.Snapshot {
	n := screen.Snapshot{Now: t.clock.now(now), Open: t.watch.Open(), Files: make([]screen.File, 0, len(states))}
	for i := range states {
		s := &states[i]
		f := screen.File{
			Path: s.Path, Status: s.Status.String(), OK: s.Status == follow.Following || s.Status == follow.Rotating, Why: s.Why,
			Lines: s.Lines, Lag: s.Lag, Idle: -1, Gaps: s.Gaps,
		}
		if !s.LastLine.IsZero() {
			f.Idle = now.Sub(s.LastLine)
		}
		n.Files = append(n.Files, f)
		n.Lines += s.Lines
		n.Unparsed += t.whole.Source(s.Path).Unparsed
	}
	return n
}
