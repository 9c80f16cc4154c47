package discover

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Bounds of what is read: a configuration is small, and a tree that somebody else packed may be anything.
const (
	maxFiles    = 4000
	maxFile     = 1 << 20
	maxBytes    = 64 << 20
	maxMatches  = 20_000 // of one glob
	maxLinks    = 40
	maxProblems = 100
)

// tree is the file system of a server: this machine's, or a copy of another's. Absolute paths and links in it mean
// places in it: sites-enabled/shop → /etc/nginx/sites-available/shop leads to the copy.
type tree struct {
	Files
	files    int
	bytes    int64
	full     bool
	problems []string
	denied   map[string]bool // folders that may not be read
}

func newTree(files Files) *tree { return &tree{Files: files, denied: map[string]bool{}} }

func (t *tree) problem(format string, args ...any) {
	if len(t.problems) < maxProblems {
		t.problems = add(t.problems, fmt.Sprintf(format, args...))
	}
}

// real is p with all links followed; "" if they lead in a circle.
func (t *tree) real(p string) string {
	done, links := "", 0
	todo := strings.Split(p, "/")
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		switch name {
		case "", ".":
			continue
		case "..":
			done = done[:max(0, strings.LastIndexByte(done, '/'))]
			continue
		}
		target, ok := t.Readlink(done + "/" + name)
		if !ok { // no link, or not there
			done += "/" + name
			continue
		}
		if links++; links > maxLinks {
			return ""
		}
		if path.IsAbs(target) {
			done = ""
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	return "/" + strings.TrimPrefix(done, "/")
}

// stat looks at a path of the tree.
func (t *tree) stat(p string) (real string, info fs.FileInfo, err error) {
	if real = t.real(p); real == "" {
		return p, nil, fs.ErrNotExist
	}
	info, err = t.Stat(real)
	return real, info, err
}

func (t *tree) isFile(p string) bool {
	_, info, err := t.stat(p)
	return err == nil && info.Mode().IsRegular()
}

func (t *tree) isFolder(p string) bool {
	_, info, err := t.stat(p)
	return err == nil && info.IsDir()
}

// read returns the text of a configuration file; what stands in the way is told in one line.
func (t *tree) read(p string) ([]byte, bool) {
	real, info, err := t.stat(p)
	switch {
	case err != nil:
		t.problem("%s: %s", p, reason(err))
		return nil, false
	case !info.Mode().IsRegular():
		t.problem("%s: is no file", p)
		return nil, false
	case info.Size() > maxFile:
		t.problem("%s: too large for a configuration file; not read", p)
		return nil, false
	case t.files >= maxFiles || t.bytes+info.Size() > maxBytes:
		if !t.full {
			t.problem("%s: too much configuration; the rest is not read", p)
		}
		t.full = true
		return nil, false
	}
	t.files++
	t.bytes += info.Size()
	text, err := t.text(real)
	switch {
	case err != nil:
		t.problem("%s: %s", p, reason(err))
		return nil, false
	case bytes.IndexByte(text, 0) >= 0:
		t.problem("%s: is no text", p)
		return nil, false
	}
	return text, true
}

// text reads a file that is said to be small: a file that grows meanwhile, or an archive that lies, is cut.
func (t *tree) text(real string) ([]byte, error) {
	file, err := t.Open(real)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxFile))
}

// glob returns the paths of the tree that match, in order of name; without a star it is the path itself.
func (t *tree) glob(pattern string) []string {
	pattern = path.Clean("/" + pattern)
	if !magic(pattern) {
		return []string{pattern}
	}
	found := []string{"/"}
	for part := range strings.SplitSeq(pattern[1:], "/") {
		var next []string
		for _, dir := range found {
			if magic(part) {
				next = t.match(next, dir, part)
			} else {
				next = append(next, path.Join(dir, part))
			}
		}
		found = next
	}
	there := found[:0]
	for _, p := range found {
		if _, _, err := t.stat(p); err == nil {
			there = append(there, p)
		}
	}
	return there
}

// match adds what in dir matches. As in a shell a star does not match the dot that hides a file.
func (t *tree) match(to []string, dir, part string) []string {
	for _, name := range t.list(dir) {
		if name[0] == '.' && part[0] != '.' {
			continue
		}
		if ok, _ := path.Match(part, name); ok && len(to) < maxMatches {
			to = append(to, path.Join(dir, name))
		}
	}
	return to
}

// list returns the names in a folder, and notes if it may not be read.
func (t *tree) list(dir string) []string {
	real := t.real(dir)
	names, err := t.List(real)
	if errors.Is(err, fs.ErrPermission) {
		t.denied[real] = true
	}
	return names
}

func magic(p string) bool { return strings.ContainsAny(p, "*?[") }

func reason(err error) string {
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.As(err, &pe):
		return pe.Err.Error()
	}
	return err.Error()
}
