package main

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/report"
	"why502/report/profile"
)

// slowProfile is what the flags say about the profile of the slow logs.
type slowProfile struct{ file, folded string }

func (o *slowProfile) flag(c *cobra.Command) {
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.StringVar(&o.file, "profile", "", "also write what the slow logs caught PHP in to `FILE`; its suffix chooses the format: "+strings.Join(profileSuffixes(), ", "))
		f.StringVar(&o.folded, "folded", "", "the same as folded stacks, whatever the suffix of `FILE`")
	})
}

// profileSuffixes are ".folded or .txt (folded stacks)" and so on.
func profileSuffixes() (all []string) {
	for _, f := range profile.Formats {
		all = append(all, strings.Join(f.Suffixes, " or ")+" ("+f.Doc+")")
	}
	return all
}

// wanted says whether there is one to write.
func (o *slowProfile) wanted() bool { return o.file != "" || o.folded != "" }

// check refuses a wrong name before anything is read; report is where the report goes.
func (o *slowProfile) check(report string) error {
	files := []struct{ flag, name string }{{"-o", report}, {"--profile", o.file}, {"--folded", o.folded}}
	for i, a := range files {
		for _, b := range files[:i] {
			if a.name != "" && filepath.Clean(a.name) == filepath.Clean(b.name) {
				return usage("%s %s: %s writes there, too; give another file", a.flag, a.name, b.flag)
			}
		}
	}
	if o.file != "" && profile.BySuffix(o.file) == nil {
		return usage("--profile %s: the suffix names no format; end it in %s", o.file, strings.Join(profileSuffixes(), ", "))
	}
	if err := noFolder("--profile", o.file); err != nil {
		return err
	}
	return noFolder("--folded", o.folded)
}

// write writes the profiles of r that were asked for. A profile of nothing is none.
func (o *slowProfile) write(r *report.Report) error {
	var wrong []string
	for _, p := range []struct {
		flag, file string
		format     *profile.Format
	}{{"--profile", o.file, profile.BySuffix(o.file)}, {"--folded", o.folded, profile.Folded}} {
		if p.file == "" {
			continue
		}
		why := nothingSlow(r)
		if why == "" {
			if err := writeFile(p.file, func(w io.Writer) error { return p.format.Write(w, r) }); err != nil {
				why = unwritten(err)
			}
		}
		if why != "" {
			wrong = append(wrong, p.flag+" "+p.file+": "+why)
		}
	}
	if wrong != nil {
		return usage("%s", strings.Join(wrong, "; "))
	}
	return nil
}

// nothingSlow says why there is nothing to write; empty if there is something.
func nothingSlow(r *report.Report) string {
	switch {
	case r.Profile.Slow.Entries == 0 && !hasSlowLog(r):
		return "not written, no PHP-FPM slow log was read; set slowlog and request_slowlog_timeout in the pool"
	case r.Profile.Slow.Entries == 0:
		return "not written, the slow log has no entry of that time"
	case len(profile.Stacks(r)) == 0:
		return "not written, no entry of the slow log has a stack"
	}
	return ""
}

func hasSlowLog(r *report.Report) bool {
	for i := range r.Coverage.Sources {
		if r.Coverage.Sources[i].Format == "php-slow" {
			return true
		}
	}
	return false
}
