package main

import (
	"bufio"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"why502/classifier/correlate"
	"why502/classifier/rootcause"
	"why502/parser/input"
	"why502/report"
	"why502/report/history"
)

// dailyRun is one run of the daily report.
type dailyRun struct {
	c     *cobra.Command
	sel   *selection
	o     *reporting
	paths []string
	store *store
	now   time.Time
	host  string

	old     *dailyState   // as the run before left it; nil: there is none, or none that can be used
	number  int           // of this run
	rebuild bool          // all logs are read from their beginning
	st      *dailyState   // what this run goes on with, and leaves
	before  *input.Ledger // as the run before left it, with the files that were found; nil without an old state
	facts   *history.Facts

	*pipeline
	kept  *correlate.Timeline
	whole *report.Report // on all that is kept
	fresh *report.Report // on the lines that are new, without incidents
	news  *report.Report // what is told
	gaps  []report.Gap

	told  time.Time         // whole has all incidents that ended since then; of a rebuild: that began since then
	known []report.Incident // that did so, as they were told before
	past  []report.Incident // of a rebuild: the others
	live  []report.Incident // that may still change
	done  []report.Incident // that cannot since this run
}

const (
	// unsettled is how far before the last line incidents may still change: a log that is written in large pieces lags behind.
	unsettled = 10 * time.Hour
	// misread is how far from the truth stamps may be read whose zone is not known yet.
	misread = 15 * time.Hour
)

func (d *dailyRun) run() error {
	d.now = dailyNow()
	d.c.SetErr(&sayOnce{w: d.c.ErrOrStderr(), said: map[string]bool{}}) // logs may be read a second time
	d.pipeline = &pipeline{stderr: d.c.ErrOrStderr()}
	var err error
	if d.rules, err = d.sel.loadRules(d.c.ErrOrStderr()); err != nil {
		return err
	}
	if _, err = d.sel.loadFormats(d.c.ErrOrStderr()); err != nil {
		return err
	}
	if err := d.begin(); err != nil {
		return err
	}
	late, err := d.read()
	if err == nil && late {
		d.rebuild = true
		_, err = d.read()
	}
	if err != nil {
		return err
	}
	if err := d.print(); err != nil {
		return err
	}
	kept := archived(d.o.archive, d.o.retention, d.o.mask.report(d.news), d.zone)
	if err := d.leave(); err != nil {
		return stateError(d.o.state, err)
	}
	switch { // the report was told: the next run must not tell it again because no page could be kept
	case kept != nil:
		return kept
	case reaches(d.news, failOn[d.o.fail]):
		return &status{code: statusFound}
	case d.unread || len(d.gaps) > 0:
		return &status{code: statusUnread}
	}
	return nil
}

// read collects what is new and explains it together with what was kept. late says that lines came of a time that cannot be told anew
// from what is kept: all logs must be read again then.
func (d *dailyRun) read() (late bool, err error) {
	if !d.rebuild {
		if err := d.restore(); err != nil {
			d.anew(err)
		}
	}
	if err := d.open(); err != nil {
		return false, err
	}
	d.stacks = d.o.slow.wanted()
	ctx := d.c.Context()
	fresh, notes := d.collect(ctx, d.o.workers)
	d.saySwitchedOff()
	if ctx.Err() != nil {
		complain(d.stderr, "interrupted; nothing was reported and nothing kept: the next run reads the same")
		return false, &status{code: statusCut}
	}
	d.fresh = report.Build(report.Input{Timeline: fresh, Diagnoses: func(func(*rootcause.Diagnosis) bool) {}, Zone: d.zone, Stacks: d.stacks})
	counts := history.Count(fresh, d.facts.Zone())
	ledger := d.ledger(&d.st.Ledger, fresh, d.now)
	first := map[string]time.Time{}
	for _, s := range fresh.Sources() {
		first[s.Path] = s.From
	}
	d.noteGaps(first)
	if d.kept == nil {
		d.kept = fresh
	} else {
		d.kept.Configure(d.config)
		d.rename()
		d.kept.Merge(fresh)
	}
	// What is explained is changed by it. What is kept waits on disk meanwhile, as the logs had it: there is no room for both.
	spool, err := d.store.spool(d.kept.Encode)
	if err != nil {
		return false, stateError(d.o.state, err)
	}
	defer func() { _ = spool.Close() }()
	explained := d.kept
	d.kept = nil
	d.whole = d.conclude(explained, false, notes)
	if !d.rebuild && d.lateIn(explained, first) {
		return true, nil
	}
	d.st.Ledger = ledger
	d.joinIncidents()
	settled := d.settled(explained)
	if d.kept, err = correlate.Decode(bufio.NewReader(spool), d.rules.Find); err != nil {
		return false, stateError(d.o.state, err)
	}
	d.kept.Configure(d.config)
	d.release(settled)
	d.remember(counts)
	return false, nil
}

