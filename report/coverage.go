package report

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// calm is the one sentence of a report without incidents. It claims no more than the logs can show.
func calm(r *Report, c clock) string {
	requests, web := int64(0), 0
	for _, s := range r.Coverage.Sources {
		if strings.HasSuffix(s.Format, "-access") && s.Records > 0 {
			requests += s.Records
			web++
		}
	}
	switch {
	case r.Coverage.Records == 0 && r.Coverage.asked() && r.Coverage.Lines > 0:
		return "Nothing to judge by: no log entry is of the time asked for" + asked(r, c) + "."
	case r.Coverage.Records == 0:
		return "Nothing to judge by: no log entry could be read."
	case web > 0 && !r.Coverage.reached():
		return "Nothing to judge by: no request is on record in the time asked for" + asked(r, c) + "."
	case web == 0 && r.Coverage.asked():
		return "No failure is on record in the time asked for" + asked(r, c) + ". There is no access log that says how many requests were served."
	case r.Coverage.asked():
		return "No visitor was hurt in the time asked for" + asked(r, c) + closed(r) + "." + partly(r, c)
	case web == 0:
		when := during(r, c)
		if when != "" {
			when += ","
		}
		return fmt.Sprintf("No failure is on record: %s%s show none. There is no access log among them that says how many requests were served.",
			count(r.Coverage.Records, "log entry"), when)
	}
	return fmt.Sprintf("No visitor was hurt: %s%s, none of them failed%s.", count(requests, "request"), during(r, c), closed(r))
}

// closed is what a calm report leaves out of the failures.
func closed(r *Report) string {
	if r.Coverage.Closed == 0 {
		return ""
	}
	return fmt.Sprintf(", but for %s answered with 503 on purpose, as it seems", count(int64(r.Coverage.Closed), "request"))
}

func during(r *Report, c clock) string {
	if r.Coverage.From == nil || r.Coverage.To == nil {
		return ""
	}
	return ", " + c.span(*r.Coverage.From, *r.Coverage.To)
}

func (c *Coverage) asked() bool { return c.Since != nil || c.Until != nil }

// web is the time from the first to the last request that the access logs have.
func (c *Coverage) web() (from, to time.Time) {
	for i := range c.Sources {
		s := &c.Sources[i]
		if !strings.HasSuffix(s.Format, "-access") || s.From == nil || s.To == nil {
			continue
		}
		if from.IsZero() || s.From.Before(from) {
			from = *s.From
		}
		if s.To.After(to) {
			to = *s.To
		}
	}
	return from, to
}

// reached says whether the access logs have requests of the time asked for; what is around it was read as context.
func (c *Coverage) reached() bool {
	from, to := c.web()
	return from.IsZero() || (c.Since == nil || !to.Before(*c.Since)) && (c.Until == nil || from.Before(*c.Until))
}

// partlyFrom is how much of the time asked for the access logs may leave out unsaid: at night nobody comes for minutes.
const partlyFrom = 15 * time.Minute

// partly says which part of the time asked for the access logs cover, if they do not cover it all. Where the end is open nobody knows.
func partly(r *Report, c clock) string {
	from, to := r.Coverage.web()
	late := r.Coverage.Since != nil && from.Sub(*r.Coverage.Since) > partlyFrom
	early := r.Coverage.Until != nil && r.Coverage.Until.Sub(to) > partlyFrom
	if from.IsZero() || !late && !early {
		return ""
	}
	return " The access logs have only requests of " + c.span(from, to) + "."
}

// asked is " (from 2026-11-22 10:05:00 until 2026-11-23 00:00:00)".
func asked(r *Report, c clock) string {
	var s string
	if t := r.Coverage.Since; t != nil {
		s += " from " + c.stamp(*t)
	}
	if t := r.Coverage.Until; t != nil {
		s += " until " + c.stamp(*t)
	}
	return " (" + s[1:] + ")"
}

// listed is how many names a sentence lists before it only counts.
const listed = 3

