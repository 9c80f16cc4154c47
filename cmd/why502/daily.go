package main

import (
	"cmp"
	"errors"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const dailyLong = `For cron or a timer: reads what logs have got since its last run, reports the
incidents that are new or have changed, and prints nothing if there are none. It
may run once a day or every hour; a day it missed is caught up on.

A folder (--state) holds how far it has read, by file and not by name: logs may
be renamed, packed, emptied or moved meanwhile, and no line counts twice or is
missed. An incident that goes on over midnight or over several runs stays one,
keeps its id, and is reported with its whole counts. All runs together tell what
one why502 analyze of all the logs tells.

A failure or two without a surge (an isolated incident) is no reason for a
report; --always prints one even on a clean day. What cannot be read, and logs
that are gone before they were read to their end, are said on standard error.

` + pathHelpDaily

const pathHelpDaily = `PATH is a file (read with what rotation has put beside it), a folder or a glob.
Without a PATH it finds the logs of this server, in the first run those that
were written in the last two days or since --since.`

const dailyExamples = `  # cron: at half past six, mailed by cron only if there is something to tell
  30 6 * * * root why502 daily
  # twice a day, only some logs, the report as a page as well
  0 6,18 * * * root why502 daily -o /srv/www/today.html /var/log/nginx
  # a page a day and an index of them, below a web server with passwords
  30 6 * * * root why502 daily --archive /srv/why502
  # systemd: why502-daily.service
  [Service]
  Type=oneshot
  ExecStart=/usr/bin/why502 daily
  # … and why502-daily.timer
  [Timer]
  OnCalendar=*-*-* 06:30
  Persistent=true
  [Install]
  WantedBy=timers.target
  # a mail of its own, with the page attached
  30 6 * * * root why502 daily --mail-to admin@example.com
  # the first run: a week of logs; the state is kept in a folder of yours
  why502 daily --since -7d --always --state ~/.local/state/why502
  # forget what was read, read all logs again that are there
  sudo why502 daily --rebuild`

// reporting is what the flags of daily say.
type reporting struct {
	out       output
	slow      slowProfile
	post      mailing
	mask      masking
	archive   string
	state     string
	rebuild   bool
	retention int
	always    bool
	fail      string
	workers   int
}

const (
	defaultState     = "/var/lib/why502"
	defaultRetention = 35 // days: a week more than what is compared, and a month's trend
)

func dailyCommand() *cobra.Command {
	var (
		sel selection
		o   reporting
	)
	c := &cobra.Command{
		Use:     "daily [flags] [PATH...]",
		Short:   "for cron: what is new since the last run; silent on a clean day",
		Long:    dailyLong,
		Example: dailyExamples,
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, paths []string) error {
			if err := o.check(c, &sel, paths); err != nil {
				return err
			}
			store, err := openStore(o.state)
			if errors.Is(err, errRunning) {
				complain(c.ErrOrStderr(), "another run of why502 daily is under way with "+o.state+"; this one has nothing to do")
				return nil
			}
			if err != nil {
				return err
			}
			defer store.close()
			if err := o.mask.keptIn(o.state); err != nil {
				return err
			}
			return (&dailyRun{c: c, sel: &sel, o: &o, paths: paths, store: store}).run()
		},
	}
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.StringVar(&sel.since, "since", "", "in the first run and with --rebuild: leave out what was before `TIME`: 2026-11-22, -7d, yesterday")
	})
	sel.formFlags(c)
	under(c, "What to read", func(f *pflag.FlagSet) { f.StringVar(&sel.root, "root", "", rootHelp) })
	sel.sizeFlags(c)
	o.out.flags(c)
	o.slow.flag(c)
	o.mask.flags(c)
	o.post.flags(c)
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.StringVar(&o.archive, "archive", "", "also keep in `DIR` a page a day and an index of them with a calendar")
		f.BoolVar(&o.always, "always", false, "print or mail a report of a clean run, too")
	})
	under(c, "How to run", func(f *pflag.FlagSet) {
		f.StringVar(&o.state, "state", defaultState, "keep in `DIR` how far logs were read, open incidents, the facts of past days and the reports")
		f.BoolVar(&o.rebuild, "rebuild", false, "forget how far logs were read and read all of them again; facts of days that they no longer cover are kept")
		f.IntVar(&o.retention, "retention", defaultRetention, "keep reports, pages of --archive and the facts of `DAYS`")
		f.StringVar(&o.fail, "fail-on", "none", "exit with 1 if a new or changed incident is explained with at least this `CONFIDENCE`: low (35%), medium (55%), high (80%); any: if there is one at all; none: never")
		f.IntVar(&o.workers, "workers", 0, "read `N` files at a time (default: one a core)")
	})
	complete(c, "fail-on", "none", "low", "medium", "high", "any")
	profiled(c)
	return c
}

// check refuses what cannot be meant, before anything is opened.
func (o *reporting) check(c *cobra.Command, sel *selection, paths []string) error {
	if err := cmp.Or(checkRun(o.fail, o.workers), sel.chooseRoot(paths)); err != nil {
		return err
	}
	switch {
	case o.retention < 1:
		return usage("--retention: %d is no number of days; give 1 or more", o.retention)
	case o.state == "":
		return usage("--state: an empty path; give a folder")
	}
	for _, p := range paths {
		if p == "-" {
			return usage("-: standard input cannot be read on from where a run ended; give files, or pipe into why502 analyze")
		}
	}
	return cmp.Or(o.out.check(), o.slow.check(o.out.file), o.post.check(c, &o.out), o.mask.check(), sel.check(dailyNow()))
}

// dailyNow is the time of a run. Tests have their own.
var dailyNow = time.Now
