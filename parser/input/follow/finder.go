package follow

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"why502/parser/input"
)

// finder knows which logs the user's paths mean, and sees new ones come.
type finder struct {
	args  []string
	dirs  map[string]time.Time // folders that were looked into, and when they had changed last
	due   time.Time
	whole time.Time // when all is looked at anew, whatever the folders' times say
	found []finding
}

type finding struct {
	path  string
	named bool
}

// wholeScan is how long a new file may stay unseen where a folder's time does not tell (network file systems).
const wholeScan = 30 * time.Second

// begin takes the paths and returns what is wrong with some of them.
func (d *finder) begin(paths []string) []error {
	var errs []error
	for _, p := range paths {
		switch info, err := os.Stat(p); {
		case p == "":
			errs = append(errs, &input.Error{Path: `""`, What: "an empty path", Mend: "is a variable unset?"})
			continue
		case p == "-":
			errs = append(errs, &input.Error{Path: p, What: "standard input is not followed", Mend: "without --follow it is read as it comes"})
			continue
		case err == nil && !info.IsDir() && !info.Mode().IsRegular():
			errs = append(errs, &input.Error{Path: p, What: "is no file that can be followed", Mend: "give a log, a folder or a glob"})
			continue
		case err == nil && info.Mode().IsRegular() && packed(p):
			errs = append(errs, &input.Error{Path: p, What: "is packed: nothing is written to it any more", Mend: "follow the log itself"})
			continue
		case err == nil && info.IsDir():
			if _, err := os.ReadDir(p); err != nil {
				errs = append(errs, &input.Error{Path: p, What: "cannot be looked into: " + plainError(err), Mend: "run as root or as a member of the group that owns it", Err: err})
				continue
			}
		case err != nil && isGlob(p):
			if _, err := filepath.Match(p, ""); err != nil {
				errs = append(errs, &input.Error{Path: p, What: "is neither a file nor a glob", Mend: `a "[" needs its "]"`, Err: err})
				continue
			}
		}
		d.args = append(d.args, p)
	}
	return errs
}

func packed(path string) bool {
	f, err := openFile(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	_, is, err := input.Unpack(f)
	return is || err != nil
}

func isGlob(p string) bool { return strings.ContainsAny(p, "*?[") }

// scan looks for logs; false if nothing can have changed.
func (d *finder) scan(now time.Time, every time.Duration) bool {
	if now.Before(d.due) {
		return false
	}
	d.due = now.Add(every)
	if now.Before(d.whole) && !d.changed(now) {
		return false
	}
	d.whole = now.Add(wholeScan)
	d.dirs, d.found = map[string]time.Time{}, d.found[:0]
	for _, a := range d.args {
		d.argument(a)
	}
	return true
}

// changed says whether a folder has got or lost names since it was looked into.
func (d *finder) changed(now time.Time) bool {
	for dir, then := range d.dirs {
		info, err := os.Stat(dir)
		// Times are coarse: a folder that changed just before it was looked into may have changed after, too.
		if err != nil || !info.ModTime().Equal(then) || now.Sub(then) < 2*time.Second {
			return true
		}
	}
	return false
}

func (d *finder) argument(path string) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		d.folder(path, info)
	case err != nil && isGlob(path):
		d.glob(path)
	default:
		d.found = append(d.found, finding{path, true})
	}
}

func (d *finder) glob(pattern string) {
	matches, _ := filepath.Glob(pattern) // the pattern is well-formed
	if dir := filepath.Dir(pattern); !isGlob(dir) {
		d.note(dir)
	} else {
		d.whole = time.Time{} // too many folders may lead to new names: it is looked at each time
	}
	for _, m := range matches {
		switch info, err := os.Stat(m); {
		case err != nil:
			continue // a dangling link, or gone again
		case info.IsDir():
			d.folder(m, info)
		case info.Mode().IsRegular():
			d.file(m)
		}
	}
}

func (d *finder) note(dir string) {
	if info, err := os.Stat(dir); err == nil {
		d.dirs[dir] = info.ModTime()
	}
}

