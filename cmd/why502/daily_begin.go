package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"why502/classifier/correlate"
	"why502/parser/input"
	"why502/report"
	"why502/report/history"
)

// begin reads the state. If it cannot be used that is said, and all logs are read again.
func (d *dailyRun) begin() error {
	d.host, _ = os.Hostname() // a report of no host is one, too
	old, err := d.store.load()
	if errors.Is(err, fs.ErrPermission) {
		return stateError(d.o.state, err)
	}
	d.rebuild = d.o.rebuild || old == nil
	d.number = d.store.highest() + 1
	if err != nil {
		d.anew(err)
	}
	if old == nil {
		return nil
	}
	d.old, d.number = old, old.Run+1
	if id := machineID(); id != "" && old.Machine != "" && id != old.Machine {
		complain(d.c.ErrOrStderr(), fmt.Sprintf("the state in %s was made on another machine (%s); logs read there are recognised by what stands in them", d.o.state, old.Host))
		old.Ledger.Foreign()
	}
	if d.now.Before(old.Saved) {
		complain(d.c.ErrOrStderr(), fmt.Sprintf("the clock of this host was set back: the run before was at %s; logs are read on where it ended", old.Saved.Format(time.RFC3339)))
	}
	return nil
}

// anew says why all logs are read again.
func (d *dailyRun) anew(why error) {
	d.rebuild = true
	complain(d.c.ErrOrStderr(), fmt.Sprintf("the state in %s %s; all logs that are there are read again, days that they do not cover any more are kept", d.o.state, why))
}

// restore takes up what the run before has kept.
func (d *dailyRun) restore() error {
	text, err := d.store.part(d.old, "timeline")
	if err == nil {
		d.kept, err = correlate.Decode(bytes.NewReader(text), d.rules.Find)
	}
	if err == nil {
		if text, err = d.store.part(d.old, "incidents.json"); err == nil {
			d.known, err = decodeIncidents(text)
		}
	}
	d.told = d.old.Final
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("misses a file")
	}
	return err
}

// open finds the logs and what of them is to be read.
func (d *dailyRun) open() error {
	d.st = &dailyState{}
	if d.old != nil {
		copied := *d.old
		d.st = &copied
	}
	if !d.rebuild {
		if err := d.find(); err != nil {
			return err
		}
		ledger := d.st.Ledger
		d.before = &ledger
	} else if err := d.restart(); err != nil {
		return err
	}
	for _, f := range d.toRead() {
		if err := d.bound(d.c.Context(), f, d.now); err != nil {
			d.fail(err)
		}
	}
	return d.recall()
}

// restart finds the logs as if nothing had been read. What of that which was read is gone by now cannot be told anew.
func (d *dailyRun) restart() error {
	d.kept, d.known, d.past, d.told = nil, nil, nil, time.Time{}
	if d.old != nil {
		if err := d.find(); err != nil {
			return err
		}
		ledger := d.st.Ledger
		d.before = &ledger
		for _, g := range ledger.Lost() {
			if g.To.After(d.told) {
				d.told = g.To
			}
		}
	}
	w, err := d.sel.window(time.Local)
	if err != nil {
		return err
	}
	if !w.from.IsZero() {
		d.st.Since, d.st.Written = w.from, w.from.Add(-before)
	}
	if d.st.Since.After(d.told) {
		d.told = d.st.Since
	}
	d.st.Ledger = input.Ledger{}
	d.st.Final = time.Time{}
	return d.find()
}

// recall reads the facts of the days before.
func (d *dailyRun) recall() error {
	zone := d.zone
	if d.st.Days != "" {
		if z, err := location(d.st.Days); err == nil {
			zone = z
		}
	}
	d.st.Days = zone.String()
	d.facts = history.New(zone)
	text, err := d.left("facts")
	if errors.Is(err, fs.ErrNotExist) {
		if d.old == nil { // nobody says that there were any
			return nil
		}
		complain(d.stderr, "the facts of past days in "+d.o.state+" are gone; days are counted again as far as the logs go back")
		return d.recount()
	}
	if err == nil {
		var facts *history.Facts
		if facts, err = history.Decode(bytes.NewReader(text), zone); err == nil {
			d.facts = facts
			d.facts.Settle(d.host, d.number-1)
			return nil
		}
	}
	kept, e := d.setAside("facts")
	if e != nil {
		return stateError(d.o.state, e)
	}
	complain(d.stderr, fmt.Sprintf("the facts of past days in %s cannot be read (%v) and are kept as %s; days are counted again as far as the logs go back", d.o.state, err, kept))
	return d.recount()
}

// recount reads all logs again, if they are not being read anyway.
func (d *dailyRun) recount() error {
	if d.rebuild {
		return nil
	}
	d.rebuild = true
	return d.open()
}

// setAside keeps what cannot be read: a program that is newer, or somebody, may read it yet.
func (d *dailyRun) setAside(name string) (kept string, err error) {
	run := d.store.newestWith(name)
	if d.old != nil {
		run = d.old.Run
	}
	text, err := os.ReadFile(d.store.path(runFolder(run), name))
	if err != nil {
		return "", err
	}
	kept = fmt.Sprintf("unreadable-%s-%d", name, run)
	_, err = d.store.write(func(w io.Writer) error { _, err := w.Write(text); return err }, kept)
	return kept, err
}

// left is a file that the run before has left, or if nobody knows which that was, some run.
func (d *dailyRun) left(name string) ([]byte, error) {
	if d.old != nil {
		return d.store.part(d.old, name)
	}
	return d.store.newest(name)
}

// noteGaps says what was not read and is gone. first is where what is read now of the files begins.
func (d *dailyRun) noteGaps(first map[string]time.Time) {
	d.gaps = nil
	if d.before == nil {
		return
	}
	for _, g := range d.before.Gone() {
		gap := report.Gap{Path: g.Path, Text: "moved away or deleted, and no file beside it holds what was written to it after the run before."}
		if !g.Done {
			gap.Text = "deleted before it could be read to its end."
		}
		if !g.To.IsZero() {
			t := g.To.In(d.zone)
			gap.From = &t
		}
		for path, at := range first {
			if input.Stem(path) == input.Stem(g.Name) && at.After(g.To) && (gap.To == nil || at.Before(*gap.To)) {
				t := at.In(d.zone)
				gap.To = &t
			}
		}
		d.gaps = append(d.gaps, gap)
	}
	slices.SortFunc(d.gaps, func(a, b report.Gap) int { return strings.Compare(a.Path, b.Path) })
	for _, g := range report.FoldGaps(d.gaps) {
		when := ""
		if g.From != nil {
			when = " after " + g.From.Format(time.DateTime)
		}
		if g.To != nil {
			when += " until " + g.To.Format(time.DateTime)
		}
		complain(d.stderr, g.Path+": lines"+when+" may be lost: "+strings.TrimSuffix(g.Text, "."))
	}
}

// machineID tells machines apart; "" where there is none.
func machineID() string {
	text, err := os.ReadFile("/etc/machine-id")
	if err != nil {
		return ""
	}
	return sum(bytes.TrimSpace(text))[:16] // the id itself is not to be shown around: machine-id(5)
}
