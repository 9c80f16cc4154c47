package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// The themes commands are listed under.
const (
	themeAnalyse = "analyse"
	themeKnow    = "know"
)

func newRoot() *cobra.Command {
	root := analyzeCommand("why502 [flags] [PATH...]")
	root.Short = "why visitors of a PHP site got a 502, 504, 503 or 500"
	root.Long = `why502 reads what nginx, PHP-FPM, Apache, the kernel and the database left in
their logs and says why visitors got a 502, 504, 503 or 500: since when, who was
hit, which lines show it, and what to change.

` + pathHelp + `
A first argument that is no command is a PATH: why502 access.log is
why502 analyze access.log.`
	root.Example = analyzeExamples
	root.SilenceErrors, root.SilenceUsage = true, true
	versionFlag(root)
	root.AddGroup(&cobra.Group{ID: themeAnalyse, Title: "From logs to a report"}, &cobra.Group{ID: themeKnow, Title: "What it knows"})
	analyze := analyzeCommand("analyze [flags] [PATH...]")
	analyze.Short = "read logs and say why visitors got errors (the default command)"
	analyze.Long = `Reads logs and says why visitors got errors: since when, who was hit, which lines
show it, and what to change. This is what why502 does if no command is named.

` + pathHelp + `
Logs of the same time tell more together than one by one: give them all at once.`
	for _, c := range []*cobra.Command{analyze, tailCommand(), dailyCommand(), logsCommand(), tagCommand(), renderCommand()} {
		c.GroupID = themeAnalyse
		root.AddCommand(c)
	}
	for _, c := range []*cobra.Command{doctorCommand(), formatsCommand(), rulesCommand(), causesCommand()} {
		c.GroupID = themeKnow
		root.AddCommand(c)
	}
	root.AddCommand(versionCommand(), manCommand())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Short = "explain a command"
			c.Args, c.Run, c.RunE = cobra.ArbitraryArgs, nil, helpOn
		case "completion":
			c.Short = "print a script that completes commands and flags in your shell"
			c.Long = ""
			c.Args = arguments(cobra.NoArgs, "it knows no such shell; give bash, zsh, fish or powershell")
			c.RunE = func(c *cobra.Command, _ []string) error { return printHelp(c.OutOrStdout(), c) }
		}
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if n := unknownFlag(c, err); n != "" {
			return usage("%s; did you mean --%s?", flagMistake(err), n)
		}
		return usage("%s; see %s --help", flagMistake(err), c.CommandPath())
	})
	return root
}

// execute runs the command that the arguments name. Cobra does not pass on that a help could not be written.
func execute(ctx context.Context, root *cobra.Command) error {
	var unwritten error
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { unwritten = printHelp(c.OutOrStdout(), c) })
	return cmp.Or(root.ExecuteContext(ctx), unwritten)
}

// helpOn explains the command that args name; a name that is none would get the help of the whole otherwise.
func helpOn(c *cobra.Command, args []string) error {
	about, rest, err := c.Root().Find(args)
	if err != nil || about == c.Root() && len(args) > 0 || len(rest) > 0 {
		if n := near(args[len(args)-1], commandNames(about)); n != "" {
			return usage("help: no command is called %q; did you mean %s %s?", strings.Join(args, " "), about.CommandPath(), n)
		}
		return usage("help: no command is called %q; %s", strings.Join(args, " "), seeHelp)
	}
	about.InitDefaultHelpFlag()
	return printHelp(c.OutOrStdout(), about)
}

// arguments wraps cobra's checks of arguments: they are usage errors that should say how it is meant.
func arguments(check cobra.PositionalArgs, meant string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usage("%s: %s; see %s --help", strings.TrimPrefix(c.CommandPath(), programName+" "), meant, c.CommandPath())
		}
		return nil
	}
}

// printHelp says what a command does, with examples, and lists its commands and flags by theme.
func printHelp(to io.Writer, c *cobra.Command) error {
	w := bufio.NewWriter(to)
	if c.Long != "" {
		fmt.Fprintf(w, "%s\n\n", c.Long)
	} else {
		fmt.Fprintf(w, "%s: %s\n\n", c.CommandPath(), c.Short)
	}
	fmt.Fprintln(w, "Usage:")
	if c.Runnable() {
		fmt.Fprintf(w, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s COMMAND [flags]\n", c.CommandPath())
	}
	if c.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n%s\n", c.Example)
	}
	themes := append(c.Groups(), &cobra.Group{Title: "Other commands"})
	if c.HasParent() {
		themes[len(themes)-1].Title = "Commands"
	}
	for _, g := range themes {
		var lines []string
		for _, sub := range c.Commands() {
			if sub.GroupID == g.ID && (sub.IsAvailableCommand() || sub.Name() == "help") {
				lines = append(lines, fmt.Sprintf("  %-12s %s", sub.Name(), sub.Short))
			}
		}
		if lines != nil {
			fmt.Fprintf(w, "\n%s:\n%s\n", g.Title, strings.Join(lines, "\n"))
		}
	}
	printFlags(w, c)
	if c.Flags().Lookup("fail-on") != nil {
		fmt.Fprintf(w, "\n%s", exitHelp)
	}
	return w.Flush()
}

const exitHelp = `Exit status:
  0  done, whatever was found
  1  an incident is explained with the confidence of --fail-on, or more
  2  a flag or an argument is wrong, or the report could not be written
  3  some input could not be read; the report of the rest is written
  130  interrupted (Ctrl-C, SIGTERM); the report of what was read is written
`
