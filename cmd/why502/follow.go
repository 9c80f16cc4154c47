package main

import (
	"context"
	"errors"
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
		f.StringVar(&o.from, "from", "end", "with --follow: where to begin in logs that are there already: `WHERE` is start, end, or a time as --since takes it, such as -10m, which is looked for in older generations, too")
		f.StringVar(&o.marks, "marks", "", "with --follow: keep in `FILE` how far logs were read, and go on there at the next start; it may not lie in a folder of logs")
	})
	complete(c, "from", "end", "start", "-10m")
}

// check refuses flags that mean nothing without --follow.
func (o *following) check(c *cobra.Command) error {
	if o.follow {
		return nil
	}
	for _, name := range []string{"from", "marks"} {
		if c.Flags().Changed(name) {
			return usage("--%s: it is for --follow only", name)
		}
	}
	return nil
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
	o := follow.Options{When: l.when}
	if o.From, err = opts.start(sel, time.Local); err != nil {
		return nil, err
	}
	if opts.marks != "" {
		if l.marks, o.Marks, err = openMarks(opts.marks, c.OutOrStdout()); err != nil {
			return nil, err
		}
	}
	if opts.prompt {
		o.Quiet, o.Tick = 600*time.Millisecond, 500*time.Millisecond
	}
	if opts.resume != nil {
		o.Marks = opts.resume
	}
	if len(sel.journal) > 0 {
		o.Journal = &input.Journal{Units: sel.journal}
		if slices.Contains(sel.journal, wholeJournal) {
			o.Journal.Units = nil
		}
		o.Journal.Since = o.From.Time()
	}
	var errs []error
	l.watch, errs = follow.New(paths, o)
	for _, err := range errs {
		l.fail(err)
	}
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil && strings.ContainsAny(p, "*?[") {
			if names, err := filepath.Glob(p); err == nil && len(names) == 0 {
				complain(l.stderr, p+": nothing matches yet; what appears is followed")
			}
		}
	}
	known := l.watch.Paths()
	if len(known) == 0 && len(errs) > 0 && len(errs) == len(paths) && o.Journal == nil {
		return nil, &status{code: statusUnread} // said above
	}
	if l.marks != nil {
		if err := l.marks.besideLogs(append(known, paths...)); err != nil {
			return nil, err
		}
	}
	l.survey = look(c.Context(), newestFiles(known), sel)
	for _, f := range l.files {
		if f.paste == nil && f.format != nil {
			l.logs[f.Name()] = f.format
		}
	}
	if o.From, err = opts.start(sel, l.zone); err != nil { // now that the zone of the logs is known
		return nil, err
	}
	l.watch.Begin(o.From)
	l.window, err = sel.window(l.zone)
	return l, err
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

// run hands over records until ctx ends, and what is left of them then.
func (l *live) run(ctx context.Context, tick func() error) error {
	for e := range l.watch.Events(ctx) {
		switch e.Kind {
		case follow.Line:
			s := l.stream(e.File)
			s.lines++
			s.last = time.Now()
			s.Put(e.Line)
		case follow.Quiet:
			if s := l.streams[e.File]; s != nil {
				s.Flush()
			}
		case follow.Closed:
			if s := l.streams[e.File]; s != nil {
				s.Flush()
				delete(l.streams, e.File)
			}
		case follow.Lost:
			l.unread = true
			complain(l.stderr, e.Gap.String())
		case follow.Changed:
			l.changed(e.State)
		case follow.Tick:
			l.doubts()
			now := time.Now()
			for f, s := range l.streams {
				held := s.Held()
				if f.Hold(held); held == nil && now.Sub(s.last) > restStream {
					delete(l.streams, f)
				}
				s.decoder.Ref = now
			}
			if l.err == nil {
				l.err = tick()
			}
		}
		if l.err != nil {
			return l.err
		}
	}
	for f, s := range l.streams {
		s.Flush()
		f.Hold(nil)
	}
	return l.err
}

