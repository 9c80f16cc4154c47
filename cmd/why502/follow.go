package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"why502/classifier"
	"why502/parser"
	"why502/parser/input"
	"why502/parser/input/follow"
)

// following is what the flags say about logs that are still written to.
type following struct {
	follow      bool
	from, marks string

	resume *follow.Marks // where an earlier watcher of this process ended
	prompt bool          // half a second counts
}

func (o *following) flags(c *cobra.Command) {
	under(c, "What to read", func(f *pflag.FlagSet) {
		f.BoolVarP(&o.follow, "follow", "f", false, "go on as lines are written, through rotation; logs may also appear later")
		f.StringVar(&o.from, "from", "end", "with --follow: where to begin in logs that are there already: `WHERE` is start, end, or a time as --since takes it, such as -10m, which is looked for in older generations, too; with --since: there")
		f.StringVar(&o.marks, "marks", "", "with --follow: keep in `FILE` how far logs were read, and go on there at the next start; it may not lie in a folder of logs")
	})
	complete(c, "from", "end", "start", "-10m")
}

// check refuses flags that mean nothing without --follow.
func (o *following) check(c *cobra.Command, sel *selection) error {
	if o.follow {
		o.sinceBegins(c, sel)
		return nil
	}
	for _, name := range []string{"from", "marks"} {
		if c.Flags().Changed(name) {
			return usage("--%s: it is for --follow only", name)
		}
	}
	return nil
}

// sinceBegins lets the reading begin where --since says, unless --from does: what was before is left out in any case.
func (o *following) sinceBegins(c *cobra.Command, sel *selection) {
	if sel.since != "" && !c.Flags().Changed("from") {
		o.from = sel.since
	}
}

// start is where --from says.
func (o *following) start(sel *selection, zone *time.Location) (follow.From, error) {
	switch o.from {
	case "start":
		return follow.From{}, nil
	case "end":
		return follow.End, nil
	}
	if sel.zone != nil {
		zone = sel.zone
	}
	t, ok := moment(o.from, sel.now, zone)
	if !ok {
		return follow.From{}, usage("--from: %q is no place; give start, end, or a time: %s", o.from, timeLayoutHint)
	}
	return follow.Since(t), nil
}

// surveyed bounds how many logs are looked into before any is followed: those written to last tell the zone as well as all.
const surveyed = 200

// live turns the lines of followed logs into records.
type live struct {
	*pipeline
	watch   *follow.Watcher
	marks   *marksFile // nil: none are kept
	logs    map[string]*parser.Format
	streams map[*follow.File]*liveStream
	told    map[string]follow.State // what the user was told of a log that cannot be read
	doubt   map[string]time.Time    // since when a log cannot be read of which the user was not told

	record func(*parser.Record, []classifier.Event) error
	other  func(*parser.SyntaxError) error
	err    error // of the two
	events []classifier.Event
}

type liveStream struct {
	*parser.Stream
	decoder *parser.Decoder
	path    string
	guess   bool // the format is not known for sure
	lines   int
	last    time.Time // when one came
}

// restStream is how long what reads a log is kept while the log rests: there may be thousands.
const restStream = 10 * time.Minute

// openLive finds the logs that paths mean.
func openLive(c *cobra.Command, sel *selection, opts *following, paths []string) (*live, error) {
	if err := sel.check(time.Now()); err != nil {
		return nil, err
	}
	l := &live{
		pipeline: &pipeline{stderr: c.ErrOrStderr()}, logs: map[string]*parser.Format{}, streams: map[*follow.File]*liveStream{},
		told: map[string]follow.State{}, doubt: map[string]time.Time{},
	}
	var err error
	if l.rules, err = sel.loadRules(l.stderr); err != nil {
		return nil, err
	}
	if _, err = sel.loadFormats(l.stderr); err != nil {
		return nil, err
	}
	o, err := l.options(c, sel, opts)
	if err != nil {
		return nil, err
	}
	var errs []error
	l.watch, errs = follow.New(paths, o)
	for _, err := range errs {
		l.fail(err)
	}
	l.sayUnmatched(paths)
	known := l.watch.Paths()
	if len(known) == 0 && len(errs) > 0 && len(errs) == len(paths) && o.Journal == nil {
		return nil, &status{code: statusUnread} // said above
	}
	if l.marks != nil {
		if err := l.marks.besideLogs(append(known, paths...)); err != nil {
			return nil, err
		}
		if err := os.MkdirAll(filepath.Dir(l.marks.name), 0o750); err != nil {
			return nil, usage("--marks %s: %s", l.marks.name, unwritten(err))
		}
	}
	l.survey = look(c.Context(), newestFiles(known), sel, false)
	for _, f := range l.files {
		if f.paste == nil && f.format != nil {
			l.logs[f.Name()] = f.format
		}
	}
	from, err := opts.start(sel, l.zone) // now that the zone of the logs is known
	if err != nil {
		return nil, err
	}
	l.watch.Begin(from)
	l.window, err = sel.window(l.zone)
	return l, err
}

// options are those of the watcher. They open the marks, if any are kept.
func (l *live) options(c *cobra.Command, sel *selection, opts *following) (o follow.Options, err error) {
	o.When = l.when
	if o.From, err = opts.start(sel, time.Local); err != nil {
		return o, err
	}
	if opts.marks != "" {
		if l.marks, o.Marks, err = openMarks(opts.marks, c.OutOrStdout()); err != nil {
			return o, err
		}
	}
	if opts.prompt {
		o.Quiet, o.Tick = 600*time.Millisecond, 500*time.Millisecond
	}
	if opts.resume != nil {
		o.Marks = opts.resume
	}
	if len(sel.journal) > 0 {
		o.Journal = &input.Journal{Units: sel.journal, Since: o.From.Time()}
		if slices.Contains(sel.journal, wholeJournal) {
			o.Journal.Units = nil
		}
	}
	return o, nil
}

// sayUnmatched says which patterns match nothing so far.
func (l *live) sayUnmatched(paths []string) {
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil && strings.ContainsAny(p, "*?[") {
			if names, err := filepath.Glob(p); err == nil && len(names) == 0 {
				complain(l.stderr, p+": nothing matches yet; what appears is followed")
			}
		}
	}
}

// newestFiles are those of paths that can be read now and were written to last.
func newestFiles(paths []string) []*input.File {
	type found struct {
		path string
		last time.Time
	}
	var all []found
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil {
			all = append(all, found{p, info.ModTime()})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return b.last.Compare(a.last) })
	var names []string
	for _, f := range all[:min(len(all), surveyed)] {
		names = append(names, f.path)
	}
	files, _ := input.Open(names, input.Options{}) // what cannot be read is said when it is followed
	return files
}
