package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/report"
	"why502/report/alert"
	"why502/report/screen"
)

const tailLong = `Follows logs and tells what breaks as it breaks: an incident opens, grows (another
site, another status, twice the failures), turns out to have another cause, is
over. What it says comes from the same engine as why502 analyze: whoever reads the
same lines later gets the same verdict.

On a terminal it fills the screen: rates by status, the last hour, open incidents
with cause and confidence, the lines that show them; Enter opens an incident, ?
lists the keys. --plain or a pipe gives a line a change.

Without a PATH it follows the logs of this server (why502 logs lists them). A
folder or a glob is followed as it is then: logs may come and go. So may those of
this server: a slow log that is turned on is followed within a minute or two. It
begins ten minutes back, so that an outage that goes on is told at once.

An alert target is one of these; @FILE has one a line, env:NAME holds one:
`

const tailExamples = `  # this server, from ten minutes ago, on the whole screen
  sudo why502 tail
  # some logs; lines for a pipe or a file
  why502 tail --plain /var/log/nginx '/var/log/php*-fpm.log'
  # as a service: goes on where it ended, calls people, is watched by Prometheus
  why502 tail --plain --marks /var/lib/why502/tail --alert @/etc/why502/alerts --listen 127.0.0.1:9502
  # one JSON object a change
  why502 tail --format json /var/log/nginx | jq -r .text`

// tailing is what the flags of tail say.
type tailing struct {
	following
	output   string
	format   string
	plain    bool
	color    string
	over     time.Duration
	keep     time.Duration
	alerts   []string
	listen   string
	textfile string
}

func tailCommand() *cobra.Command {
	var (
		sel selection
		o   tailing
	)
	c := &cobra.Command{
		Use:     "tail [flags] [PATH...]",
		Short:   "follow logs and tell what breaks, as it breaks",
		Long:    tailLong + strings.TrimRight(alert.Help(), "\n"),
		Example: tailExamples,
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, paths []string) error {
			o.sinceBegins(c, &sel)
			targets, err := o.check(&sel, paths)
			if err != nil {
				return err
			}
			return runTail(c, &sel, &o, paths, targets)
		},
	}
	sel.flags(c)
	o.follow, o.prompt = true, true
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.StringVar(&o.from, "from", "-10m", "where to begin in logs that are there already: `WHERE` is start, end, or a time as --since takes it; with --since: there")
		f.StringVar(&o.marks, "marks", "", "keep in `FILE` how far logs were read, and go on there at the next start; it may not lie in a folder of logs")
	})
	complete(c, "from", "-10m", "end", "start")
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.BoolVar(&o.plain, "plain", false, "lines, also on a terminal")
		f.StringVar(&o.format, "format", "text", "`FORMAT` of the lines: text, or json: one object a change")
		f.StringVar(&o.color, "color", "auto", "colours: `WHEN` is auto, always or never")
		f.StringVarP(&o.output, "output", "o", "", "at the end, write the report of all that was read to `FILE`; the suffix chooses the format")
	})
	under(c, "How to run", func(f *pflag.FlagSet) {
		f.DurationVar(&o.over, "over-after", 90*time.Second, "an incident is over when nothing of it was seen for `TIME`")
		f.DurationVar(&o.keep, "keep", 6*time.Hour, "forget what is over for `TIME`; what goes on is kept")
		f.StringArrayVar(&o.alerts, "alert", nil, "tell `TARGET` (see above) when an incident opens, has another cause, is over")
		f.StringVar(&o.listen, "listen", "", "serve /metrics for Prometheus, /healthz, /report.json and /report.html on `ADDRESS`: 127.0.0.1:9502; a port alone is on loopback")
		f.StringVar(&o.textfile, "textfile", "", "write the metrics to `FILE` every 15 s, for node_exporter's textfile collector")
	})
	complete(c, "format", "text", "json")
	complete(c, "color", "auto", "always", "never")
	profiled(c)
	return c
}

// check refuses what cannot be meant, before anything is opened.
func (o *tailing) check(sel *selection, paths []string) ([]*alert.Target, error) {
	switch {
	case o.format != "text" && o.format != "json":
		return nil, usage("--format: %q is none of those of tail; give text or json; -o report.html writes a page at the end", o.format)
	case o.color != "auto" && o.color != "always" && o.color != "never":
		return nil, usage("--color: %q is none; give auto, always or never", o.color)
	case o.over < time.Second:
		return nil, usage("--over-after %s: incidents pause; give a second or more", o.over)
	case o.keep < 10*time.Minute:
		return nil, usage("--keep %s: verdicts need what was before; give 10m or more", o.keep)
	}
	if o.output != "" && report.BySuffix(o.output) == nil {
		return nil, usage("-o %s: the suffix names no format; end it in %s", o.output, suffixes())
	}
	for flag, file := range map[string]string{"-o": o.output, "--textfile": o.textfile} {
		if err := noFolder(flag, file); err != nil {
			return nil, err
		}
	}
	var targets []*alert.Target
	for _, a := range o.alerts {
		t, err := alert.Parse(a)
		if err != nil {
			if strings.HasPrefix(a, "@") && reason(err) != err.Error() { // it leaves out the name of the file, which is no secret
				return nil, usage("--alert %s: %s", a, reason(err))
			}
			return nil, usage("--alert: %s", reason(err))
		}
		targets = append(targets, t...)
	}
	return targets, nil
}

// closing is how long alerts may take to be delivered after the end.
const closing = 10 * time.Second

// runTail follows until it is interrupted, on a terminal until the user leaves the screen.
func runTail(c *cobra.Command, sel *selection, o *tailing, paths []string, targets []*alert.Target) error {
	t := newWatching(c, sel, o)
	defer t.sinks.close()
	if err := t.sinks.open(c, o, targets); err != nil {
		return err
	}
	loop := func(ctx context.Context) error { return t.loop(ctx, paths) }
	if !o.wantsScreen(c) {
		return t.end(loop(c.Context()))
	}
	stderr := c.ErrOrStderr()
	s := screen.New(c.InOrStdin(), c.OutOrStdout(), screen.Options{Zone: sel.zone, Color: t.sinks.options.Color})
	c.SetErr(s)
	t.sinks.screen = s
	err := s.Run(c.Context(), loop)
	t.sinks.screen = nil
	c.SetErr(stderr)
	return t.end(err)
}

// wantsScreen says whether there is a terminal that a screen can be shown on, and nobody asked for lines.
func (o *tailing) wantsScreen(c *cobra.Command) bool {
	return !o.plain && o.format == "text" && os.Getenv("TERM") != "dumb" && os.Getenv("TERM") != "" && report.IsTerminal(c.OutOrStdout())
}

// loop follows until ctx ends. A SIGHUP reads rules, formats, configuration and alert targets anew, as does a log that is new to this
// server; what was collected stays.
func (t *watching) loop(ctx context.Context, paths []string) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		now, cancel := context.WithCancel(ctx)
		var reload atomic.Bool
		t.anew = func() {
			reload.Store(true)
			cancel()
		}
		go func() {
			select {
			case <-hup:
				if t.sinks.screen == nil { // else the terminal is gone
					reload.Store(true)
				}
				cancel()
			case <-now.Done():
			}
		}()
		err := t.follow(now, paths)
		cancel()
		if err != nil || !reload.Load() || ctx.Err() != nil {
			return err
		}
		notify("RELOADING=1")
		t.rest()
		targets, err := t.o.check(t.sel, paths)
		if err != nil {
			complain(t.c.ErrOrStderr(), "reload: "+err.Error()+"; the alert targets stay as they were")
			continue
		}
		t.sinks.retarget(targets)
	}
}
