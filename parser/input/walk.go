package input

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// walker takes the files below one folder, in order of name. Hidden files are logs too (cPanel's .php.error.log);
// pipes, sockets and devices are not, and reading them could block.
type walker struct {
	*opener
	root   string // the folder named by the user, without symbolic links
	found  int    // files that can be read
	failed int
	again  bool // met a folder that was read before
}

func (w *walker) folder(path string, info fs.FileInfo) {
	if !w.first(path, info) {
		w.again = true
		return
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		w.fail(pathError(path, err))
		w.failed++
	}
	for _, e := range entries {
		w.entry(filepath.Join(path, e.Name()), e)
	}
}

func (w *walker) entry(path string, e fs.DirEntry) {
	info, err := os.Stat(path)
	if err != nil {
		return // a dangling link, or removed since by rotation: nothing that could be read
	}
	switch {
	case info.IsDir():
		if e.Type()&fs.ModeSymlink != 0 && w.leadsOut(path) {
			return
		}
		w.folder(path, info)
	case info.Mode().IsRegular():
		if w.regular(path, info, true) {
			w.found++
		} else {
			w.failed++
		}
	}
}

// leadsOut says whether a link leads to a folder that contains the one being read: following a link to "/" would read
// the whole machine.
func (w *walker) leadsOut(link string) bool {
	target := realPath(link)
	return target == string(filepath.Separator) || strings.HasPrefix(w.root, target+string(filepath.Separator))
}

// realPath is path without symbolic links, or path itself if that cannot be found out.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if p, err := filepath.EvalSymlinks(abs); err == nil {
		return p
	}
	return abs
}
