package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
	"why502/parser/input/follow"
	"why502/report"
)

// watching collects what followed logs say, explains it again and again, and tells what changed.
type watching struct {
	*live
	c   *cobra.Command
	sel *selection
	o   *tailing

	whole *correlate.Timeline
	watch report.Watch
	sinks sinks

	clock  pastClock
	latest *report.Report
	open   int           // incidents that go on
	news   bool          // something came since the last look that may change a verdict
	looked time.Time     // when the last look began
	cost   time.Duration // of that look
	swept  time.Time     // when was forgotten what is over
	base   map[string]follow.State
	clocks map[string]*stamps
	resume *follow.Marks // of the logs before a reload

	root     string          // of the server whose logs are looked for
	found    map[string]bool // nil: they were named
	every    time.Duration   // how often they are looked for
	sought   time.Time       // when that was
	seekCost time.Duration   // what it took
	anew     func()          // begins anew
}

// sparing is how much of one core looking may take: a look waits so many times what the last one took.
const sparing = 20

// sweeping is how often is forgotten what is over.
const sweeping = 10 * time.Minute

func newWatching(c *cobra.Command, sel *selection, o *tailing) *watching {
	return &watching{
		c: c, sel: sel, o: o, whole: correlate.New(), watch: report.Watch{Quiet: o.over}, swept: time.Now(),
		base: map[string]follow.State{}, clocks: map[string]*stamps{}, root: liveRoot, every: seeking,
	}
}

// follow reads until ctx ends.
func (t *watching) follow(ctx context.Context, paths []string) error {
	if len(paths) == 0 && len(t.sel.journal) == 0 {
		var err error
		if paths, err = t.find(); err != nil {
			return err
		}
	}
	t.o.resume = t.resume
	l, err := openLive(t.c, t.sel, &t.o.following, paths)
	if err != nil {
		return err
	}
	t.live = l
	t.whole.Configure(l.config)
	l.record, l.other = t.add, t.unparsed
	if t.sinks.screen == nil && report.IsTerminal(t.c.ErrOrStderr()) {
		complain(t.stderr, "following "+many(len(l.watch.Paths()), "log", "logs")+"; Ctrl-C ends it")
	}
	notify("READY=1")
	err = l.run(ctx, t.tick)
	return err
}

// rest keeps what is to be known of logs that another watcher goes on with.
func (t *watching) rest() {
	t.count()
	t.resume = t.live.watch.Marks()
	for _, s := range t.live.watch.States() { // the next one counts from 0
		b := t.base[s.Path]
		b.Lines, b.Bytes = b.Lines+s.Lines, b.Bytes+s.Bytes
		t.base[s.Path] = b
	}
}

func (t *watching) add(r *parser.Record, events []classifier.Event) error {
	t.whole.Add(r, events)
	t.clock.saw(r.Time)
	t.news = t.news || hurts(r, events) || t.open > 0 && !strings.HasSuffix(r.Format, "-access")
	t.sinks.line(r, events)
	return nil
}

// hurts says whether a line alone can make an incident. The others matter once there is one.
func hurts(r *parser.Record, events []classifier.Event) bool {
	return r.Status >= 500 || slices.ContainsFunc(events, func(e classifier.Event) bool { return e.Rule.Harm != "" || e.Rule.Signal })
}

func (t *watching) unparsed(e *parser.SyntaxError) error {
	if len(bytes.TrimSpace(e.Raw)) > 0 { // PHP-FPM begins its slow log with an empty line, which says nothing of the format yet
		t.whole.Source(e.File).Unparsed++
	}
	return nil
}

// tick comes about twice a second.
func (t *watching) tick() error {
	now := time.Now()
	notify("WATCHDOG=1")
	states := t.live.watch.States()
	t.clock.tick(now, !slices.ContainsFunc(states, func(s follow.State) bool { return s.Lag > 0 }))
	if t.news && now.Sub(t.looked) >= sparing*t.cost {
		t.look(now)
	} else if t.latest != nil {
		t.tell(now) // time alone ends an incident
	}
	if now.Sub(t.swept) >= sweeping {
		t.swept = now
		t.forget(now)
	}
	t.seek(now)
	t.sinks.tick(t, states, now)
	if t.marks.due(t.live.watch.Progress()) {
		if err := t.marks.save(t.live.watch); err != nil {
			t.marks.complain(t.stderr, err)
		}
	}
	return t.sinks.err
}

// look explains what is known by now.
func (t *watching) look(now time.Time) {
	t.looked, t.news = now, false
	t.count()
	t.latest = t.conclude(t.whole.Snapshot(), false, nil)
	t.tell(now)
	t.cost = time.Since(now)
}

// tell says what is new about the latest report.
func (t *watching) tell(now time.Time) { t.say(now, t.watch.Look(t.latest, t.clock.now(now))) }

func (t *watching) say(now time.Time, changes []report.Change) {
	for i := range changes {
		changes[i].Time = now
		t.sinks.change(&changes[i])
	}
	t.open = len(t.watch.Open())
}

// count notes on the sources what following them showed.
func (t *watching) count() {
	for _, s := range t.live.watch.States() {
		src, b := t.whole.Source(s.Path), t.base[s.Path]
		src.Lines, src.Bytes = b.Lines+s.Lines, b.Bytes+s.Bytes
		if f := t.logs[s.Path]; f != nil {
			src.Format = f.Name
		}
		src.Error = ""
		if s.Gaps > 0 {
			src.Error = "some lines are lost"
		}
	}
	for _, s := range t.streams {
		met := t.clocks[s.path]
		if met == nil {
			met = &stamps{}
			t.clocks[s.path] = met
		}
		met.add(s.decoder)
	}
	for path, met := range t.clocks {
		t.clockOf(t.whole.Source(path), met)
	}
}

// forget drops what is over for long, but for what led to an incident that goes on.
func (t *watching) forget(now time.Time) {
	if t.latest == nil {
		return
	}
	last := now
	if to := t.latest.Coverage.To; to != nil && to.Before(now) {
		last = *to // logs of the past are kept by their own time
	}
	from := last.Add(-t.o.keep)
	for _, in := range t.watch.Open() {
		if lead := in.Start.Add(-before); lead.Before(from) {
			from = lead
		}
	}
	t.whole.Forget(from)
	t.news = true
}

// end tells what is still open, writes the report and the marks.
func (t *watching) end(err error) error {
	notify("STOPPING=1")
	if t.live == nil || err != nil {
		return err
	}
	now := time.Now()
	t.look(now)
	t.say(now, t.watch.End(now))
	if t.marks != nil {
		if err := t.marks.finish(t.live.watch); err != nil {
			return usage("--marks %s: %s", t.marks.name, reason(err))
		}
	}
	if t.o.output != "" {
		out := output{file: t.o.output, color: "never"}
		if err := out.write(t.c.OutOrStdout(), t.latest, t.zone); err != nil {
			return err
		}
	}
	if t.sinks.err != nil {
		return t.sinks.err
	}
	if t.unread {
		return &status{code: statusUnread}
	}
	return nil
}
