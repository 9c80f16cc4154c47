package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/report"
)

func renderCommand() *cobra.Command {
	var (
		out  output
		slow slowProfile
		post mailing
		mask masking
		zone string
		dir  string
	)
	c := &cobra.Command{
		Use:   "render [flags] REPORT.json",
		Short: "draw a stored report in another format",
		Long: `Reads a report that was written with --format json ("-": from standard input) and
draws it again, in another format, another time zone, or with all its details.
Its --profile has the stacks that the report holds: the 200 most frequent ones,
with the names of files but not their folders; all others are "(other)".`,
		Example: `  why502 render -v report.json
  why502 render -o report.html report.json
  why502 render --archive /srv/why502 daily.json
  ssh web1 why502 analyze --format json /var/log/nginx | why502 render -`,
		Args: arguments(cobra.ExactArgs(1), "give one REPORT.json, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := cmp.Or(out.check(), slow.check(out.file), post.check(c, &out), mask.check()); err != nil {
				return err
			}
			if dir != "" {
				if err := out.unprinted(c, "--archive"); err != nil {
					return err
				}
			}
			var shown *time.Location
			if zone != "" {
				z, err := location(zone)
				if err != nil {
					return err
				}
				shown = z
			}
			r, err := stored(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			r = mask.report(r)
			if dir != "" {
				if err := archived(dir, 0, r, shown); err != nil || out.file == "" && post.out == nil {
					return cmp.Or(err, slow.write(r))
				}
			}
			return cmp.Or(post.tell(c, &out, r, shown, mask.host), slow.write(r))
		},
	}
	out.flags(c)
	slow.flag(c)
	mask.flags(c)
	post.flags(c)
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.StringVar(&dir, "archive", "", "add a daily report to the archive in `DIR`, which need not be there, instead of printing it: its day's page, and an index of all")
		f.StringVar(&zone, "timezone", "", "show times in `ZONE` (default: as the report has them)")
	})
	return c
}

func stored(stdin io.Reader, path string) (*report.Report, error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, &status{statusUnread, fmt.Errorf("%s: %s", path, reason(err))}
		}
		defer f.Close()
		in = f
	}
	r, err := report.Decode(in)
	if err != nil {
		return nil, &status{statusUnread, fmt.Errorf("%s: %s; give a file that --format json wrote", path, reason(err))}
	}
	return r, nil
}
