package main

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"why502/report"
)

// lead is how far before an incident may lie what bears on it.
const lead = 6 * time.Hour

// joinIncidents joins the incidents that were found to those that are known: they keep their ids. What is new is told.
func (d *dailyRun) joinIncidents() {
	if d.rebuild {
		d.takeBack()
		d.whole.Incidents = slices.DeleteFunc(d.whole.Incidents, func(in report.Incident) bool { return in.Start.Before(d.told) })
	}
	found := d.whole.Incidents
	pairs := pair(d.known, found)
	copied := *d.whole
	copied.Incidents = []report.Incident{}
	for i := range found {
		in, was := &found[i], pairs[i]
		if was != nil && d.rebuild && (d.old == nil || in.Start.Before(d.told.Add(lead))) && was.Failed() >= in.Failed() {
			*in = *was // it was told from more logs than there are now
		}
		if was != nil {
			in.ID = was.ID
		}
		if was == nil || differs(was, in) {
			told := *in
			told.Continues = was != nil
			copied.Incidents = append(copied.Incidents, told)
		}
	}
	copied.Notes = append(slices.Clip(copied.Notes), withdrawn(d.known, pairs, found)...)
	d.news = &copied
}

// withdrawn says which incidents that were told are none any more, and what became of them.
func withdrawn(known []report.Incident, pairs []*report.Incident, found []report.Incident) (notes []string) {
	for i := range known {
		k := &known[i]
		if k.Isolated || slices.Contains(pairs, k) {
			continue
		}
		note := "Incident " + k.ID + ", which was reported before, is none any more: lines that came since show that visitors were served."
		for j := range found {
			if k.Overlap(&found[j]) >= 0 && k.SameSites(&found[j]) {
				note = "Incident " + k.ID + ", which was reported before, is a part of incident " + found[j].ID + " now."
			}
		}
		notes = append(notes, note)
	}
	return notes
}

// takeBack takes up all incidents that are known, of which those can be told anew that the logs cover.
func (d *dailyRun) takeBack() {
	first := 0
	if d.old != nil {
		first = d.old.Whole
	}
	all := d.store.finals(first, d.number-1)
	if text, err := d.left("incidents.json"); err == nil {
		if list, err := decodeIncidents(text); err == nil {
			all = append(all, list...)
		}
	}
	if from := d.whole.Coverage.From; len(all) > 0 && from != nil && from.After(d.told) {
		d.told = *from
	}
	d.known, d.past = nil, nil
	seen := map[string]bool{}
	for _, in := range all {
		if seen[in.ID] { // a run that did not come to its end may have left it, too
			continue
		}
		seen[in.ID] = true
		if in.Start.Before(d.told) {
			d.past = append(d.past, in)
		} else {
			d.known = append(d.known, in)
		}
	}
}

// pair finds for each incident that was found the one that it was: by its id, else the one on the same sites that it shares most
// time with. nil where it is new.
func pair(known, found []report.Incident) []*report.Incident {
	byID := map[string]*report.Incident{}
	for i := range known {
		byID[known[i].ID] = &known[i]
	}
	pairs, taken := make([]*report.Incident, len(found)), map[*report.Incident]bool{}
	for i := range found {
		if pairs[i] = byID[found[i].ID]; pairs[i] != nil {
			taken[pairs[i]] = true
		}
	}
	for i := range found {
		best := time.Duration(-1)
		for j := range known {
			k := &known[j]
			if pairs[i] != nil && best < 0 || taken[k] || !k.SameSites(&found[i]) {
				continue
			}
			if d := k.Overlap(&found[i]); d > best {
				best, pairs[i] = d, k
			}
		}
		if best >= 0 {
			taken[pairs[i]] = true
		}
	}
	return pairs
}

// differs says whether what is known of an incident now is worth telling those who know what was.
func differs(was, is *report.Incident) bool {
	return !was.Start.Equal(is.Start) || !was.End.Equal(is.End) || !maps.Equal(was.Failures, is.Failures) || was.Isolated != is.Isolated ||
		was.Harm != is.Harm || !slices.Equal(names(was.Vhosts), names(is.Vhosts)) || verdict(was) != verdict(is)
}

func names(list []report.Share) (all []string) {
	for _, s := range list {
		all = append(all, s.Name)
	}
	slices.Sort(all)
	return all
}

func verdict(in *report.Incident) string {
	c := in.Verdict()
	if c == nil || c.Confidence < report.Low {
		return ""
	}
	culprit := ""
	if len(c.Culprits) > 0 {
		culprit = c.Culprits[0].Name
	}
	return cmp.Or(c.ID+" "+culprit, "")
}
