package discover

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Log is a log of the server, there or missing.
type Log struct {
	Path    string // as Files names it
	Kind    string // what it should hold
	Place   string // the file that names it; "" for a usual place
	Site    string // the only site it is about
	Size    int64
	ModTime time.Time
	Off     bool  // nothing is written to it, as it is configured
	Err     error // why it cannot be read
}

// maxLogs bounds what is found on a server with thousands of sites.
const maxLogs = 50_000

// Logs finds the logs that the configuration names and those in the usual places, with their rotated siblings, in
// order of path. Logs that are named and not there come with an error; usual places that hold nothing do not. A
// folder that may not be read comes as a Log, too.
func (s *Server) Logs() []Log {
	f := finder{tree: s.tree, seen: map[string]int{}, folders: map[string]map[string][]string{}}
	for _, starred := range []bool{false, true} { // $host.log may match logs that are named elsewhere
		for _, d := range s.Declared {
			if magic(d.Path) == starred {
				f.take(d.Path, Log{Kind: d.Kind, Place: d.Place, Site: d.Site, Off: d.Off})
			}
		}
	}
	for i := range s.Sites {
		site := &s.Sites[i]
		for _, root := range site.Roots {
			for _, p := range inRoot {
				f.take(path.Join(root, p.glob), Log{Kind: p.kind, Site: site.Names[0]})
			}
		}
	}
	for i := range s.Sites {
		for _, root := range s.Sites[i].globs {
			for _, p := range inRoot {
				f.take(path.Join(root, p.glob), Log{Kind: p.kind})
			}
		}
	}
	for _, p := range places {
		f.take(p.glob, Log{Kind: p.kind})
	}
	for dir := range s.tree.denied {
		if s.tree.denied[path.Dir(dir)] {
			continue
		}
		f.add(Log{Path: s.tree.Name(dir), Kind: "folder", Err: fs.ErrPermission})
	}
	slices.SortFunc(f.logs, func(a, b Log) int { return strings.Compare(a.Path, b.Path) })
	return f.logs
}

type finder struct {
	*tree
	logs    []Log
	seen    map[string]int                 // place in logs
	folders map[string]map[string][]string // of a folder, the rotated logs by the name they had
}

func (f *finder) add(l Log) {
	if i, ok := f.seen[l.Path]; ok {
		if have := &f.logs[i]; l.Site != "" && have.Site != l.Site {
			have.Site = "" // two sites write it
		}
		return
	}
	if len(f.logs) < maxLogs {
		f.seen[l.Path] = len(f.logs)
		f.logs = append(f.logs, l)
	}
}

// take adds the files that a pattern matches and their rotated siblings.
func (f *finder) take(pattern string, l Log) {
	found := false
	for _, p := range f.glob(pattern) {
		if f.file(p, l) {
			found = true
		}
	}
	dir, base := path.Split(pattern)
	if magic(base) && !magic(dir) { // all that matches may just have been rotated away
		for current := range f.rotated(dir) {
			if ok, _ := path.Match(base, current); ok && f.siblings(dir, current, l) {
				found = true
			}
		}
	}
	if !found && l.Place != "" && !magic(pattern) {
		real, _, err := f.stat(pattern)
		if err == nil {
			return // standard error of a container, a pipe
		}
		l.Path, l.Err = f.Name(real), err
		f.add(l)
	}
}

// file adds one file and its siblings.
func (f *finder) file(p string, l Log) bool {
	found := f.one(p, l)
	dir, base := path.Split(p)
	return f.siblings(dir, base, l) || found
}

// siblings adds the rotated logs of one: error.log → error.log.1, error.log.2.gz, error.log-20261122.zst,
// error-20261122.log.
func (f *finder) siblings(dir, base string, l Log) (found bool) {
	for _, name := range f.rotated(dir)[base] {
		if f.one(dir+name, l) {
			found = true
		}
	}
	return found
}

func (f *finder) one(p string, l Log) bool {
	real, info, err := f.stat(p)
	switch {
	case errors.Is(err, fs.ErrPermission):
		if l.Place == "" { // nobody knows whether it is there: the folder is named instead
			f.denied[path.Dir(real)] = true
			return false
		}
		l.Err = fs.ErrPermission
	case err != nil || !info.Mode().IsRegular() || strings.HasSuffix(p, "-bytes_log") || strings.HasSuffix(p, ".offset"):
		return false
	default:
		l.Size, l.ModTime = info.Size(), info.ModTime()
		l.Err = f.Allowed(real)
	}
	l.Path = f.Name(real)
	f.add(l)
	return true
}

