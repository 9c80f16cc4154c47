package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/parser"
	"why502/parser/discover"
	"why502/parser/input"
	"why502/report"
)

const rootHelp = "find the logs of the server that was copied below `DIR`, the folder that holds its etc and var (default: this one's)"

func logsCommand() *cobra.Command {
	var root string
	c := &cobra.Command{
		Use:   "logs",
		Short: "list the logs of this server: found, missing, not to be read",
		Long: `Lists the logs that why502 reads if no PATH is given: those that the
configuration of nginx, Apache and PHP-FPM names, and those in the usual places of
Debian, RHEL, cPanel, Plesk, DirectAdmin, CloudPanel and Docker, with what they
hold. Nothing is analysed.`,
		Example: `  why502 logs
  why502 logs --root /tmp/customer`,
		Args: arguments(cobra.NoArgs, "it takes no argument"),
		RunE: func(c *cobra.Command, _ []string) error {
			f, err := findLogs(root)
			if err != nil {
				return err
			}
			if err := listLogs(c.OutOrStdout(), f); err != nil {
				return err
			}
			if len(f.denied) > 0 {
				return &status{code: statusUnread}
			}
			return nil
		},
	}
	under(c, "What to read", func(f *pflag.FlagSet) { f.StringVar(&root, "root", liveRoot, rootHelp) })
	return c
}

// listLogs prints one log a line, its path last: for reading and for grep.
func listLogs(to io.Writer, f *found) error {
	var formats []*parser.AccessFormat
	for _, conf := range confFolders(f.server.Root()) {
		more, _ := discover.FindFormats(conf)
		formats = append(formats, more...)
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s found below %s\n", many(len(f.logs), "log", "logs"), oneLine(f.server.Root()))
	for _, l := range f.logs {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", formatOf(l, formats), size(l.Size), l.ModTime.Format(time.DateTime), oneLine(l.Path))
	}
	aside(w, "Named in the configuration and not there", f.absent)
	aside(w, "May not be read; "+accessHint, f.denied)
	if list := f.server.Problems; len(list) > 0 {
		fmt.Fprintln(w, "Configuration that could not be read")
		for _, p := range list {
			fmt.Fprintln(w, "  "+oneLine(p))
		}
	}
	return w.Flush()
}

// aside lists logs that cannot be read, and which file speaks of them.
func aside(w io.Writer, title string, logs []discover.Log) {
	if len(logs) == 0 {
		return
	}
	fmt.Fprintln(w, title)
	for _, l := range logs {
		text := l.Path + " (" + l.Kind
		if l.Off {
			text += ", off"
		}
		if l.Place != "" {
			text += ", in " + l.Place
		}
		fmt.Fprintln(w, "  "+oneLine(text+")"))
	}
}

// formatOf says what a log holds by its first lines, which counts more than what its name promises.
func formatOf(l discover.Log, formats []*parser.AccessFormat) string {
	files, errs := input.Open([]string{l.Path}, input.Options{})
	if len(errs) > 0 || len(files) == 0 {
		return "unreadable"
	}
	head, err := files[0].Head()
	switch {
	case err != nil:
		return "unreadable"
	case len(head) == 0:
		return report.FormatEmpty
	}
	d := &parser.Decoder{Zone: time.UTC, Ref: l.ModTime, Path: l.Path, Access: formats}
	if format := d.Detect(head); format != nil {
		return format.Name
	}
	return report.FormatUnknown
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}
