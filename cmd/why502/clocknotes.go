package main

import (
	"fmt"
	"path"
	"strings"
	"time"

	"why502/classifier/correlate"
)

// clockNotes are the assumptions about clocks that a reader must know of.
func clockNotes(t *correlate.Timeline, aligned []correlate.Alignment) (notes []string) {
	said := map[string]bool{}
	moved := map[string]bool{}
	for _, a := range aligned {
		moved[a.Path] = true
	}
	var doubtful []string
	for _, src := range t.Sources() {
		if src.Doubt && !moved[src.Path] {
			doubtful = append(doubtful, path.Base(src.Path))
		}
		if moved[src.Path] || said[src.Clock] {
			continue
		}
		switch src.Clock {
		case "assumed":
			notes = append(notes, "Stamps that state no zone were read as "+src.Zone+", this host's; --timezone says otherwise.")
		case "inferred":
			notes = append(notes, "Stamps that state no zone were read as "+src.Zone+", as the access logs state it; --timezone says otherwise.")
		}
		said[src.Clock] = true
	}
	for _, a := range aligned {
		notes = append(notes, alignNote(&a))
	}
	if len(doubtful) > 0 {
		notes = append(notes, fmt.Sprintf("The clock of %s does not fit the other logs, and no other zone does surely: it makes no incident of its own, and confidence is limited where it may bear on one. --timezone PATH=ZONE settles it.", strings.Join(doubtful, ", ")))
	}
	return notes
}

// alignNote says that and why a log was read on another clock.
func alignNote(a *correlate.Alignment) string {
	name := path.Base(a.Path)
	why := fmt.Sprintf("%d events that other logs show too then fall on the same seconds", a.Matches)
	switch {
	case a.Clients:
		why = fmt.Sprintf("%d times it then names clients that the access logs saw at that moment", a.Matches)
	case a.Matches == 0:
		why = "the other logs of the same daemon are in it"
	}
	switch {
	case a.Guess:
		fits := "one event that another log shows too then falls on its time"
		if a.Matches > 1 {
			fits = fmt.Sprintf("%d events that other logs show too then fall on their times", a.Matches)
		}
		return fmt.Sprintf("Stamps of %s were read as %s, which fits best: %s. That is not sure: the log makes no incident of its own, and confidence is limited where it may bear on one. --timezone PATH=ZONE settles it.", name, a.Zone, fits)
	case a.Skew != 0:
		way := "behind"
		if a.Skew < 0 {
			way = "ahead of"
		}
		return fmt.Sprintf("The clock of %s is %s %s the other logs' and was corrected: %s.", name, a.Skew.Abs().Round(time.Second), way, why)
	case a.Clock == "flag":
		return fmt.Sprintf("Stamps of %s were read as %s, not as %s, which --timezone says: %s. --timezone PATH=ZONE for this file has the last word.", name, a.Zone, a.From, why)
	}
	return fmt.Sprintf("Stamps of %s were read as %s: %s.", name, a.Zone, why)
}
