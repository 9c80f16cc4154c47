package discover

import (
	"bytes"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"why502/parser"
)

// maxConfDepth is how deep a folder is searched for log formats.
const maxConfDepth = 8

// Formats walks the configuration of a server and compiles the log_format of nginx and the LogFormat of Apache that it
// finds, the most telling first. What cannot be read or compiled is told in one line each.
func Formats(files Files) (formats []*parser.AccessFormat, problems []string) {
	w := formatWalk{tree: newTree(files)}
	if path.Base(filepath.ToSlash(files.Name("/"))) == "conf" { // nothing but a configuration
		w.folder("/", 0)
	}
	for _, dir := range formatPlaces {
		if w.isFolder(dir) {
			w.folder(dir, 0)
		}
	}
	return sortFormats(w.formats), w.problems
}

type formatWalk struct {
	*tree
	formats []*parser.AccessFormat
}

// folder reads all files below a folder. sites-enabled holds links to files: they are followed, those to folders not.
func (w *formatWalk) folder(dir string, depth int) {
	for _, name := range w.list(dir) {
		p := path.Join(dir, name)
		_, link := w.Readlink(p)
		switch _, info, err := w.stat(p); {
		case err != nil || w.full:
		case info.IsDir() && !link && depth < maxConfDepth:
			w.folder(p, depth+1)
		case info.Mode().IsRegular() && info.Size() <= maxFile:
			if text, ok := w.read(p); ok {
				found, bad := confFormats(p, text)
				w.formats = append(w.formats, found...)
				for _, b := range bad {
					w.problem("%s", b)
				}
			}
		}
	}
}

// sortFormats drops what is there twice and puts first what asks for more: a short format may fit the
// lines of a long one.
func sortFormats(formats []*parser.AccessFormat) []*parser.AccessFormat {
	seen := map[[2]string]bool{}
	formats = slices.DeleteFunc(formats, func(f *parser.AccessFormat) bool {
		key := [2]string{f.Source, f.Pattern}
		twice := seen[key]
		seen[key] = true
		return twice
	})
	slices.SortStableFunc(formats, func(a, b *parser.AccessFormat) int { return b.Values() - a.Values() })
	return formats
}

// confFormats finds the definitions in one file.
func confFormats(path string, text []byte) (formats []*parser.AccessFormat, problems []string) {
	add := func(line int, f *parser.AccessFormat, err error) {
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s:%d: %v", path, line, err))
			return
		}
		formats = append(formats, f)
	}
	if bytes.Contains(text, []byte("log_format")) {
		nginxTokens(text, func(line int, words []string, end byte) {
			if end != ';' || words[0] != "log_format" || len(words) < 3 {
				return
			}
			pattern := strings.Join(words[2:], "")
			if strings.HasPrefix(words[2], "escape=") {
				pattern = words[2] + " " + strings.Join(words[3:], "")
			}
			f, err := parser.CompileNginx(words[1], pattern)
			add(line, f, err)
		})
	}
	if lower := bytes.ToLower(text); bytes.Contains(lower, []byte("logformat")) || bytes.Contains(lower, []byte("customlog")) {
		apacheLines(text, func(line int, words []string) {
			var name, pattern string
			switch directive := strings.ToLower(words[0]); {
			case directive == "logformat" && len(words) > 1:
				pattern = words[1]
				if len(words) > 2 {
					name = words[2]
				}
			case directive == "customlog" && len(words) > 2:
				pattern = words[2]
			}
			if strings.Contains(pattern, "%") { // else it is the name of another
				f, err := parser.CompileApache(name, pattern)
				add(line, f, err)
			}
		})
	}
	return formats, problems
}
