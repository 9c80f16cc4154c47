package report

import (
	"fmt"
	"path"
	"strings"
	"time"
)

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
	var out []string
	if s := wasRead(r, c, below); s != "" {
		out = append(out, s)
	}
	out = append(out, notRead(r)...)
	if s := folded(r.Coverage.Folded); s != "" {
		out = append(out, s)
	}
	for _, n := range r.Notes {
		out = append(out, clean(n))
	}
	return out
}

// wasRead counts the files of a known format and their lines; "" if there are none.
func wasRead(r *Report, c clock, below string) string {
	cov := &r.Coverage
	files, lines := 0, int64(0)
	for i := range cov.Sources {
		if s := &cov.Sources[i]; s.Format != FormatUnknown && s.Format != FormatBinary && (s.Error == "" || s.Lines > 0) {
			files += max(1, s.Files)
			lines += s.Lines
		}
	}
	if below != "" {
		below = " below " + clean(below)
	}
	switch {
	case files == 0:
		return ""
	case lines == 0 && files == 1:
		return "Read 1 file" + below + ", which is empty."
	case lines == 0:
		return fmt.Sprintf("Read %s%s, all empty.", count(files, "file"), below)
	}
	understood := "all understood"
	if cov.Unparsed > 0 {
		understood = thousands(cov.Unparsed) + " not understood"
	}
	s := fmt.Sprintf("Read %s, %s, %s", count(files, "file"), count(lines, "line"), understood)
	if below != "" {
		s += "," + below // behind what the eye looks for: one line may be all there is room for
	}
	if len(r.Incidents) > 0 {
		s += during(r, c)
	}
	return s + "."
}

// notRead names the files that could not be read to their ends, those of no known format, and counts those that are no text.
func notRead(r *Report) (out []string) {
	binary := 0
	var unknown, failed []string
	for i := range r.Coverage.Sources {
		switch s := &r.Coverage.Sources[i]; {
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
		if r.Coverage.Records == 0 {
			s += " why502 formats lists what is read; --formats describes formats of your own."
		}
		out = append(out, s)
	}
	if binary > 0 {
		out = append(out, "Passed over: "+count(binary, "binary file")+".")
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
			grouped = append(grouped, clean(f.Kind)+" (by "+duration(time.Duration(f.Seconds)*time.Second)+")")
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
