package main

import (
	"why502/classifier"
	"why502/classifier/correlate"
	"why502/parser"
)

// echoing is switched off by tests, which hold that it does not show.
var echoing = true

// echoes count lines that are like ones before but for their numbers without taking them apart.
type echoes struct {
	known *parser.Echoes[*correlate.Echo]
	rules *classifier.Rules
	t     *correlate.Timeline
}

// echoes prepares the reading of one file by d onto t. Of each line that is known, next is called before it is counted.
func (p *pipeline) echoes(t *correlate.Timeline, f *logFile, d *parser.Decoder, failures *int64, next func()) *echoes {
	if !echoing {
		return nil
	}
	d.KnowStacks(func(r *parser.Record) bool {
		if p.window.near(r.Time) && !t.AddKnown(r) {
			return false
		}
		next()
		return true
	})
	return &echoes{rules: p.rules, t: t, known: parser.NewEchoes(d, func(r *parser.Record, e *correlate.Echo) bool {
		if p.window.near(r.Time) {
			if !t.Again(r, e) {
				return false
			}
			if e.Harm {
				*failures++
			}
		}
		next()
		return true
	}, func(text []byte) bool { return p.rules.Plain(f.format.Name, text) })}
}

// learn remembers what a record came to.
func (e *echoes) learn(r *parser.Record, events []classifier.Event) {
	if e == nil {
		return
	}
	e.known.Learn(r, parser.Meaning[*correlate.Echo]{
		Asks: func(key string) bool {
			return key == "limit" || key == "signal" || key == "code" || e.rules.Asks(r.Format, key)
		},
		Blind: func(before, after []byte) bool { return e.rules.Blind(r, before, after) },
		Made:  func() (*correlate.Echo, bool) { return e.t.Echo(r, events) },
	})
}
