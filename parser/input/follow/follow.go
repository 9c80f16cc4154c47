// Package follow reads logs while they are written: every line once, whatever rotation does to the files.
//
// A Watcher follows many logs and hands what comes to one consumer, which is a plain loop:
//
//	w, errs := follow.New(paths, follow.Options{Marks: marks})
//	for e := range w.Events(ctx) {
//		switch e.Kind {
//		case follow.Line:   // the next line of e.File; e.Line.Text lives until the next event
//		case follow.Quiet:  // e.File has been silent for a while: an entry that waited for further lines is complete
//		case follow.Closed: // nothing comes of e.File any more: flush, and forget it
//		case follow.Changed: // the state of e.Path is another: e.State
//		case follow.Lost:   // lines of e.Path cannot be had any more: e.Gap
//		case follow.Tick:   // a moment has gone by: print, save w.Marks(), let clocks run
//		}
//	}
//	w.Marks().Save(name)
//
// A File is one generation of a log: an inode, or the archive of one. A rotation closes one File and begins another, and
// for a while both may yield lines. Lines and entries of a File are in order; parser.Stream makes entries of them, one
// Stream a File. The state of each log can be asked for at any time and from any goroutine: States.
//
// # Once
//
// A line that an event has handed over counts as consumed, but for those which the consumer says that it still holds
// (File.Hold, with what parser.Stream.Held returns). Marks says, at any moment between two events, what was consumed;
// a Watcher that is given them goes on exactly there: with the lines that were held, then with those that follow, through
// rotations that came in between. What was handed over after the marks were taken comes again. So that it counts once even after
// a kill, whatever the consumer makes of the lines has to be saved in one write with the marks: Marks.Extra has room for
// it, or for how far an output file was written, which is then cut there.
//
// # How
//
// The library hpcloud/tail follows one inode each, of the logs written to lately; it gets /proc/self/fd/N instead of a path and is not
// allowed to reopen anything. What it yields is checked against the bytes consumed before. Everything else is done here,
// by looking at the paths a few times a second: rotation, truncation, old generations that are still written to, copies
// that hold what a truncated log held, what the library missed. Logs that rest cost one stat a second and no file descriptor.
//
// No file is written to and no folder is, but for the one that Marks.Save is given.
package follow

import (
	"context"
	"iter"
	"sync"
	"time"

	"why502/parser"
	"why502/parser/input"
)

// Options are how a Watcher follows. Zero durations mean the defaults.
type Options struct {
	From    From           // where logs begin that no mark speaks of and that are there already; the zero From is the start
	Marks   *Marks         // of an earlier run; nil: there was none
	Journal *input.Journal // is followed too, if not nil

	// When returns what reads the stamp of a line of the log called path whose first lines are head; a zero time is
	// none. It is needed for From a time only.
	When func(path string, head [][]byte) func(line []byte) time.Time

	Poll  time.Duration // between two looks at a log that is written to: 200 ms
	Rest  time.Duration // between two looks at one that is not: 1 s, 2 s if nothing was for long
	Scan  time.Duration // between two looks for new files in folders and globs: 1 s
	Quiet time.Duration // of silence, after which an entry is complete: 1 s
	Grace time.Duration // for which an old generation has to be silent before it is closed: 10 s
	Tick  time.Duration // between two Ticks: 1 s
}

func (o *Options) defaults() {
	for _, d := range []struct {
		at    *time.Duration
		value time.Duration
	}{
		{&o.Poll, 200 * time.Millisecond},
		{&o.Rest, time.Second},
		{&o.Scan, time.Second},
		{&o.Quiet, time.Second},
		{&o.Grace, 10 * time.Second},
		{&o.Tick, time.Second},
	} {
		if *d.at <= 0 {
			*d.at = d.value
		}
	}
}

// Kind is what an Event is about.
type Kind uint8

// The kinds, with the fields of Event that are set.
const (
	Line    Kind = iota // Path, File, Line
	Quiet               // Path, File
	Closed              // Path, File
	Changed             // Path, State
	Lost                // Path, Gap
	Tick                // none
)

// Event is what happened next. It lives until the next one.
type Event struct {
	Kind  Kind
	Path  string
	File  *File
	Line  parser.Line
	State State
	Gap   Gap
}

