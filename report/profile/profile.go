// Package profile writes what the slow logs caught PHP in for tools that draw profiles: as pprof (go tool pprof, speedscope,
// Pyroscope) and as folded stacks (flamegraph.pl, speedscope, inferno).
//
// A sample is an entry of a slow log. How long each request took is not in it, so nothing but entries is counted.
package profile

import (
	"bufio"
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"why502/report"
)

// Format is one way to write a profile.
type Format struct {
	Suffixes []string
	Doc      string
	Write    func(w io.Writer, r *report.Report) error
}

// Folded has a stack a line.
var Folded = &Format{Suffixes: []string{".folded", ".txt"}, Doc: "folded stacks", Write: writeFolded}

// Formats lists them.
var Formats = []*Format{
	{Suffixes: []string{".pb.gz"}, Doc: "pprof", Write: writePprof},
	Folded,
}

// BySuffix returns the format that the suffix of a file name asks for, nil if it asks for none.
func BySuffix(path string) *Format {
	for _, f := range Formats {
		for _, s := range f.Suffixes {
			if strings.HasSuffix(strings.ToLower(path), s) {
				return f
			}
		}
	}
	return nil
}

// other stands for what a stored report does not tell apart.
const other = "(other)"

// Stacks returns those of r. A stored report holds the most frequent ones only, without folders, pools and scripts; the rest of
// its entries is one stack then, called (other).
func Stacks(r *report.Report) []report.Stack {
	slow := &r.Profile.Slow
	if slow.Stacks != nil {
		return slow.Stacks
	}
	var all []report.Stack
	rest := slow.Entries
	for line := range strings.Lines(slow.Folded) {
		line = strings.TrimSpace(line)
		i := strings.LastIndexByte(line, ' ')
		if i <= 0 {
			continue
		}
		n, err := strconv.Atoi(line[i+1:])
		if err != nil || n <= 0 {
			continue
		}
		s := report.Stack{Count: n}
		for name := range strings.SplitSeq(line[:i], ";") {
			s.Frames = append(s.Frames, frame(name))
		}
		slices.Reverse(s.Frames)
		all = append(all, s)
		rest -= n
	}
	if rest > 0 && len(all) > 0 {
		all = append(all, report.Stack{Frames: []report.Frame{{Func: other}}, Count: rest})
	}
	return all
}

// frame reads "curl_exec api.php:12".
func frame(s string) (f report.Frame) {
	place := ""
	if f.Func, place, _ = strings.Cut(s, " "); place == "" {
		return f
	}
	f.File = place
	if i := strings.LastIndexByte(place, ':'); i >= 0 {
		if n, err := strconv.Atoi(place[i+1:]); err == nil {
			f.File, f.Line = place[:i], n
		}
	}
	return f
}

// writeFolded writes "outermost a.php:3;innermost b.php:7 count" a line, the most frequent stack first.
func writeFolded(w io.Writer, r *report.Report) error {
	count := map[string]int{}
	for _, s := range Stacks(r) {
		var b strings.Builder
		for _, f := range slices.Backward(s.Frames) {
			if b.Len() > 0 {
				b.WriteByte(';')
			}
			b.WriteString(name(f.Func))
			if f.File != "" {
				b.WriteString(" " + name(f.File[strings.LastIndexByte(f.File, '/')+1:]) + ":" + strconv.Itoa(f.Line))
			}
		}
		count[b.String()] += s.Count
	}
	lines := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	out := bufio.NewWriter(w)
	for _, l := range lines {
		out.WriteString(l + " " + strconv.Itoa(count[l]) + "\n")
	}
	return out.Flush()
}

// name is one that neither drives a terminal nor parts a folded stack.
func name(s string) string {
	if s == "" {
		return "(unknown)"
	}
	return strings.ReplaceAll(report.Clean(s), ";", `\x3b`)
}
