package discover

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"why502/parser"
)

// maxConfDepth is how deep a folder is searched for log formats.
const maxConfDepth = 8

// FindFormats walks the configuration below dir and compiles the log_format of nginx and the LogFormat of
// Apache that it finds, the most telling first. What cannot be read or compiled is told in one line each.
func FindFormats(dir string) (formats []*parser.AccessFormat, problems []string) {
	files, total := 0, int64(0)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			problems = append(problems, err.Error())
			return nil
		}
		if e.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			if strings.Count(rel, string(filepath.Separator)) >= maxConfDepth {
				return fs.SkipDir
			}
			return nil
		}
		// sites-enabled holds links: look at what they lead to.
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
			return nil
		}
		if files++; files > maxFiles || total+info.Size() > maxBytes {
			problems = append(problems, fmt.Sprintf("%s: too many files to look for log formats in all", dir))
			return fs.SkipAll
		}
		total += info.Size()
		text, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, err.Error())
			return nil
		}
		found, bad := confFormats(path, text)
		formats, problems = append(formats, found...), append(problems, bad...)
		return nil
	})
	if err != nil {
		problems = append(problems, err.Error())
	}
	return sortFormats(formats), problems
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
