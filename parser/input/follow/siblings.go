package follow

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"why502/parser"
	"why502/parser/input"
)

// sibling is another generation of a log, as rotation left it: error.log.1, error.log-20261122.gz.
type sibling struct {
	path string
	info
}

// folderCache keeps the names in folders for a moment: at midnight thousands of logs in one folder are rotated at once.
type folderCache map[string]*folder

type folder struct {
	read  time.Time
	names map[string][]string // by what the names of a log's generations share
}

const folderAge = 100 * time.Millisecond

func (c folderCache) list(dir string) *folder {
	now := time.Now()
	if f := c[dir]; f != nil && now.Sub(f.read) < folderAge {
		return f
	}
	for d, f := range c {
		if now.Sub(f.read) >= folderAge {
			delete(c, d)
		}
	}
	f := &folder{read: now, names: map[string][]string{}}
	entries, _ := os.ReadDir(dir) // a folder that cannot be read has no siblings to offer
	for _, e := range entries {
		if !e.IsDir() {
			stem := input.Stem(e.Name())
			f.names[stem] = append(f.names[stem], e.Name())
		}
	}
	c[dir] = f
	return f
}

// siblings are the other generations of s but the one with the identity cur, also where a link led, the older ones first: in the order of the last
// write, which rotation and packing keep.
func (w *Watcher) siblings(s *source, cur identity, real string) []sibling {
	var found []sibling
	add := func(path string) {
		base := filepath.Base(path)
		dir := filepath.Dir(path)
		for _, name := range w.folders.list(dir).names[input.Stem(base)] {
			if full := filepath.Join(dir, name); full != s.path && w.byPath[full] == nil {
				if st, err := w.sys.stat(full); err == nil && st.mode.IsRegular() && st.id != cur {
					found = append(found, sibling{full, st})
				}
			}
		}
	}
	add(s.path)
	if real != "" {
		add(real)
	}
	slices.SortFunc(found, func(a, b sibling) int {
		return cmp.Or(a.mtime.Compare(b.mtime), cmp.Compare(len(b.path), len(a.path)), cmp.Compare(b.path, a.path))
	})
	written := make(map[string]time.Time, len(found))
	for _, b := range found {
		written[b.path] = b.mtime
	}
	return slices.DeleteFunc(found, func(b sibling) bool { // of one that is being packed the plain one is whole
		plain, there := written[strings.TrimSuffix(b.path, filepath.Ext(b.path))]
		return packedName(b.path) && there && !plain.After(b.mtime)
	})
}

// rediscover looks for the text of f, of which only the ledger is left, among its siblings. They may be renamed or packed in this very
// moment, so nothing is given up at the first try.
func (w *Watcher) rediscover(s *source, f *File, cur identity) (sibs []sibling, at int) {
	for try := 0; ; try++ {
		sibs = w.siblings(s, cur, f.real)
		at = w.reach(s, f, sibs, s.looked)
		if at >= 0 || f.offset == 0 || try == seekTries || time.Since(w.sought) < seekRest {
			return sibs, at
		}
		if try == seekTries-1 {
			w.sought = time.Now() // many logs may be gone at once
		}
		time.Sleep(seekPause)
		clear(w.folders)
	}
}

const (
	seekTries = 3
	seekPause = 20 * time.Millisecond
	seekRest  = time.Second
)

// reach lets f, of which only the ledger is left, go on in the sibling that holds its text: the inode itself, a copy or an archive. It
// returns which it is, -1 if none.
func (w *Watcher) reach(s *source, f *File, sibs []sibling, looked time.Time) int {
	try := func(i int) bool {
		g, err := w.openSibling(s, sibs[i])
		if err != nil {
			return false
		}
		kept, ok, _ := g.goTo(&f.ledger, f.replay)
		if !ok {
			g.shut()
			return false
		}
		f.file, f.text, f.size, f.path, f.kept = g.file, g.text, g.size, g.path, kept
		f.static = f.static || g.text != nil || g.id != f.id
		if f.id = g.id; !f.static {
			w.owners[f.id] = s
		}
		return true
	}
	for i, b := range sibs {
		if b.id == f.id && try(i) {
			return i
		}
	}
	if f.offset == 0 {
		return -1 // nothing tells its text from others
	}
	// The last one that was not written to since, and those that were: unpacking all would take long.
	from := 0
	for i, b := range sibs {
		if !b.mtime.After(looked) {
			from = max(0, i-1)
		}
	}
	for i := len(sibs) - 1; i >= 0; i-- {
		if b := sibs[i]; b.id != f.id && w.owner(b.id) == nil && (i >= from || !packedName(b.path)) && b.size > 0 && try(i) {
			return i
		}
	}
	return -1
}

// holds says whether the text of b is what l was taken of.
func (w *Watcher) holds(b sibling, l *ledger) (bool, error) {
	if l.offset == 0 {
		return false, nil
	}
	g, err := w.openSibling(nil, b)
	if err != nil {
		return false, err
	}
	defer g.shut()
	mark := *l
	_, ok, err := g.goTo(&mark, nil)
	return ok, err
}

func packedName(name string) bool {
	switch filepath.Ext(name) {
	case ".gz", ".zst", ".xz", ".bz2":
		return true
	}
	return false
}

// openSibling opens b as a generation of s.
func (w *Watcher) openSibling(s *source, b sibling) (*File, error) {
	file, err := w.sys.open(b.path)
	if err != nil {
		return nil, err
	}
	f := &File{src: s, id: b.id, path: b.path, file: file, size: b.size}
	text, packed, err := input.Unpack(file)
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	if packed {
		f.text, f.size = text, 0
	}
	return f, nil
}

// goTo places f, which has just been opened, at l if its text is the one that l was taken of, and says what the lines held
// are, if they would not be within reach any more.
func (f *File) goTo(l *ledger, held []parser.Held) (kept [][]byte, ok bool, damage error) {
	if f.text == nil {
		if f.size < l.offset {
			return nil, false, nil
		}
		f.ledger = *l
		if !f.same() {
			return nil, false, nil
		}
		*l = f.ledger
		return nil, true, nil
	}
	from := l.offset - int64(l.ahead())
	if len(held) > 0 {
		from = min(from, held[0].Offset)
	}
	if l.offset-from > maxHeld {
		return nil, false, nil
	}
	if _, err := io.CopyN(io.Discard, f.text, from); errors.Is(err, io.EOF) {
		return nil, false, nil
	} else if err != nil {
		return nil, false, err
	}
	before, err := io.ReadAll(io.LimitReader(f.text, l.offset-from))
	if err != nil {
		return nil, false, err
	}
	if int64(len(before)) != l.offset-from || !l.fits(before[len(before)-l.ahead():]) {
		return nil, false, nil
	}
	for _, h := range held {
		kept = append(kept, before[h.Offset-from:])
	}
	f.ledger, f.size = *l, l.offset
	return kept, true, nil
}

// maxHeld bounds how far before the place of a mark lines may lie that were held.
const maxHeld = 8 << 20

// lineSize is how long the first line of text is, with its end if it has one.
func lineSize(text []byte) int {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}

// isText looks whether f is a log at all: folders hold databases and archives, too.
func (f *File) isText() bool {
	block := make([]byte, 512)
	n, err := f.file.ReadAt(block, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return true // which will show when it is read
	}
	return input.IsText(block[:n])
}

// realPath is where a symbolic link leads; empty if path is none.
func realPath(path string) string {
	real, err := filepath.EvalSymlinks(path)
	if err != nil || real == filepath.Clean(path) {
		return ""
	}
	return real
}
