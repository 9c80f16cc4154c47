package report

import (
	"fmt"
	"strings"
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
	case r.Coverage.Records == 0:
		return "Nothing to judge by: no log entry could be read."
	case web == 0:
		return fmt.Sprintf("No failure is on record: %s%s show none. There is no access log among them that says how many requests were served.",
			count(r.Coverage.Records, "log entry"), during(r, c))
	}
	return fmt.Sprintf("No visitor was hurt: %s%s, none of them failed.", count(requests, "request"), during(r, c))
}

func during(r *Report, c clock) string {
	if r.Coverage.From == nil || r.Coverage.To == nil {
		return ""
	}
	return ", " + c.span(*r.Coverage.From, *r.Coverage.To)
}

// listed is how many names a sentence lists before it only counts.
const listed = 3

// coverage says what was read and, before anything can be trusted, what was not.
func coverage(r *Report, c clock) []string {
	cov := &r.Coverage
	understood := "all understood"
	if cov.Unparsed > 0 {
		understood = thousands(cov.Unparsed) + " not understood"
	}
	read := 0
	for i := range cov.Sources {
		if s := &cov.Sources[i]; s.Error == "" || s.Lines > 0 {
			read++
		}
	}
	first := fmt.Sprintf("Read %s, %s, %s", count(read, "file"), count(cov.Lines, "line"), understood)
	if len(r.Incidents) > 0 {
		first += during(r, c)
	}
	out := []string{first + "."}

	var unknown, failed []string
	for i := range cov.Sources {
		switch s := &cov.Sources[i]; {
		case s.Error != "":
			failed = append(failed, clean(s.Path)+" ("+clean(s.Error)+")")
		case s.Format == "unknown":
			unknown = append(unknown, clean(s.Path))
		}
	}
	if len(unknown) > 0 {
		out = append(out, "Of no known format: "+enumerate(unknown)+".")
	}
	if len(failed) > 0 {
		out = append(out, "Could not be read: "+enumerate(failed)+".")
	}
	if r.Partial {
		out = append(out, "The report is partial: reading did not come to its end.")
	}
	for _, n := range r.Notes {
		out = append(out, clean(n))
	}
	return out
}

func enumerate(names []string) string {
	if len(names) > listed {
		return strings.Join(names[:listed], ", ") + fmt.Sprintf(" and %d more", len(names)-listed)
	}
	return strings.Join(names, ", ")
}
