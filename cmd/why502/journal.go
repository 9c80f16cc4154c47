package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/parser/input"
)

// wholeJournal is what --journal means without a unit.
const wholeJournal = "all"

func (in *selection) journalFlag(f *pflag.FlagSet) {
	f.StringSliceVar(&in.journal, "journal", nil, "read systemd's journal, beside PATH or alone: all of it, or of `UNIT`[,UNIT…] only (which leaves out the kernel's messages)")
	f.Lookup("journal").NoOptDefVal = wholeJournal
}

// openJournal adds the journal of the time asked for to the files.
func (in *selection) openJournal(ctx context.Context, w window) (*input.File, error) {
	j := in.units()
	if !w.from.IsZero() {
		j.Since = w.from.Add(-before)
	}
	if !w.to.IsZero() {
		j.Until = w.to.Add(after)
	}
	return j.File(ctx)
}

// units is the part of the journal that --journal means.
func (in *selection) units() input.Journal {
	if slices.Contains(in.journal, wholeJournal) {
		return input.Journal{}
	}
	return input.Journal{Units: in.journal}
}

// orJournal lets a command that needs paths do without them if --journal was given.
func orJournal(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if c.Flags().Changed("journal") {
			return nil
		}
		return check(c, args)
	}
}
