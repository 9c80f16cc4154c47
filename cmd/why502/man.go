package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manCommand writes what packages ship: it is not for those who read logs, and the help does not list it.
func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "write the manual pages into a folder",
		Long:   "Writes a manual page for why502 and one for each of its commands into DIR, which is\nmade if it is not there. They say what --help says.",
		Hidden: true,
		Args:   arguments(cobra.ExactArgs(1), "it takes the folder for the pages"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return usage("%s: %s", args[0], unwritten(err))
			}
			return manPages(c.Root(), args[0])
		},
	}
}

// manPages writes the page of c and those of the commands below it.
func manPages(c *cobra.Command, dir string) error {
	name := filepath.Join(dir, manName(c)+".1")
	if err := os.WriteFile(name, md2man.Render([]byte(manual(c))), 0o644); err != nil {
		return usage("%s: %s", name, unwritten(err))
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			if err := manPages(sub, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// manName is the name of a page: why502-rules-show.
func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manual is a page in the markdown of md2man. It states neither a date nor a version: the same program has the same pages
// whenever they are made.
func manual(c *cobra.Command) string {
	c.InitDefaultHelpFlag()
	var b strings.Builder
	fmt.Fprintf(&b, "%% \"%s\" \"1\" \"\" \"%s\" \"User Commands\"\n\n", strings.ToUpper(manName(c)), programName)
	fmt.Fprintf(&b, "# NAME\n%s \\- %s\n\n# SYNOPSIS\n", plainText(manName(c)), plainText(c.Short))
	if c.Runnable() {
		fmt.Fprintf(&b, "**%s**%s\n\n", plainText(c.CommandPath()), plainText(strings.TrimPrefix(c.UseLine(), c.CommandPath())))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "**%s** COMMAND \\[flags\\]\n\n", plainText(c.CommandPath()))
	}
	long := c.Long
	if long == "" {
		long = strings.ToUpper(c.Short[:1]) + c.Short[1:] + "."
	}
	b.WriteString("# DESCRIPTION\n")
	prose(&b, long)
	if c.HasAvailableSubCommands() {
		b.WriteString("# COMMANDS\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "**%s**(1)\n:   %s\n\n", plainText(manName(sub)), plainText(sub.Short))
			}
		}
	}
	eachHeading(c, func(heading string, set *pflag.FlagSet) {
		if heading == flagThemes[len(flagThemes)-1] {
			heading = "Options"
		}
		fmt.Fprintf(&b, "# %s\n", strings.ToUpper(heading))
		set.VisitAll(func(f *pflag.Flag) { manFlag(&b, f) })
	})
	if c.Example != "" {
		b.WriteString("# EXAMPLES\n")
		prose(&b, c.Example)
	}
	if c.Flags().Lookup("fail-on") != nil {
		b.WriteString("# EXIT STATUS\n")
		for _, line := range strings.Split(strings.TrimSpace(exitHelp), "\n")[1:] {
			status, meaning, _ := strings.Cut(strings.TrimSpace(line), "  ")
			fmt.Fprintf(&b, "**%s**\n:   %s\n\n", status, plainText(meaning))
		}
	}
	if c.HasParent() {
		fmt.Fprintf(&b, "# SEE ALSO\n**%s**(1)\n", plainText(manName(c.Parent())))
	}
	return b.String()
}

func manFlag(w io.Writer, f *pflag.Flag) {
	if f.Hidden {
		return
	}
	value, text := pflag.UnquoteUsage(f)
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if f.NoOptDefVal != "" && f.Value.Type() != "bool" {
		value = "[=" + strings.TrimSuffix(value, "[="+f.NoOptDefVal+"]") + "]"
	} else if value != "" {
		value = " " + value
	}
	switch f.DefValue {
	case "", "false", "0", "[]", "0s":
	default:
		text += " (default: " + f.DefValue + ")"
	}
	fmt.Fprintf(w, "**%s**%s\n:   %s\n\n", plainText(name), plainText(value), plainText(text))
}

// prose writes text as the help has it: what is indented is shown as it stands.
func prose(b *strings.Builder, text string) {
	inside := false
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if indented := strings.HasPrefix(line, "  "); indented != inside {
			inside = indented
			b.WriteString("\n```\n")
			if !inside {
				b.WriteString("\n")
			}
		}
		if inside {
			b.WriteString(strings.TrimPrefix(line, "  "))
		} else {
			b.WriteString(plainText(line))
		}
	}
	if inside {
		b.WriteString("```\n")
	}
	b.WriteString("\n")
}

var markdownMarks = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "&", "&amp;",
)

// plainText is text that means nothing to markdown.
func plainText(text string) string { return markdownMarks.Replace(text) }
