package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/parser"
	"why502/parser/discover"
	"why502/parser/input"
	"why502/report"
)

const rootHelp = "find the logs of the server that was copied below `DIR`, the folder or archive that holds its etc and var (default: this one's)"

func logsCommand() *cobra.Command {
	var (
		root string
		sel  selection
	)
	c := &cobra.Command{
		Use:   "logs",
		Short: "list the logs of this server: found, missing, not to be read",
		Long: `Lists the logs that why502 reads if no PATH is given: those that the
configuration of nginx, Apache and PHP-FPM names, and those in the usual places of
Debian, RHEL, cPanel, Plesk, DirectAdmin, CloudPanel and Docker, with what they
hold. Nothing is analysed.`,
		Example: `  why502 logs
  why502 logs --root /tmp/customer
  why502 logs --root customer.tar.gz`,
		Args: arguments(cobra.NoArgs, "it takes no argument"),
		RunE: func(c *cobra.Command, _ []string) error {
			if _, err := sel.loadFormats(c.ErrOrStderr()); err != nil {
				return err
			}
			f, err := findLogs(root)
			if err != nil {
				return err
			}
			for _, err := range f.lost {
				complain(c.ErrOrStderr(), err.Error())
			}
			if err := listLogs(c.OutOrStdout(), f, &sel); err != nil {
				return err
			}
			if len(f.denied)+len(f.lost) > 0 {
				return &status{code: statusUnread}
			}
			return nil
		},
	}
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.StringVar(&root, "root", liveRoot, rootHelp)
		f.Lookup("root").DefValue = "" // the text says it
		f.StringArrayVar(&sel.formats, "formats", nil, formatsHelp)
	})
	return c
}

// listLogs prints one log a line, its path last: for reading and for grep.
func listLogs(to io.Writer, f *found, in *selection) error {
	access, _ := discover.Formats(f.files)
	d := &parser.Decoder{Zone: time.UTC, Access: slices.Concat(in.access, access), Own: in.own}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s found below %s\n", many(len(f.logs), "log", "logs"), oneLine(f.server.Name()))
	for _, l := range f.logs {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", f.formatOf(l, d), size(l.Size), l.ModTime.Format(time.DateTime), oneLine(l.Path))
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
func (f *found) formatOf(l discover.Log, d *parser.Decoder) string {
	files, errs := f.open([]string{l.Path}, input.Options{})
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
	d.Ref, d.Path = l.ModTime, l.Path
	if format := d.Detect(head); format != nil {
		if format.Name == "nginx-access" && strings.HasPrefix(l.Kind, "Apache") { // whose lines look alike
			return "apache-access"
		}
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