// Watcher follows logs. Its methods may be called from within the loop over Events only, but for States.
type Watcher struct {
	opts     Options
	sys      system
	finder   finder
	sources  []*source
	byPath   map[string]*source
	owners   map[identity]*source // of the inodes that are being read
	journal  *journal
	folders  folderCache
	leftover map[string][]Mark // of logs that have not been met again

	in     chan item // what the library yields
	pumps  sync.WaitGroup
	tails  int       // that run
	opened int       // files
	sought time.Time // when a log was looked for in vain

	queue    []Event
	block    []byte
	items    []item
	progress uint64
	raw      []byte
	yield    func(Event) bool

	mu    sync.Mutex
	order []*source // sources, for States
}

// New finds the logs that paths mean: files, which may also appear later, folders and globs. Each path that cannot be followed gives one
// error.
func New(paths []string, opts Options) (*Watcher, []error) {
	opts.defaults()
	w := &Watcher{
		opts: opts, sys: realSystem, byPath: map[string]*source{}, owners: map[identity]*source{},
		folders: folderCache{}, leftover: map[string][]Mark{}, in: make(chan item, pumpRoom),
	}
	if m := opts.Marks; m != nil {
		for _, f := range m.Files {
			w.leftover[f.Path] = append(w.leftover[f.Path], f)
		}
	}
	errs := w.finder.begin(paths)
	w.scan(time.Now(), true)
	if opts.Journal != nil {
		w.journal = newJournal(*opts.Journal, opts.Marks)
	}
	return w, errs
}

// Begin replaces Options.From: the zone in which its time is meant may depend on the logs. Nothing was read before.
func (w *Watcher) Begin(from From) { w.opts.From = from }

// Progress changes whenever Marks would say something else.
func (w *Watcher) Progress() uint64 { return w.progress }

// Paths are the logs that are followed now.
func (w *Watcher) Paths() []string {
	var paths []string
	for _, s := range w.sources {
		paths = append(paths, s.path)
	}
	return paths
}

// Events yields what happens until ctx ends. Then it yields what has been written up to that moment.
func (w *Watcher) Events(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		w.yield = yield
		defer w.close()
		if w.journal != nil {
			w.journal.start(ctx)
		}
		tick := time.Now().Add(w.opts.Tick)
		timer := time.NewTimer(0)
		defer timer.Stop()
		for {
			now := time.Now()
			more, ok := w.look(now, false)
			if !ok {
				return
			}
			if now = time.Now(); !now.Before(tick) {
				if tick = now.Add(w.opts.Tick); !yield(Event{Kind: Tick}) {
					return
				}
			}
			pause := w.opts.Poll
			if more {
				pause = 0
			}
			timer.Reset(pause)
			if !w.wait(ctx, timer) {
				return
			}
		}
	}
}

// wait takes what comes by itself until the timer says that it is time to look; false if there is an end to it.
func (w *Watcher) wait(ctx context.Context, timer *time.Timer) bool {
	for {
		select {
		case <-ctx.Done():
			w.last()
			return false
		case it := <-w.in:
			if !w.take(it) {
				return false
			}
		case e := <-w.journal.lines():
			if !w.takeJournal(e) {
				return false
			}
		case <-timer.C:
			return true
		}
	}
}

// look looks at all logs whose turn it is, and reads what they have; more says that there is more to read at once.
func (w *Watcher) look(now time.Time, all bool) (more, ok bool) {
	w.scan(now, false)
	w.opened = 0
	for _, s := range w.sources {
		w.opened += len(s.files)
		if !all && !s.more && now.Before(s.due) {
			continue
		}
		w.poll(s, now)
		if s.more = false; !w.flush() || !w.read(s, now) {
			return false, false
		}
		w.rest(s, now)
		w.publish(s, now)
		more = more || s.more
	}
	if !w.lookJournal(now) {
		return false, false
	}
	return more, w.flush()
}

// last reads what there is when following ends.
func (w *Watcher) last() {
	for _, s := range w.sources {
		for _, f := range s.files {
			w.detach(f) // what it has not handed over is read here
		}
	}
	end := time.Now().Add(lastTime)
	for more, ok := w.look(time.Now(), true); more && ok && time.Now().Before(end); {
		more, ok = w.look(time.Now(), false)
	}
}

// lastTime bounds how long last takes: a backlog of days is for the next run.
const lastTime = time.Second

// flush yields what has been queued.
func (w *Watcher) flush() bool {
	for len(w.queue) > 0 {
		e := w.queue[0]
		if w.queue = w.queue[1:]; !w.yield(e) {
			return false
		}
	}
	w.queue = w.queue[:0:0]
	return true
}

func (w *Watcher) close() {
	for _, s := range w.sources {
		for _, f := range s.files {
			w.detach(f)
			f.shut()
		}
	}
	if w.journal != nil {
		w.journal.close()
	}
	w.pumps.Wait()
}
