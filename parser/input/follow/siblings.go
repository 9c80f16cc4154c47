package follow

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"math"
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
	file *os.File // opened when it was met: its name may lead elsewhere in the next moment; nil if a File has taken it over
	err  error    // why it could not be opened
}

func shutAll(sibs []sibling) {
	for _, b := range sibs {
		if b.file != nil {
			_ = b.file.Close() // it was read only
		}
	}
}

// siblings are the other generations of s but the one with the identity cur, also where a link led, the older ones first: in the order of the last
// write, which rotation and packing keep. Names move one after the other while logs are rotated: it looks until they
// stand still, so that none is missed or met twice. The caller closes them.
func (w *Watcher) siblings(s *source, cur identity, real string) []sibling {
	for try := 0; ; try++ {
		found, steady := w.gather(s, cur, real)
		if steady || try == steadyTries {
			return found
		}
		shutAll(found)
		time.Sleep(seekPause)
	}
}

const steadyTries = 25

// gather opens the siblings; steady says that the names led to the same files after that.
func (w *Watcher) gather(s *source, cur identity, real string) (found []sibling, steady bool) {
	bases := []string{s.path}
	if real != "" {
		bases = append(bases, real)
	}
	steady = true
	met := map[string]identity{}
	for _, name := range w.namesBeside(s, bases) {
		b := sibling{path: name}
		if b.file, b.err = w.sys.open(name); b.err == nil {
			b.info, b.err = w.sys.fstat(b.file)
		} else {
			b.info, b.err = w.unopened(name, b.err)
		}
		if errors.Is(b.err, fs.ErrNotExist) {
			steady = false
			continue
		}
		if met[name] = b.id; b.mode.IsRegular() && b.id != cur {
			found = append(found, b)
		} else if b.file != nil {
			_ = b.file.Close()
		}
	}
	again := w.namesBeside(s, bases)
	steady = steady && len(again) == len(met)
	for _, name := range again {
		st, err := w.sys.stat(name)
		id, there := met[name]
		steady = steady && there && err == nil && st.id == id
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
		drop := packedName(b.path) && there && !plain.After(b.mtime)
		if drop && b.file != nil {
			_ = b.file.Close()
		}
		return drop
	}), steady
}

// unopened is what can be told of a sibling that cannot be opened.
func (w *Watcher) unopened(name string, why error) (info, error) {
	st, err := w.sys.stat(name)
	if err != nil {
		return st, err
	}
	return st, why
}

// namesBeside are the names that generations of s have now.
func (w *Watcher) namesBeside(s *source, bases []string) (names []string) {
	for _, path := range bases {
		dir, base := filepath.Split(path)
		for _, name := range w.folders.list(filepath.Clean(dir)).names[input.Stem(base)] {
			if full := filepath.Join(dir, name); full != s.path && w.byPath[full] == nil && !slices.Contains(names, full) {
				names = append(names, full)
			}
		}
	}
	return names
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
		shutAll(sibs)
		if try == seekTries-1 {
			w.sought = time.Now() // many logs may be gone at once
		}
		time.Sleep(seekPause)
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
		g, err := sibs[i].view(s)
		if err != nil {
			return false
		}
		kept, ok, _ := g.goTo(&f.ledger, f.replay)
		if !ok {
			g.shutText()
			return false
		}
		sibs[i].file = nil
		f.file, f.text, f.size, f.path, f.kept = g.file, g.text, g.size, g.path, kept
		f.static = f.static || g.text != nil || g.id != f.id
		if f.id = g.id; !f.static {
			w.owners[f.id] = s
		}
		return true
	}
	for i, b := range sibs {
		if b.id != f.id {
			continue
		}
		if f.offset == 0 { // its inode may be another's by now
			if known, err := w.known(s, nil, &sibs[i]); known || err != nil {
				continue
			}
		}
		if try(i) {
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
func (b *sibling) holds(l *ledger) (bool, error) {
	if l.offset == 0 {
		return false, nil
	}
	g, err := b.view(nil)
	if err != nil {
		return false, err
	}
	defer g.shutText()
	mark := *l
	_, ok, err := g.goTo(&mark, nil)
	return ok, err
}

// copies says whether b is a copy of the text that begins as l says, or the beginning of one: it is being written.
func (b *sibling) copies(l *ledger) bool {
	if b.file == nil || b.size == 0 || b.size >= l.offset || !l.known || l.offset > printSize {
		return false
	}
	text := make([]byte, b.size)
	n, _ := b.file.ReadAt(text, 0) // what there is
	return int64(n) == b.size && bytes.HasPrefix(l.print[:l.n], text)
}

func packedName(name string) bool {
	switch filepath.Ext(name) {
	case ".gz", ".zst", ".xz", ".bz2":
		return true
	}
	return false
}

// view is b as a generation of s. It borrows what is open of b.
func (b *sibling) view(s *source) (*File, error) {
	if b.err != nil {
		return nil, b.err
	}
	f := &File{src: s, id: b.id, path: b.path, file: b.file, size: b.size}
	text, packed, err := input.Unpack(io.NewSectionReader(b.file, 0, math.MaxInt64))
	if err != nil {
		return nil, err
	}
	if packed {
		f.text, f.size = text, 0
	}
	return f, nil
}

// take is view, but what is open of b is the File's from now on.
func (b *sibling) take(s *source) (*File, error) {
	f, err := b.view(s)
	if err == nil {
		b.file = nil
	}
	return f, err
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