// rotated are the rotated logs of a folder, which is read once.
func (f *finder) rotated(dir string) map[string][]string {
	all, ok := f.folders[dir]
	if !ok {
		all = map[string][]string{}
		for _, name := range f.list(dir) {
			if current := unrotated(name); current != "" {
				all[current] = append(all[current], name)
			}
		}
		f.folders[dir] = all
	}
	return all
}

// packed are the endings of compressed logs.
var packed = []string{".gz", ".xz", ".zst", ".bz2"}

// unrotated is the name that a rotated log had; "" if the name does not look rotated:
//
//	error.log.2.gz  error.log-20261122-1795305600.zst  error-20261122.log  shop.test-ssl_log-Nov-2026.gz
func unrotated(name string) string {
	for _, end := range packed {
		name = strings.TrimSuffix(name, end)
	}
	if n := len(name) - len("-Nov-2026"); n > 0 { // cPanel's months
		if _, err := time.Parse("-Jan-2006", name[n:]); err == nil {
			return name[:n]
		}
	}
	if current, number := unnumbered(name); number > 0 {
		return current
	}
	// logrotate's "extension" keeps the ending last; only a date is sure to be no part of the name then
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		if current, number := unnumbered(name[:i]); number >= len("20261122") {
			return current + name[i:]
		}
	}
	return ""
}

// unnumbered cuts numbers off the end of a name, with what parts them from it, and says how many bytes they are.
func unnumbered(name string) (bare string, number int) {
	bare = strings.TrimRight(name, "0123456789-_.")
	tail := name[len(bare):]
	if bare == "" || tail == "" || tail[0] != '.' && tail[0] != '-' || tail[len(tail)-1] < '0' || tail[len(tail)-1] > '9' {
		return name, 0
	}
	return bare, len(tail) - 1
}

// SiteOf says which one site a log is about, by the configuration; the log may lie in a copy of the server's tree:
// /tmp/case/logs/var/log/nginx/shop-error.log.2.gz is /var/log/nginx/shop-error.log.
func (s *Server) SiteOf(file string) string {
	if site := s.siteOfDated(file); site != "" {
		return site
	}
	dir, base := path.Split(file)
	if current := unrotated(base); current != "" {
		base = current
	}
	p := path.Clean(dir + base)
	for i := 0; i >= 0; {
		p = p[i:]
		if d, ok := s.logs[p]; ok {
			return d
		}
		for up := path.Dir(p); len(up) > 1; up = path.Dir(up) {
			if site, ok := s.roots[up]; ok {
				return site
			}
		}
		if i = strings.IndexByte(p[1:], '/'); i >= 0 {
			i++
		}
	}
	return ""
}

// PoolOf says which one pool an access log of PHP-FPM is about, by its place in Pools; -1 if it is none's.
func (s *Server) PoolOf(file string) int {
	dir, base := path.Split(file)
	if current := unrotated(base); current != "" {
		base = current
	}
	at := -1
	for i := range s.Pools {
		if log := s.Pools[i].Access; log != "" && strings.HasSuffix(path.Clean(dir+base), log) {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// siteOfDated is SiteOf for logs with a date in their name: rotatelogs writes /var/log/apache2/shop.2026-11-22.log.
func (s *Server) siteOfDated(file string) string {
	for _, d := range s.dated {
		depth := strings.Count(d.Path, "/")
		from := len(file)
		for ; depth > 0 && from > 0; depth-- {
			from = strings.LastIndexByte(file[:from], '/')
		}
		if ok, _ := path.Match(d.Path, file[max(from, 0):]); ok {
			return d.Site
		}
	}
	return ""
}

// index prepares SiteOf.
func (s *Server) index() {
	s.logs, s.roots = map[string]string{}, map[string]string{}
	for _, d := range s.Declared {
		s.logs[d.Path] = d.Site
		if d.Site != "" && magic(d.Path) {
			s.dated = append(s.dated, d)
		}
	}
	for i := range s.Sites {
		for _, root := range s.Sites[i].Roots {
			if have, ok := s.roots[root]; ok && have != s.Sites[i].Names[0] {
				s.roots[root] = "" // shared
				continue
			}
			s.roots[root] = s.Sites[i].Names[0]
		}
	}
}
