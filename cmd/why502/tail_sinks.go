package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/parser"
	"why502/parser/input/follow"
	"why502/report"
	"why502/report/alert"
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
	err     error // of standard output
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
			return usage("--listen %s: %s", o.listen, reason(err))
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
	stderr := s.c.ErrOrStderr()
	s.alerts = &alert.Notifier{Host: host, Fail: func(target string, err error) { complain(stderr, "alert "+target+": "+err.Error()) }}
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
func (s *sinks) line(r *parser.Record, events []classifier.Event) { s.gauges.record(r, events) }

// change hears of every change.
func (s *sinks) change(c *report.Change) {
	if s.err == nil {
		if s.json {
			s.err = c.WriteJSON(s.c.OutOrStdout())
		} else {
			s.err = c.WriteLine(s.c.OutOrStdout(), s.options)
		}
	}
	s.gauges.change(c)
	if s.alerts != nil {
		s.alerts.Tell(c)
	}
}

// tick lets those who look by themselves see how things are.
func (s *sinks) tick(t *watching, states []follow.State, now time.Time) {
	s.gauges.set(t.latest, t.watch.Open(), states, now)
	if s.text != nil {
		if err := s.text.write(s.gauges, now); err != nil {
			complain(s.c.ErrOrStderr(), "--textfile "+s.text.name+": "+reason(err)+"; it is tried again")
		}
	}
}