// stream is what makes records of the lines of f.
func (l *live) stream(f *follow.File) *liveStream {
	s := l.streams[f]
	if s != nil && (!s.guess || s.lines >= guessLines || s.lines&(s.lines-1) != 0) { // looks again at the 1st, 2nd, 4th … line
		return s
	}
	format := l.logs[f.Path()]
	if f.Path() == follow.JournalName {
		format = parser.Lookup("journal-json")
	}
	d := l.decoder(&logFile{File: &input.File{}})
	d.Path = f.Path()
	if z := l.zoneOf(f.Path()); z != nil {
		d.Zone = z.zone
	}
	if format == nil {
		if format = d.Detect(f.Head()); format != nil {
			l.logs[f.Path()] = format
		}
	}
	if s != nil {
		if format == nil {
			return s
		}
		s.Flush()
	}
	guess := format == nil
	if guess {
		format = anyFormat
	}
	lines := 0
	if s != nil {
		lines = s.lines
	}
	s = &liveStream{decoder: d, path: f.Path(), guess: guess, lines: lines}
	s.Stream = parser.NewStream(f.Path(), format, d, l.take)
	l.streams[f] = s
	return s
}

// guessLines is after how many lines a log of no known format is not looked at again.
const guessLines = 64

// take is what the streams yield to.
func (l *live) take(r *parser.Record, err error) bool {
	if l.err != nil {
		return false
	}
	if err == nil {
		if l.window.has(r.Time) {
			l.events = l.rules.Classify(l.events[:0], r)
			l.err = l.record(r, l.events)
		}
		return l.err == nil
	}
	if bad := (*parser.SyntaxError)(nil); errors.As(err, &bad) {
		l.err = l.other(bad)
	}
	return l.err == nil
}

// when reads the stamps of single lines.
func (l *live) when(path string, head [][]byte) func([]byte) time.Time {
	d := l.decoder(&logFile{File: &input.File{}})
	d.Path = path
	if z := l.zoneOf(path); z != nil {
		d.Zone = z.zone
	}
	format := d.Detect(head)
	if format == nil {
		return func([]byte) time.Time { return time.Time{} }
	}
	var got time.Time
	s := parser.NewStream(path, format, d, func(r *parser.Record, err error) bool {
		if err == nil {
			got = r.Time
		}
		return true
	})
	return func(line []byte) time.Time {
		got = time.Time{}
		s.Put(parser.Line{Text: line})
		s.Flush()
		return got
	}
}

// patience is how long a log may be away before it is worth a word: rotation takes it away for a moment.
const patience = 3 * time.Second

// changed notes that following a log goes well or badly.
func (l *live) changed(s follow.State) {
	switch s.Status {
	case follow.Following, follow.Rotating:
		delete(l.doubt, s.Path)
		if _, told := l.told[s.Path]; told {
			delete(l.told, s.Path)
			complain(l.stderr, s.Path+": is followed again")
		}
	case follow.Waiting, follow.Denied:
		l.tell(s)
	default:
		if l.doubt[s.Path].IsZero() {
			l.doubt[s.Path] = time.Now()
		}
	}
}

// doubts tells of logs that have been away for long.
func (l *live) doubts() {
	if len(l.doubt) == 0 {
		return
	}
	for _, s := range l.watch.States() {
		if since := l.doubt[s.Path]; !since.IsZero() && time.Since(since) >= patience {
			delete(l.doubt, s.Path)
			l.tell(s)
		}
	}
}

// tell says why a log is not followed now.
func (l *live) tell(s follow.State) {
	why := map[follow.Status]string{
		follow.Waiting: "is not there yet; it is followed when it appears",
		follow.Missing: "is not there any more; it is followed when it comes back",
		follow.Denied:  "no permission to read it; run as root or as a member of the group that owns it; it is tried again",
		follow.Failing: "cannot be followed: " + s.Why + "; it is tried again",
	}[s.Status]
	if t, told := l.told[s.Path]; told && t.Status == s.Status && t.Why == s.Why {
		return
	}
	l.told[s.Path] = s
	complain(l.stderr, s.Path+": "+why)
}

// besideLogs refuses a file of marks that would lie in a folder of logs: what is written there is followed, rotated and
// packed by others.
func (m *marksFile) besideLogs(paths []string) error {
	dir := realDir(m.name)
	for _, p := range paths {
		folder := realDir(p)
		if isFolder(p) {
			folder = realDir(filepath.Join(p, "x"))
		}
		if dir == folder || strings.HasPrefix(dir, folder+string(filepath.Separator)) && isFolder(p) {
			return usage("--marks %s: lies in a folder of logs, into which nothing is written; give a file elsewhere, such as /var/lib/why502/marks", m.name)
		}
	}
	return nil
}

func isFolder(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

// realDir is the folder of name, without symbolic links.
func realDir(name string) string {
	dir := filepath.Dir(name)
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}
