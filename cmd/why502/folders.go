package main

import (
	"iter"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"why502/classifier/correlate"
	"why502/report"
)

// A host has thousands of logs of sites, and each that is told apart takes memory to the end. Where there are more than maxTold,
// those of one format below a folder are counted together if they are a crowd.
var (
	maxTold = 6_000
	crowded = 100 // from so many files on
)

// foldable are the formats of logs of which a host has one a site; "" is none. In the others a daemon tells of itself.
var foldable = []string{"", "nginx-access", "nginx-error", "apache-access", "apache-error", "php-error", "php-slow"}

// folder is where a crowd of files of one format lies.
type folder struct {
	path   correlate.Folder
	format string
	stamps stamps // of all of them
}

// spot is a place with files of one format.
type spot struct{ dir, format string }

// fold finds the files that are not told apart. Too few of a folder are counted with those of the folder above it:
//
//	/var/www/vhosts/system/shop.example/logs/access_log
func (s *survey) fold() {
	if len(s.files) <= maxTold {
		return
	}
	var waiting []map[spot][]*logFile // by depth
	wait := func(at spot, files ...*logFile) {
		depth := 0
		if dir := strings.Trim(at.dir, "/"); dir != "" && dir != "." {
			depth = 1 + strings.Count(dir, "/")
		}
		for len(waiting) <= depth {
			waiting = append(waiting, map[spot][]*logFile{})
		}
		waiting[depth][at] = append(waiting[depth][at], files...)
	}
	for _, f := range s.files {
		if format := formatName(f); s.mayFold(f, format) {
			wait(spot{path.Dir(filepath.ToSlash(f.Name())), format}, f)
		}
	}
	for depth := len(waiting) - 1; depth >= 0; depth-- {
		for at, files := range waiting[depth] {
			if len(files) < crowded {
				if above := path.Dir(at.dir); above != at.dir {
					wait(spot{above, at.format}, files...)
				}
				continue
			}
			in := &folder{path: correlate.Folder(at.dir), format: at.format}
			s.folders = append(s.folders, in)
			for _, f := range files {
				f.in = in
			}
		}
		waiting[depth] = nil
	}
}

// mayFold says whether what f holds can be counted with others. A large file is worth a line of its own, and may be read by several.
// That a slow log is there tells something even where it is empty.
func (s *survey) mayFold(f *logFile, format string) bool {
	if format == "" && strings.Contains(path.Base(f.Name()), "slow") {
		return false
	}
	return f.Size() < large.plain && !f.Stream() && f.Known() == nil && f.paste == nil && s.zoneOf(f.Name()) == nil && slices.Contains(foldable, format)
}

// letGo leaves the files of folders to those who read them: nobody else holds them.
func (s *survey) letGo() {
	if len(s.folders) == 0 {
		return
	}
	s.dropped.written = s.lastWritten()
	var rest []*logFile
	for _, f := range s.files {
		if a, _ := f.Archive(); a != nil {
			a.Close()
		}
		if f.in == nil {
			rest = append(rest, f)
		} else {
			s.dropped.size += f.Size()
		}
	}
	s.files, s.sets = rest, nil
}

// clocks are the stamps that were met in each source.
func (s *survey) clocks() iter.Seq2[string, *stamps] {
	return func(yield func(string, *stamps) bool) {
		for _, f := range s.toRead() {
			if !yield(f.Name(), &f.stamps) {
				return
			}
		}
		for _, in := range s.folders {
			if in.format != "" && !yield(in.path.Source(in.format), &in.stamps) {
				return
			}
		}
	}
}

func formatName(f *logFile) string {
	if f.format == nil {
		return ""
	}
	return f.format.Name
}

// special says why a file that has been read is told apart from the others of its folder.
func special(src *correlate.Source, failures int64) correlate.Special {
	switch {
	case src.Error != "":
		return correlate.Unread
	case src.Unparsed > 0, src.Format == report.FormatUnknown:
		return correlate.Unclear
	case failures > 0:
		return correlate.Failing
	}
	return correlate.Usual
}
