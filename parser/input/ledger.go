package input

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Ledger says how far each generation of each log was consumed, so that a later run reads on there, whatever rotation has made of
// the files meanwhile. Its JSON is kept between runs.
type Ledger struct {
	Generations []*Generation `json:"generations"`
	Journal     string        `json:"journal,omitempty"` // the cursor of the last entry of systemd's journal that was consumed

	claimed map[*Generation]*File
	byFile  map[identity][]*Generation
	byBase  map[string][]*Generation
}

// Generation is one file of a log: the current one, or one that rotation put aside. Offsets are those of the text, unpacked.
type Generation struct {
	Path    string    `json:"path"`
	Dev     uint64    `json:"dev,omitempty"`
	Inode   uint64    `json:"inode,omitempty"`
	Size    int64     `json:"size"` // of the file as it was read, like ModTime
	ModTime time.Time `json:"mtime"`

	Head    string `json:"head,omitempty"` // hash of the first bytes of the text
	HeadLen int    `json:"head_len,omitempty"`
	Offset  int64  `json:"offset"`           // consumed
	Line    int    `json:"line,omitempty"`   // number of the last line before Offset
	Sum     uint32 `json:"sum,omitempty"`    // CRC-32 (IEEE) of the 128 bytes before Offset, or of as many as there are
	Within  bool   `json:"within,omitempty"` // Offset lies in a line
	Done    bool   `json:"done,omitempty"`   // nothing was left in the file
	Current bool   `json:"current,omitempty"`

	About
	Seen   time.Time `json:"seen"`             // when the file was there last
	Missed bool      `json:"missed,omitempty"` // it was told that it is not
}

// About is what those who read a file found out and want to know again when it is not read any more.
type About struct {
	Name    string      `json:"name,omitempty"`    // that it was given then
	Format  string      `json:"format,omitempty"`  // of its entries
	From    time.Time   `json:"from,omitzero"`     // of them
	To      time.Time   `json:"to,omitzero"`       // of them
	Anchors []time.Time `json:"anchors,omitempty"` // moments that they state with their zone
}

const (
	headSize = 1 << 10 // bytes that tell a text from others
	sumSize  = 128     // bytes that tell a place in it
)

func headHash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:12])
}

var errUnsound = errors.New("holds what cannot be true")

// Check says whether l can be true at all; it may come from a damaged disk.
func (l *Ledger) Check() error {
	for _, g := range l.Generations {
		switch {
		case g == nil, g.Path == "", g.Offset < 0, g.Line < 0, g.Size < 0, g.HeadLen < 0, g.HeadLen > headSize, int64(g.HeadLen) > g.Offset,
			(g.HeadLen > 0) != (g.Head != ""), (g.Offset > 0) != (g.HeadLen > 0), g.Line > 0 && g.Offset == 0:
			return errUnsound
		}
	}
	return nil
}

// Foreign makes l forget which files its generations are: it comes from another machine. Their texts can still be recognised.
func (l *Ledger) Foreign() {
	l.Journal = ""
	for _, g := range l.Generations {
		g.Dev, g.Inode, g.ModTime, g.Missed = 0, 0, time.Time{}, true
	}
}

// begin prepares l for one look at the files.
func (l *Ledger) begin() {
	l.claimed, l.byFile, l.byBase = map[*Generation]*File{}, map[identity][]*Generation{}, map[string][]*Generation{}
	for _, g := range l.Generations {
		id := identity{dev: g.Dev, inode: g.Inode}
		if g.Inode == 0 {
			id.path = g.Path
		}
		l.byFile[id] = append(l.byFile[id], g)
		base := stemBase(g.Path)
		l.byBase[base] = append(l.byBase[base], g)
	}
}

// unchanged is the generation that a file is, if nothing has come to it and all of it is consumed. One that was renamed is the same.
func (l *Ledger) unchanged(id identity, size int64, mtime time.Time) *Generation {
	for _, g := range l.byFile[id] {
		if g.Done && l.claimed[g] == nil && g.Size == size && g.ModTime.Equal(mtime) {
			return g
		}
	}
	return nil
}

// Gone are the generations that no file holds any more of which something may not have been read: the one that was written to when
// it was met last, or one that could not be read to its end.
func (l *Ledger) Gone() (gone []*Generation) {
	for _, g := range l.Generations {
		if l.claimed[g] == nil && !g.Missed && g.Offset > 0 && (g.Current || !g.Done) {
			gone = append(gone, g)
		}
	}
	return gone
}

// Renamed tells what those are called now that were called so then; "" what is not there any more.
func (l *Ledger) Renamed() map[string]string {
	names := map[string]string{}
	for _, g := range l.Generations {
		switch f := l.claimed[g]; {
		case f != nil:
			names[g.Name] = f.name
		case names[g.Name] == "":
			names[g.Name] = ""
		}
	}
	return names
}

// Lost are the generations consumed that no file holds any more.
func (l *Ledger) Lost() (lost []*Generation) {
	for _, g := range l.Generations {
		if l.claimed[g] == nil && g.Offset > 0 {
			lost = append(lost, g)
		}
	}
	return lost
}

// What is not met any more is kept for a while: a disk may come back, and reading a log twice is worse than a long list. What
// rotation deleted in its turn is not missed.
const (
	keepGone    = 35 * 24 * time.Hour
	keepDeleted = 3 * 24 * time.Hour
)