// lateIn says whether lines were read of a time of which all had been told, in logs that were not known or that are sure of their
// clock. first is where what was read of the sources begins.
func (d *dailyRun) lateIn(t *correlate.Timeline, first map[string]time.Time) bool {
	known := map[string]bool{}
	for _, g := range d.before.Generations {
		known[input.Stem(g.Name)] = true
	}
	for _, s := range t.Sources() {
		limit := d.told
		if s.Loc != nil && known[input.Stem(s.Path)] {
			limit = limit.Add(-misread)
		}
		if at := first[s.Path]; !at.IsZero() && at.Before(limit) {
			return true
		}
	}
	return false
}

// settled is what cannot change any more.
func (d *dailyRun) settled(explained *correlate.Timeline) *correlate.Settled {
	return explained.Settled(d.lastLine().Add(-unsettled), func(yield func(from, to time.Time) bool) {
		for i := range d.whole.Incidents {
			if in := &d.whole.Incidents[i]; !yield(in.Start, in.End) {
				return
			}
		}
	})
}

// release forgets what bears on nothing that can still change.
func (d *dailyRun) release(settled *correlate.Settled) {
	d.kept.Release(settled)
	d.st.Final = settled.Final
	d.done, d.live = d.past, nil
	for _, in := range d.whole.Incidents {
		if in.End.Before(settled.Final) {
			d.done = append(d.done, in)
		} else {
			d.live = append(d.live, in)
		}
	}
}

// rename gives what is kept the names that files have now. What is gone and forgotten is dropped.
func (d *dailyRun) rename() {
	const gone = " (gone)"
	names := d.before.Renamed()
	d.kept.Rename(func(path string) string {
		switch name, known := names[path]; {
		case name != "":
			return name
		case known:
			return path + gone
		}
		return path
	})
	d.kept.Drop(func(path string) bool { return strings.HasSuffix(path, gone) })
}

// print says what is new, if it is worth a word: a mail is sent then, or a report printed.
func (d *dailyRun) print() error {
	worth := slices.ContainsFunc(d.news.Incidents, func(in report.Incident) bool { return !in.Isolated })
	news := d.o.mask.report(d.news)
	var err error
	switch {
	case worth || d.o.always:
		err = d.o.post.tell(d.c, &d.o.out, news, d.zone, d.o.mask.host)
	case d.o.out.file != "":
		err = d.o.out.write(d.c.OutOrStdout(), news, d.zone)
	}
	if err != nil {
		return err
	}
	if err := d.o.slow.write(d.o.mask.report(d.fresh)); err != nil && d.fresh.Profile.Slow.Entries > 0 {
		return err
	}
	return nil
}

// sayOnce passes every line on once.
type sayOnce struct {
	w    io.Writer
	said map[string]bool
}

func (s *sayOnce) Write(p []byte) (int, error) {
	if s.said[string(p)] {
		return len(p), nil
	}
	s.said[string(p)] = true
	return s.w.Write(p)
}
