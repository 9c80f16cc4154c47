package discover

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
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

// tree is the file system of a server: this machine's, or a copy of another's below a folder. Absolute paths and
// links in it mean places in it: sites-enabled/shop → /etc/nginx/sites-available/shop leads to the copy.
type tree struct {
	root     string
	files    int
	bytes    int64
	full     bool
	problems []string
	denied   map[string]bool
}

func newTree(root string) *tree { return &tree{root: filepath.Clean(root), denied: map[string]bool{}} }

func (t *tree) problem(format string, args ...any) {
	if len(t.problems) < maxProblems {
		t.problems = add(t.problems, fmt.Sprintf(format, args...))
	}
}

// host is where p of the tree lies on this machine, all links followed; "" if they lead in a circle.
func (t *tree) host(p string) string {
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
		target, err := os.Readlink(t.below(done + "/" + name))
		if err != nil { // no link, or not there
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
	return t.below(done)
}

func (t *tree) below(p string) string { return filepath.Join(t.root, filepath.FromSlash(p)) }

// stat looks at a path of the tree.
func (t *tree) stat(p string) (host string, info fs.FileInfo, err error) {
	if host = t.host(p); host == "" {
		return "", nil, fs.ErrNotExist
	}
	info, err = os.Stat(host)
	return host, info, err
}

func (t *tree) isFile(p string) bool {
	_, info, err := t.stat(p)
	return err == nil && info.Mode().IsRegular()
}

// read returns the text of a configuration file; what stands in the way is told in one line.
func (t *tree) read(p string) ([]byte, bool) {
	host, info, err := t.stat(p)
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
	text, err := os.ReadFile(host)
	if err != nil {
		t.problem("%s: %s", p, reason(err))
		return nil, false
	}
	return text, true
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
	host := t.host(dir)
	entries, err := os.ReadDir(host)
	if errors.Is(err, fs.ErrPermission) {
		t.denied[host] = true
	}
	for _, e := range entries {
		name := e.Name()
		if name[0] == '.' && part[0] != '.' {
			continue
		}
		if ok, _ := path.Match(part, name); ok && len(to) < maxMatches {
			to = append(to, path.Join(dir, name))
		}
	}
	return to
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
