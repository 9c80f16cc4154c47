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

// echoes prepares the reading of the file by d.
func (rd *reading) echoes(d *parser.Decoder) *echoes {
	if !echoing {
		return nil
	}
	d.KnowStacks(func(r *parser.Record) bool {
		if rd.window.near(r.Time) && !rd.t.AddKnown(r) {
			return false
		}
		rd.next()
		return true
	})
	return &echoes{rules: rd.rules, t: rd.t, known: parser.NewEchoes(d, func(r *parser.Record, e *correlate.Echo) bool {
		if rd.window.near(r.Time) {
			if !rd.t.Again(r, e) {
				return false
			}
			if e.Harm {
				rd.failures++
			}
		}
		rd.next()
		return true
	}, func(text []byte) bool { return rd.rules.Plain(rd.file.format.Name, text) })}
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