// folder takes the files below a folder. Links to other folders are not followed.
func (d *finder) folder(root string, info fs.FileInfo) {
	if _, met := d.dirs[root]; met {
		return
	}
	d.dirs[root] = info.ModTime()
	entries, _ := os.ReadDir(root) // one that cannot be read has nothing to follow
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		switch {
		case e.IsDir():
			if info, err := e.Info(); err == nil {
				d.folder(path, info)
			}
		case e.Type().IsRegular():
			d.file(path)
		case e.Type()&fs.ModeSymlink != 0:
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				d.file(path)
			}
		}
	}
}

// file takes one that nobody named: not if it is packed.
func (d *finder) file(path string) {
	switch filepath.Ext(path) {
	case ".gz", ".zst", ".xz", ".bz2", ".zip", ".tar", ".tgz":
		return
	}
	d.found = append(d.found, finding{path, false})
}

// scan looks for new logs, and forgets those that nobody named and that are gone for long.
func (w *Watcher) scan(now time.Time, first bool) {
	if !w.finder.scan(now, w.opts.Scan) {
		return
	}
	there := make(map[string]bool, len(w.finder.found))
	for _, f := range w.finder.found {
		there[f.path] = true
	}
	before := len(w.sources)
	for _, f := range w.finder.found {
		if w.byPath[f.path] == nil && (f.named || !w.generation(f.path, there)) {
			w.add(f, now, first)
		}
	}
	if first {
		for _, path := range w.finder.rotating(w.leftover) {
			w.add(finding{path, false}, now, true)
		}
	}
	kept := w.sources[:0]
	for _, s := range w.sources {
		if !s.named && !there[s.path] && len(s.files) == 0 && now.Sub(s.looked) > goneGrace && !first {
			delete(w.byPath, s.path)
			if s.cur != nil {
				delete(w.owners, s.cur.id)
			}
			continue
		}
		kept = append(kept, s)
	}
	if len(kept) == before && len(w.sources) == before && !first {
		return
	}
	w.sources = kept
	w.mu.Lock()
	w.order = append(w.order[:0:0], kept...)
	w.mu.Unlock()
}

// generation says whether path is an old generation of a log that is followed or there: error.log.1 is, but app-2026-11-22.log
// is a log of its own if there is no app.log.
func (w *Watcher) generation(path string, there map[string]bool) bool {
	stem := input.Stem(path)
	return stem != path && (there[stem] || w.byPath[stem] != nil)
}

// rotating returns the logs with marks that the user's folders and globs would lead to if they were there: they may be on
// their way from one name to the next.
func (d *finder) rotating(marks map[string][]Mark) (paths []string) {
	for path := range marks {
		for _, a := range d.args {
			abs := absolute(a)
			rest, below := strings.CutPrefix(path, abs+string(filepath.Separator))
			if info, err := os.Stat(a); below && err == nil && info.IsDir() {
				paths = append(paths, filepath.Join(a, rest))
				break
			}
			if ok, _ := filepath.Match(abs, path); ok && isGlob(a) {
				paths = append(paths, filepath.Join(filepath.Dir(a), filepath.Base(path)))
				break
			}
		}
	}
	return paths
}

func (w *Watcher) add(f finding, now time.Time, first bool) {
	s := &source{path: f.path, named: f.named, late: !first, now: State{Path: f.path}}
	// Logs that rest are not all looked at in the same moment.
	if s.due = now; first {
		s.due = now.Add(-time.Duration(len(w.sources)%8) * time.Millisecond)
	}
	for _, m := range w.leftover[absolute(f.path)] {
		g := m.file(s)
		s.looked = m.At
		if m.Done {
			s.past = append(s.past, past{g.id, g.ledger})
			continue
		}
		if s.cur != nil {
			s.resume = append(s.resume, s.cur)
		}
		s.cur = g
	}
	delete(w.leftover, absolute(f.path))
	w.byPath[s.path] = s
	w.sources = append(w.sources, s)
}
