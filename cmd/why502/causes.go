package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/classifier/rootcause"
	"why502/report"
)

func causesCommand() *cobra.Command {
	var color string
	c := &cobra.Command{
		Use:   "causes",
		Short: "the catalogue of causes: evidence, look-alikes, fixes",
		Long: `The reasons for failed requests that why502 weighs against each other. Kind says
what part a cause plays: root (mend this), mechanism (how a root became an error),
consequence (follows from earlier failures) or benign (looks alarming and is not).
Without a COMMAND: all causes in a table.`,
		Example: `  why502 causes
  why502 causes show fpm_max_children_exhausted`,
		Args: arguments(cobra.NoArgs, "it takes no argument but list or show ID"),
		RunE: func(c *cobra.Command, _ []string) error { return onSheet(c, color, listCauses) },
	}
	coloured := func(c *cobra.Command) *cobra.Command {
		c.Flags().StringVar(&color, "color", "auto", colorHelp)
		complete(c, "color", "auto", "always", "never")
		return c
	}
	list := &cobra.Command{
		Use: "list", Short: "all causes in a table", Args: c.Args, RunE: c.RunE,
	}
	show := &cobra.Command{
		Use: "show ID", Short: "one cause: how it is told, what fixes it",
		Args: arguments(cobra.ExactArgs(1), "give the ID of one cause, why502 causes lists them"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, x := range rootcause.Catalogue {
				ids = append(ids, x.ID+"\t"+x.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			cause := rootcause.Lookup(args[0])
			if cause == nil {
				return usage("no cause has the ID %q; %s", args[0], orNear(args[0], causeIDs(), "why502 causes lists them"))
			}
			return onSheet(c, color, func(s *report.Sheet) error { return showCause(s, cause) })
		},
	}
	c.AddCommand(coloured(list), coloured(show))
	return coloured(c)
}

func causeIDs() []string {
	ids := make([]string, 0, len(rootcause.Catalogue))
	for _, x := range rootcause.Catalogue {
		ids = append(ids, x.ID)
	}
	return ids
}

// onSheet gives a command that prints no report something to print on.
func onSheet(c *cobra.Command, color string, print func(*report.Sheet) error) error {
	on, err := (&output{color: color}).coloured(c.OutOrStdout())
	if err != nil {
		return err
	}
	return print(report.NewSheet(c.OutOrStdout(), report.Options{Color: on}))
}

func listCauses(s *report.Sheet) error {
	var rows [][]string
	for _, c := range rootcause.Catalogue {
		rows = append(rows, []string{c.ID, string(c.Kind), string(c.Layer), c.Title})
	}
	s.Table([]string{"ID", "Kind", "Layer", "What it is"}, rows)
	return s.Flush()
}

func showCause(s *report.Sheet, c *rootcause.Cause) error {
	s.Title(c.ID)
	s.Text("", c.Title+".")
	s.Text("", fmt.Sprintf("Kind: %s. To be mended in: %s.", c.Kind, c.Layer))
	if c.Doc != "" {
		s.Title("What it is")
		s.Text("  ", c.Doc)
	}
	clues(s, "It needs one of", c.Needs, 1)
	clues(s, "What speaks for it", c.For, 1)
	clues(s, "What speaks against it", c.Against, -1)
	if len(c.Explains) > 0 {
		s.Title("It explains")
		s.Text("  ", strings.Join(c.Explains, ", "))
	}
	if len(c.Behind) > 0 {
		s.Title("What may lie behind it, where the log is missing that would show it")
		s.Text("  ", strings.Join(c.Behind, ", "))
	}
	if len(c.Fix) > 0 {
		s.Title("What to do")
	}
	for _, f := range c.Fix {
		s.Text("  - ", f.Text)
		if f.Config != "" {
			s.Code(f.Config)
		}
		if f.Apache != "" {
			s.Text("    ", "Apache:")
			s.Code(f.Apache)
		}
		if f.Caution != "" {
			s.Text("    Caution: ", f.Caution)
		}
	}
	bullets(s, "Then check", c.Verify)
	bullets(s, "Sources", c.Sources)
	return s.Flush()
}

func clues(s *report.Sheet, title string, list []rootcause.Clue, sign float64) {
	if len(list) == 0 {
		return
	}
	s.Title(title)
	for _, c := range list {
		text := c.Text
		if tags := join(c.Tags); tags != "" {
			text = strings.TrimSpace(text + " [" + tags + "]")
		}
		s.Text(fmt.Sprintf("  %+.1f ", sign*c.Weight), text)
	}
}

func join(tags []classifier.Tag) string {
	out := make([]string, len(tags))
	for i, t := range tags {
		out[i] = string(t)
	}
	return strings.Join(out, ", ")
}

func bullets(s *report.Sheet, title string, list []string) {
	if len(list) == 0 {
		return
	}
	s.Title(title)
	for _, x := range list {
		s.Text("  - ", x)
	}
}
