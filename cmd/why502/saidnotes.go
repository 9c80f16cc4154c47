package main

import (
	"fmt"
	"slices"

	"why502/classifier"
	"why502/report"
)

// maxSaid is from how many entries on a log speaks for itself, and maxSaidNotes how many of their kinds are told of.
const (
	maxSaid      = 40
	maxSaidNotes = 3
)

// saidNotes tell in plain words what a few lines say that is no gateway error, or one of no cause, with the next step: it is all that there is to go by for
// somebody who has only what a visitor or a customer quoted.
//
//	It says 1 time (cache/redis-down): Redis could not be reached or did not answer. Look whether it runs; …
func saidNotes(r *report.Report, rules *classifier.Rules) (notes []string) {
	explained := slices.ContainsFunc(r.Incidents, func(in report.Incident) bool { return in.Verdict() != nil })
	if explained || r.Coverage.Records > maxSaid || r.Coverage.Since != nil || r.Coverage.Until != nil {
		return nil
	}
	for i := range r.Tags {
		rule := rules.Find(classifier.Tag(r.Tags[i].Tag))
		if rule == nil || rule.Benign || rule.Why == "" || rule.Fix == "" || rule.Harm == "" && !rule.Signal && rule.Family == "" {
			continue
		}
		if notes = append(notes, fmt.Sprintf("It says %s (%s): %s %s", many(r.Tags[i].Count, "time", "times"), rule.Tag, rule.Why, rule.Fix)); len(notes) == maxSaidNotes {
			break
		}
	}
	return notes
}
