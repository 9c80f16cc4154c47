package input

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	probes := make([]probe, min(len(entries), probed))
	for some := range slices.Chunk(entries, probed) {
		Each(len(some), func(_, i int) { probes[i] = w.probe(filepath.Join(path, some[i].Name())) })
		for i, e := range some {
			if probes[i].info != nil {
				w.entry(&probes[i], e)
			}
		}
	}
}

// probed is how many files are probed before any of them is taken.
const probed = 256

// probe is what is found where a file is said to be.
type probe struct {
	path  string
	info  fs.FileInfo // nil: a dangling link, or removed since by rotation; nothing that could be read
	plain bool        // it is a file that may be read and no archive; else that is not known
}

// probe may be called by several at a time.
func (w *walker) probe(path string) probe {
	p := probe{path: path}
	info, err := os.Stat(path)
	if err != nil {
		return p
	}
	p.info = info
	if !info.Mode().IsRegular() || w.ledger != nil || info.ModTime().Before(w.since) {
		return p
	}
	p.plain = w.trust && !archiveName(path) || plainFile(path, info.Size())
	return p
}

// plainFile says whether a file may be read and is neither packed nor an archive.
func plainFile(path string, size int64) bool {
	f, err := openFile(path, size)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	var room [enough]byte
	head, kind := f.begin(&room)
	return kind == plain && contained(kind, head) == noArchive
}

// archiveName says whether a file is called like one that is packed or an archive: error.log.2.gz, backup.tgz.
func archiveName(name string) bool {
	switch filepath.Ext(name) {
	case ".gz", ".bz2", ".xz", ".zst", ".tar", ".zip", ".tgz", ".tbz", ".txz":
		return true
	}
	return false
}

func (w *walker) entry(p *probe, e fs.DirEntry) {
	path, info := p.path, p.info
	switch {
	case info.IsDir():
		if e.Type()&fs.ModeSymlink != 0 && w.leadsOut(path) {
			return
		}
		w.folder(path, info)
	case info.Mode().IsRegular():
		if w.regular(path, info, true, p.plain) {
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
