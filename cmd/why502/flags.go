package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/classifier"
	"why502/parser"
	"why502/parser/discover"
	"why502/parser/input"
	"why502/report"
)

// theme is a flag's annotation that says under which heading the help lists it.
const theme = "why502-theme"

// The headings, in the order of the help.
var flagThemes = []string{"What to read", "What to print", "Mail", "How to run", "Flags"}

// under adds flags to c that stand under a heading.
func under(c *cobra.Command, heading string, define func(*pflag.FlagSet)) {
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	set.SortFlags, c.Flags().SortFlags = false, false // the help keeps the order of definition
	define(set)
	set.VisitAll(func(f *pflag.Flag) { f.Annotations = map[string][]string{theme: {heading}} })
	c.Flags().AddFlagSet(set)
}

// helpWidth is the columns of the help: those every terminal has.
const helpWidth = 80

func printFlags(w io.Writer, c *cobra.Command) {
	eachHeading(c, func(heading string, set *pflag.FlagSet) {
		fmt.Fprintf(w, "\n%s:\n%s", heading, optional(set, set.FlagUsagesWrapped(helpWidth)))
	})
}

// optional writes a value that may be left out as it must be given: --journal[=UNIT], which pflag calls --journal UNIT[=all].
func optional(set *pflag.FlagSet, usages string) string {
	set.VisitAll(func(f *pflag.Flag) {
		if f.NoOptDefVal == "" || f.Value.Type() == "bool" {
			return
		}
		name, _ := pflag.UnquoteUsage(f)
		name = strings.TrimSuffix(name, "[="+f.NoOptDefVal+"]")
		old := " " + name + "[=" + f.NoOptDefVal + "]"
		usages = strings.Replace(usages, old, fmt.Sprintf("%-*s", len(old), "[="+name+"]"), 1)
	})
	return usages
}

// eachHeading gives the flags of c that are to be seen, by heading.
func eachHeading(c *cobra.Command, use func(heading string, set *pflag.FlagSet)) {
	for _, heading := range flagThemes {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		set.SortFlags = false
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			h := flagThemes[len(flagThemes)-1]
			if a := f.Annotations[theme]; len(a) > 0 {
				h = a[0]
			}
			if h == heading {
				set.AddFlag(f)
			}
		})
		if set.HasAvailableFlags() {
			use(heading, set)
		}
	}
}

const rulesHelp = "add rules of your own: `DIR` is a folder of YAML files, or one file"

// selection is what the flags say about reading.
type selection struct {
	since, until     string
	timezones        []string
	logFormat, rules string
	formats          []string // files of one's own
	journal          []string // units, or wholeJournal; empty: not asked for
	root             string   // whose logs are to be found; "" if paths are given
	memory, child    byteSize // of the server, and of a child of PHP-FPM; 0 if not given

	server discover.Files // that of root
	zone   *time.Location // nil: none was given
	zones  []*fileZone    // of single files
	access []*parser.AccessFormat
	own    []*parser.Format
	now    time.Time

	// Of the daily report.
	ledger  *input.Ledger     // of what was read before
	written time.Time         // logs written to last before that are left out
	offsets map[int]time.Time // that access logs read before stated, and when
}

func (in *selection) flags(c *cobra.Command) {
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.StringVar(&in.since, "since", "", "leave out what was before `TIME`: 2026-11-22, \"2026-11-22 17:00\", 17:00, RFC 3339, -2h, -3d, yesterday, today")
		f.StringVar(&in.until, "until", "", "leave out what was at `TIME` or later")
	})
	in.formFlags(c)
}

// formFlags say how logs are to be understood.
func (in *selection) formFlags(c *cobra.Command) {
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.StringArrayVar(&in.timezones, "timezone", nil, "time zone of stamps that state none, and of the times shown: `ZONE` is UTC, Europe/Berlin, +02:00 or local (default: that of the access logs, else this host's); PATH=ZONE is for single files: a name, its end, or a glob")
		f.StringVar(&in.logFormat, "log-format", "", "format of access logs of your own: `STRING` as in nginx.conf (log_format) or Apache's (LogFormat); not needed where the configuration lies beside the logs")
		f.StringArrayVar(&in.formats, "formats", nil, formatsHelp)
		f.StringVar(&in.rules, "rules", "", rulesHelp)
		in.journalFlag(f)
	})
	complete(c, "timezone", "UTC", "local", "Europe/Berlin", "America/New_York")
}

// chooseRoot makes this machine the server whose logs are found where nothing else says what to read. It refuses two servers.
func (in *selection) chooseRoot(paths []string) error {
	switch {
	case len(paths) > 0 && in.root != "":
		return usage("--root %s and PATH %s: give one of them", in.root, paths[0])
	case len(in.journal) > 0 && in.root != "" && filepath.Clean(in.root) != liveRoot:
		return usage("--journal is that of this host, and --root %s is another server; leave one of them out", in.root)
	case len(paths) == 0 && in.root == "" && len(in.journal) == 0:
		in.root = liveRoot
	}
	return nil
}

// check reads what the flags say, before any file is.
func (in *selection) check(now time.Time) error {
	in.now = now
	if err := in.readZones(); err != nil {
		return err
	}
	if in.logFormat != "" {
		f, err := compileLogFormat(in.logFormat)
		if err != nil {
			return usage("--log-format: %w; give it as nginx.conf or Apache's configuration has it: '$remote_addr [$time_local] \"$request\" $status', '%%h %%t \"%%r\" %%>s'", err)
		}
		in.access = append(in.access, f)
	}
	_, err := in.window(time.Local)
	return err
}