// Next is the ledger after files were read.
func (l *Ledger) Next(files []*File, now time.Time) *Ledger {
	next := &Ledger{Generations: []*Generation{}, Journal: l.Journal}
	newest := map[string]*Generation{}
	for _, f := range files {
		g := f.generation(now)
		if g == nil {
			continue
		}
		next.Generations = append(next.Generations, g)
		stem := Stem(g.Path)
		if n := newest[stem]; n == nil || g.ModTime.After(n.ModTime) {
			newest[stem] = g
		}
	}
	for _, g := range next.Generations {
		stem := Stem(g.Path)
		g.Current = g.Path == stem || newest[stem] == g
	}
	for _, g := range l.Generations {
		if l.claimed[g] != nil {
			continue
		}
		keep := keepGone
		if g.Done && !g.Current {
			keep = keepDeleted
		}
		if away := now.Sub(g.Seen); g.Offset > 0 && away < keep {
			old := *g
			old.Missed = true
			next.Generations = append(next.Generations, &old)
		}
	}
	slices.SortStableFunc(next.Generations, func(a, b *Generation) int {
		switch {
		case a.Path < b.Path:
			return -1
		case a.Path > b.Path:
			return 1
		}
		return 0
	})
	return next
}

// generation is what is to be remembered of f; nil of what is no file.
func (f *File) generation(now time.Time) *Generation {
	if !f.onDisk || f.stream != nil || f.member != nil {
		return nil
	}
	if f.known != nil {
		g := *f.known
		g.Path, g.Name, g.Seen, g.Missed = absolutePath(f.name), f.name, now, false
		return &g
	}
	if old := f.begun; old != nil && !old.From.IsZero() {
		if f.About.From.IsZero() || old.From.Before(f.About.From) {
			f.About.From = old.From
		}
		if old.To.After(f.About.To) {
			f.About.To = old.To
		}
	}
	g := &Generation{About: f.About, Path: absolutePath(f.name), Dev: f.id.dev, Inode: f.id.inode, Size: f.size, ModTime: f.mtime, Seen: now}
	if f.tap == nil { // it could not be read
		if f.begun != nil {
			old := *f.begun
			old.Path, old.Name, old.Dev, old.Inode, old.Seen, old.Missed, old.Done = g.Path, f.name, g.Dev, g.Inode, now, false, false
			return &old
		}
		g.Done = f.noLog // until it changes
		return g
	}
	t := f.tap
	t.seal()
	g.Offset, g.Line = t.at, int(f.last.Load())
	g.Head, g.HeadLen, g.Sum, g.Within = t.hash, t.headLen, t.sum, t.within
	g.Done = f.limit == unlimited || t.at >= f.size
	return g
}

// absolutePath is path for a run that starts in another folder.
func absolutePath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// Known is what the ledger says of the file if it is not to be read again, else nil.
func (f *File) Known() *Generation {
	if f.trail == nil {
		return nil
	}
	return f.known
}

// ledgered says whether a Ledger knows of f, or is to know of it.
func (f *File) ledgered() bool { return f.trail != nil && f.ledger }

// Anchor notes moments that entries of f state with their zone.
func (f *File) Anchor(moments ...time.Time) {
	if f.trail != nil {
		f.About.Anchors = append(f.About.Anchors, moments...)
	}
}

// Consumed is how much of the text was consumed before, and how many lines.
func (f *File) Consumed() (offset int64, line int) {
	if f.trail == nil {
		return 0, 0
	}
	return f.from, f.fromLine
}

// Until makes Lines end before a place in the text of a plain file, though there may be more.
func (f *File) Until(offset int64) { f.limit = offset }

const unlimited = -1

// End returns the last bytes of a plain file, of at most a size, and where they stand; nil of a packed one.
func (f *File) End(size int64) (text []byte, at int64, err error) {
	if f.packed || !f.onDisk {
		return nil, 0, nil
	}
	file, err := os.Open(f.name)
	if err != nil {
		return nil, 0, pathError(f.name, err)
	}
	defer func() { _ = file.Close() }()
	at = max(0, f.size-size)
	text = make([]byte, f.size-at)
	n, err := file.ReadAt(text, at)
	if err != nil && !errors.Is(err, io.EOF) { // it may have been emptied
		return nil, 0, pathError(f.name, err)
	}
	return text[:n], at, nil
}

// Again makes Lines begin before the place that was consumed, with lines that say how those after it are meant: about so many bytes
// before it, or at the beginning if that is less or packed.
func (f *File) Again(bytes int64) error {
	if f.from == 0 {
		return nil
	}
	if f.packed || bytes >= f.from {
		f.start, f.startLine = 0, 0
		return nil
	}
	file, err := os.Open(f.name)
	if err != nil {
		return pathError(f.name, err)
	}
	defer func() { _ = file.Close() }()
	text := make([]byte, bytes)
	if _, err := file.ReadAt(text, f.from-bytes); err != nil {
		return pathError(f.name, err)
	}
	first, lines := -1, 0
	for i, c := range text {
		if c != '\n' {
			continue
		}
		if first < 0 {
			first = i + 1
		} else {
			lines++
		}
	}
	if first >= 0 && first < len(text) && !f.within {
		f.start, f.startLine = f.from-bytes+int64(first), f.fromLine-lines
	}
	return nil
}
