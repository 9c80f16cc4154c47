package main

import (
	"cmp"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/report"
)

const analyzeExamples = `  # the logs of this server, wherever its configuration puts them
  sudo why502
  # those of a server that was copied below a folder, or into an archive
  why502 --root /tmp/customer
  why502 --root customer.tar.gz
  # everything below a folder
  why502 /var/log
  # yesterday, with all evidence
  why502 -v --since yesterday --until today /var/log
  # some logs, into a file; its suffix chooses the format
  why502 -o report.html /var/log/nginx '/var/log/php*-fpm.log*'
  # for somebody else: without names of clients, hosts and accounts
  why502 --anonymize -o report.html /var/log
  # where PHP waited, for go tool pprof, speedscope or Pyroscope
  why502 --profile slow.pb.gz /var/log
  # standard input: the output of a command, or lines somebody sent you
  journalctl --since -1h | why502 -
  # mailed, if there is something to tell
  why502 --quiet --since -1d --mail-to admin@example.com /var/log
  # for a monitor: silent if all is well, status 1 if a cause is likely
  why502 --quiet --fail-on medium --since -1h /var/log`

const pathHelp = `PATH is a file, a folder (read with everything below it), a glob, an archive
(tar, packed or not, zip; also in a folder or in another archive), or "-" for
standard input. Configuration that lies beside the logs, or with them in an
archive, is used. Files are recognised by what stands in them, not by name,
packed (gz, xz, bz2, zst) or not, so a whole /var/log will do. Without a PATH it
finds the logs of this server (why502 logs lists them) and reads those that were
written in the last two days, or since --since.`

// failOn are the values of --fail-on and the confidence from which an incident counts.
var failOn = map[string]float64{"none": 2, "any": 0, "low": report.Low, "medium": report.Medium, "high": report.High}

// analysis is what the flags of analyze say.
type analysis struct {
	sel     selection
	out     output
	slow    slowProfile
	post    mailing
	mask    masking
	fail    string
	quiet   bool
	workers int
}

func analyzeCommand(use string) *cobra.Command {
	var a analysis
	c := &cobra.Command{
		Use:     use,
		Example: analyzeExamples,
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, paths []string) error {
			if err := a.check(c, paths); err != nil {
				return err
			}
			return a.run(c, paths)
		},
	}
	a.sel.flags(c)
	under(c, "What to read", func(f *pflag.FlagSet) { f.StringVar(&a.sel.root, "root", "", rootHelp) })
	a.sel.sizeFlags(c)
	a.out.flags(c)
	a.slow.flag(c)
	a.mask.flags(c)
	a.post.flags(c)
	under(c, "How to run", func(f *pflag.FlagSet) {
		f.StringVar(&a.fail, "fail-on", "none", "exit with 1 if an incident is explained with at least this `CONFIDENCE`: low (35%), medium (55%), high (80%); any: if there is one at all; none: never")
		f.BoolVar(&a.quiet, "quiet", false, "print nothing, and mail nothing, if no visitor was hurt")
		f.IntVar(&a.workers, "workers", 0, "read `N` files at a time (default: one a core)")
	})
	complete(c, "fail-on", "none", "low", "medium", "high", "any")
	profiled(c)
	return c
}

// check refuses what cannot be meant, before anything is opened.
func (a *analysis) check(c *cobra.Command, paths []string) error {
	if err := cmp.Or(checkRun(a.fail, a.workers), a.sel.chooseRoot(paths)); err != nil {
		return err
	}
	if len(paths) > 0 {
		if n := mistyped(c, paths[0]); n != "" {
			return usage("%s is neither a file nor a command; did you mean %s %s?", paths[0], programName, n)
		}
	}
	return cmp.Or(a.out.check(), a.slow.check(a.out.file), a.post.check(c, &a.out), a.mask.check())
}

// run reads, explains and tells.
func (a *analysis) run(c *cobra.Command, paths []string) error {
	p, err := openEarly(c, &a.sel, paths, a.slow.wanted())
	if err != nil {
		return err
	}
	r := a.mask.report(p.report(c.Context(), a.workers))
	p.saySwitchedOff()
	switch {
	case !a.quiet || len(r.Incidents) > 0:
		err = a.post.tell(c, &a.out, r, p.zone, a.mask.host)
	case a.out.file != "":
		err = a.out.write(c.OutOrStdout(), r, p.zone)
	}
	if err := cmp.Or(err, a.slow.write(r)); err != nil {
		return err
	}
	switch {
	case c.Context().Err() != nil:
		return &status{code: statusCut}
	case reaches(r, failOn[a.fail]):
		return &status{code: statusFound}
	case p.unread:
		return &status{code: statusUnread}
	}
	return nil
}

// checkRun refuses wrong values of --fail-on and --workers.
func checkRun(fail string, workers int) error {
	if _, ok := failOn[fail]; !ok {
		return usage("--fail-on: %q is none; give none, low, medium, high or any", fail)
	}
	if workers < 0 {
		return usage("--workers: %d is no number of workers; give 1 or more, or 0 for one a core", workers)
	}
	return nil
}

// reaches says whether an incident has at least the confidence.
func reaches(r *report.Report, limit float64) bool {
	for i := range r.Incidents {
		sure := 0.0
		if causes := r.Incidents[i].Causes; len(causes) > 0 {
			sure = causes[0].Confidence
		}
		if sure >= limit {
			return true
		}
	}
	return false
}