// window reads --since and --until, in zone where they state none.
func (in *selection) window(zone *time.Location) (w window, err error) {
	if in.zone != nil {
		zone = in.zone
	}
	for _, m := range []struct {
		flag, text string
		to         *time.Time
	}{{"--since", in.since, &w.from}, {"--until", in.until, &w.to}} {
		if m.text == "" {
			continue
		}
		t, ok := moment(m.text, in.now, zone)
		if !ok {
			return w, usage("%s: %q is no time; %s", m.flag, m.text, timeLayoutHint)
		}
		*m.to = t
	}
	if _, ok := timeOfDay(in.until); ok && !w.from.Before(w.to) {
		w.to = w.to.AddDate(0, 0, 1) // "--since 15:00 --until 17:00", asked at 16:00
	}
	if !w.from.IsZero() && !w.to.IsZero() && !w.from.Before(w.to) {
		return w, usage("--since %s is not before --until %s; nothing would be left", in.since, in.until)
	}
	return w, nil
}

// loadRules loads the built-in rules and the user's. A rule that is refused is said and left out.
func (in *selection) loadRules(stderr io.Writer) (*classifier.Rules, error) {
	rules := classifier.Load()
	if in.rules == "" {
		return rules, nil
	}
	whole, refused, err := rules.With(in.rules)
	if err != nil {
		return nil, usage("--rules %s: %s", in.rules, reason(err))
	}
	for _, r := range refused {
		complain(stderr, r.Error()+"; the rule is left out")
	}
	return whole, nil
}

const colorHelp = "use colours: `WHEN` is auto (on a terminal, unless NO_COLOR is set), always or never"

// output is what the flags say about printing.
type output struct {
	format, file, color string
	verbose             bool
}

func (o *output) flags(c *cobra.Command) {
	under(c, "What to print", func(f *pflag.FlagSet) {
		f.StringVar(&o.format, "format", "", "`FORMAT` of the report: "+strings.Join(report.Names(), ", ")+" (default: what the suffix of -o says, else text)")
		f.StringVarP(&o.file, "output", "o", "", "write to `FILE` instead of standard output")
		f.StringVar(&o.color, "color", "auto", colorHelp)
		f.BoolVarP(&o.verbose, "verbose", "v", false, "show all: causes, evidence with its log lines, the course of events, tables")
	})
	complete(c, "format", report.Names()...)
	complete(c, "color", "auto", "always", "never")
}

// chosen is the renderer that the flags ask for.
func (o *output) chosen() (*report.Format, error) {
	switch {
	case o.format != "":
		if f := report.Lookup(o.format); f != nil {
			return f, nil
		}
		return nil, usage("--format: %q is none; give one of %s", o.format, strings.Join(report.Names(), ", "))
	case o.file != "":
		if f := report.BySuffix(o.file); f != nil {
			return f, nil
		}
		return nil, usage("-o %s: the suffix names no format; end it in %s, or give --format", o.file, suffixes())
	}
	return report.Formats[0], nil
}

func suffixes() string {
	var all []string
	for _, f := range report.Formats {
		all = append(all, f.Suffixes[0])
	}
	return strings.Join(all, ", ")
}

// coloured decides on colour: --color, then NO_COLOR (any value but an empty one), then the terminal.
func (o *output) coloured(w io.Writer) (bool, error) {
	switch o.color {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && report.IsTerminal(w), nil
	}
	return false, usage("--color: %q is none; give auto, always or never", o.color)
}

// check refuses wrong flags before anything is read.
func (o *output) check() error {
	if _, err := o.chosen(); err != nil {
		return err
	}
	if err := noFolder("-o", o.file); err != nil {
		return err
	}
	_, err := o.coloured(io.Discard)
	return err
}

// unprinted refuses flags about the looks of what is printed where instead, as the flag why has it, nothing is.
func (o *output) unprinted(c *cobra.Command, why string) error {
	if o.file != "" {
		return nil
	}
	for _, name := range []string{"format", "verbose"} {
		if c.Flags().Changed(name) {
			return usage("--%s: it is about what is printed, and with %s nothing is; leave it out, or give -o FILE, too", name, why)
		}
	}
	return nil
}

// write prints r where and how the flags say. A file appears whole or not at all.
func (o *output) write(stdout io.Writer, r *report.Report, zone *time.Location) error {
	format, err := o.chosen()
	if err != nil {
		return err
	}
	opts := report.Options{Zone: zone, Verbose: o.verbose}
	if o.file == "" || o.file == "-" {
		if opts.Color, err = o.coloured(stdout); err != nil {
			return err
		}
		return format.Render(stdout, r, opts)
	}
	opts.Color = o.color == "always"
	if err := writeFile(o.file, func(w io.Writer) error { return format.Render(w, r, opts) }); err != nil {
		return usage("-o %s: %s", o.file, unwritten(err))
	}
	return nil
}

// complete offers fixed values for a flag in the shell.
func complete(c *cobra.Command, flag string, values ...string) {
	// It fails for unknown flags only, and the flag has just been defined.
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(slices.Clone(values), cobra.ShellCompDirectiveNoFileComp))
}
