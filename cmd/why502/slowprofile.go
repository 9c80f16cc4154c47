package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/report"
	"why502/report/profile"
)

// slowProfile is what the flag says about the profile of the slow logs.
type slowProfile struct{ file string }

func (o *slowProfile) flag(c *cobra.Command) {
	var all []string
	for _, f := range profile.Formats {
		all = append(all, strings.Join(f.Suffixes, " or ")+" ("+f.Doc+")")
	}
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.StringVar(&o.file, "profile", "", "also write what the slow logs caught PHP in to `FILE`; its suffix chooses the format: "+strings.Join(all, ", "))
	})
}

// check refuses a wrong name before anything is read.
func (o *slowProfile) check() error {
	if o.file == "" || profile.BySuffix(o.file) != nil {
		return nil
	}
	var all []string
	for _, f := range profile.Formats {
		all = append(all, f.Suffixes[0]+" ("+f.Doc+")")
	}
	return usage("--profile %s: the suffix names no format; end it in %s", o.file, strings.Join(all, " or "))
}

// write writes the profile of r, if it was asked for. A profile of nothing is none.
func (o *slowProfile) write(r *report.Report) error {
	switch {
	case o.file == "":
		return nil
	case r.Profile.Slow.Entries == 0 && !hasSlowLog(r):
		return usage("--profile %s: not written, no PHP-FPM slow log was read; set slowlog and request_slowlog_timeout in the pool", o.file)
	case r.Profile.Slow.Entries == 0:
		return usage("--profile %s: not written, the slow log has no entry of that time", o.file)
	case len(profile.Stacks(r)) == 0:
		return usage("--profile %s: not written, no entry of the slow log has a stack", o.file)
	}
	f := profile.BySuffix(o.file)
	if err := writeFile(o.file, func(w io.Writer) error { return f.Write(w, r) }); err != nil {
		return usage("--profile %s: %s", o.file, reason(err))
	}
	return nil
}

func hasSlowLog(r *report.Report) bool {
	for i := range r.Coverage.Sources {
		if r.Coverage.Sources[i].Format == "php-slow" {
			return true
		}
	}
	return false
}
