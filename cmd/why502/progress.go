package main

import (
	"io"
	"os"
	"sync/atomic"

	"why502/classifier"
	"why502/parser"
	"why502/report"
	"why502/report/progress"
)

// met counts what is read, for those who watch.
type met struct {
	lines, failures atomic.Int64
	dropped         atomic.Int64 // bytes of files that are not kept
}

// watch shows how far the reading has come if stderr is a terminal that can take back what it shows, until stop is called.
// Cron and pipes see nothing of it.
func (p *pipeline) watch(now func() progress.State) (stop func()) {
	if term := os.Getenv("TERM"); !report.IsTerminal(p.stderr) || term == "" || term == "dumb" {
		return func() {}
	}
	out := p.stderr
	bar := progress.Show(out, now)
	p.complainTo(bar)
	return func() {
		bar.Stop()
		p.complainTo(out)
	}
}

func (p *pipeline) complainTo(w io.Writer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stderr = w
}

// progress is how far the reading has come.
func (p *pipeline) progress() progress.State {
	s := progress.State{Lines: p.met.lines.Load(), Failures: p.met.failures.Load(), Read: p.met.dropped.Load(), Size: p.dropped.size}
	for _, f := range p.files {
		if f.begun.Load() {
			s.Read += f.BytesRead()
		}
		if s.Size += f.Size(); f.Stream() && f.Size() == 0 {
			s.Size = 0 // nobody knows
			break
		}
	}
	return s
}

// comparing is how far countOnce has come.
func (p *pipeline) comparing() progress.State {
	s := progress.State{Doing: "comparing generations"}
	for _, set := range p.sets {
		for i, f := range set[:len(set)-1] {
			if consumed, _ := set[i+1].Consumed(); consumed == 0 && !f.apart(set[i+1]) {
				s.Size += f.Size()
				if f.compared.Load() {
					s.Read += f.BytesRead()
				}
			}
		}
	}
	return s
}

// harm says whether an entry tells of a request that failed.
func harm(r *parser.Record, events []classifier.Event) bool {
	for i := range events {
		if events[i].Rule.Harm != "" {
			return true
		}
	}
	return r.Status >= 500 && r.Status < 600
}