// commonFolder is the folder that all sources lie below, where leaving it out of their names makes room for what counts;
// else "".
func commonFolder(sources []Source) string {
	const worthIt = 16
	if len(sources) < 2 {
		return ""
	}
	dir := path.Dir(sources[0].Path)
	for _, s := range sources[1:] {
		for dir != "." && dir != "/" && !strings.HasPrefix(s.Path, dir+"/") {
			dir = path.Dir(dir)
		}
	}
	if width(dir) < worthIt {
		return ""
	}
	return dir
}

// coverage says what was read and, before anything can be trusted, what was not. below is the folder that places in the
// text are given from, if any.
func coverage(r *Report, c clock, below string) []string {
	cov := &r.Coverage
	understood := "all understood"
	if cov.Unparsed > 0 {
		understood = thousands(cov.Unparsed) + " not understood"
	}
	files, lines := 0, int64(0) // those of a known format; the others are named below
	for i := range cov.Sources {
		if s := &cov.Sources[i]; s.Format != FormatUnknown && s.Format != FormatBinary && (s.Error == "" || s.Lines > 0) {
			files += max(1, s.Files)
			lines += s.Lines
		}
	}
	if below != "" {
		below = " below " + clean(below)
	}
	first := fmt.Sprintf("Read %s, %s, %s", count(files, "file"), count(lines, "line"), understood)
	switch {
	case lines == 0 && files == 1:
		first = "Read 1 file" + below + ", which is empty"
	case lines == 0:
		first = fmt.Sprintf("Read %s%s, all empty", count(files, "file"), below)
	default:
		if below != "" {
			first += "," + below // behind what the eye looks for: one line may be all there is room for
		}
		if len(r.Incidents) > 0 {
			first += during(r, c)
		}
	}
	var out []string
	if files > 0 {
		out = append(out, first+".")
	}

	binary := 0
	var unknown, failed []string
	for i := range cov.Sources {
		switch s := &cov.Sources[i]; {
		case s.Error != "":
			failed = append(failed, s.name()+" ("+clean(s.Error)+")")
		case s.Format == FormatBinary:
			binary += max(1, s.Files)
		case s.Format == FormatUnknown:
			unknown = append(unknown, s.name())
		}
	}
	switch {
	case len(failed) > 0:
		out = append(out, "Could not be read: "+enumerate(failed)+".")
	case r.Partial:
		out = append(out, "Reading did not come to its end.")
	}
	if len(unknown) > 0 {
		s := "Of no known format: " + enumerate(unknown) + "."
		if cov.Records == 0 {
			s += " why502 formats lists what is read; --formats describes formats of your own."
		}
		out = append(out, s)
	}
	if binary > 0 {
		out = append(out, "Passed over: "+count(binary, "binary file")+".")
	}
	if s := folded(cov.Folded); s != "" {
		out = append(out, s)
	}
	for _, n := range r.Notes {
		out = append(out, clean(n))
	}
	return out
}

// foldedFiles is the kind of Folded that counts files.
const foldedFiles = "file"

// name is what a row of the sources is called, for people.
func (s *Source) name() string {
	if s.Files == 0 {
		return clean(s.Path)
	}
	return clean(s.Path) + " (" + count(s.Files, "file") + ")"
}

// folded says what there was too much of to be told apart.
func folded(all []Folded) string {
	var together, grouped []string
	for _, f := range all {
		switch {
		case f.Seconds > 0:
			grouped = append(grouped, clean(f.Kind)+" ("+count(f.Seconds, "second")+")")
		case f.Kind == foldedFiles:
			together = append(together, count(f.Names, "file")+" by their folders")
		case f.Names > 0:
			together = append(together, "about "+count(f.Names, clean(f.Kind)))
		default:
			together = append(together, clean(f.Kind)+"s of slow requests")
		}
	}
	var out []string
	if len(together) > 0 {
		out = append(out, "counted together are "+strings.Join(together, ", "))
	}
	if len(grouped) > 0 {
		out = append(out, "grouped in time are "+strings.Join(grouped, ", "))
	}
	if out == nil {
		return ""
	}
	return "Too much to tell all apart: " + strings.Join(out, "; ") + "."
}

func enumerate(names []string) string {
	if len(names) > listed {
		return strings.Join(names[:listed], ", ") + fmt.Sprintf(" and %d more", len(names)-listed)
	}
	return strings.Join(names, ", ")
}
